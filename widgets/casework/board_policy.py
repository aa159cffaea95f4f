"""The lab's calendar and targets in a drawer: every change is kept with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from app.casework.clock import UNITS, Calendar, Policy, Target
from app.casework.people import Right
from app.casework.stages import TITLES, starts_words
from app.casework.zones import computer_zone, zones
from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row

_WIDTH_PX = 490
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOLIDAYS_PX, _UNIT_PX = 92, 132


class PolicyDrawer(Drawer):
    """``opened`` and ``closed`` are called."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__("clock_policy", "Calendar and targets", _WIDTH_PX, says="clock_says")
        self.opened: Callable[[], None] = lambda: None
        self._workbench, self._bridge = workbench, bridge
        self._policy = Policy()
        self._rows: dict[str, tuple[QSpinBox, QComboBox]] = {}
        self._build()

    def open_for(self, policy: Policy, *, said: bool = True) -> None:
        """Show what is in force; where nobody ``said`` it, this computer's zone is proposed."""
        self._policy = policy
        calendar = policy.calendar
        if self.zone.count() < 2:
            self.zone.addItems(zones())  # a long walk through folders: not while the board waits
        own = computer_zone()
        self.zone.setEditText(calendar.zone if said or not own else own)
        self._proposed.setVisible(not said)
        self._proposed.setText(_proposal(own, calendar.zone))
        for day, box in enumerate(self.days):
            box.setChecked(day in calendar.weekdays)
        self.opens.setText(calendar.opens)
        self.closes.setText(calendar.closes)
        dated = (f"{day} {name}".strip() for day, name in calendar.dated)
        self.holidays.setPlainText("\n".join((*calendar.yearly, *dated)))
        self._lay_out(policy)
        self.reason.clear()
        self._say("")
        why = self._workbench.may(Right.QUALITY)
        self._keep.setEnabled(not why)
        self._say(why)
        self.show()
        self.opened()
        self.zone.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Keep what is filled in."""
        if not self._keep.isEnabled():
            return
        if self._workbench.read_only:
            self._say(self._workbench.notice)
            return
        try:
            policy = self.policy
        except CaseheadError as error:
            self._say(str(error))
            return
        reason = self.reason.text()
        self._keep.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.set_clock_policy(policy, reason),
            lambda _: self._kept(),
            self._refused,
            owner=self,
        )

    @property
    def policy(self) -> Policy:
        """What is filled in. Raises CaseheadError for what is no calendar."""
        days = tuple(day for day, box in enumerate(self.days) if box.isChecked())
        yearly, dated = _holidays(self.holidays.toPlainText())
        calendar = Calendar(
            self.zone.currentText().strip(),
            days,
            self.opens.text().strip(),
            self.closes.text().strip(),
            yearly,
            dated,
        )
        return Policy(calendar, tuple(self._target(one) for one in self._policy.targets))

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.zone = choice("clock_zone", "The lab's time zone", (), editable=True)
        self._proposed = label("", "amber", "clock_proposed", wrap=True)
        self.days = tuple(QCheckBox(day) for day in _DAYS)
        week = QWidget()
        across = QHBoxLayout(week)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        for day, box in zip(_DAY_NAMES, self.days, strict=True):
            box.setObjectName(f"clock_{day.lower()}")
            box.setAccessibleName(f"The lab works on {day}s")
            across.addWidget(box)
        self.opens = line("clock_opens", "When the lab opens", "08:00")
        self.closes = line("clock_closes", "When it closes", "17:00")
        hours = QWidget()
        hours.setLayout(row(self.opens, label("to", "dim"), self.closes))
        self.holidays = QPlainTextEdit()
        self.holidays.setObjectName("clock_holidays")
        self.holidays.setAccessibleName("Holidays, one a line")
        self.holidays.setPlaceholderText("12-25\n2026-11-26 Thanksgiving")
        self.holidays.setTabChangesFocus(True)
        self.holidays.setFixedHeight(_HOLIDAYS_PX)
        fields = form()
        add_row(fields, "Time &zone", self.zone)
        add_row(fields, "Works on", week)
        add_row(fields, "&Hours", hours)
        add_row(fields, "Ho&lidays", self.holidays)
        self.body.addLayout(fields)
        self.body.addWidget(self._proposed)
        self.body.addWidget(
            label(
                "One a line: 12-25 for every year, or 2026-11-26 with its name. Business days end "
                "with the hours above.",
                "dim",
                "clock_how",
                wrap=True,
            )
        )
        self.body.addWidget(label("Targets", "heading"))
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.reason = line("clock_reason", "Why it changes", "why it changes")
        self._keep = button("Keep", "clock_keep", "The journal tells it", self.submit, primary=True)
        self.foot.addWidget(self.reason)
        self.foot.addLayout(row(self._keep, stretch_last=True))
        self.reason.returnPressed.connect(self.submit)

    def _lay_out(self, policy: Policy) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows.clear()
        for at, target in enumerate(policy.targets):
            words = TITLES.get(target.stage, target.stage)
            after = starts_words(target.starts)
            told = label(f"{words}\n   after {after}", "", f"target_{target.stage}", wrap=True)
            told.setToolTip(target.basis)
            amount = QSpinBox()
            amount.setObjectName(f"amount_{target.stage}")
            amount.setAccessibleName(f"How long for {words}")
            amount.setRange(0, 1000)
            amount.setValue(target.amount)
            unit = choice(f"unit_{target.stage}", f"Unit of the target for {words}", UNITS)
            unit.setCurrentText(target.unit)
            unit.setFixedWidth(_UNIT_PX)
            unit.currentTextChanged.connect(
                lambda text, spin=amount: spin.setEnabled(text in ("hours", "business days"))
            )
            amount.setEnabled(target.unit in ("hours", "business days"))
            for column, widget in enumerate((told, amount, unit)):
                self._grid.addWidget(widget, at, column)
            self._rows[target.stage] = (amount, unit)

    def _target(self, target: Target) -> Target:
        amount, unit = self._rows[target.stage]
        chosen = next(one for one in UNITS if one == unit.currentText())
        counted = amount.value() if chosen in ("hours", "business days") else 0
        return replace(target, unit=chosen, amount=counted)

    # --- said ------------------------------------------------------------------------------
    def _kept(self) -> None:
        self.close_drawer()
        self._bridge.tell("The calendar and targets are kept; everything due is worked out anew.")

    def _refused(self, error: CaseheadError) -> None:
        self._keep.setEnabled(True)
        self._say(str(error))


def _proposal(own: str, zone: str) -> str:
    """What is proposed where the laboratory has not said its time zone."""
    if not own:
        return f"Nobody has said the lab's time zone yet; days are counted in {zone}. Choose it."
    return (
        f"Nobody has said the lab's time zone yet; until now days are counted in {zone}. This "
        f"computer's is {own}: keep it, or choose another."
    )


def _holidays(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Those of every year, and those of one with their names."""
    yearly, dated = [], []
    for written in text.splitlines():
        day, _, name = written.strip().partition(" ")
        if len(day) == len("12-25"):
            yearly.append(day)
        elif day:
            dated.append((day, name.strip()))
    return tuple(sorted(set(yearly))), tuple(sorted(dict(dated).items()))
