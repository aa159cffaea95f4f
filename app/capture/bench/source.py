"""The bench as a camera: a live picture of a virtual specimen on a stage that can be moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, RLock
from typing import Any

import numpy as np

from app.capture.bench.camera import BenchSettings
from app.capture.bench.firearm import VirtualFirearm
from app.capture.bench.lighting import lit, through_lens, vignette
from app.capture.bench.primer import heights_of, shot_of
from app.capture.bench.sensor import SENSOR_GAIN, Sensor
from app.capture.bench.specimens import Specimen
from app.capture.bench.standard_source import CAMERA
from app.capture.bench.tools import CLOSE_MARKS, CLOSE_UM, mark_heights_of
from app.capture.controls import Change, Controls, Size
from app.capture.frame import Frame, SourceLost
from app.capture.opencv import cv2
from app.capture.pace import Pace
from app.domain import Light, MarkKind, now
from correlation.surface import Floats

VIEW_UM = (6557.76, 4918.32)
"""Width and height of the field of view: 1296 x 972 pixels of 5.06 um."""
CLOSER = 3.4
"""How much more the objective for close-ups of single marks enlarges."""


def view_size(pixel_um: float) -> tuple[int, int]:
    """Width and height in pixels of the whole field of view, at most 2592 x 1944."""
    size = (round(VIEW_UM[0] / pixel_um), round(VIEW_UM[1] / pixel_um))
    return (min(size[0], 2592), min(size[1], 1944))


@dataclass(frozen=True, slots=True)
class Stage:
    """How the specimen lies under the microscope: shift right and down, turn, focus, exposure,
    and where the side light stands."""

    x_um: float = 0.0
    y_um: float = 0.0
    turn_deg: float = 0.0
    focus_um: float = 0.0
    exposure: float = 1.0
    azimuth_deg: float = 45.0


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
        self._mark: MarkKind | None = None
        self._left: dict[MarkKind | None, Stage] = {}
        self._plane: tuple[object, Floats, float] | None = None
        self._view: tuple[object, Floats, Floats] | None = None
        self._sensor = Sensor(specimen.firearm.seed, specimen.shot, self._size)
        self._number = 0
        self._camera = BenchSettings()

    # --- the camera ------------------------------------------------------------------------
    def controls(self) -> Controls:
        """As a camera tells its settings."""
        return self._told("")

    def apply(self, change: Change) -> Controls:
        """Set the camera; ``said`` tells where it cannot be."""
        with self._lock:
            self._camera, said = self._camera.changed(change, self._sizes)
        return self._told(said)

    @property
    def _sizes(self) -> tuple[Size, ...]:
        return tuple((self._size[0] >> n, self._size[1] >> n) for n in range(3))

    def _told(self, said: str) -> Controls:
        with self._lock:
            camera = self._camera
        return camera.controls(self._sizes[camera.halved], self._sizes, said)

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

    @property
    def mark(self) -> MarkKind | None:
        """The mark a close-up is shown of; None while the whole head is seen."""
        with self._lock:
            return self._mark

    def look_at(self, mark: MarkKind) -> None:
        """Bring a mark under the objective for close-ups, or the head for all without a close-up.

        The stage stands where it was left there last. A camera that does not tell its scale stays
        over the head: nobody would know that the objective was changed.
        """
        closer = mark if mark in CLOSE_MARKS and self.tells_scale else None
        firearm, shot = self.specimen.firearm, self.specimen.shot
        with self._lock:
            if closer is self._mark:
                return
            self._left[self._mark] = self._stage
            self._mark = closer
            fresh = Stage(
                turn_deg=float(firearm.stream("mark turn", str(mark), shot).uniform(-180, 180))
            )
            self._stage = self._left.get(closer, fresh)

    def turn_side_light(self, azimuth_deg: float) -> None:
        """Stand the side light there, counter-clockwise from the right as seen, and turn it on."""
        with self._lock:
            self._azimuth_deg = azimuth_deg % 360.0
            self._light = Light.SIDE

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
            stage = replace(self._stage, azimuth_deg=self._azimuth_deg)
            light, mark, camera = self._light, self._mark, self._camera
        told = self._settings(stage, mark) | _side_light(stage, light) | camera.told()
        stage = replace(stage, exposure=stage.exposure * camera.brightness)
        pixel_um = self._pixel_um(mark) * 2**camera.halved
        self._number += 1
        return Frame(
            pixels=camera.delivered(self._exposed(stage, light, mark)),
            number=self._number,
            captured_at=now(),
            monotonic=self._clock(),
            settings=told,
            pixel_um=pixel_um if self.tells_scale else None,
            light=light,
        )

    def _refuse_when_unplugged(self) -> None:
        if self._unplugged.is_set():
            raise SourceLost("The bench camera is unplugged; plug it in again.")

    def _settings(self, stage: Stage, mark: MarkKind | None) -> dict[str, Any]:
        return {
            **({} if mark is None else {"seen": str(mark)}),
            "exposure": round(stage.exposure, 3),
            "stage_x_um": round(stage.x_um, 1),
            "stage_y_um": round(stage.y_um, 1),
            "turn_deg": round(stage.turn_deg, 2),
            "focus_um": round(stage.focus_um, 1),
            "bench": self.specimen.name,
        }

    # --- the picture -----------------------------------------------------------------------
    def _exposed(
        self, stage: Stage, light: Light, mark: MarkKind | None
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        key = (stage, light, mark)
        if self._view is None or self._view[0] != key:
            view = self._seen(stage, light, mark)
            self._view = (key, view, self._sensor.noise_level(view))
        _, view, level = self._view
        return self._sensor.expose(view, level, self._number)

    def _pixel_um(self, mark: MarkKind | None) -> float:
        return self.pixel_um if mark is None else self.pixel_um / CLOSER

    def _heights(self, mark: MarkKind | None) -> tuple[Floats, float]:
        """The specimen, or one mark with its middle at height 0, and its grid's pitch."""
        firearm, shot = self.specimen.firearm, self.specimen.shot
        if mark is None:
            return heights_of(firearm, shot)
        heights = mark_heights_of(firearm, shot, mark)
        middle = heights.shape[0] // 2
        near = heights[middle - 40 : middle + 40, middle - 40 : middle + 40]
        return heights - np.float32(np.median(near)), CLOSE_UM

    def _seen(self, stage: Stage, light: Light, mark: MarkKind | None) -> Floats:
        """What falls on the sensor, before noise: 255 is full scale."""
        plane, bench_um = self._lit_plane(stage, light, mark)
        pixel_um = self._pixel_um(mark)
        angle = np.radians(stage.turn_deg)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        back = turn * pixel_um / bench_um
        middle = (np.array(self._size) - 1) / 2
        shift = np.array([stage.x_um, stage.y_um]) / pixel_um
        offset = (np.array(plane.shape[::-1]) - 1) / 2 - back @ (middle + shift)
        matrix = np.column_stack([back, offset])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(plane, matrix, self._size, flags=flags, borderMode=cv2.BORDER_REFLECT)
        gain = SENSOR_GAIN[light] * stage.exposure * self._sensor.exposure
        seen = np.maximum(seen, 0) * vignette(*self._size) * np.float32(gain)
        return np.asarray(seen, np.float32)

    def _lit_plane(self, stage: Stage, light: Light, mark: MarkKind | None) -> tuple[Floats, float]:
        """The whole specimen under this light and focus; made anew only when they change."""
        turn = stage.turn_deg if light is Light.SIDE else round(stage.turn_deg / 15.0) * 15.0
        key = (light, turn, stage.focus_um, mark, stage.azimuth_deg)
        if self._plane is None or self._plane[0] != key:
            heights, bench_um = self._heights(mark)
            picture = lit(heights, bench_um, light, stage.azimuth_deg - turn)
            self._plane = (key, through_lens(picture, heights, bench_um, stage.focus_um), bench_um)
        return self._plane[1:]


def _side_light(stage: Stage, light: Light) -> dict[str, float]:
    """Where the side light stood, while it was on."""
    return {"light_azimuth_deg": stage.azimuth_deg} if light is Light.SIDE else {}
