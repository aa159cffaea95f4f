"""From a picture of a cartridge case to a breech-face mark ready to be compared."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.filters import (
    band_pass,
    eroded,
    form,
    gaussian_mean,
    local_contrast,
    toned,
    winsorised,
    without_circles,
)
from correlation.method import METHOD, VERSION, Settings, settings_for
from correlation.patch import differing
from correlation.place import Grid
from correlation.profile import Profile, profile_of
from correlation.region import Disc, Finding, find_region
from correlation.resample import area_average, block_mean
from correlation.surface import MARKS, Bools, Floats, Kind, Mark, Surface

__all__ = ["METHOD", "VERSION", "Level", "Prepared", "prepare"]

_SLACK_UM = 25.0
_LEAST_CONTRAST = 2e-3
"""Of an image, as a share of its brightness: less than a step of eight bits."""

_EDGE_UM = {"scan": 30.0, "image": 70.0}
_WALL_UM = 40.0
_PATCH_PITCH_UM = 12.5
_PATCHES = ("ejector", "aperture shear")


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The mark at one pitch: a square array, mean 0 and spread 1 over its mask, 0 outside."""

    values: Floats
    mask: Bools
    pixel_um: float


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A mark ready to be compared.

    The three levels share their centre, ``centre_um`` (x, y) from the centre of the picture's
    array, whose extent is ``size_um`` (width, height). ``fine`` carries the cells (12.5 um),
    ``middle`` and ``coarse`` the areal correlation (25 and 50 um).
    """

    kind: Kind
    size_um: tuple[float, float]
    centre_um: tuple[float, float]
    finding: Finding
    fine: Level
    middle: Level
    coarse: Level
    mark: Mark = "breech face"
    profile: Profile | None = None

    @property
    def area_um2(self) -> float:
        """Area of the mark that takes part."""
        return float(np.count_nonzero(self.fine.mask)) * self.fine.pixel_um**2

    def digest(self) -> str:
        """SHA-256 of the prepared numbers."""
        whole = hashlib.sha256(self.kind.encode())
        for level in (self.fine, self.middle, self.coarse):
            whole.update(level.values.tobytes())
            whole.update(level.mask.tobytes())
        whole.update(repr((self.size_um, self.centre_um)).encode())
        if self.mark != "breech face":
            whole.update(self.mark.encode())
        if self.profile is not None:
            whole.update(self.profile.values.tobytes())
            whole.update(repr(self.profile.facts()).encode())
        return whole.hexdigest()

    def to_bytes(self) -> bytes:
        """For a cache; read by ``from_bytes`` of the same version."""
        arrays: dict[str, Any] = {}
        for name in ("fine", "middle", "coarse"):
            level: Level = getattr(self, name)
            arrays[name] = level.values
            arrays[f"{name}_mask"] = np.packbits(level.mask)
        facts = {
            "version": VERSION,
            "kind": self.kind,
            "mark": self.mark,
            "size_um": self.size_um,
            "centre_um": self.centre_um,
            "finding": asdict(self.finding),
            "pixels_um": [self.fine.pixel_um, self.middle.pixel_um, self.coarse.pixel_um],
        }
        if self.profile is not None:
            arrays["profile"] = self.profile.values
            arrays["profile_mask"] = np.packbits(self.profile.mask)
            facts["profile"] = self.profile.facts()
        arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Prepared:
        """Raises CorrelationError when the bytes are not a prepared mark of this version."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                facts = json.loads(arrays["facts"].tobytes())
                levels = [
                    _level(arrays[name], arrays[f"{name}_mask"], pixel_um)
                    for name, pixel_um in zip(
                        ("fine", "middle", "coarse"), facts["pixels_um"], strict=True
                    )
                ]
                profile = _profile(facts, arrays)
            if facts["version"] != VERSION:
                raise CorrelationError("The prepared mark was made by another version.")
            found = facts["finding"]
            finding = Finding(
                Disc(**found["outer"]),
                Disc(**found["inner"]) if found["inner"] else None,
                found["confidence"],
                found["sentence"],
            )
            size, centre = facts["size_um"], facts["centre_um"]
            fine, middle, coarse = levels
            return cls(
                kind=facts["kind"],
                size_um=(size[0], size[1]),
                centre_um=(centre[0], centre[1]),
                finding=finding,
                fine=fine,
                middle=middle,
                coarse=coarse,
                mark=facts["mark"],
                profile=profile,
            )
        except CorrelationError:
            raise
        except Exception as error:
            raise CorrelationError("The prepared mark cannot be read; prepare it anew.") from error


