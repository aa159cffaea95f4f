"""The quality screen: whether each instrument may be used, and how its figures went over time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain import CaseheadError, Changes, Optics
from app.instruments import FIGURES, InstrumentCheck
from app.workbench import Workbench
from app.workbench.calibration_words import calibration_words, detail_words
from app.workbench.instrument import Instrument
from app.workbench.instrument_words import check_sentence, instrument_sentence, list_words
from widgets import keys, theme
from widgets.acquire.seen import Seen, seen_on
from widgets.acquire.station import Station
from widgets.bridge import Bridge
from widgets.common.parts import EmptyState, button, choice, label, row, wrapped_list
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator
from widgets.quality.chart import Chart
from widgets.quality.declare import DeclareDrawer
from widgets.quality.loading import Loaded, load
from widgets.quality.pictures import CheckPictures
from widgets.quality.sign import SignDrawer
from widgets.quality.table import CheckTable

_SIDE_PX = 290
_TABLE_PX = 186
_RECENT = 60
_SPANS = (f"last {_RECENT} checks", "all checks")
_NOTHING = (
    "Calibrate a camera on Acquire, or start it there, put a reference cartridge case under it "
    "and declare that here. From then on each check shows whether the instrument still sees it "
    "as it did."
)


class QualityScreen(QWidget):
    """``station`` is what the acquire screen sees with; a check takes its frame."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, navigator: Navigator, station: Station
    ) -> None:
        super().__init__()
        self.setObjectName("quality_screen")
        self._workbench, self._bridge = workbench, bridge
        self._navigator, self._station = navigator, station
        self._wanted: Optics | None = None
        self._checking = False
        self.loaded = Loaded()
        self.declaring = DeclareDrawer(workbench, bridge, self._seen)
        self.signing = SignDrawer(workbench, bridge)
        self._loading: Refresh[Loaded] = Refresh(
            bridge, self, lambda: load(workbench, self._wanted), self._show
        )
        self.charts = {figure: Chart(figure, self._point_chosen) for figure in FIGURES}
        self.table = CheckTable(self._check_chosen)
        self.pictures = CheckPictures(workbench, bridge)
        self._build()
        self._bind()
        bridge.changed.connect(self._hear)
        self._show(self.loaded)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._loading.loading

    # --- what can be done ------------------------------------------------------------------
    def check_now(self) -> None:
        """Hold the picture seen on Acquire against the golden one; without one, go there."""
        chosen = self.loaded.chosen
        if self._checking or chosen is None or chosen.reference is None:
            return
        try:
            seen = self._seen()
        except CaseheadError as error:
            self._navigator.show_acquire()
            self._bridge.tell(f"{error} Then come back and press Check now.", attention=True)
            return
        if seen.optics.key != chosen.optics.key:
            self._bridge.tell(
                f"Acquire shows {seen.optics.words}, not {chosen.optics.words}; choose it on the "
                "left, or set the optics on Acquire.",
                attention=True,
            )
            return
        self._set_checking(True)
        self._bridge.run(
            lambda: self._workbench.run_check(seen.optics, seen.frame, light=seen.light),
            self._checked,
            self._refused,
            owner=self,
            long=True,
        )

    def declare(self) -> None:
        """Open the drawer for a reference case and its schedule."""
        if self._refuse_read_only():
            return
        self.signing.close_drawer()
        self.declaring.open_for(self.loaded.chosen)

    def sign(self) -> None:
        """Open the drawer for a signature."""
        chosen = self.loaded.chosen
        if self._refuse_read_only() or chosen is None or not chosen.state.locked:
            return
        self.declaring.close_drawer()
        self.signing.open_for(chosen.optics, chosen.state.sentence, self.loaded.qualified)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()
        self._say_place()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._list = wrapped_list("instruments", "Instruments: cameras with objective and zoom")
        self._list.currentRowChanged.connect(self._row_chosen)
        self._calibrations = wrapped_list(
            "quality_calibrations", "Calibrations of this instrument, newest first"
        )
        self._check = button(
            "Check now",
            "check_now",
            "Hold the picture seen on Acquire against the golden one (C)",
            self.check_now,
            primary=True,
            icon="mdi6.check-decagram-outline",
        )
        self._declare = button(
            "Reference case ...",
            "declare",
            "Set a reference case aside, or change when it is checked (R)",
            self.declare,
        )
        self._sign = button(
            "Sign ...", "sign", "Let the instrument be used again, with a reason (S)", self.sign
        )
        self._span = choice("chart_span", "Which checks the charts show", _SPANS)
        self._span.currentIndexChanged.connect(lambda _: self._draw())
        self._empty = EmptyState(
            "quality_empty",
            button(
                "To the camera",
                "quality_to_acquire",
                "Acquire: start the camera and calibrate it",
                lambda: self._navigator.show_acquire(),
            ),
            button(
                "Reference case ...",
                "quality_declare",
                "Declare the picture seen on Acquire",
                self.declare,
            ),
        )
        self._empty.say("No instrument is known yet", _NOTHING)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._known())
        self._pages.addWidget(self._empty)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        for drawer in (self.declaring, self.signing):
            layout.addWidget(drawer)
            drawer.closed = self._take_focus

    def _known(self) -> QWidget:
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._side())
        across.addLayout(self._work(), 1)
        return page

    def _side(self) -> QWidget:
        side = QFrame()
        side.setProperty("panel", True)
        side.setFixedWidth(_SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(label("Instruments", "heading"))
        column.addWidget(self._list, 2)
        column.addWidget(label("Calibrations of this instrument", "heading"))
        column.addWidget(self._calibrations, 1)
        column.addWidget(self.pictures)
        return side

    def _work(self) -> QVBoxLayout:
        self._says = label("", "", "instrument_says", wrap=True)
        self._reference = label("", "dim", "instrument_reference", wrap=True)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        self._banner_words = label("", "", "instrument_locked", wrap=True)
        said = row(self._banner_words)
        said.setContentsMargins(12, 6, 12, 6)
        self._banner.setLayout(said)
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, figure in enumerate(FIGURES):
            grid.addWidget(self.charts[figure], *divmod(number, 2))
        self.table.setFixedHeight(_TABLE_PX)
        work = QVBoxLayout()
        work.setContentsMargins(16, 12, 16, 8)
        work.setSpacing(6)
        work.addWidget(self._banner)
        work.addWidget(self._says)
        work.addWidget(self._reference)
        buttons = row(self._check, self._sign, self._declare, stretch_last=True)
        buttons.addWidget(self._span)
        work.addLayout(buttons)
        work.addLayout(grid, 1)
        work.addWidget(self.table)
        return work

    def _bind(self) -> None:
        actions: dict[str, Callable[[], None]] = {
            "check": self.check_now,
            "declare": self.declare,
            "sign": self.sign,
        }
        for key_row in keys.rows("quality"):
            for key in key_row.keys if key_row.action in actions else ():
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(actions[key_row.action])

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if (changes.instruments or changes.calibrations) and self.isVisible():
            self._loading.ask()

    def _show(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._pages.setCurrentIndex(0 if loaded.chosen is not None else 1)
        self._show_list(loaded)
        self._show_calibrations(loaded)
        self._show_state(loaded.chosen)
        self._draw()
        self.pictures.show_reference(loaded.chosen.reference if loaded.chosen else None)
        self.table.lines.set_checks(loaded.checks, loaded.releases)
        self.table.choose(len(loaded.checks) - 1)
        self._check_chosen(len(loaded.checks) - 1)
        if self.isVisible():
            self._say_place()

    def _draw(self) -> None:
        checks = self.loaded.checks
        first = 0 if self._span.currentIndex() else max(len(checks) - _RECENT, 0)
        for figure, chart in self.charts.items():
            chart.show_checks(checks[first:], self.loaded.next.get(figure), first)
        self._span.setVisible(len(checks) > _RECENT)

    def _show_list(self, loaded: Loaded) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for one in loaded.instruments:
            item = QListWidgetItem(list_words(one))
            item.setData(Qt.ItemDataRole.UserRole, one.optics)
            item.setToolTip(one.state.sentence or one.optics.words)
            self._list.addItem(item)
            if loaded.chosen is not None and one.optics.key == loaded.chosen.optics.key:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)

    def _show_calibrations(self, loaded: Loaded) -> None:
        self._calibrations.clear()
        for calibration in loaded.calibrations:
            item = QListWidgetItem(calibration_words(calibration))
            item.setToolTip(detail_words(calibration))
            self._calibrations.addItem(item)
        if not loaded.calibrations:
            self._calibrations.addItem("None; its pictures are kept, but not searched.")

    def _show_state(self, chosen: Instrument | None) -> None:
        locked = chosen is not None and chosen.state.locked
        reference = chosen.reference if chosen else None
        self._banner.setVisible(locked)
        self._says.setVisible(chosen is not None and not locked)
        if chosen is not None:
            self._banner_words.setText(chosen.state.sentence)
            words, reference_words = instrument_sentence(chosen)
            self._says.setText(words)
            theme.set_tone(self._says, "tone", "" if chosen.state.condition == "ok" else "amber")
            self._reference.setText(reference_words)
        self._reference.setVisible(reference is not None)
        self._sign.setVisible(locked)
        self._check.setEnabled(reference is not None and not self._checking)

    def _say_place(self) -> None:
        chosen = self.loaded.chosen
        words = chosen.optics.words if chosen else "no instrument known"
        self._navigator.say_place("quality", (words,))

    def _take_focus(self) -> None:
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- choosing --------------------------------------------------------------------------
    def _row_chosen(self, number: int) -> None:
        if 0 <= number < len(self.loaded.instruments):
            self._wanted = self.loaded.instruments[number].optics
            self._loading.ask()

    def _point_chosen(self, number: int) -> None:
        self.table.choose(number)

    def _check_chosen(self, number: int) -> None:
        for chart in self.charts.values():
            chart.show_chosen(number)
        checks = self.loaded.checks
        self.pictures.show_check(checks[number] if 0 <= number < len(checks) else None)

    # --- checks ----------------------------------------------------------------------------
    def _seen(self) -> Seen:
        return seen_on(self._station)

    def _checked(self, check: InstrumentCheck) -> None:
        self._set_checking(False)
        self._bridge.tell(check_sentence(check), attention=check.outcome != "within")

    def _refused(self, error: CaseheadError) -> None:
        self._set_checking(False)
        self._bridge.tell(f"No check was made: {error}", attention=True)

    def _set_checking(self, checking: bool) -> None:
        self._checking = checking
        self._check.setText("Checking ..." if checking else "Check now")
        chosen = self.loaded.chosen
        known = chosen is not None and chosen.reference is not None
        self._check.setEnabled(known and not checking)

    def _refuse_read_only(self) -> bool:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        return self._workbench.read_only
