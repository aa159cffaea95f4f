"""One mark out of several registered pictures of one specimen under different lights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from correlation.errors import CorrelationError
from correlation.filters import toned
from correlation.place import Disc
from correlation.prepare import Prepared, prepare
from correlation.surface import Floats, Mark, Surface


def prepare_lights(
    surfaces: Mapping[str, Surface],
    outer: Disc | None = None,
    inner: Disc | None = None,
    mark: Mark = "breech face",
) -> Prepared:
    """The lights of a set, fused into one prepared mark.

    The pictures, by the names of their lights, are images of one specimen that did not move: the
    same size and scale. They are averaged as logarithms over their own medians, so that what one
    lamp hides in shadow another shows, and no lamp counts more for being brighter; the order of
    the lights does not matter. A light whose name begins with "ring" is left out where there are
    two others: slopes that a ring shows bright come out dark in the mean of side lights, and the
    two would cancel. The side lights must stand all around (four at right angles do), for the
    mean of fewer still depends on how the specimen lay. Compare such a mark with marks of the
    same set of lights.

    Raises CorrelationError when there are none, when they do not fit, and as ``prepare`` does.
    """
    return prepare(fused(surfaces), outer, inner, mark)


def fused(surfaces: Mapping[str, Surface]) -> Surface:
    """The set as one image (grey about 0.5); missing where any light has nothing."""
    if not surfaces:
        raise CorrelationError("The set holds no pictures; acquire at least one light.")
    names = sorted(surfaces)
    first = surfaces[names[0]]
    for name in names:
        _need_fit(first, surfaces[name], name)
    names = _used(names)
    if len(names) == 1:
        return surfaces[names[0]]
    mean = np.mean([_log(surfaces[name].values) for name in names], axis=0)
    return Surface(np.asarray(0.5 * np.exp(mean), np.float32), first.pixel_um, "image", first.mask)


def _used(names: list[str]) -> list[str]:
    others = [name for name in names if not name.casefold().startswith("ring")]
    return others if len(others) > 1 else names


def _need_fit(first: Surface, other: Surface, name: str) -> None:
    if other.kind != "image":
        raise CorrelationError(f"The picture under {name} is a scan; only images have lights.")
    if other.values.shape != first.values.shape or other.pixel_um != first.pixel_um:
        raise CorrelationError(
            f"The picture under {name} differs in size or scale from the others of its set; "
            "acquire the set again without moving the specimen."
        )


def _log(grey: Floats) -> Floats:
    known = np.isfinite(grey)
    return np.where(known, toned(np.where(known, grey, 0), known), np.nan).astype(np.float32)