def _level(values: Floats, packed: Any, pixel_um: float) -> Level:
    mask = np.unpackbits(packed, count=values.size).reshape(values.shape).astype(np.bool_)
    return Level(values, mask, float(pixel_um))


def _profile(facts: Mapping[str, Any], arrays: Mapping[str, Any]) -> Profile | None:
    if "profile" not in facts:
        return None
    values = arrays["profile"]
    mask = np.unpackbits(arrays["profile_mask"], count=values.size).astype(np.bool_)
    return Profile(values, mask, **facts["profile"])


def prepare(
    surface: Surface,
    outer: Disc | None = None,
    inner: Disc | None = None,
    mark: Mark = "breech face",
) -> Prepared:
    """The mark of ``surface``, levelled, filtered and resampled.

    The region is found unless ``outer`` (and ``inner``) give it, as an examiner's correction
    does. Raises CorrelationError with a sentence when too little of a mark is left.
    """
    _need_mark(mark)
    finding = (
        find_region(surface, mark)
        if outer is None
        else Finding(outer, inner, 1.0, "The region was set by hand.")
    )
    settings = settings_for(surface.kind, mark)
    rows, columns = surface.values.shape
    middle = ((columns - 1) / 2 * surface.pixel_um, (rows - 1) / 2 * surface.pixel_um)
    centre = (finding.outer.x_um - middle[0], finding.outer.y_um - middle[1])
    cut, mask = _cut(surface, finding, centre, settings.pitch_um)
    if mark in _PATCHES:
        mask = _of_patch(surface, finding, mask, settings.pitch_um)
    values, mask = _levelled(cut, mask, surface.kind, settings)
    mask = eroded(mask, settings.rim_um, settings.pitch_um)
    _refuse_too_little(values, mask, settings, surface.kind, mark, float(np.abs(cut).max()))
    fine = _fine(values, mask, settings)
    profile = None
    if mark == "aperture shear":
        profile = profile_of(fine.values, fine.mask, fine.pixel_um)
    coarse = _coarse(values, mask, settings)
    return Prepared(
        kind=surface.kind,
        size_um=(columns * surface.pixel_um, rows * surface.pixel_um),
        centre_um=centre,
        finding=finding,
        fine=fine,
        middle=_reduced(coarse, mask, settings, 2),
        coarse=_reduced(coarse, mask, settings, 4),
        mark=mark,
        profile=profile,
    )


def _need_mark(mark: str) -> None:
    if mark not in MARKS:
        raise CorrelationError(
            f"There is no preparation for a mark called {mark!r}; use one of {', '.join(MARKS)}."
        )


def _cut(
    surface: Surface, finding: Finding, centre: tuple[float, float], pitch_um: float
) -> tuple[Floats, Bools]:
    """The region on a square grid around its centre."""
    rows, columns = int(surface.values.shape[0]), int(surface.values.shape[1])
    reach = min(
        finding.outer.radius_um + _SLACK_UM, 0.75 * surface.pixel_um * float(max(rows, columns))
    )
    half = int(np.ceil(reach / pitch_um)) + 1
    shape = (2 * half + 1, 2 * half + 1)
    source = surface.values
    if surface.mask is not None:
        source = np.where(surface.mask, source, np.nan).astype(np.float32)
    values, mask = area_average(source, surface.pixel_um, pitch_um, centre, shape)
    steps = (np.arange(shape[0]) - half) * pitch_um
    distance = np.hypot(steps[None, :], steps[:, None])
    mask &= distance <= finding.outer.radius_um + _SLACK_UM
    if finding.inner is not None:
        mask = _without_hole(mask, finding.outer, finding.inner, steps)
    return values, mask


def _of_patch(surface: Surface, finding: Finding, mask: Bools, pitch_um: float) -> Bools:
    """The part of a disc that differs from the picture's border, where it fills enough of it.

    Elsewhere the disc is right as it is: the mark fills the picture, or the outline is tight.
    """
    disc = finding.outer
    grid = Grid.of(surface, _PATCH_PITCH_UM)
    part = differing(grid, surface.kind)
    half = (mask.shape[0] - 1) / 2
    steps = (np.arange(mask.shape[0]) - half) * pitch_um
    columns = np.rint((steps + disc.x_um - grid.offset_um[0]) / grid.pitch_um).astype(np.intp)
    rows = np.rint((steps + disc.y_um - grid.offset_um[1]) / grid.pitch_um).astype(np.intp)
    inside_x = (columns >= 0) & (columns < part.shape[1])
    inside_y = (rows >= 0) & (rows < part.shape[0])
    here = np.zeros_like(mask)
    here[np.ix_(inside_y, inside_x)] = part[np.ix_(rows[inside_y], columns[inside_x])]
    here = eroded(here, _EDGE_UM[surface.kind], pitch_um)
    share = int(np.count_nonzero(here & mask)) / max(int(np.count_nonzero(mask)), 1)
    return here & mask if share > 0.2 else mask


