"""The neighbours of the pair in hand, loaded before they are asked for, off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from PySide6.QtCore import QObject

from app.domain import CancelledError, Changes
from app.picture import Side
from widgets.compare.work.loading import Loaded, Sibling, Walk, load

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

BUDGET_BYTES = 320 * 2**20
STEPS = (1, 2, -1)
"""Which neighbours are loaded, the most likely first."""


class Ahead:
    """Used on the GUI thread. One pair is loaded at a time, so that other long work has room.

    What was loaded is dropped when it is no neighbour any more, when its pictures, regions,
    comparison or list change, and as far as it takes more than ``budget_bytes``.
    """

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._budget = budget_bytes
        self._walk = Walk()
        self._ready: dict[str, Loaded] = {}
        self._left_out: set[str] = set()
        self._fetching = ""
        self._round = 0
        self._sides: WeakValueDictionary[str, Side] = WeakValueDictionary()
        self._sides_lock = Lock()
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> frozenset[str]:
        """The candidates that can be shown at once, by id."""
        return frozenset(self._ready)

    @property
    def loading(self) -> bool:
        """Whether a neighbour is on its way."""
        return bool(self._fetching)

    @property
    def used_bytes(self) -> int:
        """How much memory the pictures take that are kept besides the pair in hand."""
        mine = self._ready.get(self._walk.candidate_id or "")
        others = [pair for pair in self._ready.values() if pair is not mine]
        return pixels_bytes(others, [mine] if mine is not None else [])

    def side(self, acquired_id: str) -> Side:
        """A picture ready to be shown: one in use, or read anew. Safe from any thread."""
        with self._sides_lock:
            found = self._sides.get(acquired_id)
        if found is None:
            found = self._workbench.side(acquired_id).warm(contrast=False)
            with self._sides_lock:
                found = self._sides.setdefault(acquired_id, found)
        return found

    def take(self, sibling: Sibling) -> Loaded | None:
        """The pair of a candidate, if it is there."""
        pair = self._ready.get(sibling.candidate_id)
        wanted = {sibling.query_id, sibling.acquired_id}
        if pair is None or {pair.comparison.left_id, pair.comparison.right_id} != wanted:
            return None
        return pair

    def look(self, walk: Walk, pair: Loaded | None = None) -> None:
        """The examiner is here now, with ``pair`` in hand: load what comes next."""
        if walk.order != self._walk.order:
            self.drop()
        if walk.candidate_id != self._walk.candidate_id:
            self._left_out.clear()
        self._walk = walk
        if pair is not None and walk.candidate_id is not None:
            self._ready[walk.candidate_id] = pair
        near = {one.candidate_id for one in self._near()} | {walk.candidate_id}
        self._ready = {key: one for key, one in self._ready.items() if key in near}
        self._keep_within()
        if self._fetching and self._fetching not in near:
            self._round += 1
        self._next()

    def drop(self) -> None:
        """Forget all pairs; what is on its way is not kept."""
        self._round += 1
        self._ready.clear()
        self._left_out.clear()

    def forget(self, candidate_id: str | None) -> None:
        """This one is about to be saved otherwise than it was loaded."""
        self._ready.pop(candidate_id or "", None)

    def _near(self) -> list[Sibling]:
        found = (self._walk.neighbour(steps) for steps in STEPS)
        return [one for one in found if one is not None]

    def _next(self) -> None:
        if self._fetching:
            return
        done = self._ready.keys() | self._left_out
        wanted = next((one for one in self._near() if one.candidate_id not in done), None)
        if wanted is None:
            return
        self._fetching, now = wanted.candidate_id, self._round
        self._bridge.run(
            lambda: self._fetch(wanted, now),
            lambda pair: self._came(wanted.candidate_id, pair, now),
            lambda _: self._came(wanted.candidate_id, None, now),
            self._owner,
            long=True,
        )

    def _fetch(self, wanted: Sibling, now: int) -> Loaded:
        """On another thread; given up between two pictures when it was overtaken."""

        def side(acquired_id: str) -> Side:
            if now != self._round:
                raise CancelledError("Another pair was asked for.")
            return self.side(acquired_id)

        ids = wanted.query_id, wanted.acquired_id, wanted.candidate_id
        return load(self._workbench, *ids, side=side)

    def _came(self, candidate_id: str, pair: Loaded | None, asked: int) -> None:
        self._fetching = ""
        if asked == self._round:
            if pair is None:
                self._left_out.add(candidate_id)  # opening it says why
            else:
                self._ready[candidate_id] = pair
                self._keep_within()
        self._next()

    def _keep_within(self) -> None:
        """The least likely neighbours go first when there is too much."""
        for one in reversed(self._near()):
            if self.used_bytes <= self._budget:
                return
            if self._ready.pop(one.candidate_id, None) is not None:
                self._left_out.add(one.candidate_id)

    def _hear(self, changes: Changes) -> None:
        if not self._walk.siblings:
            return
        if changes.cases or changes.acquired or changes.regions:
            with self._sides_lock:
                self._sides.clear()
            self.drop()
        elif changes.settings or changes.people or (changes.searches and not changes.candidates):
            self.drop()
        if changes.comparisons:
            self._round += 1  # what is on its way may have been read before
        for key, pair in list(self._ready.items()):
            if pair.comparison.id in changes.comparisons:
                del self._ready[key]
        self._next()


def pixels_bytes(pairs: Iterable[Loaded], besides: Iterable[Loaded] = ()) -> int:
    """How much memory the pictures of pairs take, each counted once, without those ``besides``."""
    known: set[int] = set()
    for pair in besides:
        _arrays((pair.left, pair.right), known)
    return sum(_arrays((pair.left, pair.right), known) for pair in pairs)


def _arrays(value: Any, known: set[int]) -> int:
    """Bytes of all arrays in a value that are not ``known`` yet; they are from now on."""
    if id(value) in known:
        return 0
    if isinstance(value, np.ndarray):
        known.add(id(value))
        return int(value.nbytes)
    if isinstance(value, dict):
        return sum(_arrays(part, known) for part in list(value.values()))
    if isinstance(value, tuple | list):
        return sum(_arrays(part, known) for part in value)
    if is_dataclass(value):
        return sum(_arrays(getattr(value, part.name), known) for part in fields(value))
    return 0
