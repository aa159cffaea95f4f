"""A screen of several pages under one strip of tabs, each page built by its owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from widgets import keys
from widgets.navigator import Navigator


@dataclass(frozen=True, slots=True)
class Page:
    """``key`` names it to the program, ``title`` to the eye; ``widget`` is made once, at the start.

    A page may offer ``place()``, the words shown after the title in the header, and ``ready``.
    """

    key: str
    title: str
    widget: QWidget


class PagedScreen(QWidget):
    """Pages by the keys F2, F3, ...; ``name`` is that of the screen in the table of keys."""

    def __init__(self, name: str, navigator: Navigator, pages: Sequence[Page]) -> None:
        super().__init__()
        self.setObjectName(f"{name}_screen")
        self._name, self._navigator = name, navigator
        self.pages = {page.key: page.widget for page in pages}
        self._order = tuple(pages)
        self.tabs = QTabBar()
        self.tabs.setObjectName(f"{name}_tabs")
        self.tabs.setAccessibleName(f"Pages of {name}")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        for at, page in enumerate(pages):
            self.tabs.addTab(page.title)
            self.tabs.setTabToolTip(at, f"{page.title} ({self._key_of(page.key)})")
            self._stack.addWidget(page.widget)
        self.tabs.currentChanged.connect(self._turned)
        actions = {f"page {page.key}": self._opener(page.key) for page in pages}
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
        return self.pages[key]

    def say_place(self) -> None:
        """Tell the header which page is seen."""
        page = self._order[self.tabs.currentIndex()]
        place: Callable[[], tuple[str, ...]] | None = getattr(page.widget, "place", None)
        self._navigator.say_place(self._name, (page.title, *(place() if place else ())))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.say_place()

    def _turned(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        self.say_place()
        self._order[at].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _opener(self, key: str) -> Callable[[], None]:
        def turn() -> None:
            self.open_page(key)

        return turn

    def _key_of(self, page: str) -> str:
        rows = (r for r in keys.rows(self._name) if r.action == f"page {page}")
        return next(rows).keys[0]
