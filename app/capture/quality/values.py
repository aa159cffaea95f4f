"""What is said of a picture's quality, as a frozen value and as the capture record keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any, Literal, TypeAlias, cast, get_args

from app.domain import CaseheadError

Verdict: TypeAlias = Literal["good", "usable", "redo"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
METHOD, VERSION = "picture quality", "1"


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of one picture of a mark and what follows from them.

    ``focus`` is the amplitude of waves of 20 to 40 um over that of 80 to 226 um, noise taken off
    (sharp pictures of fired primers: 0.3 to 0.8), None where nothing could be judged. All others
    are shares from 0 to 1: ``saturated`` and ``black`` of the mark's pixels, ``noise`` (robust
    standard deviation), ``contrast`` (5th to 95th percentile) and ``level`` (median grey) of full
    scale, ``coverage`` of the mark that is in the picture and neither black nor saturated,
    ``inside`` of the mark that is in the picture, ``blurred`` of the places judged that are out
    of focus, ``found`` how sure the mark's outline is (None where none was looked for or seen).
    ``orientation_deg`` is None where it was not found. ``limits`` are those the verdict was given
    by. ``used`` is set where an examiner uses the picture all the same: who, when and why.
    """

    focus: float | None
    saturated: float
    black: float
    noise: float
    contrast: float
    coverage: float
    orientation_deg: float | None
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    level: float = 0.0
    blurred: float = 0.0
    inside: float = 1.0
    found: float | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    used: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """As the capture record keeps it, with the method's name and version."""
        told = {key: _rounded(value) for key, value in asdict(self).items()}
        told["reasons"] = list(self.reasons)
        if self.used is None:
            del told["used"]
        return {"method": METHOD, "version": VERSION, **told}

    @classmethod
    def from_json(cls, told: Any) -> Quality:
        """Back from ``as_json``. Raises CaseheadError when it cannot be understood."""
        try:
            return _read(cls, told)
        except (KeyError, TypeError, ValueError) as error:
            raise CaseheadError(
                "What was recorded of this picture's quality cannot be understood; judge it by eye."
            ) from error


def _read(cls: type[Quality], told: Any) -> Quality:
    verdict = told["verdict"]
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    shares = {
        key: float(told[key]) for key in ("saturated", "black", "noise", "contrast", "coverage")
    }
    focus, turn = told["focus"], told["orientation_deg"]
    return cls(
        focus=None if focus is None else float(focus),
        orientation_deg=None if turn is None else float(turn),
        verdict=cast(Verdict, verdict),
        reasons=tuple(str(reason) for reason in told["reasons"]),
        level=float(told.get("level", 0.0)),
        blurred=float(told.get("blurred", 0.0)),
        inside=float(told.get("inside", 1.0)),
        found=None if told.get("found") is None else float(told["found"]),
        limits=dict(told.get("limits", {})),
        used=dict(told["used"]) if told.get("used") else None,
        **shares,
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}") if isfinite(value) else None
    return value
