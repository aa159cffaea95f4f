"""Many pictures placed by the shifts measured between pairs of them, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Link:
    """Picture ``second`` lies at ``step`` from picture ``first``; ``weight`` is 1 / variance."""

    first: int
    second: int
    step: tuple[float, ...]
    weight: float = 1.0


def connected(count: int, links: Sequence[Link]) -> list[set[int]]:
    """Groups of pictures joined by links, the largest first (then the one with the first)."""
    group = list(range(count))
    for link in links:
        old, new = group[link.second], group[link.first]
        group = [new if one == old else one for one in group]
    sets = [{n for n in range(count) if group[n] == g} for g in dict.fromkeys(group)]
    return sorted(sets, key=lambda one: (-len(one), min(one)))


def solved(count: int, links: Sequence[Link], fixed: int = 0) -> NDArray[np.float64]:
    """Places (count, dimensions) by weighted least squares, ``fixed`` at the origin.

    Every picture must be joined to ``fixed`` by links.
    """
    size = len(links[0].step) if links else 2
    rows = np.zeros((len(links) + 1, count))
    right = np.zeros((len(links) + 1, size))
    for row, link in enumerate(links):
        root = np.sqrt(link.weight)
        rows[row, [link.second, link.first]] = root, -root
        right[row] = root * np.asarray(link.step)
    rows[-1, fixed] = max((float(np.sqrt(link.weight)) for link in links), default=1.0)
    places = np.linalg.lstsq(rows, right, rcond=None)[0]
    return np.asarray(places - places[fixed], np.float64)


def residuals(places: NDArray[np.float64], links: Sequence[Link]) -> NDArray[np.float64]:
    """What each link measured less what the places say, (links, dimensions)."""
    if not links:
        return np.zeros((0, places.shape[1]))
    return np.stack([link.step - (places[link.second] - places[link.first]) for link in links])
