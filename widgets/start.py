"""The first start: who works here. Nothing else can be reached before."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain import Author, CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import add_row, button, form, label, line

_WHY = (
    "Every image, search and conclusion is recorded with who made it, where and when. "
    "Casehead keeps these names in this casebook and sends them nowhere by itself."
)


class StartPage(QWidget):
    """Agency, station and examiner; Enter goes on."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("start_page")
        self._workbench, self._bridge = workbench, bridge
        self.agency = line("start_agency", "Agency", "Harbor City Police Laboratory")
        self.ori = line("start_ori", "ORI code of the agency, where it has one", "optional")
        self.station = line("start_station", "Station", "Bench 1")
        self.examiner = line("start_examiner", "Examiner's name", "J. Doe")
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

    def take_focus(self) -> None:
        """The keyboard goes to the first field."""
        self.agency.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.agency, self.ori, self.station, self.examiner

    def _build(self) -> None:
        box = QFrame()
        box.setProperty("panel", True)
        box.setFixedWidth(520)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(14)
        inside.addWidget(label("Who works here?", "title"))
        inside.addWidget(label(_WHY, "dim", wrap=True))
        fields = form()
        add_row(fields, "&Agency", self.agency)
        add_row(fields, "&ORI code", self.ori)
        add_row(fields, "&Station", self.station)
        add_row(fields, "&Examiner", self.examiner)
        inside.addLayout(fields)
        inside.addWidget(self._says)
        inside.addWidget(self._begin)
        inside.addWidget(label(f"Casebook: {self._workbench.folder}", "dim", wrap=True))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(box)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(1)

    def _go(self) -> None:
        author = Author(
            agency=self.agency.text().strip(),
            station=self.station.text().strip(),
            examiner=self.examiner.text().strip(),
            ori=self.ori.text().strip(),
        )
        for field in (self.agency, self.station, self.examiner):
            if not field.text().strip():
                name = field.accessibleName()
                self._says.setText(f"{name} is missing; it is kept with every record.")
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._begin.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.set_author(author), None, self._refused, owner=self
        )

    def _refused(self, error: CaseheadError) -> None:
        self._begin.setEnabled(True)
        self._says.setText(str(error))
