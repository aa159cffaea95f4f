"""The acquire screen: live picture, what it is of, and what was captured."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.capture import Frame, SessionState
from app.domain import Acquired, CaseheadError, Changes, Light, Mark
from app.workbench import Workbench
from widgets import keys
from widgets.acquire.calibrate import CalibrateDrawer
from widgets.acquire.camera import Camera
from widgets.acquire.filmstrip import Filmstrip, Strip, strip_of
from widgets.acquire.live_view import LiveView
from widgets.acquire.panel import AcquirePanel
from widgets.acquire.scale import Scale
from widgets.acquire.sources import SourcePicker
from widgets.acquire.target import Target, TargetPanel, targets_of
from widgets.bridge import Bridge
from widgets.casebook.registration import RegistrationDrawer
from widgets.common.parts import EmptyState, button, label, row
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_PULL_MS = 16
_MEASURE_MS = 250
_WAITING = (
    "Choose a source at the right and press Start. Without a microscope at hand, the synthetic "
    "bench shows virtual cartridge cases."
)


class AcquireScreen(QWidget):
    """The newest frame is pulled by a timer; what is seen is what is captured."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("acquire_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.camera = Camera(bridge, self)
        self.live = LiveView()
        self.sources = SourcePicker(bridge, self.start_camera, self.stop_camera)
        self.target = TargetPanel(
            self._new_mark,
            self._mark_changed,
            self._light_chosen,
            self._objective_chosen,
            self._pixel_written,
            self._calibrate,
        )
        self.panel = AcquirePanel(
            self.sources, self.target, self.capture, self.turn_frozen, self._show_state
        )
        self.meters = self.panel.meters
        self.filmstrip = Filmstrip(navigator.show_casebook)
        self.registration = RegistrationDrawer(workbench, bridge, self._registered)
        self._mark_id = ""
        self._light = Light.UNKNOWN
        self._capturing = False
        self._measured: Frame | None = None
        self._opening = ""
        self.scale = Scale(
            workbench, bridge, self, self.camera, self.live, self.target, self._scale_found
        )
        self.calibrating = CalibrateDrawer(workbench, bridge, self.live, self.scale.in_use)
        self._targets: Refresh[tuple[Target, ...]] = Refresh(
            bridge, self, lambda: targets_of(workbench.tree()), self._show_targets
        )
        self._strip: Refresh[tuple[Strip, ...]] = Refresh(
            bridge, self, lambda: strip_of(workbench, self._mark_id), self._show_strip
        )
        self._build()
        self._actions: dict[str, Callable[[], None]] = {
            "capture": self.capture,
            "freeze": self.turn_frozen,
            "new": self._new_mark,
            "calibrate": self._calibrate,
        }
        for key_row in keys.rows("acquire"):
            for key in key_row.keys if key_row.action in self._actions else ():
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(self._actions[key_row.action])
        self._pull_timer, self._measure_timer = QTimer(self), QTimer(self)
        self._pull_timer.timeout.connect(self._pull)
        self._measure_timer.timeout.connect(self._measure)
        bridge.changed.connect(self._hear)
        self._show_state()

    # --- what others ask for ---------------------------------------------------------------
    def choose_mark(self, mark_id: str) -> None:
        """Captures go to this mark from now on."""
        self._mark_id = mark_id
        self._targets.ask()
        self._strip.ask()

    def start_camera(self, spec: str) -> None:
        """Start the live picture from ``spec`` (see app.capture.open_source)."""
        self._opening = "Opening ..."
        self._show_state()
        self.camera.start(spec, self._started, self._not_started)

    def _start_bench(self) -> None:
        self.sources.choose_bench()
        self.start_camera(self.sources.spec)

    def stop_camera(self) -> None:
        """Turn the camera off."""
        self.camera.stop(self._stopped)

    def turn_frozen(self) -> None:
        """Hold the picture, or let it live."""
        session = self.camera.session
        if session is None:
            return
        if session.frozen:
            session.thaw()
        else:
            session.freeze()
        self._pull()

    def capture(self) -> None:
        """Keep the frame that is seen."""
        frame, refusal = self.live.frame, self._refusal()
        if refusal or frame is None or self._capturing:
            if refusal:
                self._bridge.tell(refusal, attention=True)
            return
        try:
            pixel_um = self.scale.given_um(frame)
        except CaseheadError as error:
            self._bridge.tell(str(error), attention=True)
            return
        self._capturing = True
        self._show_capture()
        mark_id, camera = self._mark_id, self.camera.name
        light = self._light if frame.light is Light.UNKNOWN else frame.light
        objective, zoom = self.target.optics
        self._bridge.run(
            lambda: self._workbench.capture(
                *(mark_id, frame),
                light=light,
                objective=objective,
                pixel_um=pixel_um,
                camera=camera,
                zoom=zoom,
            ),
            self._captured,
            self._not_captured,
            owner=self,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._targets.ask()
        self._strip.ask()
        self._pull_timer.start(_PULL_MS)
        self._measure_timer.start(_MEASURE_MS)
        self._take_focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pull_timer.stop()
        self._measure_timer.stop()

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
        self._pages = QStackedWidget()
        self._pages.addWidget(self.live)
        self._pages.addWidget(self._empty)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        for widget, stretch in (
            (self._banner, 0),
            (self._pages, 1),
            (self.filmstrip, 0),
            (self._empty_strip, 0),
        ):
            left.addWidget(widget, stretch)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(self.panel)
        layout.addWidget(self.registration)
        layout.addWidget(self.calibrating)
        self.registration.closed = self.calibrating.closed = self._take_focus
        self._show_strip(())

    # --- the picture -----------------------------------------------------------------------
    def _pull(self) -> None:
        session = self.camera.session
        newest = session.newest() if session is not None else None
        if newest is not None:
            self.live.show_frame(newest)
        self._show_state()

    def _measure(self) -> None:
        session, frame = self.camera.session, self.live.frame
        if session is None or frame is None:
            self.meters.show_off()
        elif frame is not self._measured:
            self._measured = frame
            self.meters.show_frame(frame, session.frames_per_second)

    def _show_state(self) -> None:
        session, frame = self.camera.session, self.live.frame
        state = session.state if session is not None else SessionState.STOPPED
        lost = session is not None and state in (SessionState.LOST, SessionState.STOPPED)
        sentence = session.sentence if session is not None else ""
        self._banner_words.setText(sentence if lost else "")
        self._banner.setVisible(lost)
        self.sources.show_running(session is not None)
        frozen = session is not None and session.frozen
        self.panel.freeze.setChecked(frozen)
        self.panel.freeze.setEnabled(frame is not None)
        off = session is None and frame is None
        self._empty.say("No camera is running", self._opening or _WAITING)
        self._pages.setCurrentWidget(self._empty if off else self.live)
        self.live.show_state(
            pixel_um=self.scale.pixel_um,
            words=sentence,
            dimmed="" if not lost or frozen else "the last picture, not live",
            frozen=frozen,
            clipped=self.panel.clipped.isChecked(),
        )
        self._show_scale(frame)
        self._show_capture()

    def _show_scale(self, frame: Frame | None) -> None:
        if frame is not None and frame.light is not Light.UNKNOWN and frame.light != self._light:
            self._set_light(frame.light)
        self.scale.show()
        self._navigator.say_calibration(self.scale.words)

    def _scale_found(self) -> None:
        self.calibrating.refresh()
        self._show_state()

    def _calibrate(self) -> None:
        self.calibrating.open_drawer()

    def _show_capture(self) -> None:
        self.panel.capture.setEnabled(self.live.frame is not None and not self._capturing)

    # --- camera ----------------------------------------------------------------------------
    def _started(self) -> None:
        self._opening = ""
        self.live.show_frame(None)
        self.meters.show_off()
        if self.camera.bench is not None and self._light is not Light.UNKNOWN:
            self.camera.bench.switch_light(self._light)
        self.scale.begin_anew()
        self._show_state()

    def _not_started(self, error: CaseheadError) -> None:
        self._opening = str(error)
        self.live.show_frame(None)
        self._show_state()
        self._bridge.tell(str(error), attention=True)

    def _stopped(self) -> None:
        self._opening = ""
        self.live.show_frame(None)
        self.meters.show_off()
        self._show_state()

    # --- target and optics -----------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        # unseen it reads nothing: that is done when it is shown
        if changes.cases and self.isVisible():
            self._targets.ask()
        if changes.acquired and self.isVisible():
            self._strip.ask()
        if changes.calibrations:
            self.scale.look_again()

    def _show_targets(self, targets: tuple[Target, ...]) -> None:
        self.target.show_targets(targets, self._mark_id)
        self._show_place()

    def _mark_changed(self) -> None:
        self._mark_id = self.target.mark_id
        self._show_place()
        self._strip.ask()

    def _show_place(self) -> None:
        words = self.target.mark.currentText() if self._mark_id else "no mark chosen"
        self._navigator.say_place("acquire", (words,))

    def _new_mark(self) -> None:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        else:
            self.registration.open_carrying_over()

    def _registered(self, mark: Mark, _then_acquire: bool) -> None:
        self.choose_mark(mark.id)

    def _light_chosen(self, light: Light) -> None:
        self._set_light(light)
        bench = self.camera.bench
        if bench is not None and light is not Light.UNKNOWN:
            bench.switch_light(light)

    def _set_light(self, light: Light) -> None:
        self._light = light
        self.target.show_light(light)

    def _objective_chosen(self) -> None:
        """Another objective has its own pixel size, or none that is known."""
        self.scale.begin_anew()
        self.calibrating.refresh()
        self._show_state()

    def _pixel_written(self) -> None:
        self.scale.remember()
        self._show_state()

    # --- captures --------------------------------------------------------------------------
    def _refusal(self) -> str:
        """Why nothing can be captured now, nothing when it can."""
        session = self.camera.session
        if self._workbench.read_only:
            return self._workbench.notice
        if session is None or self.live.frame is None:
            return "There is no picture yet; start the camera first."
        if session.state is not SessionState.LIVE and not session.frozen:
            return f"Nothing was captured: {session.sentence}"
        if not self._mark_id:
            return "Choose the mark the capture goes to, or register a new one, then capture again."
        return ""

    def _captured(self, acquired: Acquired) -> None:
        self._capturing = False
        self._show_capture()
        later = "" if acquired.searchable else " It has no scale and is not searched yet."
        self._bridge.tell(f"Captured and saved.{later}", attention=not acquired.searchable)
        self.scale.remember()

    def _not_captured(self, error: CaseheadError) -> None:
        self._capturing = False
        self._show_capture()
        self._bridge.tell(f"Nothing was captured: {error}", attention=True)

    def _show_strip(self, strips: tuple[Strip, ...]) -> None:
        self.filmstrip.show_strip(strips)
        self.filmstrip.setVisible(bool(strips))
        self._empty_strip.setVisible(not strips)
