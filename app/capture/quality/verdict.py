"""From figures to a verdict: what is wrong with a picture, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.capture.quality.thresholds import HIGHER_IS_BETTER, Limit
from app.capture.quality.values import Verdict

SCALE_UNKNOWN = (
    "The scale is not known, so focus and outline are only guesses: calibrate the optics."
)
TOO_SMALL = (
    "The picture is too small to be judged: use a larger one, or look at it closely yourself."
)
_DARK = 0.15
_REDO: dict[str, str] = {
    "focus": "The picture is out of focus: turn the focus until the meter stands highest.",
    "saturated": "{share} of the mark is at full scale and shows nothing: lower exposure or light.",
    "black": "{share} of the mark is black and shows nothing: raise the exposure, or move the "
    "light.",
    "noise": "The picture is very noisy: more light and less gain, or average several frames.",
    "contrast": "The marks hardly stand out from the grey around them: move the light, or raise "
    "the exposure.",
    "inside": "{lost} of the mark lies outside the picture: move the specimen, or take a lower "
    "magnification.",
    "found": "The mark's outline was not found: bring all of the primer into the picture.",
    "pixel_um": "A pixel is {value:.3g} µm, too coarse for marks: take a higher magnification.",
    "blurred": "{share} of the mark is out of focus: level the specimen, or stack focus steps.",
}
_USABLE: dict[str, str] = {
    **_REDO,
    "focus": "The picture is a little out of focus: turn the focus until the meter stands highest.",
    "saturated": "{share} of the mark is at full scale: lower the exposure a little.",
    "black": "{share} of the mark is black: raise the exposure a little, or move the light.",
    "noise": "The picture is noisy: more light and less gain, or average several frames.",
    "contrast": "Contrast is low: move the light, or raise the exposure.",
    "inside": "{lost} of the mark lies at the picture's edge: move the specimen to the middle.",
    "found": "The mark's outline is not sure: look whether all of the primer is in the picture.",
    "pixel_um": "A pixel is {value:.3g} µm, too coarse for fine marks: take a higher "
    "magnification.",
}
_TOO_DARK = {
    "redo": "The picture is too dark: raise the exposure or the light.",
    "usable": "The picture is rather dark: raise the exposure or the light.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and its reasons, the worst first."""

    verdict: Verdict
    reasons: tuple[str, ...]


def judge(
    figures: Mapping[str, float | None],
    limits: Mapping[str, Limit],
    level: float,
    notes: tuple[str, ...] = (),
    softened: frozenset[str] = frozenset(),
) -> Judged:
    """The verdict on ``figures`` by name; None was not measured and says nothing.

    ``notes`` make a picture usable at best; a figure in ``softened`` never asks for another one.
    """
    found: dict[Verdict, list[str]] = {"redo": [], "usable": []}
    for name, value in figures.items():
        if value is None or name not in limits:
            continue
        grade = _grade(name, value, limits[name])
        if grade == "redo" and name in softened:
            grade = "usable"
        if grade != "good":
            found[grade].append(_sentence(name, value, grade, level))
    reasons = (*found["redo"], *found["usable"], *notes)
    verdict: Verdict = "redo" if found["redo"] else "usable" if reasons else "good"
    return Judged(verdict, tuple(dict.fromkeys(reasons)))


def _grade(name: str, value: float, limit: Limit) -> Verdict:
    sign = 1 if name in HIGHER_IS_BETTER else -1
    if sign * value < sign * limit.redo:
        return "redo"
    return "usable" if sign * value < sign * limit.good else "good"


def _sentence(name: str, value: float, grade: Verdict, level: float) -> str:
    if name in ("contrast", "black") and level < _DARK:
        return _TOO_DARK[grade]
    words = (_REDO if grade == "redo" else _USABLE)[name]
    return words.format(value=value, share=_percent(value), lost=_percent(1 - value))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else f"{100 * share:.1f} %"
