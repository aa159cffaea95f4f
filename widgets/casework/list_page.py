"""What the ledger and the verifications have in common: a list in parts, a side, drawers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.asking import AskDrawer
from widgets.common.issue import IssueDrawer
from widgets.common.lines import (
    PAGE,
    LineColumn,
    LineModel,
    LineTable,
    TableOrNothing,
    bind,
    read_on,
)
from widgets.common.paged import lay_out
from widgets.common.parts import EmptyState, button
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_FURTHER = 4


class Row(Protocol):
    """A line of the list."""

    @property
    def id(self) -> str:
        """Its own."""
        ...


R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", bound=Row, covariant=True)


class Listed(Protocol[R_co]):
    """Rows from some place on; ``counts`` say how many some of the parts have."""

    @property
    def rows(self) -> Sequence[R_co]: ...
    @property
    def complete(self) -> bool: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


class PartsBar(QFrame):
    """The parts of a list as buttons, of which one is down; what else there is follows them."""

    def __init__(self, name: str, parts: Sequence[str], chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.setProperty("panel", True)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(8, 6, 8, 6)
        self.line.setSpacing(6)
        only_one = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for number, part in enumerate(parts, 1):
            words = part.capitalize()
            named = f"{name}_{part.replace(' ', '_')}"
            one = button(words, named, f"{words} ({number})", partial(chosen, part), checkable=True)
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            only_one.addButton(one)
            self._buttons[part] = one
            self.line.addWidget(one)

    def show_part(self, part: str) -> None:
        """Put its button down."""
        self._buttons[part].setChecked(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many each part has, where that is known and not none."""
        for part, one in self._buttons.items():
            count = counts.get(part)
            one.setText(part.capitalize() + (f" {count}" if count else ""))


class ListPage(QWidget, Generic[R]):
    """One of several parts as a list; at its side what is known of the row in hand.

    A subclass makes the side, puts it in, and says what is loaded, shown and done.
    """

    title = ""

    def __init__(
        self,
        name: str,
        parts: Sequence[str],
        begin: str,
        columns: Sequence[LineColumn[R]],
        empty: EmptyState,
        given: tuple[Workbench, Bridge, Navigator],
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}_page")
        self._name, self._part, self._chosen = name, begin, ""
        self._workbench, self._bridge, self._navigator = given
        self._drawers: list[AskDrawer | IssueDrawer] = []
        self.asking = AskDrawer(f"{name}_ask", self._workbench, self._bridge)
        self.model: LineModel[R] = LineModel(columns, lambda row: row.id, self._more)
        self.table: LineTable[R] = LineTable(
            *(self.model, f"{name}_table", self.title, self.moved, lambda _: self.open_row())
        )
        self._empty = empty
        self._stack = TableOrNothing(self.table, empty)
        self.parts = PartsBar(name, parts, self.show_part)
        self.parts.show_part(begin)
        self._wanted: Any = None
        self._count = PAGE
        self._loading: Refresh[Listed[R]] = Refresh(
            *(self._bridge, self, lambda: self.load(self._wanted, 0, self._count), self._show),
            long=True,
        )
        self._actions: dict[str, Callable[[], None]] = {
            f"show {part}": partial(self.show_part, part) for part in parts
        }
        self._bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._loading.loading

    def place(self) -> tuple[str, ...]:
        """Which part is seen."""
        return (self._part,)

    def show_part(self, part: str) -> None:
        """Show this part."""
        self.parts.show_part(part)
        self._part = part
        self.ask()
        self._stack.take_keys()

    def ask(self) -> None:
        """Load what is wanted now, and say which part that is."""
        self._wanted, self._count = self.wanted, PAGE
        self._navigator.say_place("leads", (self.title, *self.place()))
        self._loading.ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._again()
        if all(drawer.isHidden() for drawer in self._drawers):
            self._stack.take_keys()

    # --- for subclasses --------------------------------------------------------------------
    @property
    def wanted(self) -> Any:
        """What is to be listed: the part, unless there is more to choose."""
        return self._part

    def load(self, wanted: Any, offset: int, count: int) -> Listed[R]:
        """Read ``count`` rows of what is wanted from ``offset`` on; not on the GUI thread."""
        raise NotImplementedError

    def why_empty(self) -> tuple[str, str]:
        """What is said where there are no rows."""
        raise NotImplementedError

    def moved(self, row: R | None) -> None:
        """The cursor is on this row."""
        raise NotImplementedError

    def open_row(self) -> None:
        """Enter, or a double click."""
        raise NotImplementedError

    def concerns(self, changes: Changes) -> bool:
        """Whether the list may be another one after these."""
        raise NotImplementedError

    def in_hand(self) -> bool:
        """Whether there is something to tell at the side."""
        return self.table.current is not None

    def put_together(
        self, side: QWidget, actions: Mapping[str, Callable[[], None]], *more: IssueDrawer
    ) -> None:
        """The bar over the list, ``side`` and drawers at its right; what the keys do."""
        self._side, self._drawers = side, [self.asking, *more]
        for drawer in self._drawers:
            drawer.opened = self.show_side
            drawer.closed = self._drawer_closed
        self.setFocusProxy(self._stack)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.parts)
        left.addWidget(self._stack, 1)
        lay_out(self, left, side, *self._drawers)
        bind(self, self._name, {**self._actions, **actions})
        self._wanted = self.wanted
        self.show_side()

    def show_side(self) -> None:
        """The side, where there is something to tell and no drawer in its place."""
        drawn = any(drawer.isVisible() for drawer in self._drawers)
        self._side.setVisible(self.in_hand() and not drawn)

    # --- behind it -------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if self.concerns(changes) and self.isVisible():
            self._again()

    def _again(self) -> None:
        """Read again as many as are shown: the row in hand is not lost."""
        self._count = max(self._count, len(self.model.lines))
        self._loading.ask()

    def _show(self, listed: Listed[R]) -> None:
        missed = self._chosen and all(row.id != self._chosen for row in listed.rows)
        if missed and not listed.complete:  # it stands further below
            self._count *= _FURTHER
            self._loading.ask()
            return
        chosen, self._chosen = self._chosen, ""
        self.table.show_lines(listed.rows, complete=listed.complete, choose=chosen)
        self.parts.show_counts(listed.counts)
        self._empty.say(*self.why_empty())
        self._stack.show_rows(bool(listed.rows))
        self.show_side()

    def _more(self, count: int) -> None:
        """Rows after so many."""
        wanted = self._wanted

        def read() -> tuple[Sequence[R], bool]:
            listed = self.load(wanted, count, PAGE)
            return listed.rows, listed.complete

        read_on(self._bridge, self, self.model, count, read)

    def _drawer_closed(self) -> None:
        self.show_side()
        self._stack.take_keys()
