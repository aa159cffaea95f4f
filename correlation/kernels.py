"""Compiled inner loops where numba is there; without it everything works, more slowly.

Each loop has a plain form in numpy where it is called (``sampling``, ``around``, ``peaks``,
``shifts``, ``screen``, ``exact``), which gives the same numbers up to rounding. Importing numba
takes as long as opening the window, so it is imported when the first comparison needs it, or
before by ``warm_up``.
"""

from __future__ import annotations

import os
from functools import cache
from types import ModuleType


@cache
def loops() -> ModuleType | None:
    """The compiled loops; None where numba is missing or switched off (NUMBA_DISABLE_JIT=1)."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return None
    try:
        from correlation import loops as compiled
    except ImportError:
        return None
    return compiled


def warm_up() -> None:
    """Loads the loops, or compiles them the first time on a computer (some seconds).

    To be called on a thread of its own; comparing before it is done waits for it.
    """
    loops()
