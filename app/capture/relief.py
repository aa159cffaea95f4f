"""A relief from a multi-light set: checked, worked out, and written down with how it was made.

What it is not stands in ``NOT_CALIBRATED`` and goes wherever the relief goes. What is left out
of the model is said in ``correlation.photometric``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from app import __version__
from app.domain import CaseheadError, now
from app.jobs import Job
from app.store.light_rigs import LightRig, RigLight
from correlation.errors import CorrelationError
from correlation.integrate import integrate, without_form
from correlation.light_shifts import light_shifts
from correlation.photometric import Slopes, check_directions, direction, slopes_from_lights
from correlation.surface import Floats, Surface
from correlation.x3p import Record2, write_x3p

RELIEF: Final = "relief"
"""The setting of a scan's capture record that holds the recipe of a relief."""
METHOD: Final = "relief from lights, robust photometric stereo"
VERSION: Final = "1"
FORM_UM: Final = 1000.0
MOST_PX_OFF: Final = 1.0
NOT_CALIBRATED: Final = (
    "Heights worked out from pictures under several lights: not a calibrated topography. Form and "
    "waves longer than stated are taken out and were never trusted; on glossy metal slopes may be "
    "too steep or too flat by a common factor. Fit for viewing and for comparing fine relief, "
    "not for measuring heights, unless verified against a measured scan."
)
_LEAST_VALID: Final = 0.05
_WORKERS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class LitPicture:
    """A picture of the set: its light by the rig's name, and the SHA-256 of its stored bytes."""

    light: str
    surface: Surface
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class MadeRelief:
    """A relief as a scan (micrometres, NaN where not known), its recipe as JSON, and sentences
    on what weakens it."""

    surface: Surface
    recipe: Mapping[str, Any]
    notes: tuple[str, ...]


def make_relief(
    pictures: Sequence[LitPicture],
    rig: LightRig,
    form_um: float = FORM_UM,
    job: Job | None = None,
    made_at: str = "",
) -> MadeRelief:
    """Work out the relief of a set under the lights of a rig.

    Waves longer than ``form_um`` are taken out. Raises CaseheadError, one sentence each, for
    fewer than three known lights, lights on one side, pictures of different size or scale or
    that do not lie on each other, and a set in which hardly a pixel could be told;
    CancelledError when stopped.
    """
    job = job or Job()
    pictures = sorted(pictures, key=lambda one: one.light)
    lights = [_light(rig, one.light) for one in pictures]
    _check_alike(pictures)
    pixel_um = pictures[0].surface.pixel_um if pictures else 1.0
    _check_form(form_um, pixel_um, pictures)
    greys = [one.surface.values for one in pictures]
    towards = np.array([direction(one.azimuth_deg, one.elevation_deg) for one in lights])
    try:
        check_directions(towards.reshape(-1, 3))
        job.report(0, 3, "Checking that the lights lie on each other")
        off = _check_registered(pictures, light_shifts(greys, towards))
        job.report(1, 3, "Telling slopes from lights")
        with ThreadPoolExecutor(_WORKERS) as executor:
            slopes = slopes_from_lights(greys, towards, executor=executor)
        _check_enough(slopes)
        job.report(2, 3, "Adding slopes up to heights")
        heights = integrate(slopes.across, slopes.down, slopes.valid, pixel_um)
        heights = without_form(heights, slopes.valid, pixel_um, form_um)
    except CorrelationError as error:
        raise CaseheadError(str(error)) from error
    told = _recipe(pictures, lights, rig, form_um, slopes, heights, off)
    recipe = {**told, "made_at": made_at or now()}
    return MadeRelief(Surface(heights, pixel_um, "scan"), recipe, _notes(slopes, lights))


def x3p_of(
    surface: Surface, recipe: Mapping[str, Any], creator: str, said: Sequence[str] = ()
) -> bytes:
    """The relief as x3p: what it is not, ``said`` besides (a verification), then the recipe as
    JSON, stand in Record2's comment. The same relief gives the same bytes."""
    rig = recipe["rig"]
    words = "\n".join((NOT_CALIBRATED, *said))
    comment = f"{words}\nRecipe: {json.dumps(recipe, sort_keys=True, ensure_ascii=False)}"
    lights = "calibrated with a mirror ball" if rig["method"] == "ball" else "entered by hand"
    about = Record2(
        date=recipe["made_at"],
        creator=creator,
        manufacturer="Casehead",
        model=METHOD,
        serial=f"light rig {rig['id']}",
        version=__version__,
        calibrated_at=rig["made_at"],
        probing="Software",
        identification=f"{len(recipe['sources'])} lights {lights}; no height was probed",
        comment=comment,
    )
    return write_x3p(surface.values, surface.pixel_um, about)


