"""The tiles of many candidates, drawn off the GUI thread: those in sight first, memory bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain import Alignment, Review
from app.matching.cache import Cache
from app.picture import Side, ViewState, render
from widgets.common.images import to_image
from widgets.contact.look import Look, fitted_to
from widgets.contact.reduced import factor_for, reduced

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

SIDES_BYTES = 224 * 2**20
TILES_BYTES = 64 * 2**20
_QUERIES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One tile: a candidate and how it lies on its query; without a candidate the query alone.

    ``row_id`` is its row in the list it comes from, ``others`` what is folded under it.
    """

    row_id: str
    query_id: str
    acquired_id: str
    alignment: Alignment = field(default_factory=Alignment)
    rank: int = 0
    name: str = ""
    about: str = ""
    review: Review = Review.NEW
    others: str = ""
    is_query: bool = False

    @property
    def key(self) -> str:
        """What the picture is of."""
        return f"{self.query_id} {'query' if self.is_query else self.acquired_id}"


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A picture drawn for a look, or the sentence why there is none."""

    look: Look
    image: QImage | None
    um_per_px: float = 1.0
    refusal: str = ""


class Tiles:
    """``came()`` is called when one more is drawn. One is drawn at a time, on another thread."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        came: Callable[[], None],
        sides_bytes: int = SIDES_BYTES,
    ) -> None:
        self._sides_bytes = sides_bytes
        self._workbench, self._bridge, self._owner, self._came = workbench, bridge, owner, came
        self._drawn: OrderedDict[str, Tile] = OrderedDict()
        self._used = 0
        self._look: Look | None = None
        self._wanted: tuple[Entry, ...] = ()
        self._drawing = False
        self._age = 0
        self._forget_sides()

    @property
    def waiting(self) -> bool:
        """Whether tiles that are wanted are not drawn yet."""
        return self._drawing or self._next() is not None

    @property
    def used_bytes(self) -> int:
        """How much memory the tiles take, and what they are drawn from."""
        return self._used + self._sides.used_bytes

    def tile(self, entry: Entry) -> Tile | None:
        """The newest drawn; it may be of an earlier look."""
        return self._drawn.get(entry.key)

    def want(self, entries: Sequence[Entry], look: Look) -> None:
        """These are in sight now, the most wanted first; others are not drawn any more."""
        self._wanted, self._look = tuple(entries), look
        for entry in reversed(self._wanted):
            if entry.key in self._drawn:
                self._drawn.move_to_end(entry.key)
        self._draw_next()

    def forget(self) -> None:
        """Pictures or regions have changed."""
        self._age += 1
        self._drawn.clear()
        self._used = 0
        self._forget_sides()
        self._draw_next()

    def _forget_sides(self) -> None:
        self._sides: Cache[Side] = Cache(self._sides_bytes)
        self._fits: dict[tuple[str, tuple[int, int]], ViewState] = {}
        self._fits_lock = Lock()

    def _next(self) -> Entry | None:
        for entry in self._wanted:
            tile = self._drawn.get(entry.key)
            if tile is None or tile.look != self._look:
                return entry
        return None

    def _draw_next(self) -> None:
        entry, look, age = self._next(), self._look, self._age
        if self._drawing or entry is None or look is None:
            return
        self._drawing = True
        self._bridge.run(
            lambda: self._draw(entry, look),
            lambda tile: self._keep(entry, tile, age),
            lambda error: self._keep(entry, Tile(look, None, refusal=str(error)), age),
            self._owner,
            long=True,
        )

    def _keep(self, entry: Entry, tile: Tile, age: int) -> None:
        self._drawing = False
        if age == self._age:
            self._put(entry.key, tile)
            self._came()
        self._draw_next()

    def _put(self, key: str, tile: Tile) -> None:
        before = self._drawn.pop(key, None)
        self._used += _bytes(tile) - (_bytes(before) if before else 0)
        self._drawn[key] = tile
        in_sight = {entry.key for entry in self._wanted}
        for old in list(self._drawn):
            if self._used <= TILES_BYTES:
                return
            if old not in in_sight:
                self._used -= _bytes(self._drawn.pop(old))

    # --- on another thread -----------------------------------------------------------------
    def _draw(self, entry: Entry, look: Look) -> Tile:
        """Raises CaseheadError when one of the two cannot be shown."""
        fitted = self._fitted(entry.query_id, look.size)
        view = look.view(fitted, query=entry.is_query)
        left = self._side(entry.query_id, view.um_per_px)
        right = left if entry.is_query else self._side(entry.acquired_id, view.um_per_px)
        picture = render(left, right, entry.alignment, view, look.size)
        return Tile(look, to_image(picture), view.um_per_px)

    def _fitted(self, query_id: str, size: tuple[int, int]) -> ViewState:
        with self._fits_lock:
            found = self._fits.get((query_id, size))
        if found is None:
            side = self._workbench.side(query_id)
            found = fitted_to(side, size)
            with self._fits_lock:
                while len(self._fits) >= _QUERIES_KEPT:
                    del self._fits[next(iter(self._fits))]
                self._fits[query_id, size] = found
        return found

    def _side(self, acquired_id: str, um_per_px: float) -> Side:
        """As small as the scale allows."""
        factor = factor_for(self._workbench.provenance(acquired_id).acquired, um_per_px)

        def make() -> tuple[Side, int]:
            side = reduced(self._workbench.side(acquired_id), factor).warm(contrast=False)
            return side, _side_bytes(side)

        return self._sides.get(f"{acquired_id} {factor}", make)


def _bytes(tile: Tile) -> int:
    return tile.image.sizeInBytes() if tile.image is not None else 0


def _side_bytes(side: Side) -> int:
    """About: the picture with its halves, and what a scan is shaded from."""
    pixels = side.pixels.nbytes * 7 // 3
    return pixels + (side.pixels.shape[0] * side.pixels.shape[1] * 12 if side.relief else 0)
