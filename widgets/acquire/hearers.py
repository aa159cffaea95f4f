"""Who wants to hear of something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Hearers(Generic[P]):
    """Called in the order they came; ``station.on_frame(hear)`` adds one."""

    def __init__(self) -> None:
        self._all: list[Callable[P, None]] = []

    def __call__(self, hear: Callable[P, None]) -> None:
        self._all.append(hear)

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell all of them."""
        for hear in self._all:
            hear(*args, **kwargs)
