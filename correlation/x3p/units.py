"""In which units an x3p file was written.

The standard demands metres; half of the files of some sources hold micrometres, and some mix.
The pitch of the points and the relief are judged apart, by what is plausible for a fired
cartridge case: points 0.1 to 50 um apart, a relief (1st to 99th percentile) of 1 to 2000 um.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from correlation.x3p.model import UM_PER, Doubles, How, Unit, UnitFinding

PITCH_UM: Final = (0.1, 50.0)
RELIEF_UM: Final = (1.0, 2000.0)
POSSIBLE_RELIEF_UM: Final = (0.02, 20000.0)
NAMES: Final[dict[Unit, str]] = {"m": "metres", "mm": "millimetres", "um": "micrometres"}
SAMPLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Axis:
    unit: Unit
    how: How
    sure: bool


def relief_of(z: Doubles) -> float:
    """Height between the 1st and the 99th percentile of the measured points, in the file's unit."""
    step = max(1, z.size // SAMPLE)
    measured = z.ravel()[::step]
    measured = measured[np.isfinite(measured)]
    if measured.size == 0:
        measured = z[np.isfinite(z)]
    with np.errstate(all="ignore"):
        low, high = np.percentile(measured, (1, 99))
        return float(high - low)


def judge(
    pitch: float, relief: float, xy_unit: Unit | None = None, z_unit: Unit | None = None
) -> UnitFinding:
    """Which units ``pitch`` and ``relief``, numbers as stored, are in; what the user says wins."""
    xy = _Axis(xy_unit, "settled", True) if xy_unit else _judge_pitch(pitch)
    z = _Axis(z_unit, "settled", True) if z_unit else _judge_relief(relief, xy)
    return UnitFinding(
        xy_unit=xy.unit,
        z_unit=z.unit,
        xy_how=xy.how,
        z_how=z.how,
        sure=xy.sure and z.sure,
        sentence=_sentence(pitch, relief, xy, z),
    )


def _within(number: float, unit: Unit, range_um: tuple[float, float]) -> bool:
    return range_um[0] <= number * UM_PER[unit] <= range_um[1]


def _judge_pitch(pitch: float) -> _Axis:
    if _within(pitch, "m", PITCH_UM):
        return _Axis("m", "stated", True)
    if _within(pitch, "um", PITCH_UM):
        return _Axis("um", "detected", True)
    if _within(pitch, "mm", PITCH_UM):  # never seen in a real scan: proposed, not assumed
        return _Axis("mm", "detected", False)
    return _Axis("m", "stated", False)


def _judge_relief(relief: float, xy: _Axis) -> _Axis:
    fitting: list[Unit] = [unit for unit in ("m", "um") if _within(relief, unit, RELIEF_UM)]
    if not fitting:
        fitting = [unit for unit in ("m", "um") if _within(relief, unit, POSSIBLE_RELIEF_UM)]
        if fitting == ["um"] and xy.unit != "um":
            return _Axis("um", "detected", False)
    if xy.unit == "mm" and _within(relief, "mm", RELIEF_UM):
        return _Axis("mm", "detected", xy.how == "settled" and not fitting)
    if len(fitting) == 1:
        return _Axis(fitting[0], "stated" if fitting == ["m"] else "detected", True)
    return _Axis("m", "stated", False)


def _sentence(pitch: float, relief: float, xy: _Axis, z: _Axis) -> str:
    """Empty when all is the standard's metres; one sentence when both axes say the same."""
    if (xy.how, xy.sure, xy.unit) == (z.how, z.sure, z.unit) or not (xy.sure or z.sure):
        subject = f"The points lie {pitch:.4g} apart and the heights span {relief:.4g}"
        return _tell(subject, xy, "both were read", "--xy-unit and --z-unit")
    told = (
        _tell(f"The points lie {pitch:.4g} apart", xy, "this was read", "--xy-unit"),
        _tell(f"The heights span {relief:.4g}", z, "they were read", "--z-unit"),
    )
    return " ".join(filter(None, told))


def _tell(subject: str, axis: _Axis, read: str, option: str) -> str:
    if not axis.sure:
        return (
            f"{subject}, but the file does not make clear in which unit; "
            f"say which with {option} (m, mm or um)."
        )
    if axis.how == "detected":
        return f"{subject}, which cannot be the standard's metres; {read} as {NAMES[axis.unit]}."
    if axis.how == "settled" and axis.unit != "m":
        return f"{subject}; {read} as {NAMES[axis.unit]}, as you said."
    return ""
