"""What is said of light sets and reliefs: how good, what they are not, and whether verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import Acquired, Mark
from app.store.light_rigs import LightRig, ReliefCheck

LIGHT_NAME = "light_name"
"""The setting of a capture record that names its light as the light rig does."""
LIGHT_SET = "set"
"""The setting that all pictures of one multi-light set share."""


@dataclass(frozen=True, slots=True)
class LightSetOf:
    """A multi-light set of a mark: its pictures by the names of their lights."""

    id: str
    label: str
    mark: Mark
    captured_at: str
    pictures: Mapping[str, str]
    digests: tuple[str, ...] = ()

    @classmethod
    def of(cls, set_id: str, label: str, mark: Mark, pictures: Sequence[Acquired]) -> LightSetOf:
        """From its pictures, in their order."""
        named = {
            str(one.record.settings.get(LIGHT_NAME, number)): one.id
            for number, one in enumerate(pictures)
        }
        return cls(
            set_id,
            label,
            mark,
            pictures[0].record.captured_at,
            named,
            tuple(o.digest for o in pictures),
        )

    @property
    def words(self) -> str:
        """``3A breech face, 2026-11-22 08:05: ring, left, top, right, bottom``."""
        when = self.captured_at[:16].replace("T", " ")
        return f"{self.label} {self.mark.kind}, {when}: {', '.join(self.pictures)}"

    def under(self, rig: LightRig) -> dict[str, str]:
        """The pictures whose light the rig knows, by the rig's names."""
        known = {name: rig.light(name) for name in self.pictures}
        return {light.name: self.pictures[name] for name, light in known.items() if light}


def rig_words(rig: LightRig) -> str:
    """How the directions were found and how sure they are."""
    if rig.method == "entered":
        return f"{len(rig.lights)} directions entered by hand on {rig.made_at[:10]}."
    sure = "" if rig.residual_deg is None else f", sure to {rig.residual_deg:.1f}°"
    return f"{len(rig.lights)} directions from a mirror ball on {rig.made_at[:10]}{sure}."


def quality_words(recipe: Mapping[str, Any]) -> str:
    """How far a relief is to be trusted, from the figures in its recipe."""
    figures = recipe["figures"]
    residual = figures.get("residual")
    left = "" if residual is None else f"; {residual:.1%} of the light is left unexplained"
    return (
        f"{figures['valid_share']:.0%} of the pixels are trusted, by "
        f"{figures['lights_believed']:.1f} of {len(recipe['sources'])} lights{left}. The lights "
        f"lie within {figures['largest_shift_px']:.1f} pixels of each other."
    )


def verified_words(checks: Sequence[ReliefCheck]) -> str:
    """Whether it was laid on a measured scan, and what that told."""
    if not checks:
        return "Not verified: heights are for viewing and comparing, not for measuring."
    return told_check(checks[-1])


def told_check(check: ReliefCheck) -> str:
    """A check as the sentence that goes with the exported relief."""
    f = check.figures
    by = check.author.examiner if check.author else "unknown"
    return (
        f"Verified on {check.checked_at} by {by} against the measured scan {check.scan_id} of the "
        f"same mark: between {f['short_um']:g} and {f['long_um']:g} um the heights correlate by "
        f"{f['correlation']:.3f}, the relief is {f['gain']:.2f} times as deep, and the difference "
        f"is {f['rms_um']:.3f} um (root mean square) of {f['scan_rms_um']:.3f} um."
    )
