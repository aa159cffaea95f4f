"""A combined picture made once more from its source frames and its recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.capture.combine.averaging import Averaging, average
from app.capture.combine.exposure import Bracketing, merge_exposures
from app.capture.combine.lights import Lighting, register_lights
from app.capture.combine.recipe import VERSION, Combined, Recipe
from app.capture.combine.stacking import Stacking, stack
from app.capture.combine.stitching import Stitching, stitch
from app.capture.frame import Pixels
from app.domain import CaseheadError


def combined_again(recipe: Recipe, frames: Sequence[Pixels]) -> Combined:
    """Combine ``frames``, the recipe's sources in their order, as the recipe says.

    Raises CaseheadError for another version's recipe, another number of frames, and what the
    method itself refuses.
    """
    if recipe.version != VERSION:
        raise CaseheadError(
            f"The picture was combined by version {recipe.version} of the method; this program "
            f"has version {VERSION} and cannot make it exactly again."
        )
    if len(frames) != len(recipe.sources):
        raise CaseheadError(
            f"The recipe has {len(recipe.sources)} source frames, but {len(frames)} are here."
        )
    told = _tuples(recipe.parameters)
    try:
        match recipe.kind:
            case "average":
                return average(frames, Averaging(**told))
            case "exposure":
                return merge_exposures(frames, Bracketing(**told))
            case "focus":
                return stack(frames, Stacking(**told))
            case "stitch":
                return stitch(frames, Stitching(**told))
            case "lights":
                return register_lights(frames, Lighting(**told), allow_doubt=True)
    except TypeError as error:
        raise CaseheadError(
            "The recipe's parameters are not those of its method; it was changed by another "
            "program."
        ) from error


def _tuples(told: Mapping[str, Any]) -> dict[str, Any]:
    """Lists, as JSON gives them, back to tuples."""
    return {key: _tuple(value) for key, value in told.items()}


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list | tuple) else value
