"""Profiles through both specimens: shown when one is drawn, written where the examiner says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import CaseheadError
from app.picture.writing import write_whole
from widgets.compare.desk import Desk

if TYPE_CHECKING:
    from widgets.bridge import Bridge

NO_PROFILE = "There is no profile to export yet; press P and drag a line through both."


class Profiles:
    """``desk`` gives the pair in hand, ``open_at(page)`` opens the drawer; ``export`` asks for a
    file and is set once there is a panel to do it."""

    def __init__(
        self,
        bridge: Bridge,
        owner: QObject,
        desk: Callable[[], Desk | None],
        open_at: Callable[[str], None],
    ) -> None:
        self._bridge, self._owner = bridge, owner
        self._desk, self._open_at = desk, open_at
        self.export: Callable[[], None] = lambda: None

    def actions(self) -> dict[str, Callable[[], None]]:
        """By the names of the key table."""
        return {"profile csv": self._csv, "show profile": lambda: self._open_at("measure")}

    def write(self, path: Path, data: bytes) -> None:
        """Write a file the examiner asked for, and say so."""
        self._bridge.run(
            lambda: write_whole(path, data, overwrite=True),
            lambda written: self._bridge.tell(f"The profile was written to {written}."),
            self._refused,
            owner=self._owner,
            long=True,
        )

    def _csv(self) -> None:
        desk = self._desk()
        if desk is not None and desk.measures.profile is None:
            self._bridge.tell(NO_PROFILE, attention=True)
        else:
            self.export()

    def _refused(self, error: CaseheadError) -> None:
        self._bridge.tell(str(error), attention=True)
