"""The drawer beside the picture: alignment, meaning, conclusion, picture. Folds to a strip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import Alignment
from widgets.compare.conclude import ConcludePanel, heading, hint
from widgets.compare.desk import Desk
from widgets.compare.footer import Act
from widgets.compare.meaning import MeaningPanel

WIDTH = 300


class AlignmentPanel(QWidget):
    """Turn and shift of the right specimen, to read and to set."""

    def __init__(self, act: Act, set_alignment: Callable[[Alignment, str], None]) -> None:
        super().__init__()
        self._set_alignment = set_alignment
        self._alignment = Alignment()
        self._turn = _spin("turn_deg", "turn ", " °", 2, 0.1, 180.0)
        self._turn.setWrapping(True)
        self._dx = _spin("dx_um", "dx ", " µm", 1, 10.0, 100_000.0)
        self._dy = _spin("dy_um", "dy ", " µm", 1, 10.0, 100_000.0)
        shifts = QHBoxLayout()
        shifts.addWidget(self._dx)
        shifts.addWidget(self._dy)
        self._align = QPushButton("A  Align automatically")
        self._align.setObjectName("align")
        self._align.clicked.connect(lambda: act("align"))
        self._cells = QCheckBox("C  Congruent cells on both pictures")
        self._cells.setObjectName("cells")
        self._cells.clicked.connect(lambda: act("cells"))
        self._similarity = QCheckBox("M  Similarity map over both")
        self._similarity.setObjectName("similarity")
        self._similarity.clicked.connect(lambda: act("similarity"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Alignment of the right specimen"))
        layout.addWidget(self._turn)
        layout.addLayout(shifts)
        layout.addWidget(
            hint(
                "Arrows move 10 µm (Shift 100, Alt 1), comma and full stop turn 0.1° "
                "(Shift 1, Ctrl 10); or drag with the right mouse button."
            )
        )
        layout.addWidget(self._align)
        layout.addWidget(self._cells)
        layout.addWidget(self._similarity)
        self._turn.valueChanged.connect(lambda v: self._edit("turn", rotation_deg=v))
        self._dx.valueChanged.connect(lambda v: self._edit("dx", x=v))
        self._dy.valueChanged.connect(lambda v: self._edit("dy", y=v))

    def show_desk(self, desk: Desk, aligning: bool) -> None:
        """Bring the controls to the desk."""
        self._alignment = desk.alignment
        turn, (dx, dy) = desk.alignment.rotation_deg, desk.alignment.shift_um
        for spin, value in ((self._turn, turn), (self._dx, dx), (self._dy, dy)):
            spin.blockSignals(True)
            spin.setValue(value)
            spin.blockSignals(False)
        self._align.setEnabled(not aligning)
        self._align.setText("Aligning ..." if aligning else "A  Align automatically")
        has_cells = desk.score is not None and bool(desk.score.cell_list)
        self._cells.setEnabled(has_cells)
        self._cells.setToolTip("" if has_cells else "Align automatically (A) to compute cells.")
        self._cells.setChecked(desk.view.cells)
        self._similarity.setChecked(desk.view.similarity)
        self._similarity.setToolTip(desk.similarity.sentence if desk.similarity else "")

    def _edit(
        self,
        what: str,
        rotation_deg: float | None = None,
        x: float | None = None,
        y: float | None = None,
    ) -> None:
        """One field was changed; the others keep their full precision."""
        now = self._alignment
        shift = (now.shift_um[0] if x is None else x, now.shift_um[1] if y is None else y)
        turn = now.rotation_deg if rotation_deg is None else rotation_deg
        self._set_alignment(replace(now, rotation_deg=turn, shift_um=shift), f"edit {what}")


class PicturePanel(QWidget):
    """Keep the view; write the picture."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("View and picture"))
        row = QHBoxLayout()
        self._undo, self._redo = QPushButton("Undo"), QPushButton("Redo")
        self._save, export = QPushButton("S  Save view"), QPushButton("E  Export picture ...")
        for button, action in ((self._undo, "undo"), (self._redo, "redo")):
            button.setObjectName(action)
            button.clicked.connect(lambda _=False, a=action: act(a))
            row.addWidget(button)
        layout.addLayout(row)
        for button, action in ((self._save, "save"), (export, "export")):
            button.setObjectName(action)
            button.clicked.connect(lambda _=False, a=action: act(a))
            layout.addWidget(button)

    def show_desk(self, desk: Desk) -> None:
        """Say whether there is something to undo or to save."""
        self._undo.setEnabled(desk.can_undo)
        self._redo.setEnabled(desk.can_redo)
        self._save.setText("S  Save view" if desk.unsaved else "S  View is saved")


class Drawer(QWidget):
    """A strip with a handle; open, the panels beside it."""

    def __init__(
        self, act: Act, set_alignment: Callable[[Alignment, str], None], record: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("compare_drawer")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.alignment = AlignmentPanel(act, set_alignment)
        self.meaning = MeaningPanel()
        self.conclude = ConcludePanel(record)
        self.picture = PicturePanel(act)
        self._handle = QToolButton()
        self._handle.setObjectName("drawer_handle")
        self._handle.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._handle.setFixedWidth(22)
        self._handle.setStyleSheet("padding: 0; border-radius: 0")
        self._handle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._handle.clicked.connect(lambda: act("drawer"))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFixedWidth(WIDTH)
        self._scroll.setWidget(self._panels())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._handle)
        layout.addWidget(self._scroll)
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the panels are seen."""
        return not self._scroll.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Open, or fold to the strip."""
        self._scroll.setVisible(is_open)
        self._handle.setText("›" if is_open else "‹")
        self._handle.setToolTip(
            "Fold the drawer (F)" if is_open else "Alignment, meaning, conclusion (F)"
        )

    def show_desk(self, desk: Desk, aligning: bool) -> None:
        """Bring the panels to the desk."""
        if self.is_open:
            self.alignment.show_desk(desk, aligning)
            self.meaning.show_desk(desk)
            self.picture.show_desk(desk)

    def show_conclude(self) -> None:
        """Open at the conclusion."""
        self.set_open(True)
        self._scroll.ensureWidgetVisible(self.conclude, 0, 0)
        self.conclude.take_focus()

    def _panels(self) -> QWidget:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(14)
        for panel in (self.alignment, self.meaning, self.conclude, self.picture):
            layout.addWidget(panel)
        layout.addStretch(1)
        return inside


def _spin(
    name: str, prefix: str, suffix: str, decimals: int, step: float, reach: float
) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setObjectName(name)
    spin.setDecimals(decimals)
    spin.setRange(-reach, reach)
    spin.setSingleStep(step)
    spin.setPrefix(prefix)
    spin.setSuffix(suffix)
    spin.setMinimumWidth(60)
    spin.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    spin.setKeyboardTracking(False)
    return spin
