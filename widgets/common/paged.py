"""A screen of several pages under one strip of tabs, each page built by its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from widgets import keys
from widgets.navigator import Navigator


@dataclass(frozen=True, slots=True)
class Page:
    """``key`` names it to the program, ``title`` to the eye; ``make`` gives its widget.

    A page may offer ``place()``, the words shown after the title in the header, and ``ready``.
    """

    key: str
    title: str
    make: Callable[[], QWidget]


class Pages(Mapping[str, QWidget]):
    """The pages by their keys; each is made, and given to ``made``, when it is first asked for."""

    def __init__(self, pages: Sequence[Page], made: Callable[[QWidget], object]) -> None:
        self._makers = {page.key: page.make for page in pages}
        self._made_now = made
        self._widgets: dict[str, QWidget] = {}

    def __getitem__(self, key: str) -> QWidget:
        if key not in self._widgets:
            self._widgets[key] = self._makers[key]()
            self._made_now(self._widgets[key])
        return self._widgets[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def made(self, key: str) -> bool:
        """Whether it was asked for already."""
        return key in self._widgets


class PagedScreen(QWidget):
    """Pages by the keys F2, F3, ...; ``name`` is that of the screen in the table of keys.

    A page is made when it is first turned to, so that no page waits for the others.
    """

    def __init__(self, name: str, navigator: Navigator, pages: Sequence[Page]) -> None:
        super().__init__()
        self.setObjectName(f"{name}_screen")
        self._name, self._navigator = name, navigator
        self._order = tuple(pages)
        self.tabs = QTabBar()
        self.tabs.setObjectName(f"{name}_tabs")
        self.tabs.setAccessibleName(f"Pages of {name}")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._stack = QStackedWidget()
        self.pages = Pages(pages, self._stack.addWidget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        for at, page in enumerate(pages):
            self.tabs.addTab(page.title)
            self.tabs.setTabToolTip(at, f"{page.title} ({self._key_of(page.key)})")
        self.tabs.currentChanged.connect(self._turned)
        actions = {f"page {page.key}": partial(self.open_page, page.key) for page in pages}
        for row in keys.rows(name):
            if row.action in actions:
                for key in row.keys:
                    made = QShortcut(QKeySequence(key), self)
                    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                    made.activated.connect(actions[row.action])

    @property
    def current(self) -> str:
        """The key of the page in hand."""
        return self._order[self.tabs.currentIndex()].key

    @property
    def ready(self) -> bool:
        """Whether the page in hand shows what there is."""
        return bool(getattr(self.pages[self.current], "ready", True))

    def open_page(self, key: str) -> QWidget:
        """Turn to a page and return it."""
        self.tabs.setCurrentIndex([page.key for page in self._order].index(key))
        self._stack.setCurrentWidget(self.pages[key])
        return self.pages[key]

    def say_place(self) -> None:
        """Tell the header which page is seen."""
        place: Callable[[], tuple[str, ...]] | None = getattr(
            self.pages[self.current], "place", None
        )
        title = self._order[self.tabs.currentIndex()].title
        self._navigator.say_place(self._name, (title, *(place() if place else ())))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        page = self.pages[self.current]
        self._stack.setCurrentWidget(page)
        self.say_place()
        if self.focusWidget() in (None, self.tabs):  # the page's keys act at once
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turned(self, _at: int) -> None:
        page = self.pages[self.current]
        self._stack.setCurrentWidget(page)
        self.say_place()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _key_of(self, page: str) -> str:
        rows = (r for r in keys.rows(self._name) if r.action == f"page {page}")
        return next(rows).keys[0]


def work_column() -> QVBoxLayout:
    """What is worked with on a page, one under the other."""
    made = QVBoxLayout()
    made.setContentsMargins(16, 12, 16, 8)
    made.setSpacing(8)
    return made


def lay_out(page: QWidget, main: QLayout, *beside: QWidget) -> None:
    """``main`` fills a page; what is told of the thing in hand, and drawers, at its right."""
    across = QHBoxLayout(page)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(0)
    across.addLayout(main, 1)
    for widget in beside:
        across.addWidget(widget)