def _without_hole(mask: Bools, outer: Disc, inner: Disc, steps: NDArray[np.floating]) -> Bools:
    """The mask without the impression, unless that was missing already (its true rim is better)."""
    dx, dy = inner.x_um - outer.x_um, inner.y_um - outer.y_um
    hole = np.hypot(steps[None, :] - dx, steps[:, None] - dy) < inner.radius_um
    measured = int(np.count_nonzero(mask & hole))
    if measured <= 0.15 * int(np.count_nonzero(hole)):
        return mask
    return np.asarray(mask & ~hole, np.bool_)


def _levelled(values: Floats, mask: Bools, kind: Kind, settings: Settings) -> tuple[Floats, Bools]:
    """Without form; for scans also without what does not follow it (rings, dents, spikes)."""
    if not mask.any():
        return values, mask
    mask = _without_walls(values, mask, settings)
    if kind == "image":
        values = toned(values, mask)
    fitted, inliers = form(values, mask, degree=settings.form_degree)
    level = np.where(mask, values - fitted, 0).astype(np.float32)
    return (level, inliers) if kind == "scan" else (level, mask)


def _without_walls(values: Floats, mask: Bools, settings: Settings) -> Bools:
    """Without what is too steep or too dark to bear a mark, and what lies beyond such a wall."""
    if not settings.steepest and not settings.darkest:
        return mask
    smooth = gaussian_mean(np.where(mask, values, 0), mask, _WALL_UM, settings.pitch_um)
    if settings.darkest:
        wall = smooth < settings.darkest * float(np.median(smooth[mask]))
    else:
        slopes = np.gradient(smooth, settings.pitch_um)
        down, right = (np.asarray(slope, np.float32) for slope in slopes)
        middle = (float(np.median(right[mask])), float(np.median(down[mask])))
        wall = np.hypot(right - middle[0], down - middle[1]) > settings.steepest
    return _largest(mask & ~wall)


def _largest(mask: Bools) -> Bools:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if len(stats) < 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), np.bool_)


def _refuse_too_little(
    values: Floats, mask: Bools, settings: Settings, kind: Kind, mark: Mark, largest: float
) -> None:
    area = float(np.count_nonzero(mask)) * settings.pitch_um**2
    if area < settings.least_mm2 * 1e6:
        raise CorrelationError(
            f"Only {area / 1e6:.2f} mm2 of the {mark} is left after preparation; "
            "correct its outline or acquire it again."
        )
    rounding = 8 * float(np.finfo(np.float32).eps) * largest
    least = _LEAST_CONTRAST if kind == "image" else max(1e-6, rounding)
    if float(values[mask].std()) < least:
        raise CorrelationError("The mark shows no relief at all; acquire it again.")


def _fine(values: Floats, mask: Bools, settings: Settings) -> Level:
    band = _band(values, mask, settings, settings.fine_short_um, settings.fine_long_um)
    if settings.contrast_um:
        band = local_contrast(band, mask, settings.pitch_um, settings.contrast_um)
    return Level(winsorised(band, mask, settings.limit), mask, settings.pitch_um)


def _coarse(values: Floats, mask: Bools, settings: Settings) -> Floats:
    band = _band(values, mask, settings, 0.0, settings.coarse_long_um)
    if settings.contrast_um:
        band = local_contrast(band, mask, settings.pitch_um, 2 * settings.contrast_um)
    return winsorised(band, mask, settings.limit)


def _band(
    values: Floats, mask: Bools, settings: Settings, short_um: float, long_um: float
) -> Floats:
    band = band_pass(values, mask, settings.pitch_um, short_um, long_um, settings.order)
    if settings.circles_um:
        band = without_circles(band, mask, settings.pitch_um, settings.circles_um)
    return band


def _reduced(band: Floats, mask: Bools, settings: Settings, factor: int) -> Level:
    values, kept = block_mean(band, mask, factor)
    return Level(winsorised(values, kept, settings.limit), kept, settings.pitch_um * factor)
