"""How the loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Doubles = NDArray[np.float64]
Ints = NDArray[np.intp]
Spectra = NDArray[np.complex64]

_OPTIONS = {
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
    "fastmath": {"reassoc", "contract", "nsz"},
}


def part(function: F) -> F:
    """Compiled into the loops that call it."""
    return cast(F, njit(**_OPTIONS)(function))


def loop(signature: str) -> Callable[[F], F]:
    """Compiled at once, for one signature; kept on disk where there is a place for it."""

    def compiled(function: F) -> F:
        try:
            return cast(F, njit([signature], cache=True, **_OPTIONS)(function))
        except Exception:  # a cache that is damaged, full or not to be had stops no comparison
            return cast(F, njit([signature], **_OPTIONS)(function))

    return compiled
