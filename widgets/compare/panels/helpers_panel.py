"""The panel of the pointer's helpers and the second window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from widgets.compare.desk import Desk
from widgets.compare.panels.conclude_parts import heading
from widgets.compare.panels.controls import Act

_HELPERS = (
    (
        "loupe",
        "Z  Loupe at the pointer",
        "Both specimens enlarged; the wheel changes the power (Z)",
    ),
    ("mirror", "⇧Z  Mirrored cursor", "The same place in the other pane (Shift+Z)"),
    ("second screen", "⇧F11  Second screen", "The pair in a window of its own (Shift+F11)"),
)


class HelpersPanel(QWidget):
    """``act`` gets the names of actions; ``is_on`` tells whether a helper is in use."""

    def __init__(self, act: Act, is_on: Callable[[str], bool] = lambda _name: False) -> None:
        super().__init__()
        self.setObjectName("helpers_panel")
        self.is_on = is_on
        self._boxes = {name: _helper(name, text, tip, act) for name, text, tip in _HELPERS}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("At the pointer, and elsewhere"))
        for box in self._boxes.values():
            layout.addWidget(box)

    def show_desk(self, desk: Desk) -> None:
        """Bring the boxes to what is in use."""
        for name, box in self._boxes.items():
            box.setChecked(self.is_on(name))


def _helper(name: str, text: str, tip: str, act: Act) -> QCheckBox:
    box = QCheckBox(text)
    box.setObjectName(f"helper_{name.replace(' ', '_')}")
    box.setToolTip(tip)
    box.setAccessibleName(tip)
    box.clicked.connect(lambda: act(name))
    return box
