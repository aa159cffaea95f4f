"""Loading what a view shows, off the GUI thread, never twice at the same time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from app.domain import CaseheadError
from widgets.bridge import Bridge

T = TypeVar("T")


class Refresh(Generic[T]):
    """Asked while it loads, it loads once more and shows only the newer outcome."""

    def __init__(
        self,
        bridge: Bridge,
        owner: QObject,
        load: Callable[[], T],
        show: Callable[[T], None],
        *,
        long: bool = False,
    ) -> None:
        self._bridge, self._owner, self._load, self._show = bridge, owner, load, show
        self._long = long
        self._loading = self._again = False

    @property
    def loading(self) -> bool:
        """Whether something is on its way."""
        return self._loading

    def ask(self) -> None:
        """Load and show."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        self._bridge.run(self._load, self._loaded, self._failed, self._owner, self._long)

    def _loaded(self, value: T) -> None:
        if self._ended():
            self._show(value)

    def _failed(self, error: CaseheadError) -> None:
        self._bridge.tell(str(error), attention=True)
        self._ended()

    def _ended(self) -> bool:
        """Whether what came is the newest that was asked for; else it is loaded again."""
        self._loading, again, self._again = False, self._again, False
        if again:
            self.ask()
        return not again
