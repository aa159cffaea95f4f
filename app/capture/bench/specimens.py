"""Ready-made specimens: firearms and their shots by number."""

from __future__ import annotations

from dataclasses import dataclass

from app.capture.bench.firearm import Machining, VirtualFirearm
from app.domain import CaseheadError

_USUAL: tuple[Machining, ...] = ("milled", "filed", "turned", "milled", "cast", "filed")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A cartridge case of the bench: which firearm fired it, and in which shot."""

    firearm: VirtualFirearm
    shot: int
    label: str = ""

    @property
    def name(self) -> str:
        """For example ``gun 2 shot 1``."""
        return self.label or f"gun {self.firearm.seed} shot {self.shot}"


def firearm_number(gun: int, machining: Machining | None = None) -> VirtualFirearm:
    """Firearm ``gun`` of the bench; unless told, machinings alternate and some occur twice."""
    if gun < 1:
        raise CaseheadError("Firearms of the bench are numbered from 1.")
    return VirtualFirearm(gun, machining or _USUAL[(gun - 1) % len(_USUAL)])


def demo_specimens(guns: int = 5, shots: int = 2, seed: int = 0) -> tuple[Specimen, ...]:
    """``guns`` x ``shots`` specimens, firearm by firearm; another seed gives other firearms."""
    made: list[Specimen] = []
    for gun in range(1, guns + 1):
        firearm = firearm_number(gun)
        if seed:
            firearm = VirtualFirearm(1000 * seed + gun, firearm.machining)
        made.extend(
            Specimen(firearm, shot, f"gun {gun} shot {shot}") for shot in range(1, shots + 1)
        )
    return tuple(made)
