"""Which optics a picture was taken with, and what a pixel measures through them.

The words are used under the name ``app.domain``, which hands them on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from app.terms import Author, new_id

OBLONG_PERCENT = 1.0
"""Pixels further from square than this are not searched: one size cannot speak for both ways."""


@dataclass(frozen=True, slots=True)
class Optics:
    """Camera, objective and zoom: what a calibration is valid for."""

    camera: str
    objective: str = ""
    zoom: str = ""

    @property
    def words(self) -> str:
        """For example ``USB camera, objective 4x, zoom 1.5``."""
        objective = f"objective {self.objective.strip()}" if self.objective.strip() else ""
        zoom = f"zoom {self.zoom.strip()}" if self.zoom.strip() else ""
        return ", ".join(filter(None, (self.camera.strip() or "no camera", objective, zoom)))

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two the same: capitals and blanks aside."""
        camera, objective, zoom = (
            " ".join(text.split()).casefold() for text in (self.camera, self.objective, self.zoom)
        )
        return camera, objective, zoom


@dataclass(frozen=True, slots=True)
class CalibrationCheck:
    """A known distance measured again with a calibration, to see whether it still holds."""

    calibration_id: str
    true_um: float
    measured_um: float
    tolerance_percent: float
    note: str = ""
    author: Author | None = None
    checked_at: str = ""
    id: str = field(default_factory=new_id)

    @property
    def off_percent(self) -> float:
        """By how much more than the truth was measured."""
        return 100 * (self.measured_um / self.true_um - 1)

    @property
    def passed(self) -> bool:
        """Whether that is within the tolerance."""
        return abs(self.off_percent) <= self.tolerance_percent


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a pixel measures through one camera, objective and zoom.

    ``sd_um`` is the standard uncertainty of ``pixel_um`` (None: nobody said). ``width`` and
    ``height`` are those of the picture it was measured on (0: not said, as for typed values); of
    another size it tells nothing, for the camera may bin or scale. ``distortion_um`` is the lens's
    largest displacement in the picture, ``distortion_percent`` that in percent of the distance from
    the middle, ``facts`` what the method found, ``picture`` the SHA-256 of the standard's picture.
    ``expires_at`` and ``withdrawn_at`` ("" while it is in use) may be told anew later, ``checks``
    added; everything else stays.
    """

    optics: Optics
    pixel_um_x: float
    pixel_um_y: float
    method: str
    sd_um: float | None = None
    width: int = 0
    height: int = 0
    distortion_um: float | None = None
    distortion_percent: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    picture: str = ""
    software: str = ""
    note: str = ""
    author: Author | None = None
    made_at: str = ""
    expires_at: str = ""
    withdrawn_at: str = ""
    checks: tuple[CalibrationCheck, ...] = ()
    id: str = field(default_factory=new_id)

    @property
    def pixel_um(self) -> float:
        """One size for both directions: their geometric mean."""
        return sqrt(self.pixel_um_x * self.pixel_um_y)

    @property
    def oblong_percent(self) -> float:
        """By how much a pixel is wider than high."""
        return 100 * (self.pixel_um_x / self.pixel_um_y - 1)

    def last_check(self, at: str = "") -> CalibrationCheck | None:
        """The newest check, up to a moment when one is given."""
        known = [check for check in self.checks if not at or check.checked_at <= at]
        return known[-1] if known else None

    def fits(self, size: tuple[int, int] | None) -> bool:
        """Whether it speaks for pictures of that width and height."""
        return size is None or not self.width or (self.width, self.height) == size

    def refusal(self, at: str) -> str:
        """Why it is not valid at a moment (ISO 8601), "" when it is; one sentence."""
        check = self.last_check(at)
        if self.withdrawn_at and self.withdrawn_at <= at:
            return f"The calibration of {self.optics.words} was withdrawn; calibrate it anew."
        if self.expires_at and self.expires_at <= at:
            return (
                f"The calibration of {self.optics.words} expired on {self.expires_at[:10]}; "
                "calibrate it anew."
            )
        if check is not None and not check.passed:
            return (
                f"The last check of the calibration of {self.optics.words} was off by "
                f"{check.off_percent:+.2f} % ({check.tolerance_percent:g} % are allowed); "
                "calibrate it anew, or check it again."
            )
        if abs(self.oblong_percent) > OBLONG_PERCENT:
            return (
                f"The pixels of {self.optics.words} are not square ({self.pixel_um_x:.4g} by "
                f"{self.pixel_um_y:.4g} µm); set the camera to square pixels and calibrate it anew."
            )
        return ""


@dataclass(frozen=True, slots=True)
class InForce:
    """The calibration that holds for some optics at a moment, or the sentence why none does.

    ``latest`` is the newest there is, valid or not.
    """

    calibration: Calibration | None
    sentence: str = ""
    latest: Calibration | None = None

    @property
    def pixel_um(self) -> float | None:
        """The pixel size, None without a valid calibration."""
        return self.calibration.pixel_um if self.calibration else None


def in_force(
    calibrations: Iterable[Calibration],
    optics: Optics,
    at: str,
    size: tuple[int, int] | None = None,
) -> InForce:
    """The newest calibration of ``optics`` made by ``at`` that was not withdrawn, if it is valid.

    ``size`` is the picture's width and height. An older one never takes the place of a newer one
    that expired or failed its check; it does of one that was withdrawn.
    """
    own = [c for c in calibrations if c.optics.key == optics.key and c.made_at <= at]
    if not own:
        return InForce(
            None,
            f"There is no calibration of {optics.words}; calibrate it on a stage micrometer, or "
            "write the micrometres per pixel.",
        )
    used = [c for c in own if not (c.withdrawn_at and c.withdrawn_at <= at)]
    fitting = [c for c in used if c.fits(size)]
    if not fitting and used:
        other = used[-1]
        assert size is not None
        return InForce(
            None,
            f"{optics.words} was calibrated for pictures of {other.width} x {other.height} pixels, "
            f"not of {size[0]} x {size[1]}; set the camera back, or calibrate it as it is now.",
            other,
        )
    newest = (fitting or own)[-1]
    refusal = newest.refusal(at)
    return InForce(None, refusal, newest) if refusal else InForce(newest, "", newest)
