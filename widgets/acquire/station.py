"""What everything on the acquire screen shares: camera, picture, mark, light, and the capture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from app.capture import Frame, SessionState
from app.capture.measures import Measured
from app.domain import Acquired, CaseheadError, Light
from app.workbench import Workbench
from app.workbench.combining import Circumstances
from widgets.acquire.camera import Camera
from widgets.acquire.hearers import Hearers
from widgets.acquire.live_view import LiveView
from widgets.acquire.measuring import Measuring
from widgets.acquire.scale import Scale
from widgets.acquire.target import TargetPanel
from widgets.bridge import Bridge
from widgets.navigator import Navigator


class Station(QObject):
    """Pages and overlays know it and nothing of each other. Everything is on the GUI thread.

    ``target`` holds the fields of mark, light, optics and pixel size; one page places it.
    ``actions`` are the callbacks behind the rows of widgets/keys.py, by the action's name.
    ``before_keeping`` are asked before every capture: a sentence refuses it, "" is fine.
    ``adding`` are asked at every capture what belongs into its record's settings besides.
    ``mark_maker``, where no mark is chosen, makes one at the capture, off the GUI thread.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.workbench, self.bridge, self.navigator = workbench, bridge, navigator
        self.on_frame: Hearers[Frame | None] = Hearers()
        self.on_measured: Hearers[Measured] = Hearers()
        self.on_mark: Hearers[str] = Hearers()
        self.on_captured: Hearers[Acquired] = Hearers()
        self.on_state: Hearers[[]] = Hearers()
        self.on_chosen: Hearers[str] = Hearers()
        """A picture of the filmstrip was chosen, its id; "" takes it back."""
        self.actions: dict[str, Callable[[], None]] = {
            "capture": self.capture,
            "freeze": self.turn_frozen,
        }
        self.before_keeping: list[Callable[[Frame], str]] = []
        self.adding: list[Callable[[], Mapping[str, Any]]] = []
        self.mark_maker: Callable[[], str] | None = None
        self.keeper_words = ""
        self.opening = ""
        self._keeper: Callable[[Frame], None] | None = None
        self._mark_id = ""
        self._light = Light.UNKNOWN
        self._capturing = self._watching = False
        self._told: object = None
        self._seen_as: object = None
        self.camera = Camera(bridge, self)
        self.live = LiveView(bridge.report)
        self.target = TargetPanel(
            lambda: self.act("new"),
            self._mark_chosen,
            self.choose_light,
            self._optics_chosen,
            self._pixel_written,
            lambda: self.act("calibrate"),
        )
        self.scale = Scale(
            workbench, bridge, self, self.camera, self.live, self.target, self.refresh
        )
        self.measuring = Measuring(self.on_measured.tell, bridge.report)
        self.live.shown = self._shown
        self.actions |= {
            "fit": self.live.zoom_fit,
            "full": self.live.zoom_full,
            "zoom in": lambda: self.live.zoom_by(1.25),
            "zoom out": lambda: self.live.zoom_by(0.8),
        }
        self.camera.closing += [self.live.close_down, self.measuring.close]

    # --- what it tells ---------------------------------------------------------------------
    @property
    def mark_id(self) -> str:
        """The mark captures go to, "" without one."""
        return self._mark_id

    @property
    def light(self) -> Light:
        """The light the camera says is on, or the one chosen."""
        return self._light

    @property
    def optics(self) -> tuple[str, str]:
        """Objective and zoom."""
        return self.target.optics

    @property
    def frame(self) -> Frame | None:
        """The frame seen, which is the one that would be captured."""
        return self.live.frame

    @property
    def pixel_um(self) -> float | None:
        """Micrometres per pixel of the frame seen, None where not known."""
        return self.scale.pixel_um

    @property
    def running(self) -> bool:
        """Whether a camera is on (it may have gone silent)."""
        return self.camera.session is not None

    @property
    def frozen(self) -> bool:
        """Whether the picture is held."""
        session = self.camera.session
        return session is not None and session.frozen

    @property
    def capturing(self) -> bool:
        """Whether a capture is being saved."""
        return self._capturing

    @property
    def state(self) -> SessionState:
        """What the camera does."""
        session = self.camera.session
        return session.state if session is not None else SessionState.STOPPED

    @property
    def sentence(self) -> str:
        """The camera's state in words, "" without one."""
        session = self.camera.session
        return session.sentence if session is not None else ""

    @property
    def warning(self) -> str:
        """What is wrong though the picture is live, "" when nothing."""
        session = self.camera.session
        return session.warning if session is not None and not session.frozen else ""

    def circumstances(self) -> Circumstances:
        """How the frame seen was taken. Raises CaseheadError for a pixel size that is none."""
        frame = self.frame
        own = Light.UNKNOWN if frame is None else frame.light
        objective, zoom = self.optics
        return Circumstances(
            light=self._light if own is Light.UNKNOWN else own,
            objective=objective,
            pixel_um=None if frame is None else self.scale.given_um(frame),
            camera=self.camera.name,
            zoom=zoom,
        )

    def refusal(self) -> str:
        """Why nothing can be captured now, "" when it can."""
        frame = self.frame
        if self.workbench.read_only:
            return self.workbench.notice
        if not self.running or frame is None:
            return "There is no picture yet; start the camera first."
        if self.state is not SessionState.LIVE and not self.frozen:
            return f"Nothing was captured: {self.sentence}"
        if not self._mark_id and self.mark_maker is None:
            return "Choose the mark the capture goes to, or register a new one, then capture again."
        return next(filter(None, (asked(frame) for asked in self.before_keeping)), "")

    # --- what it does ----------------------------------------------------------------------
    def tell(self, sentence: str, attention: bool = False) -> None:
        """Show a sentence for a while."""
        self.bridge.tell(sentence, attention=attention)

    def act(self, name: str) -> None:
        """Do what a key or button asks for by name; nothing where nobody does that."""
        self.actions.get(name, lambda: None)()

    def choose_mark(self, mark_id: str) -> None:
        """Captures go to this mark from now on."""
        self._mark_id = mark_id
        self.on_mark.tell(mark_id)

    def choose_light(self, light: Light) -> None:
        """The light the examiner turned on; a bench turns it on by itself."""
        self._set_light(light)
        bench = self.camera.bench
        if bench is not None and light is not Light.UNKNOWN:
            bench.switch_light(light)
        self.refresh()

    def start_camera(self, spec: str) -> None:
        """Start the live picture from ``spec`` (see app.capture.open_source)."""
        self.opening = "Opening ..."
        self.refresh()
        self.camera.start(spec, self.started, self._not_started)

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
        self.pull()

    def keep_with(self, keeper: Callable[[Frame], None] | None) -> None:
        """While given, the capture key hands it the frame seen; ``keeper_words`` say what for."""
        self._keeper = keeper
        self.refresh()

    def capture(self) -> None:
        """Keep the frame that is seen, or hand it to who keeps frames now."""
        frame, refusal = self.frame, self.refusal()
        if refusal:
            self.tell(refusal, attention=True)
        elif frame is not None and not self._capturing:
            settings = dict(frame.settings)
            for told in self.adding:
                settings |= told()
            self._take(replace(frame, settings=settings))

    def _take(self, frame: Frame) -> None:
        if not self._mark_id and self.mark_maker is not None:
            self._capturing = True
            self.refresh()
            self.bridge.run(
                self.mark_maker, lambda made: self._marked(made, frame), self._not_captured, self
            )
        elif self._keeper is not None:
            self._keeper(frame)
        else:
            self._keep(frame)

    def _marked(self, mark_id: str, frame: Frame) -> None:
        self._capturing = False
        self.choose_mark(mark_id)
        self._take(frame)

    def _keep(self, frame: Frame) -> None:
        try:
            how = self.circumstances()
        except CaseheadError as error:
            self.tell(str(error), attention=True)
            return
        self._capturing = True
        self.refresh()
        mark_id, workbench = self._mark_id, self.workbench
        self.bridge.run(
            lambda: workbench.capture(
                *(mark_id, frame),
                light=how.light,
                objective=how.objective,
                pixel_um=how.pixel_um,
                camera=how.camera,
                zoom=how.zoom,
            ),
            self._captured,
            self._not_captured,
            owner=self,
        )

    def _captured(self, acquired: Acquired) -> None:
        self._capturing = False
        self.refresh()
        later = "" if acquired.pixel_um else " It has no scale and is not searched yet."
        later += " Its quality asks for another one." if acquired.held_back else ""
        self.tell(f"Captured and saved.{later}", attention=not acquired.searchable)
        self.scale.remember()
        self.on_captured.tell(acquired)

    def _not_captured(self, error: CaseheadError) -> None:
        self._capturing = False
        self.refresh()
        self.tell(f"Nothing was captured: {error}", attention=True)

    # --- frames ----------------------------------------------------------------------------
    def watch(self, watching: bool) -> None:
        """Whether frames are shown and measured; unseen they are not."""
        self._watching = watching
        if watching:
            self.pull()

    def pull(self) -> None:
        """Show the newest frame now, and what has changed."""
        session = self.camera.session
        newest = session.newest() if session is not None else None
        if newest is not None:
            self.live.show_frame(newest)
        self.refresh()

    def refresh(self) -> None:
        """Tell of whatever has changed since it was last told."""
        self.scale.show()
        session, frame = self.camera.session, self.frame
        now = (
            *(session, self.state, self.sentence, self.frozen, self.opening, frame is None),
            *(self._capturing, self._keeper is not None, self.keeper_words),
            *(self._light, self.pixel_um, self.scale.words, self._mark_id, self.optics),
            *(session.controls if session is not None else None, self.warning),
            self.camera.switching,
        )
        if now != self._told:
            self._told = now
            self.on_state.tell()

    def _came(self) -> None:
        """On the capture thread: another frame is there."""
        session = self.camera.session
        newest = session.newest() if session is not None and self._watching else None
        if newest is not None:
            self.live.offer(newest)

    def _shown(self, frame: Frame) -> None:
        if frame.light is not Light.UNKNOWN and frame.light != self._light:
            self._set_light(frame.light)
        session = self.camera.session
        if not self._capturing:  # saving comes first
            self.measuring.offer(frame, session.frames_per_second if session else 0.0)
        seen_as = frame.pixel_um, frame.pixels.shape
        if seen_as != self._seen_as:
            self._seen_as = seen_as
            self.refresh()
        self.on_frame.tell(frame)

    # --- camera ----------------------------------------------------------------------------
    def started(self) -> None:
        """Another session has begun."""
        self.opening = ""
        self._show_nothing()
        session = self.camera.session
        if session is not None:
            session.hear(self._came)
        if self.camera.bench is not None and self._light is not Light.UNKNOWN:
            self.camera.bench.switch_light(self._light)
        self.scale.begin_anew()
        self.pull()

    def _not_started(self, error: CaseheadError) -> None:
        self.opening = str(error)
        self._show_nothing()
        self.refresh()
        self.tell(str(error), attention=True)

    def _stopped(self) -> None:
        self.opening = ""
        self._show_nothing()
        self.refresh()

    def _show_nothing(self) -> None:
        self._seen_as = None
        self.live.show_frame(None)
        self.measuring.forget()
        self.on_frame.tell(None)

    # --- the fields ------------------------------------------------------------------------
    def _mark_chosen(self) -> None:
        self.choose_mark(self.target.mark_id)

    def _set_light(self, light: Light) -> None:
        self._light = light
        self.target.show_light(light)

    def _optics_chosen(self) -> None:
        """Another objective has its own pixel size, or none that is known."""
        self.scale.begin_anew()
        self.refresh()

    def _pixel_written(self) -> None:
        self.scale.remember()
        self.refresh()
