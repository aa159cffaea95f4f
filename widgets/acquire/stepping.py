"""Lights and exposures set for the next frame, where the source can be told; else by hand."""

from __future__ import annotations

from app.capture import BenchSource, Frame
from app.capture.combine_series import exposure_of
from app.capture.controls import Dial, Turn
from app.capture.series import Series
from app.domain import CaseheadError, Light
from app.workbench.combining import AZIMUTHS_DEG
from widgets.acquire.station import Station

_PATIENCE = 60
"""Frames to wait for a setting to be seen in them."""


class Stepping:
    """Drives the bench, or a camera whose exposure can be set; knows when a frame shows it."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._base: float | None = None
        self._wanted: float | None = None
        self._waited = 0
        self._automatic = False

    @property
    def given_up(self) -> bool:
        """Whether a setting was waited for in vain."""
        return self._waited > _PATIENCE

    def by_itself(self, series: Series) -> bool:
        """Whether one press takes all exposures."""
        return series.kind == "exposure" and self._dial is not None

    def lead(self, series: Series, *, running: bool) -> None:
        """Set what the next frame needs."""
        bench = self._station.camera.bench
        if series.next_light and bench is not None:
            switch(bench, series.next_light)
        if series.kind == "exposure" and running and series.taken:
            self._expose(series)

    def ready(self, series: Series, frame: Frame) -> bool:
        """Whether a frame that came shows what was set."""
        if series.taken and series.taken[-1].frame is frame:
            return False
        if series.kind != "exposure" or self._wanted is None:
            return True
        self._waited += 1
        told = exposure_of(frame)
        if told is None or abs(told / self._wanted - 1) > 0.02:
            return False
        self._waited = 0
        return True

    def check(self, series: Series, frame: Frame) -> None:
        """Raises CaseheadError for a frame that does not show yet what was set."""
        if series.kind == "exposure" and not series.taken:
            self._base, self._wanted, self._waited = exposure_of(frame), None, 0
        bench, name = self._station.camera.bench, series.next_light
        if bench is None or not name:
            return
        azimuth = frame.settings.get("light_azimuth_deg")
        shown = frame.light is Light.RING if name == "ring" else azimuth == AZIMUTHS_DEG.get(name)
        if name in (*AZIMUTHS_DEG, "ring") and not shown:
            raise CaseheadError(f"The light {name} is not on yet; press once more.")

    def rest(self, series: Series) -> None:
        """All is taken: set back what was set."""
        bench = self._station.camera.bench
        if series.kind == "exposure" and self._wanted is not None and self._base is not None:
            self._set(self._base)
            self._give_back()
        if series.kind == "lights" and bench is not None:
            switch(bench, series.lights[0])
        self._wanted = None

    def _give_back(self) -> None:
        """The camera decides again where it did before."""
        session = self._station.camera.session
        if self._automatic and session is not None:
            session.change(Turn("exposure", auto=True))
        self._automatic = False

    @property
    def _dial(self) -> Dial | None:
        """The exposure of a camera that lets it be set, milliseconds."""
        session = self._station.camera.session
        controls = None if session is None else session.controls
        dial = None if controls is None else controls.exposure
        return dial if dial is not None and dial.offered and dial.value is not None else None

    def _expose(self, series: Series) -> None:
        stop, dial = series.next_stop, self._dial
        if stop is None or self._base is None or dial is None:
            return
        self._waited = 0
        self._wanted = dial.clamped(self._base * 2.0**stop * 1e3) / 1e3
        self._automatic = self._automatic or bool(dial.auto)
        self._set(self._wanted)

    def _set(self, seconds: float) -> None:
        session, dial = self._station.camera.session, self._dial
        if session is None or dial is None:
            return
        if dial.auto:
            session.change(Turn("exposure", auto=False))
        session.change(Turn("exposure", value=seconds * 1e3))


def switch(bench: BenchSource, name: str) -> None:
    """Turn on the bench's light of that name."""
    if name in AZIMUTHS_DEG:
        bench.turn_side_light(AZIMUTHS_DEG[name])
    elif name.startswith("ring"):
        bench.switch_light(Light.RING)
