"""The bench as a camera: a live picture of a virtual specimen on a stage that can be moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, RLock
from typing import Any

import numpy as np

from app.capture.bench.firearm import VirtualFirearm
from app.capture.bench.lighting import lit, through_lens, vignette
from app.capture.bench.primer import heights_of, shot_of
from app.capture.bench.sensor import SENSOR_GAIN, Sensor
from app.capture.bench.specimens import Specimen
from app.capture.bench.standard_source import CAMERA
from app.capture.frame import Frame, SourceLost
from app.capture.opencv import cv2
from app.capture.pace import Pace
from app.domain import Light, now
from correlation.surface import Floats

VIEW_UM = (6557.76, 4918.32)
"""Width and height of the field of view: 1296 x 972 pixels of 5.06 um."""


def view_size(pixel_um: float) -> tuple[int, int]:
    """Width and height in pixels of the whole field of view, at most 2592 x 1944."""
    size = (round(VIEW_UM[0] / pixel_um), round(VIEW_UM[1] / pixel_um))
    return (min(size[0], 2592), min(size[1], 1944))


@dataclass(frozen=True, slots=True)
class Stage:
    """How the specimen lies under the microscope: shift right and down, turn, focus, exposure."""

    x_um: float = 0.0
    y_um: float = 0.0
    turn_deg: float = 0.0
    focus_um: float = 0.0
    exposure: float = 1.0


class BenchSource:
    """A virtual microscope with a camera; its stage may be used from any thread while it runs.

    ``rate`` is frames per second (0: as fast as asked); ``pixel_um`` sets the resolution of the
    same field of view (2.53 gives 2592 x 1944). Frames carry the light, and the scale unless
    ``tells_scale`` is False, when it is a camera to be calibrated like any other.
    The same specimen, light and frame number give the same pixels.
    """

    def __init__(
        self,
        specimen: Specimen | VirtualFirearm,
        shot: int = 1,
        light: Light | str = Light.RING,
        *,
        rate: float = 20.0,
        pixel_um: float = 5.06,
        azimuth_deg: float = 45.0,
        tells_scale: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if isinstance(specimen, VirtualFirearm):
            specimen = Specimen(specimen, shot)
        self.specimen = specimen
        self.name = f"Bench: {specimen.name}" if tells_scale else CAMERA
        self.tells_scale = tells_scale
        self.pixel_um = pixel_um
        self._light = Light(light)
        self._azimuth_deg = azimuth_deg
        self._clock = clock
        self._lock = RLock()
        self._unplugged = Event()
        self._pace = Pace(rate, clock)
        self._size = view_size(pixel_um)
        placed = shot_of(specimen.firearm, specimen.shot)
        self._stage = Stage(*placed.stage_um, placed.turn_deg)
        self._plane: tuple[object, Floats] | None = None
        self._view: tuple[object, Floats, Floats] | None = None
        self._sensor = Sensor(specimen.firearm.seed, specimen.shot, self._size)
        self._number = 0

    # --- the stage -------------------------------------------------------------------------
    @property
    def stage(self) -> Stage:
        """Where the stage stands now."""
        with self._lock:
            return self._stage

    @property
    def light(self) -> Light:
        """The light that is on."""
        with self._lock:
            return self._light

    def move(self, dx_um: float, dy_um: float) -> None:
        """Move the specimen right and down as seen."""
        with self._lock:
            at = self._stage
            self._stage = replace(at, x_um=at.x_um + dx_um, y_um=at.y_um + dy_um)

    def turn(self, deg: float) -> None:
        """Turn the specimen counter-clockwise as seen."""
        with self._lock:
            turned = (self._stage.turn_deg + deg + 180.0) % 360.0 - 180.0
            self._stage = replace(self._stage, turn_deg=turned)

    def focus(self, um: float) -> None:
        """Put the plane of focus ``um`` above the primer's face."""
        with self._lock:
            self._stage = replace(self._stage, focus_um=um)

    def expose(self, factor: float) -> None:
        """Brightness relative to the automatic exposure."""
        with self._lock:
            self._stage = replace(self._stage, exposure=max(factor, 0.0))

    def switch_light(self, light: Light | str) -> None:
        """Turn on the ring or the side light."""
        with self._lock:
            self._light = Light(light)

    def unplug(self) -> None:
        """As if the cable were pulled: reading and opening raise SourceLost until ``plug``."""
        self._unplugged.set()
        self._pace.end()

    def plug(self) -> None:
        """Put the cable back."""
        self._unplugged.clear()

    # --- the source ------------------------------------------------------------------------
    def open(self) -> None:
        """Raises SourceLost while unplugged."""
        self._refuse_when_unplugged()
        self._pace.begin()

    def close(self) -> None:
        """Also ends a read that waits for its frame's time."""
        self._pace.end()

    def interrupt(self) -> None:
        """End a read that waits; safe from any thread."""
        self._pace.end()

    def read(self) -> Frame:
        """The next frame when it is due. Raises SourceLost when unplugged or closed."""
        due = self._pace.wait()
        self._refuse_when_unplugged()
        if not due:
            raise SourceLost("The bench is closed; open it again to see frames.")
        with self._lock:
            stage, light = self._stage, self._light
        self._number += 1
        return Frame(
            pixels=self._exposed(stage, light),
            number=self._number,
            captured_at=now(),
            monotonic=self._clock(),
            settings=self._settings(stage),
            pixel_um=self.pixel_um if self.tells_scale else None,
            light=light,
        )

    def _refuse_when_unplugged(self) -> None:
        if self._unplugged.is_set():
            raise SourceLost("The bench camera is unplugged; plug it in again.")

    def _settings(self, stage: Stage) -> dict[str, Any]:
        return {
            "exposure": round(stage.exposure, 3),
            "stage_x_um": round(stage.x_um, 1),
            "stage_y_um": round(stage.y_um, 1),
            "turn_deg": round(stage.turn_deg, 2),
            "focus_um": round(stage.focus_um, 1),
            "bench": self.specimen.name,
        }

    # --- the picture -----------------------------------------------------------------------
    def _exposed(
        self, stage: Stage, light: Light
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        key = (stage, light)
        if self._view is None or self._view[0] != key:
            view = self._seen(stage, light)
            self._view = (key, view, self._sensor.noise_level(view))
        _, view, level = self._view
        return self._sensor.expose(view, level, self._number)

    def _seen(self, stage: Stage, light: Light) -> Floats:
        """What falls on the sensor, before noise: 255 is full scale."""
        plane = self._lit_plane(stage, light)
        _, bench_um = heights_of(self.specimen.firearm, self.specimen.shot)
        scale = self.pixel_um / bench_um
        angle = np.radians(stage.turn_deg)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        back = turn * scale
        middle = (np.array(self._size) - 1) / 2
        shift = np.array([stage.x_um, stage.y_um]) / self.pixel_um
        offset = (np.array(plane.shape[::-1]) - 1) / 2 - back @ (middle + shift)
        matrix = np.column_stack([back, offset])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(plane, matrix, self._size, flags=flags, borderMode=cv2.BORDER_REFLECT)
        gain = SENSOR_GAIN[light] * stage.exposure * self._sensor.exposure
        seen = np.maximum(seen, 0) * vignette(*self._size) * np.float32(gain)
        return np.asarray(seen, np.float32)

    def _lit_plane(self, stage: Stage, light: Light) -> Floats:
        """The whole specimen under this light and focus; made anew only when they change."""
        turn = stage.turn_deg if light is Light.SIDE else round(stage.turn_deg / 15.0) * 15.0
        key = (light, turn, stage.focus_um)
        if self._plane is None or self._plane[0] != key:
            heights, pixel_um = heights_of(self.specimen.firearm, self.specimen.shot)
            picture = lit(heights, pixel_um, light, self._azimuth_deg - turn)
            self._plane = (key, through_lens(picture, heights, pixel_um, stage.focus_um))
        return self._plane[1]
