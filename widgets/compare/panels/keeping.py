"""Keep the view, undo, write the picture: the panel of what leaves the desk."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.compare.desk import Desk
from widgets.compare.panels.conclude import heading
from widgets.compare.panels.controls import Act

_LEAVING = (
    (
        "export",
        "E  Export view ...",
        "The view as PNG or TIFF, one pixel for one of the evidence (E)",
    ),
    ("report", "Shift+E  Report page (PDF) ...", "The comparison as pages of a report (Shift+E)"),
    ("full screen", "F11  Full screen", "The evidence alone on the whole screen (F11; Esc leaves)"),
)


class KeepingPanel(QWidget):
    """Undo and redo; save the view; export."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("keeping_panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("View and picture"))
        self._undo = _button(act, "undo", "Undo", "One step back (Ctrl+Z)")
        self._redo = _button(act, "redo", "Redo", "One step forth again (Ctrl+Y)")
        self._save = _button(act, "save", "", "Keep alignment, view and drawings (S)")
        row = QHBoxLayout()
        row.addWidget(self._undo)
        row.addWidget(self._redo)
        layout.addLayout(row)
        layout.addWidget(self._save)
        for action, text, tip in _LEAVING:
            layout.addWidget(_button(act, action, text, tip))

    def show_desk(self, desk: Desk) -> None:
        """Say whether there is something to undo or to save."""
        self._undo.setEnabled(desk.can_undo)
        self._redo.setEnabled(desk.can_redo)
        self._save.setText("S  Save view" if desk.unsaved else "S  View is saved")


def _button(act: Act, action: str, text: str, tip: str) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(action.replace(" ", "_"))
    made.setToolTip(tip)
    made.clicked.connect(lambda: act(action))
    return made
