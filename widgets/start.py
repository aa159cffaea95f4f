"""The first start: who works here, and the first administrator. Nothing is reached before."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.casework.zones import computer_zone, zones
from app.domain import Author, CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import add_row, button, choice, form, label, line

_WHY = (
    "Every image, search and conclusion is recorded with who made it, where and when. "
    "Casehead keeps these names in this casebook and sends them nowhere by itself."
)
_FIRST = (
    "You become the first administrator and put the others on record on the Lab screen. There is "
    "no way around a forgotten password but another administrator."
)
_BY_NAME = (
    "Anybody at this computer can then work under any name on record, and the journal says so. "
    "Meant for a laboratory of one person."
)


class StartPage(QWidget):
    """Agency, station, name and password; Enter goes on."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("start_page")
        self._workbench, self._bridge = workbench, bridge
        self.agency = line("start_agency", "Agency", "Harbor City Police Laboratory")
        self.ori = line("start_ori", "ORI code of the agency", "XX0990100; every entry needs one")
        self.station = line("start_station", "Station", "Bench 1")
        self.examiner = line("start_examiner", "Examiner's name", "J. Doe")
        self.password = secret("start_password", "Password", "10 characters or more")
        self.again = secret("start_again", "The password again", "the same again")
        self.by_name = QCheckBox("Sign in by &name only, without a password")
        self.by_name.setObjectName("start_by_name")
        self.zone = choice("start_zone", "The lab's time zone", (), editable=True)
        self._meaning = label(_FIRST, "dim", "start_meaning", wrap=True)
        self._says = label("", "amber", "start_says", wrap=True)
        self._begin = button(
            "Start",
            "start_begin",
            "Keep these names and open the casebook (Enter)",
            self._go,
            primary=True,
        )
        self._build()
        for field in self._fields():
            field.returnPressed.connect(self._go)
            field.textChanged.connect(lambda _: self._says.setText(""))
        written = self.zone.lineEdit()
        if written is not None:
            written.returnPressed.connect(self._go)
        self.by_name.toggled.connect(self._choose_way)

    def take_focus(self) -> None:
        """The keyboard goes to the first field."""
        known = self._workbench.author
        if known is not None and not self.agency.text():
            for field, text in zip(self._fields(), (known.agency, known.ori), strict=False):
                field.setText(text)
        self.agency.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._propose_zone()

    def _propose_zone(self) -> None:
        """What was said before, else this computer's; whoever starts sees it and may change it."""
        if self.zone.count() > 1:  # besides nothing at all
            return
        said = self._workbench.clock_policies()
        self.zone.addItems(list(zones()))
        self.zone.setEditText(said[-1].policy.calendar.zone if said else computer_zone())

    def _fields(self) -> tuple[QLineEdit, ...]:
        return (
            *(self.agency, self.ori, self.station, self.examiner),
            *(self.password, self.again),
        )

    def _build(self) -> None:
        inside = in_the_middle(self, 560)
        inside.addWidget(label("Who works here?", "title"))
        inside.addWidget(label(_WHY, "dim", wrap=True))
        self._rows = fields = form()
        add_row(fields, "&Agency", self.agency)
        add_row(fields, "&ORI code", self.ori)
        add_row(fields, "&Station", self.station)
        add_row(fields, "&Examiner", self.examiner)
        add_row(fields, "Time &zone", self.zone)
        add_row(fields, "&Password", self.password)
        add_row(fields, "A&gain", self.again)
        inside.addLayout(fields)
        inside.addWidget(self.by_name)
        inside.addWidget(self._meaning)
        inside.addWidget(self._says)
        inside.addWidget(self._begin)
        inside.addWidget(label(f"Casebook: {self._workbench.folder}", "dim", wrap=True))

    def _choose_way(self, by_name: bool) -> None:
        for field in (self.password, self.again):
            self._rows.setRowVisible(field, not by_name)
        self._meaning.setText(_BY_NAME if by_name else _FIRST)
        self._says.setText("")

    def _go(self) -> None:
        lacking = self._lacking()
        if lacking is not None:
            field, sentence = lacking
            self._says.setText(sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        author = Author(
            agency=self.agency.text().strip(),
            station=self.station.text().strip(),
            examiner=self.examiner.text().strip(),
            ori=self.ori.text().strip(),
        )
        password = None if self.by_name.isChecked() else self.password.text()
        zone = self.zone.currentText().strip()
        self._begin.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.set_up(author, password, zone),
            self._done,
            self._refused,
            owner=self,
        )

    def _lacking(self) -> tuple[QLineEdit | QComboBox, str] | None:
        for field in (self.agency, self.station, self.examiner):
            if not field.text().strip():
                name = field.accessibleName()
                return field, f"{name} is missing; it is kept with every record."
        if not self.zone.currentText().strip():
            return self.zone, "Choose the lab's time zone; its days and hours are counted in it."
        if self.by_name.isChecked():
            return None
        if not self.password.text():
            return self.password, "Choose a password, or to sign in by name only."
        if self.password.text() != self.again.text():
            return self.again, "The two passwords differ; write the same one twice."
        return None

    def _done(self, _: object) -> None:
        self._begin.setEnabled(True)
        for field in (self.password, self.again):
            field.clear()

    def _refused(self, error: CaseheadError) -> None:
        self._begin.setEnabled(True)
        self._says.setText(str(error))


def secret(name: str, what: str, hint: str = "") -> QLineEdit:
    """A line whose letters are not shown."""
    made = line(name, what, hint)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def in_the_middle(page: QWidget, width: int = 520) -> QVBoxLayout:
    """Of a panel in the middle of an otherwise empty page, what stands in it."""
    box = QFrame()
    box.setProperty("panel", True)
    box.setFixedWidth(width)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(32, 24, 32, 24)
    inside.setSpacing(12)
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(box)
    across.addStretch(1)
    layout = QVBoxLayout(page)
    layout.addStretch(1)
    layout.addLayout(across)
    layout.addStretch(1)
    return inside
