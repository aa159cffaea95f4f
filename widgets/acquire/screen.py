"""The acquire screen: live picture, pages of controls, what was captured; put together here."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.capture import Frame, SessionState
from app.domain import Changes, Mark
from app.workbench import Workbench
from widgets import keys
from widgets.acquire.calibrate import CalibrateDrawer
from widgets.acquire.filmstrip import Filmstrip, Strip, strip_of
from widgets.acquire.focus_map import FocusMapOverlay
from widgets.acquire.frames import make_frames_page
from widgets.acquire.instrument import InstrumentWatch
from widgets.acquire.meters import Meters
from widgets.acquire.pages import make_camera_page
from widgets.acquire.panel import AcquirePanel
from widgets.acquire.quality import QualityLine
from widgets.acquire.relief import make_relief_page
from widgets.acquire.session import make_session_page
from widgets.acquire.sources import SourcePicker
from widgets.acquire.station import Station
from widgets.acquire.target import Target, targets_of
from widgets.bridge import Bridge
from widgets.casebook.registration import RegistrationDrawer
from widgets.common.parts import EmptyState, button, label, row
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_LOOK_MS = 200
_WAITING = (
    "Choose a source at the right and press Start. Without a microscope at hand, the synthetic "
    "bench shows virtual cartridge cases."
)


class AcquireScreen(QWidget):
    """What is seen is what is captured."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("acquire_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.station = station = Station(workbench, bridge, navigator)
        self.camera, self.live = station.camera, station.live
        self.target, self.scale = station.target, station.scale
        self.sources = SourcePicker(bridge, station.start_camera, station.stop_camera)
        self.focus_map = FocusMapOverlay()
        self.live.add_overlay(self.focus_map)
        self.meters = Meters(self.live.stretch, self.focus_map.begin_anew)
        self.panel = AcquirePanel(
            self.meters, station.capture, station.turn_frozen, self._show_state, self._show_state
        )
        self.filmstrip = Filmstrip(navigator.show_casebook)
        self.registration = RegistrationDrawer(workbench, bridge, self._registered)
        self.calibrating = CalibrateDrawer(workbench, bridge, self.live, self.scale.in_use)
        self._targets: Refresh[tuple[Target, ...]] = Refresh(
            bridge,
            self,
            lambda: targets_of(workbench.newest_tree((station.mark_id,))),
            self._show_targets,
        )
        self._strip: Refresh[tuple[Strip, ...]] = Refresh(
            bridge, self, lambda: strip_of(workbench, station.mark_id), self._show_strip
        )
        self._choosing_camera = False
        self.instrument = InstrumentWatch(station)
        self._pages()
        self.quality = QualityLine(station)
        self.panel.add_line(self.quality)
        self.filmstrip.chosen = self.quality.show_captured
        self._build()
        self._listen()
        self._bind_keys()
        self._show_state()

    def _pages(self) -> None:
        """Each page by its owner; the order is that of the strip and of the keys F2, F3, ..."""
        add, station = self.panel.add_page, self.station
        add(
            *("session", "Session", "mdi6.clipboard-check-outline"),
            *("What is captured (F2)", make_session_page(station)),
        )
        add(
            *("camera", "Camera", "mdi6.camera-control"),
            *("The camera and how it is set (F3)", make_camera_page(station, self.sources)),
        )
        add(
            *("frames", "Frames", "mdi6.layers-plus"),
            *("How the next picture is made: frames combined (F4)", make_frames_page(station)),
        )
        add(
            *("relief", "Relief", "mdi6.image-filter-hdr"),
            *("Relief from a light set (F5)", make_relief_page(station)),
        )

    def _listen(self) -> None:
        station = self.station
        station.on_measured(self.meters.show_measured)
        station.on_measured(self.focus_map.show_measured)
        station.on_frame(lambda frame: self.meters.show_off() if frame is None else None)
        station.on_mark(lambda _: self._mark_changed())
        station.on_state(self._show_state)
        station.actions |= {
            "new": self._new_mark,
            "calibrate": self.calibrating.open_drawer,
            "flash": self.panel.clipped.click,
            "focus map": self.panel.focus_map.click,
            "focus anew": self.meters.begin_anew,
        }
        station.on_frame(self._seen)
        for name in ("session", "camera", "frames", "relief"):
            station.actions[f"page {name}"] = partial(self.panel.show_page, name)
        self.filmstrip.itemClicked.connect(lambda item: self._chosen(item))
        self.filmstrip.currentItemChanged.connect(
            lambda item, _: self._chosen(item) if self.filmstrip.hasFocus() else None
        )
        self._look_timer = QTimer(self)
        self._look_timer.timeout.connect(station.refresh)
        self._bridge.changed.connect(self._hear)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        """A picture of the filmstrip, to be looked at."""
        if item is not None:
            self.station.on_chosen.tell(str(item.data(Qt.ItemDataRole.UserRole)))

    def _bind_keys(self) -> None:
        """Every row of the table; who does it is asked when the key is pressed."""
        own = [key_row for key_row in keys.rows("acquire") if key_row.screen == "acquire"]
        for key_row in own:
            place = self.live if key_row.on_picture else self
            for key in key_row.keys:
                shortcut = QShortcut(QKeySequence(key), place)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(partial(self.station.act, key_row.action))

    # --- what others ask for ---------------------------------------------------------------
    def choose_mark(self, mark_id: str) -> None:
        """Captures go to this mark from now on."""
        self.station.choose_mark(mark_id)
        self._targets.ask()

    def start_camera(self, spec: str) -> None:
        """Start the live picture from ``spec`` (see app.capture.open_source)."""
        self.station.start_camera(spec)

    def stop_camera(self) -> None:
        """Turn the camera off."""
        self.station.stop_camera()

    def turn_frozen(self) -> None:
        """Hold the picture, or let it live."""
        self.station.turn_frozen()

    def capture(self) -> None:
        """Keep the frame that is seen."""
        self.station.capture()

    def _start_bench(self) -> None:
        self.sources.choose_bench()
        self.start_camera(self.sources.spec)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._targets.ask()
        self._strip.ask()
        if not self.station.running and self.panel.page == "session":
            self.panel.show_page("camera")
            self._choosing_camera = True
        self.station.watch(True)
        self._look_timer.start(_LOOK_MS)
        self._take_focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.station.watch(False)
        self._look_timer.stop()

    def _take_focus(self) -> None:
        place = self.live if self.live.isVisible() else self.sources.kind
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._banner_words = label("", name="camera_says", wrap=True)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        said = row(self._banner_words)
        said.setContentsMargins(12, 8, 12, 8)
        self._banner.setLayout(said)
        self._empty_strip = label(
            "What you capture of this mark appears here, newest first.", "dim", "strip_empty"
        )
        self._empty_strip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_strip.setFixedHeight(40)
        self._empty = EmptyState(
            "acquire_empty",
            button(
                "Start the synthetic bench",
                "start_bench",
                "A virtual microscope with virtual cartridge cases",
                self._start_bench,
            ),
        )
        self._shown = QStackedWidget()
        self._shown.addWidget(self.live)
        self._shown.addWidget(self._empty)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        for widget, stretch in (
            (self._banner, 0),
            (self._shown, 1),
            (self.filmstrip, 0),
            (self._empty_strip, 0),
        ):
            left.addWidget(widget, stretch)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        for drawer in (self.panel, self.registration, self.calibrating):
            layout.addWidget(drawer)
        self.registration.closed = self.calibrating.closed = self._take_focus
        self._show_strip(())

    def _seen(self, frame: Frame | None) -> None:
        """With the first picture the page turns back to where the screen turned it from."""
        if frame is not None and self._choosing_camera:
            self._choosing_camera = False
            if self.panel.page == "camera":
                self.panel.show_page("session")

    # --- showing ---------------------------------------------------------------------------
    def _show_state(self) -> None:
        station, frame = self.station, self.station.frame
        lost = station.running and station.state in (SessionState.LOST, SessionState.STOPPED)
        banner = station.sentence if lost else station.warning or self.instrument.words
        self._banner_words.setText(banner)
        self._banner.setVisible(bool(banner))
        self.sources.show_running(station.running or station.camera.switching)
        self.panel.freeze.setChecked(station.frozen)
        self.panel.freeze.setEnabled(frame is not None)
        self.panel.capture.setEnabled(frame is not None and not station.capturing)
        self.panel.capture.setText(f"{station.keeper_words or 'Capture'}  (Space)")
        self.focus_map.on = self.panel.focus_map.isChecked()
        self.live.update()
        off = not station.running and frame is None
        self._empty.say("No camera is running", station.opening or _WAITING)
        self._shown.setCurrentWidget(self._empty if off else self.live)
        self.live.show_state(
            pixel_um=station.pixel_um,
            words=station.sentence,
            dimmed="" if not lost or station.frozen else "the last picture, not live",
            frozen=station.frozen,
            clipped=self.panel.clipped.isChecked(),
        )
        self._navigator.say_calibration(self.scale.words)
        self.calibrating.refresh()

    def _show_place(self) -> None:
        words = self.target.words or "no mark chosen"
        self._navigator.say_place("acquire", (words,))

    # --- the mark --------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        # unseen it reads nothing: that is done when it is shown
        if changes.cases and self.isVisible():
            self._targets.ask()
        if changes.acquired and self.isVisible():
            self._strip.ask()
        if changes.calibrations:
            self.scale.look_again()

    def _show_targets(self, targets: tuple[Target, ...]) -> None:
        self.target.show_targets(targets, self.station.mark_id)
        self._show_place()

    def _mark_changed(self) -> None:
        self._show_place()
        self._strip.ask()

    def _new_mark(self) -> None:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        else:
            self.registration.open_carrying_over()

    def _registered(self, mark: Mark, _then_acquire: bool) -> None:
        self.choose_mark(mark.id)

    def _show_strip(self, strips: tuple[Strip, ...]) -> None:
        self.filmstrip.show_strip(strips)
        self.filmstrip.setVisible(bool(strips))
        self._empty_strip.setVisible(not strips)
