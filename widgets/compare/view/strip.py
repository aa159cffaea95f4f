"""The list on the desk: a strip of its candidates with place and review, folded away on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolTip, QWidget

from app.domain import Changes, Review
from app.workbench import Wanted, counts, left_words
from widgets import theme
from widgets.common.parts import button, label
from widgets.compare.work.loading import Sibling, Walk
from widgets.contact.grid import paint_tile, review_colour
from widgets.contact.look import Look
from widgets.contact.tiles import Entry, Tiles

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

TILE, GAP, CAPTION = 58, 6, 17
HEIGHT = TILE + CAPTION + 8
FOLDED_HEIGHT = 18
ENOUGH_PX = 900
"""A window as high as this has room for the list; in a lower one it is folded at first."""
_STEP = TILE + GAP


class Band(QWidget):
    """The thumbnails; ``chosen(candidate id)`` is called for a click, ``scrolled`` for others in
    sight. The wheel goes along the list."""

    def __init__(
        self, tiles: Tiles, chosen: Callable[[str], None], scrolled: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("strip_band")
        self.setAccessibleName("Candidates of the list, as ranked")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tiles, self._chosen, self._scrolled = tiles, chosen, scrolled
        self._walk = Walk()
        self._offset = 0

    @property
    def in_sight(self) -> tuple[Sibling, ...]:
        """Those seen, the nearest to the one in hand first."""
        first = max(self._offset // _STEP, 0)
        last = (self._offset + self.width()) // _STEP + 1
        seen = list(enumerate(self._walk.siblings))[first:last]
        here = self._walk.place or 0
        return tuple(one for _, one in sorted(seen, key=lambda pair: abs(pair[0] - here)))

    def show_walk(self, walk: Walk) -> None:
        """This list; the candidate in hand comes to the middle when it is another one."""
        moved = walk.candidate_id != self._walk.candidate_id
        self._walk = walk
        if moved:
            self._to_place()
        self.update()

    def index_at(self, at: QPoint) -> int:
        """The candidate under a point, from 0; -1 when there is none."""
        index = (at.x() + self._offset) // _STEP
        return index if 0 <= index < len(self._walk.siblings) else -1

    def rect_of(self, index: int) -> QRect:
        """Where the picture of a candidate is."""
        return QRect(index * _STEP + GAP // 2 - self._offset, 4, TILE, TILE)

    def minimumSizeHint(self) -> QSize:
        return QSize(_STEP * 3, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._to_place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._chosen(self._walk.siblings[index].candidate_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        way = event.angleDelta().y() or event.angleDelta().x()
        self._scroll_to(self._offset - way * _STEP // 120)
        event.accept()

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.index_at(event.pos())
            words = said_of(self._walk.siblings[index]) if index >= 0 else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return bool(super().event(event))  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().ground))
        look = strip_look(self.devicePixelRatioF())
        for index, sibling in enumerate(self._walk.siblings):
            rect = self.rect_of(index)
            if rect.right() < 0 or rect.left() > self.width():
                continue
            entry = entry_of(sibling)
            paint_tile(painter, rect, entry, self._tiles.tile(entry), look)
            self._caption(painter, rect, sibling)
            if index == self._walk.place:
                painter.setPen(QPen(QColor(theme.colours().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(-2, -2, 1, CAPTION))

    def _caption(self, painter: QPainter, rect: QRect, sibling: Sibling) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() - 1.5)
        font.setBold(sibling.review in (Review.KEPT, Review.LATER))
        painter.setFont(font)
        painter.setPen(review_colour(sibling.review))
        more = f" +{len(sibling.also)}" if sibling.also else ""
        words = f"{sibling.rank}{more} {_SHORT[sibling.review]}"
        under = QRect(rect.left() - 2, rect.bottom() + 1, rect.width() + 4, CAPTION)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter, words)

    def _to_place(self) -> None:
        place = self._walk.place
        if place is not None:
            self._scroll_to(place * _STEP + _STEP // 2 - self.width() // 2)

    def _scroll_to(self, offset: int) -> None:
        longest = max(len(self._walk.siblings) * _STEP - self.width(), 0)
        self._offset = min(max(offset, 0), longest)
        self.update()
        self._scrolled()


_SHORT: Mapping[Review, str] = {
    Review.NEW: "new",
    Review.KEPT: "kept",
    Review.LATER: "later",
    Review.DISMISSED: "dism.",
}


class Strip(QFrame):
    """The list and where the examiner is in it. ``go(candidate id)`` opens another candidate."""

    def __init__(self, workbench: Workbench, bridge: Bridge, go: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("walk_strip")
        self.setAccessibleName("The list of candidates")
        self._walk = Walk()
        self._tiles = Tiles(workbench, bridge, self, self._came, sides_bytes=48 * 2**20)
        self._band = Band(self._tiles, go, self._want)
        self._left = label("", "dim", "strip_left")
        self._fold = button(
            "", "fold_strip", "Show or fold the list (Shift+F)", self.turn, icon="mdi6.chevron-down"
        )
        self._fold.setAccessibleName("Show or fold the list")
        self._fold.setProperty("flat", True)
        self._fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys alone
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(self._fold)
        layout.addWidget(self._band, 1)
        layout.addWidget(self._left)
        self._room = layout
        self._open, self._bare = True, False
        self._turned = False
        self.hide()
        bridge.changed.connect(self._hear)

    @property
    def is_open(self) -> bool:
        """Whether the thumbnails are seen."""
        return self._open

    @property
    def ready(self) -> bool:
        """Whether all thumbnails in sight are drawn."""
        return not self._tiles.waiting

    @property
    def left(self) -> str:
        """How much of the list is left, in words."""
        return self._left.text()

    def turn(self) -> None:
        """Fold the thumbnails away, or show them again."""
        self._turned = True
        self._set_open(not self._open)

    def _set_open(self, is_open: bool) -> None:
        self._open = is_open
        self._band.setVisible(is_open)
        self._room.setStretch(2, 0 if is_open else 1)
        self._fold.setIcon(theme.icon(f"mdi6.chevron-{'down' if is_open else 'up'}"))
        self._fold.setFixedHeight(HEIGHT if is_open else FOLDED_HEIGHT)
        self.setFixedHeight(HEIGHT if is_open else FOLDED_HEIGHT)
        self._want()

    def show_walk(self, walk: Walk) -> None:
        """This place in this list; nothing is shown of a pair that is of no list."""
        if walk is self._walk:
            return
        self._walk = walk
        self._left.setText(left_in_walk(walk))
        if not self._turned and self._open is (self.window().height() < ENOUGH_PX):
            self._set_open(not self._open)
        self._band.show_walk(walk)
        self.set_bare(self._bare)

    def set_bare(self, bare: bool) -> None:
        """Out of the way of the evidence, whatever is open."""
        self._bare = bare
        self.setVisible(self._walk.place is not None and not bare)
        self._want()

    def _want(self) -> None:
        if self._open and self.isVisible():
            look = strip_look(self.devicePixelRatioF())
            self._tiles.want([entry_of(one) for one in self._band.in_sight], look)

    def _came(self) -> None:
        self._band.update()

    def _hear(self, changes: Changes) -> None:
        if changes.regions or changes.acquired:
            self._tiles.forget()


def strip_look(ratio: float) -> Look:
    """Small split fields."""
    side = round(TILE * ratio)
    return Look((side, side))


def entry_of(sibling: Sibling) -> Entry:
    """A candidate of the list as a tile."""
    return Entry(
        sibling.candidate_id,
        sibling.query_id,
        sibling.acquired_id,
        sibling.alignment,
        sibling.rank,
        review=sibling.review,
    )


def left_in_walk(walk: Walk) -> str:
    """How much is left, counting what is folded under a candidate with it."""
    reviews = [s.review for s in walk.siblings for _ in range(1 + len(s.also))]
    found = counts(reviews)
    return left_words(found) if found[Wanted.ALL] else ""


def said_of(sibling: Sibling) -> str:
    """A candidate of the strip in one sentence."""
    more = f", with {len(sibling.also)} more of its gun or mark" if sibling.also else ""
    return f"Candidate {sibling.rank}: {sibling.review}{more}"
