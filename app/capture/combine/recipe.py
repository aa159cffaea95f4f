"""How a combined picture came to be: enough to make it once more from its source frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

from app.capture.frame import Pixels
from app.domain import CaseheadError

RecipeKind = Literal["average", "exposure", "focus", "stitch", "lights"]
VERSION = "1"
"""Of the methods; a picture is only made again by the version that made it."""


@dataclass(frozen=True, slots=True)
class SourceFrame:
    """One frame that went in: whether it was used, why not, and what was done with it.

    ``values`` are numbers and words in physical units; ``digest`` is that of the stored frame,
    "" until it is kept.
    """

    used: bool = True
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What was done: method, its parameters, the frames in order, and what was measured.

    ``shading`` names the flat and dark references (SHA-256) that uneven light was taken out of
    the frames with before they were combined; the frames are kept as captured.
    """

    kind: RecipeKind
    parameters: Mapping[str, Any]
    sources: tuple[SourceFrame, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    version: str = VERSION
    shading: Mapping[str, str] = field(default_factory=dict)

    def kept_as(self, digests: Sequence[str]) -> Recipe:
        """The recipe with its frames named by the digests they are stored under, in order."""
        named = zip(self.sources, digests, strict=True)
        return replace(self, sources=tuple(replace(one, digest=name) for one, name in named))

    def as_json(self) -> dict[str, Any]:
        """The recipe as a JSON object, for a capture record."""
        return {**asdict(self), "sources": [asdict(one) for one in self.sources]}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Recipe:
        """The recipe a capture record holds. Raises CaseheadError when it is none."""
        try:
            if told["kind"] not in get_args(RecipeKind):
                raise KeyError(told["kind"])
            sources = tuple(SourceFrame(**one) for one in told["sources"])
            return cls(
                told["kind"],
                dict(told["parameters"]),
                sources,
                dict(told["figures"]),
                tuple(told["notes"]),
                str(told["version"]),
                dict(told.get("shading") or {}),
            )
        except (KeyError, TypeError) as error:
            raise CaseheadError(
                "The capture record holds no recipe this program knows; a newer one may have made "
                "it."
            ) from error


class Combined(Protocol):
    """What every method gives: a picture, uint8 or uint16 as a Frame's, and its recipe."""

    @property
    def pixels(self) -> Pixels: ...

    @property
    def recipe(self) -> Recipe: ...
