"""What the quality screen shows, read in one go off the GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.capture.checks import limits_of
from app.domain import Calibration, Optics
from app.instruments import FIGURES, Figure, InstrumentCheck, InstrumentRelease, Limits
from app.workbench import Workbench
from app.workbench.instrument import Instrument

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """All instruments, and of the chosen one everything there is; ``next`` are the coming limits.

    ``checks`` are those with the reference case in use, oldest first.
    """

    instruments: tuple[Instrument, ...] = ()
    chosen: Instrument | None = None
    checks: tuple[InstrumentCheck, ...] = ()
    releases: tuple[InstrumentRelease, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    next: Mapping[Figure, Limits] = field(default_factory=dict)
    qualified: tuple[str, ...] = ()


def load(workbench: Workbench, wanted: Optics | None) -> Loaded:
    """Choose ``wanted`` where it is known, else the one that needs somebody most."""
    instruments = workbench.instruments()
    if not instruments:
        return Loaded()
    chosen = _chosen(instruments, wanted)
    optics = chosen.optics
    found = workbench.reference_cases(optics)
    checks = workbench.instrument_checks(found[-1].id) if found else ()
    releases = workbench.instrument_releases(found[-1].id) if found else ()
    calibrations = workbench.calibrations(optics.camera)
    return Loaded(
        instruments,
        chosen,
        checks,
        releases,
        tuple(c for c in calibrations if c.optics.key == optics.key),
        {figure: limits_of(figure, checks) for figure in FIGURES},
        workbench.qualified_people(),
    )


def _chosen(instruments: tuple[Instrument, ...], wanted: Optics | None) -> Instrument:
    if wanted is not None:
        for one in instruments:
            if one.optics.key == wanted.key:
                return one
    order = {"locked": 0, "due": 1, "ok": 2}
    return min(instruments, key=lambda one: (one.reference is None, order[one.state.condition]))
