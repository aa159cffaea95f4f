"""What is known of the demo's cases besides: times, places, guns; all of it invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.cli.demo_cases import CANAL, LOFT, MARKET, MILLER, PIER, WAITING
from app.workbench import Registration

DETECTIVE = "Det. M. Ruiz"
OF_EVERY_CASE = {"investigator": DETECTIVE, "investigator_mail": "m.ruiz@police.example"}
"""Of every case of the demo."""


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of one case; ``hours`` are how long ago, when the demo was made, an exhibit was
    collected, handed in and received.
    """

    hours: tuple[float, float, float]
    place: tuple[float, float]
    case: Mapping[str, str] = field(default_factory=dict)
    firearm: Mapping[str, str] = field(default_factory=dict)
    reason: str = "evidence"

    @property
    def event(self) -> dict[str, str]:
        """Where it happened, degrees north and east."""
        north, east = self.place
        return {"latitude": f"{north:.4f}", "longitude": f"{east:.4f}"}

    def exhibit(self, at: datetime | None = None) -> dict[str, str]:
        """When an exhibit came, and why it is entered."""
        then = at or datetime.now(UTC)
        collected, submitted, received = (
            (then - timedelta(hours=hours)).isoformat(timespec="seconds") for hours in self.hours
        )
        return {
            "entry_reason": self.reason,
            "collector": "Ofc. K. Berg",
            "collected_at": collected,
            "submitted_at": submitted,
            "received_at": received,
        }


_PISTOL = {"type": "pistol", "action": "semi-automatic", "finish": "blued", "condition": "works"}
FACTS: Mapping[str, Told] = {
    PIER.case_number: Told((56, 40, 26), (41.2412, -70.0571)),
    CANAL.case_number: Told((250, 220, 190), (41.2466, -70.0712)),
    MARKET.case_number: Told((72, 50, 30), (41.2377, -70.0638), {"priority": "high"}),
    MILLER.case_number: Told(
        (200, 190, 170), (41.2531, -70.0894), {}, _PISTOL | {"country": "Norway"}, "crime gun"
    ),
    LOFT.case_number: Told(
        (60, 52, 28), (41.2398, -70.0509), {}, _PISTOL | {"finish": "stainless"}, "crime gun"
    ),
}
"""By case number."""
_LATE = Told((150, 140, 130), (41.2319, -70.0466), {"priority": "high"})


def waiting() -> Registration:
    """An exhibit that was received days ago and of which there is no picture yet."""
    return replace(
        WAITING,
        facts={
            **{f"case.{key}": value for key, value in {**OF_EVERY_CASE, **_LATE.case}.items()},
            **{f"event.{key}": value for key, value in _LATE.event.items()},
            **{f"exhibit.{key}": value for key, value in _LATE.exhibit().items()},
        },
    )
