"""Where the right specimen lies, to read, to set, to have found and to come back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import Alignment
from widgets.compare.desk import Desk
from widgets.compare.desk.positions import SLOTS, positions_of, recalled_slot, rename_position
from widgets.compare.panels.conclude_parts import heading, hint
from widgets.compare.panels.controls import Act

_MOVING = (
    "Arrows move 10 µm (Shift 100, Alt 1), comma and full stop turn 0.1° "
    "(Shift 1, Ctrl 10); or drag with the right mouse button."
)
_BUTTONS = (
    # object name, action, text, tip
    ("align_near", "align near", "From where it lies",
     "Software looks near where the right specimen lies now (Shift+A)"),
    ("align_area", "align area", "O  By an area",
     "Outline an area (O), then align by it alone (A)"),
    ("tool_landmarks", "tool landmarks", "T  Landmarks",
     "Click the same two places or more on both specimens, then Enter (T)"),
    ("score_here", "score here", "Cells as it lies",
     "What software says of the pair as it lies: nothing is moved (Shift+C)"),
    ("exchange", "exchange", "X  Exchange sides", "Left and right change places (X)"),
    ("fit", "fit", "0  Fit", "Both marks as large as the view allows (0, or a double click)"),
)  # fmt: skip
_TOOL_OF = {"align_area": "outline", "tool_landmarks": "landmarks"}


class AlignmentPanel(QWidget):
    """Turn and shift of the right specimen, ways to find them, and stored positions."""

    def __init__(self, act: Act, set_alignment: Callable[[Alignment, str], None]) -> None:
        super().__init__()
        self.setObjectName("align_panel")
        self._set_alignment = set_alignment
        self._alignment = Alignment()
        self._turn = _spin("turn_deg", "turn ", " °", 2, 0.1, 180.0)
        self._turn.setWrapping(True)
        self._dx = _spin("dx_um", "dx ", " µm", 1, 10.0, 100_000.0)
        self._dy = _spin("dy_um", "dy ", " µm", 1, 10.0, 100_000.0)
        self._align = _button("align", "A  Align automatically", act, "align")
        self._align.setToolTip("Software looks everywhere (A); by the area outlined, if any")
        self._finders = {
            name: _button(name, text, act, action, tip) for name, action, text, tip in _BUTTONS
        }
        for name in _TOOL_OF:
            self._finders[name].setCheckable(True)
        self._lock = _button("lock", "", act, "lock", "Drags move both, or one specimen (U)")
        self._lock.setCheckable(True)
        self._positions = PositionsRow(act)
        self._lay_out()
        self._turn.valueChanged.connect(lambda v: self._edit("turn", rotation_deg=v))
        self._dx.valueChanged.connect(lambda v: self._edit("dx", x=v))
        self._dy.valueChanged.connect(lambda v: self._edit("dy", y=v))

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        self._alignment = desk.alignment
        turn, (dx, dy) = desk.alignment.rotation_deg, desk.alignment.shift_um
        for spin, value in ((self._turn, turn), (self._dx, dx), (self._dy, dy)):
            spin.blockSignals(True)
            spin.setValue(value)
            spin.blockSignals(False)
        words = "A  Align by the area" if desk.area else "A  Align automatically"
        self._align.setText("Aligning ..." if desk.aligning else words)
        self._align.setEnabled(not desk.aligning)
        for name, button in self._finders.items():
            button.setEnabled(not desk.aligning)
            if name in _TOOL_OF:
                button.setChecked(desk.tool == _TOOL_OF[name])
        self._lock.setChecked(desk.locked)
        self._lock.setText(
            "U  Both locked together" if desk.locked else "U  Unlocked: drags move one"
        )
        self._positions.show_desk(desk)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Alignment of the right specimen"))
        layout.addWidget(self._turn)
        shifts = QHBoxLayout()
        shifts.addWidget(self._dx)
        shifts.addWidget(self._dy)
        layout.addLayout(shifts)
        layout.addWidget(hint(_MOVING))
        layout.addWidget(self._align)
        grid = QGridLayout()
        grid.setSpacing(4)
        for index, button in enumerate(self._finders.values()):
            grid.addWidget(button, index // 2, index % 2)
        layout.addLayout(grid)
        layout.addWidget(self._lock)
        layout.addWidget(self._positions)

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


class PositionsRow(QWidget):
    """Nine lamps, lit where a position is stored; what the one in hand is called."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("positions")
        self._desk: Desk | None = None
        self._slot: int | None = None
        self._lamps = {slot: self._lamp(slot, act) for slot in SLOTS}
        self._name = QLineEdit()
        self._name.setObjectName("position_name")
        self._name.setAccessibleName("Name of the stored position")
        self._name.setToolTip("What the stored position in hand is called")
        self._name.editingFinished.connect(self._rename)
        self._forget = QToolButton()
        self._forget.setObjectName("forget_position")
        self._forget.setText("Free")
        self._forget.setToolTip("Free the number of the stored position in hand")
        self._forget.setAccessibleName("Free this position's number")
        self._forget.clicked.connect(lambda: act(f"forget position {self._slot}"))
        lamps = QHBoxLayout()
        lamps.setSpacing(2)
        for lamp in self._lamps.values():
            lamps.addWidget(lamp)
        naming = QHBoxLayout()
        naming.addWidget(self._name, 1)
        naming.addWidget(self._forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(heading("Stored positions"))
        layout.addLayout(lamps)
        layout.addLayout(naming)

    def show_desk(self, desk: Desk) -> None:
        """Light the lamps of what is stored; the position the pair lies in is in hand."""
        self._desk, self._slot = desk, recalled_slot(desk)
        stored = positions_of(desk)
        for slot, lamp in self._lamps.items():
            position = stored.at(slot)
            lamp.setChecked(slot == self._slot)
            lamp.setText(f"●\n{slot}" if position else f"○\n{slot}")
            named = f" ({position.name})" if position and position.name else ""
            lamp.setToolTip(
                f"Recall position {slot}{named}: Alt+{slot}; store anew: Ctrl+Alt+{slot}"
                if position
                else f"Store what you see as position {slot}: Ctrl+Alt+{slot}"
            )
            lamp.setAccessibleName(f"Position {slot}, {'stored' if position else 'empty'}")
            lamp.setProperty("stored", position is not None)
        here = stored.at(self._slot) if self._slot is not None else None
        for widget in (self._name, self._forget):
            widget.setEnabled(here is not None)
        if not self._name.hasFocus():
            self._name.setText(here.name if here else "")
        number = f"Name of position {self._slot}" if here else "Not at a stored position"
        self._name.setPlaceholderText(number)

    def _lamp(self, slot: int, act: Act) -> QToolButton:
        lamp = QToolButton()
        lamp.setObjectName(f"position_{slot}")
        lamp.setCheckable(True)
        lamp.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        lamp.setStyleSheet("padding: 1px 0")
        lamp.setMinimumWidth(26)
        lamp.clicked.connect(
            lambda: act(f"{'position' if lamp.property('stored') else 'store position'} {slot}")
        )
        return lamp

    def _rename(self) -> None:
        if self._desk is not None and self._slot is not None:
            rename_position(self._desk, self._slot, self._name.text())


def _button(name: str, text: str, act: Act, action: str, tip: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip or text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: act(action))
    return button


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
    spin.setAccessibleName(f"{prefix.strip()} of the right specimen,{suffix}")
    spin.setToolTip(f"{prefix.strip()} of the right specimen,{suffix}")
    spin.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    spin.setKeyboardTracking(False)
    return spin
