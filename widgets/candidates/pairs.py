"""Small pictures of query and candidate aligned, made off the GUI thread when first seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPixmap

from app.domain import Candidate
from app.picture import Side, pair_thumbnail
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.images import Shown, to_image

PAIR_SIZE = (192, 96)
_KEPT = 400
_MARGIN = 1.15


def mark_of(side: Side) -> tuple[Shown, float]:
    """The part of a picture that bears the mark, and its width in micrometres."""
    rows, columns = side.pixels.shape[:2]
    if side.focus is None:
        return side.pixels, columns * side.pixel_um
    x, y = side.focus.x_um / side.pixel_um, side.focus.y_um / side.pixel_um
    reach = side.focus.radius_um / side.pixel_um * _MARGIN
    left, right = max(int(x - reach), 0), min(int(x + reach) + 1, columns)
    top, bottom = max(int(y - reach), 0), min(int(y + reach) + 1, rows)
    return side.pixels[top:bottom, left:right], (right - left) * side.pixel_um


class Pairs:
    """``came(candidate id)`` is called when a picture is there."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, owner: QObject, came: Callable[[str], None]
    ) -> None:
        self._workbench, self._bridge, self._owner, self._came = workbench, bridge, owner, came
        self._query_ids: frozenset[str] = frozenset()
        self._queries: dict[str, Side] = {}
        self._loading = Lock()
        self._asked: set[str] = set()
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()

    def set_queries(self, acquired_ids: Iterable[str]) -> None:
        """The candidates shown from now on are of these queries."""
        wanted = frozenset(acquired_ids)
        if wanted != self._query_ids:
            self._query_ids = wanted
            self._asked.clear()

    @property
    def waiting(self) -> bool:
        """Whether pictures are being made."""
        return bool(self._asked)

    def get(self, query_id: str, candidate: Candidate) -> QPixmap | None:
        """The picture, or None: it then comes later."""
        found = self._kept.get(candidate.id)
        if found is None and candidate.id not in self._asked:
            self._asked.add(candidate.id)
            self._bridge.run(
                lambda: self._draw(query_id, candidate),
                lambda image: self._keep(candidate.id, image),
                lambda _: self._give_up(candidate.id),
                self._owner,
                long=True,
            )
        return found

    def _draw(self, query_id: str, candidate: Candidate) -> QImage | None:
        if query_id not in self._query_ids:
            return None
        left = self._side_of_query(query_id)
        right = self._workbench.side(candidate.acquired_id)
        return to_image(pair_thumbnail(left, right, candidate.score.alignment, PAIR_SIZE))

    def _side_of_query(self, query_id: str) -> Side:
        with self._loading:
            wanted = self._query_ids
            for old in [one for one in self._queries if one not in wanted]:
                del self._queries[old]
            if query_id not in self._queries:
                self._queries[query_id] = self._workbench.side(query_id).warm()
            return self._queries[query_id]

    def _keep(self, candidate_id: str, image: QImage | None) -> None:
        self._asked.discard(candidate_id)
        if image is None:
            return
        self._kept[candidate_id] = QPixmap.fromImage(image)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self._came(candidate_id)

    def _give_up(self, candidate_id: str) -> None:
        # stays blank; opening the pair tells why
        self._asked.discard(candidate_id)
        self._kept[candidate_id] = QPixmap(1, 1)
