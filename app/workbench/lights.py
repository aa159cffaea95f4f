"""The lights of an image: other images of the same mark, taken under other light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from app.domain import Acquired, Light
from app.picture import Side
from app.workbench.pictures import Pictures

LIGHT_AZIMUTH = "light_azimuth_deg"
"""The setting of a capture record that says where a side light stood (degrees)."""

_WORDS = {Light.RING: "ring", Light.SIDE: "side", Light.UNKNOWN: "other"}


@dataclass(frozen=True, slots=True)
class LightChoice:
    """One light of a set, by the name it has on every specimen: "ring", "side 90°", "side 2"."""

    acquired_id: str
    name: str
    light: Light


class Lights(Pictures):
    """Operations on the lights of an image."""

    def lights_of(self, acquired_id: str) -> tuple[LightChoice, ...]:
        """The image and the others of its mark that can be laid on it: of equal size and scale.

        Ring light comes first, then side lights by where they stood. A scan, and an image whose
        scale is not known, has none.
        """
        own = self._casebook.acquired(acquired_id)
        if own.kind != "image" or own.pixel_um is None:
            return ()
        current = self._casebook.acquired_of(own.mark_id)
        others = [a for a in current if a.id != own.id and a.digest != own.digest]
        same = [a for a in (own, *others) if _lies_on(own, a)]
        return _named(sorted(same, key=_place))

    def side_lit(self, acquired_id: str, shown_id: str) -> Side:
        """The image of another light, made ready to be shown in the place of ``acquired_id``.

        Its outlined mark is that of the image it stands for, so that nothing moves on the screen.
        Raises CaseheadError when it cannot be read.
        """
        region = self._casebook.region_of(acquired_id)
        return replace(self.side(shown_id), focus=region.outer if region else None)


def _lies_on(own: Acquired, other: Acquired) -> bool:
    alike = (own.kind, own.width, own.height) == (other.kind, other.width, other.height)
    if own.pixel_um is None or other.pixel_um is None:
        return False
    return alike and abs(own.pixel_um - other.pixel_um) <= 1e-6 * own.pixel_um


def _azimuth(acquired: Acquired) -> float | None:
    told = acquired.record.settings.get(LIGHT_AZIMUTH)
    good = isinstance(told, int | float) and not isinstance(told, bool) and isfinite(told)
    return float(told) % 360.0 if good and told is not None else None


def _place(acquired: Acquired) -> tuple[int, float, str, str]:
    """Where it stands in the row; ids only part what was captured within one second."""
    light, azimuth = acquired.record.light, _azimuth(acquired)
    return (
        list(_WORDS).index(light),
        -1.0 if azimuth is None else azimuth,
        acquired.record.captured_at,
        acquired.id,
    )


def _named(acquired: Sequence[Acquired]) -> tuple[LightChoice, ...]:
    used: dict[str, int] = {}
    choices = []
    for one in acquired:
        light, azimuth = one.record.light, _azimuth(one)
        name = _WORDS[light] + ("" if azimuth is None else f" {azimuth:.0f}°")
        used[name] = used.get(name, 0) + 1
        again = f" ({used[name]})" if used[name] > 1 else ""
        choices.append(LightChoice(one.id, f"{name}{again}", light))
    return tuple(choices)
