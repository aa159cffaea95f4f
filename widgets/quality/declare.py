"""The drawer that sets a reference case aside for an instrument, and says when to check it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QSpinBox

from app.capture.checks import check_settings
from app.domain import CaseheadError
from app.instruments import ReferenceCase, Schedule
from app.workbench import Workbench
from app.workbench.instrument import Instrument
from app.workbench.instrument_words import WEEKDAYS, schedule_words
from widgets.acquire.seen import Seen
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, form, label, line, row

_ABOUT = (
    "Set one cartridge case aside for this alone, for example a standard cartridge case. The "
    "picture seen on Acquire becomes its golden picture: focus it well, and remember how it lies. "
    "It is never searched."
)


class DeclareDrawer(Drawer):
    """``seen`` hands over what Acquire shows, or raises CaseheadError."""

    def __init__(self, workbench: Workbench, bridge: Bridge, seen: Callable[[], Seen]) -> None:
        super().__init__("declare_reference", "Reference case", says="declare_says")
        self._workbench, self._bridge, self._seen = workbench, bridge, seen
        self._known: Instrument | None = None
        self._of = label("", "", "declare_optics", wrap=True)
        self.name = line("declare_name", "Name of the reference case", "SRM 2461, no. 166")
        self.note = line("declare_note", "For the record", "how it lies, where it is kept")
        self.every = QSpinBox()
        self.every.setObjectName("declare_every")
        self.every.setAccessibleName("A check every so many days")
        self.every.setRange(1, 366)
        self.days = [QCheckBox(day[:2]) for day in WEEKDAYS]
        for box, day in zip(self.days, WEEKDAYS, strict=True):
            box.setObjectName(f"declare_{day.lower()}")
            box.setAccessibleName(day)
            box.setToolTip(f"Checks are made on {day}s")
        self.after = QCheckBox("also after a calibration")
        self.after.setObjectName("declare_after")
        self._declare = button(
            "Declare",
            "declare_keep",
            "Make the picture seen on Acquire the golden picture",
            self.declare,
            primary=True,
        )
        self._plan = button(
            "Change schedule only",
            "declare_schedule",
            "The reference case and its golden picture stay",
            self.reschedule,
        )
        self._build()

    def open_for(self, known: Instrument | None) -> None:
        """Declare one for what Acquire shows; ``known`` is the instrument chosen here."""
        self._known = known
        reference = known.reference if known else None
        self.name.setText(reference.name if reference else "")
        self.note.clear()
        self._show_schedule(reference.schedule if reference else check_settings().schedule)
        self._plan.setVisible(reference is not None)
        self._set_busy(False)
        self._say("")
        try:
            words = f"On Acquire: {self._seen().optics.words}."
        except CaseheadError as error:
            words = str(error)
        self._of.setText(words)
        self.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def schedule(self) -> Schedule:
        """What is set here."""
        days = tuple(number for number, box in enumerate(self.days) if box.isChecked())
        return Schedule(self.every.value(), days, self.after.isChecked())

    def declare(self) -> None:
        """Keep the picture seen as the golden one."""
        try:
            seen = self._seen()
        except CaseheadError as error:
            self._refused(error)
            return
        name, note, schedule = self.name.text(), self.note.text(), self.schedule
        self._set_busy(True)
        self._bridge.run(
            lambda: self._workbench.declare_reference_case(
                *(seen.optics, name, seen.frame),
                light=seen.light,
                pixel_um=seen.pixel_um,
                schedule=schedule,
                note=note,
            ),
            self._declared,
            self._refused,
            owner=self,
            long=True,
        )

    def reschedule(self) -> None:
        """Keep only the schedule."""
        if self._known is None:
            return
        optics, schedule = self._known.optics, self.schedule
        self._plan.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.reschedule_checks(optics, schedule),
            self._declared,
            self._refused,
            owner=self,
        )

    def _build(self) -> None:
        fields = form()
        add_row(fields, "&Name", self.name)
        add_row(fields, "No&te", self.note)
        add_row(fields, "&Every (days)", self.every)
        self.body.addWidget(label(_ABOUT, "dim", wrap=True))
        self.body.addWidget(self._of)
        self.body.addLayout(fields)
        self.body.addLayout(row(*self.days, stretch_last=True))
        self.body.addWidget(self.after)
        self.body.addStretch(1)
        self.foot.addLayout(row(self._declare, self._plan, stretch_last=True))
        self.name.returnPressed.connect(self._declare.click)

    def _show_schedule(self, schedule: Schedule) -> None:
        self.every.setValue(schedule.every_days)
        for number, box in enumerate(self.days):
            box.setChecked(number in schedule.weekdays)
        self.after.setChecked(schedule.after_calibration)

    def _declared(self, reference: ReferenceCase) -> None:
        self._set_busy(False)
        self.close_drawer()
        self._bridge.tell(f"{reference.name}: a check {schedule_words(reference.schedule)}.")

    def _refused(self, error: CaseheadError) -> None:
        self._set_busy(False)
        self._say(str(error))

    def _set_busy(self, busy: bool) -> None:
        for made in (self._declare, self._plan):
            made.setEnabled(not busy)
        self._declare.setText("Looking at the picture ..." if busy else "Declare")
