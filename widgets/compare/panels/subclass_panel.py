"""The panel of the subclass flag: on the comparison, or on the area in hand, with a reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.workbench import NO_REASON
from widgets.compare.desk import Desk
from widgets.compare.desk.noting import flag_words, flagged_area, give_reason
from widgets.compare.panels.conclude_parts import heading, hint, pad
from widgets.compare.panels.controls import Act

Do = Callable[[Callable[[Desk], None]], None]
_SAYS = (
    "Marks that many tools of one make share can look like individual ones. What is flagged stays "
    "in sight at the desk, below pictures and in the report."
)


class SubclassPanel(QWidget):
    """``act`` gets the name of the action, ``do`` carries an operation out on the desk in hand."""

    def __init__(self, act: Act, do: Do) -> None:
        super().__init__()
        self.setObjectName("subclass_panel")
        self._do = do
        self._flag = QCheckBox()
        self._flag.setObjectName("subclass")
        self._flag.clicked.connect(lambda: act("subclass"))
        self._reason = pad("subclass_reason", "Why a subclass influence is possible", self._write)
        self._flags = hint("", "amber")
        self._flags.setObjectName("subclass_flags")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading("Possible subclass influence"))
        layout.addWidget(hint(_SAYS))
        layout.addWidget(self._flag)
        layout.addWidget(self._reason)
        layout.addWidget(self._flags)

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk: to the area in hand, or the comparison."""
        area, remarks = flagged_area(desk), desk.remarks
        if area is not None:
            on = bool(area.subclass)
            reason = "" if area.subclass == NO_REASON else area.subclass
            words = f"Flagged on {area.kind} {area.number or ''}".rstrip() + "  (⇧G)"
        else:
            on, reason, words = (
                remarks.subclass,
                remarks.subclass_reason,
                "Flagged on the comparison  (⇧G)",
            )
        self._flag.setText(words)
        self._flag.setToolTip(f"{words.partition('  ')[0]}: set or lift the flag (Shift+G)")
        self._flag.setChecked(on)
        self._reason.setEnabled(on)
        if self._reason.toPlainText() != reason:
            self._reason.blockSignals(True)
            self._reason.setPlainText(reason)
            self._reason.blockSignals(False)
        lines = flag_words(desk)
        self._flags.setText("\n".join(f"⚑  {line}" for line in lines))
        self._flags.setVisible(bool(lines))

    def take_focus(self) -> None:
        """The keyboard goes to the reason."""
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        reason = self._reason.toPlainText()
        self._do(lambda desk: give_reason(desk, reason))