def _light(rig: LightRig, name: str) -> RigLight:
    found = rig.light(name)
    if found is None:
        known = ", ".join(light.name for light in rig.lights)
        raise CaseheadError(
            f"The light rig {rig.name} has no light called '{name}'; it has {known}."
        )
    return found


def _check_alike(pictures: Sequence[LitPicture]) -> None:
    names = [one.light for one in pictures]
    for one in pictures:
        if names.count(one.light) > 1:
            raise CaseheadError(f"There are two pictures under the light {one.light}; choose one.")
        if one.surface.kind != "image":
            raise CaseheadError(f"What is given for {one.light} is a scan; relief needs images.")
        first = pictures[0].surface
        alike = one.surface.values.shape == first.values.shape
        if not alike or abs(one.surface.pixel_um / first.pixel_um - 1) > 1e-6:
            raise CaseheadError(
                f"The pictures under {pictures[0].light} and {one.light} differ in size or scale; "
                "acquire the set again without changing camera, zoom or specimen."
            )


def _check_form(form_um: float, pixel_um: float, pictures: Sequence[LitPicture]) -> None:
    widest = max((max(p.surface.values.shape) for p in pictures), default=0) * pixel_um
    if pictures and not 10 * pixel_um <= form_um <= 2 * widest:
        raise CaseheadError(
            f"Waves longer than {form_um:g} um cannot be taken out of this set; choose between "
            f"{10 * pixel_um:.4g} and {2 * widest:.4g} um."
        )


def _check_registered(
    pictures: Sequence[LitPicture], shifts: Sequence[tuple[float, float]]
) -> float:
    """The largest shift that is left, in pixels; refused when the pictures are not registered."""
    off = [float(np.hypot(*shift)) for shift in shifts]
    worst = max(off)
    if worst > MOST_PX_OFF:
        names = [p.light for p, one in zip(pictures, off, strict=True) if one > 0.8 * worst]
        raise CaseheadError(
            f"The pictures of the set do not lie on each other (under {' or '.join(names)} the "
            f"specimen is {worst:.1f} pixels off); register the set, or take it again without "
            "touching the specimen."
        )
    return worst


def _check_enough(slopes: Slopes) -> None:
    if float(slopes.valid.mean()) < _LEAST_VALID:
        raise CaseheadError(
            "Hardly a pixel of the set could be told apart from shadow and glare; take it again "
            "with other exposure or further lights."
        )


def _recipe(
    pictures: Sequence[LitPicture],
    lights: Sequence[RigLight],
    rig: LightRig,
    form_um: float,
    slopes: Slopes,
    heights: Floats,
    off_px: float,
) -> dict[str, Any]:
    residual = slopes.residual[np.isfinite(slopes.residual)]
    return {
        "method": METHOD,
        "version": VERSION,
        "software": f"Casehead {__version__}",
        "parameters": {"form_um": form_um, "strengths": "level", "near_light_falloff": "left out"},
        "rig": {
            **{"id": rig.id, "name": rig.name, "method": rig.method, "made_at": rig.made_at},
            "by": rig.author.examiner if rig.author else "",
            "residual_deg": rig.residual_deg,
        },
        "sources": [
            {**asdict(light), "name": p.light, "digest": p.digest}
            for p, light in zip(pictures, lights, strict=True)
        ],
        "figures": {
            "valid_share": round(float(slopes.valid.mean()), 4),
            "lights_believed": round(float(slopes.used[slopes.valid].mean()), 2),
            "residual": round(float(np.median(residual)), 4) if residual.size else None,
            "largest_shift_px": round(off_px, 2),
            "rms_um": round(float(np.nanstd(heights)), 4),
        },
    }


def _notes(slopes: Slopes, lights: Sequence[RigLight]) -> tuple[str, ...]:
    notes = [NOT_CALIBRATED]
    if len(lights) == 3:
        notes.append("With three lights, shadow and glare could not be told from relief.")
    lost = 1.0 - float(slopes.valid.mean())
    if lost > 0.02:
        notes.append(f"{lost:.0%} of the pixels lie in shadow or glare and have no height.")
    return tuple(notes)
