"""The contact sheet: the query, and beside it its candidates, all aligned to it and drawn alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain import Changes
from widgets import keys
from widgets.common.parts import EmptyState, button, label
from widgets.contact.grid import Grid, paint_tile
from widgets.contact.look import Look, Show
from widgets.contact.tiles import Entry, Tiles

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

_SHOWS = (
    (Show.SPLIT, "1  Split field", "Query left, candidate right of the dividing line (1)"),
    (Show.ALONE, "2  Candidate alone", "The candidate as it lies on the query (2)"),
    (Show.OVERLAY, "3  Overlay", "The candidate over the query (3)"),
)
_ZOOM = 1.25
_PAN_SHARE = 0.12
_LIGHT_DEG = 15.0
_QUERY_PX = 264
_HINT = (
    "Arrows go through the tiles, Enter compares, Space unfolds. Drag or Shift and arrows move "
    "all together, Ctrl and the wheel enlarge all."
)


class QueryTile(QWidget):
    """The query alone, in the same field and light as the tiles."""

    def __init__(self, tiles: Tiles) -> None:
        super().__init__()
        self.setObjectName("contact_query")
        self.setAccessibleName("Query")
        self._tiles = tiles
        self._entry: Entry | None = None
        self._look: Look | None = None
        self.setFixedSize(_QUERY_PX, _QUERY_PX)

    @property
    def entry(self) -> Entry | None:
        """What is shown."""
        return self._entry

    def show_entry(self, entry: Entry | None, look: Look) -> None:
        """This query now."""
        self._entry, self._look = entry, look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._entry is not None:
            tile = self._tiles.tile(self._entry)
            paint_tile(QPainter(self), self.rect(), self._entry, tile, self._look)


class ContactSheet(QWidget):
    """One against many. The cursor is the list's: ``moved(row id)`` asks for it elsewhere.

    ``opened``, ``turned`` and ``closed`` are called for Enter, Space and Esc; keys it does not know
    go on to the screen around it (reviews, undo, filter).
    """

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        reviews: QWidget,
        moved: Callable[[str], None],
        opened: Callable[[], None],
        turned: Callable[[], None],
        closed: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("contact_sheet")
        self._moved = moved
        self._look = Look((256, 256))
        self.tiles = Tiles(workbench, bridge, self, self._came)
        self.grid = Grid(self.tiles.tile, self._go_to, opened, self._want, self._zoom, self._drag)
        self._query = QueryTile(self.tiles)
        self._actions: dict[str, Callable[[], None]] = {
            **{f"show {show}": self._shower(show) for show in Show},
            "zoom in": lambda: self._zoom(_ZOOM),
            "zoom out": lambda: self._zoom(1 / _ZOOM),
            "whole": lambda: self._set(self._look.whole()),
            "larger": lambda: self._resize(-1),
            "smaller": lambda: self._resize(1),
            "pan left": lambda: self._step(-1, 0),
            "pan right": lambda: self._step(1, 0),
            "pan up": lambda: self._step(0, -1),
            "pan down": lambda: self._step(0, 1),
            "light left": lambda: self._set(self._look.lit(_LIGHT_DEG, 0)),
            "light right": lambda: self._set(self._look.lit(-_LIGHT_DEG, 0)),
            "light up": lambda: self._set(self._look.lit(0, _LIGHT_DEG)),
            "light down": lambda: self._set(self._look.lit(0, -_LIGHT_DEG)),
            "turn": turned,
            "close": closed,
        }
        self._build(reviews)
        bridge.changed.connect(self._hear)

    @property
    def look(self) -> Look:
        """How all are looked at."""
        return self._look

    @property
    def ready(self) -> bool:
        """Whether everything in sight is drawn as wanted."""
        return not self.tiles.waiting

    def show_entries(
        self, entries: tuple[Entry, ...], row_id: str, nothing: tuple[str, str]
    ) -> None:
        """These, with the cursor on the row; ``nothing`` says why there are none."""
        had_keys = self.hasFocus() or self.grid.hasFocus()
        self._nothing.say(*nothing)
        self._nothing.setVisible(not entries)
        self.grid.setVisible(bool(entries))
        rows = [entry.row_id for entry in entries]
        current = rows.index(row_id) if row_id in rows else (0 if entries else -1)
        self._fit_size()
        self.grid.show_entries(entries, current, self._look)
        self._show_query()
        if had_keys:
            self.take_keys()
        self._want()

    def say(self, query: str, left: str) -> None:
        """Whose candidates they are, and how many are left."""
        self._words.setText(query)
        self._left.setText(left)

    def take_keys(self) -> None:
        """The keyboard goes to the tiles; where there are none, keys go on to the screen."""
        to = self.grid if self.grid.entries else self
        to.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = keys.find(keys.CONTACT, event)
        if row is not None and row.action in self._actions:
            self._actions[row.action]()
        else:
            event.ignore()

    # --- building --------------------------------------------------------------------------
    def _build(self, reviews: QWidget) -> None:
        self._words = label("", name="contact_query_words", wrap=True)
        self._left = label("", "heading", "contact_left")
        self._nothing = EmptyState("contact_nothing")
        side = QVBoxLayout()
        side.setContentsMargins(10, 8, 6, 10)
        side.addWidget(self._query)
        side.addWidget(self._words)
        side.addWidget(self._left)
        side.addSpacing(6)
        side.addWidget(reviews)
        side.addStretch(1)
        side.addWidget(label(_HINT, "dim", "contact_hint", wrap=True))
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addLayout(side)
        across.addWidget(self.grid, 1)
        across.addWidget(self._nothing, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar())
        layout.addLayout(across, 1)

    def _bar(self) -> QFrame:
        made = QFrame()
        made.setProperty("panel", True)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(6)
        self._buttons: dict[Show, QPushButton] = {}
        only_one = QButtonGroup(made)
        for show, text, tip in _SHOWS:
            name = f"contact_{show.name.lower()}"
            choose = button(text, name, tip, self._shower(show), checkable=True)
            self._buttons[show] = choose
            only_one.addButton(choose)
            layout.addWidget(choose)
        self._buttons[self._look.show].setChecked(True)
        layout.addSpacing(12)
        for text, action, tip in (
            ("-", "zoom out", "All smaller (-)"),
            ("+", "zoom in", "All larger (+, or Ctrl and the wheel)"),
            ("Whole mark", "whole", "The whole mark in every tile (0)"),
            ("Fewer tiles", "larger", "Fewer, larger tiles (Ctrl++)"),
            ("More tiles", "smaller", "More, smaller tiles (Ctrl+-)"),
        ):
            name = f"contact_{action.replace(' ', '_')}"
            layout.addWidget(button(text, name, tip, self._actions[action]))
        layout.addSpacing(12)
        for icon, action, tip in (
            ("mdi6.rotate-left", "light left", "Turn the light of all, scans only (I)"),
            ("mdi6.rotate-right", "light right", "Turn the light of all, scans only (J)"),
            ("mdi6.arrow-up", "light up", "Raise the light of all, scans only (Shift+I)"),
            ("mdi6.arrow-down", "light down", "Lower the light of all, scans only (Shift+J)"),
        ):
            name = f"contact_{action.replace(' ', '_')}"
            layout.addWidget(button("", name, tip, self._actions[action], icon=icon))
        layout.addStretch(1)
        close = self._actions["close"]
        layout.addWidget(button("Back to the list", "contact_close", "Esc", close))
        for made_button in made.findChildren(QPushButton):
            made_button.setFocusPolicy(
                Qt.FocusPolicy.TabFocus
            )  # a click leaves the keys with the tiles
        return made

    def _shower(self, show: Show) -> Callable[[], None]:
        return lambda: self._set(replace(self._look, show=show))

    # --- looking ---------------------------------------------------------------------------
    def _set(self, look: Look) -> None:
        self._look = look
        self._buttons[look.show].setChecked(True)
        self.grid.show_look(look)
        self._show_query()
        self._want()

    def _zoom(self, factor: float) -> None:
        self._set(self._look.zoomed(factor))

    def _step(self, right: int, down: int) -> None:
        um = self._field_um() * _PAN_SHARE
        self._set(self._look.panned(right * um, down * um))

    def _drag(self, dx: float, dy: float) -> None:
        um_per_px = self._field_um() / max(self.grid.tile_px, 1)
        self._set(self._look.panned(-dx * um_per_px, -dy * um_per_px))

    def _field_um(self) -> float:
        """How wide a tile is on the query, micrometres."""
        drawn = self._query.entry and self.tiles.tile(self._query.entry)
        if not drawn:
            return 0.0
        return drawn.um_per_px * drawn.look.size[0] * drawn.look.zoom / self._look.zoom

    def _resize(self, steps: int) -> None:
        self.grid.set_columns(self.grid.columns + steps)
        self._fit_size()
        self.grid.show_look(self._look)
        self._want()

    def _fit_size(self) -> None:
        """Tiles are drawn in the pixels of the screen."""
        side = max(round(self.grid.tile_px * self.devicePixelRatioF()), 16)
        self._look = replace(self._look, size=(side, side))

    def _go_to(self, index: int) -> None:
        self._moved(self.grid.entries[index].row_id)

    def _show_query(self) -> None:
        entries = self.grid.entries
        at = entries[self.grid.current] if 0 <= self.grid.current < len(entries) else None
        query = Entry("", at.query_id, at.query_id, is_query=True) if at else None
        self._query.show_entry(query, self._look)

    def _want(self) -> None:
        """Ask for what is in sight; unseen, nothing is drawn."""
        if not self.isVisible():
            return
        before = self._look.size
        self._fit_size()
        if before != self._look.size:
            self.grid.show_look(self._look)
            self._show_query()
        query = self._query.entry
        self.tiles.want(((query,) if query else ()) + self.grid.in_sight, self._look)

    def _came(self) -> None:
        self.grid.viewport().update()
        self._query.update()

    def _hear(self, changes: Changes) -> None:
        if changes.regions or changes.acquired:
            self.tiles.forget()
