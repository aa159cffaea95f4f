"""The drawer beside the picture: pages of panels, one seen at a time. Folds to a strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.compare.desk import Desk
from widgets.compare.panels.controls import Act

WIDTH = 312
_ACROSS = 4


class Panel(Protocol):
    """What a page is made of."""

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Panels under one title; ``key`` is the one that opens it."""

    name: str
    title: str
    key: str
    panels: tuple[QWidget, ...]


class Drawer(QWidget):
    """A strip with a handle; open, the pages beside it."""

    def __init__(self, act: Act, pages: Sequence[Page]) -> None:
        super().__init__()
        self.setObjectName("compare_drawer")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._act = act
        self._pages = tuple(pages)
        self._handle = self._made_handle()
        self._stack = QStackedWidget()
        self._buttons: dict[str, QPushButton] = {}
        self._inside = QWidget()
        self._inside.setFixedWidth(WIDTH)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._made_titles())
        column.addWidget(self._stack, 1)
        for page in self._pages:
            self._stack.addWidget(_scrolled(page))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._handle)
        layout.addWidget(self._inside)
        self.set_open(False)
        self.choose(self._pages[0].name)

    @property
    def is_open(self) -> bool:
        """Whether a page is seen."""
        return not self._inside.isHidden()

    @property
    def page(self) -> str:
        """The name of the page chosen."""
        return self._pages[self._stack.currentIndex()].name

    def set_open(self, is_open: bool) -> None:
        """Open, or fold to the strip."""
        self._inside.setVisible(is_open)
        self._handle.setText("›" if is_open else "‹")
        self._handle.setToolTip("Fold the drawer (F)" if is_open else "Open the drawer (F)")

    def choose(self, name: str) -> None:
        """Turn to a page."""
        index = [page.name for page in self._pages].index(name)
        self._stack.setCurrentIndex(index)
        self._buttons[name].setChecked(True)

    def show_page(self, name: str) -> None:
        """Open at a page; open at it already, fold."""
        self.set_open(not (self.is_open and self.page == name))
        self.choose(name)

    def show_desk(self, desk: Desk) -> None:
        """Bring what is seen to the desk."""
        if not self.is_open:
            return
        for panel in self._pages[self._stack.currentIndex()].panels:
            panel.show_desk(desk)  # type: ignore[attr-defined]

    def _made_handle(self) -> QToolButton:
        handle = QToolButton()
        handle.setObjectName("drawer_handle")
        handle.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        handle.setFixedWidth(22)
        handle.setStyleSheet("padding: 0; border-radius: 0")
        handle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        handle.clicked.connect(lambda: self._act("drawer"))
        return handle

    def _made_titles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(8, 8, 8, 0)
        grid.setSpacing(4)
        group = QButtonGroup(self)
        for index, page in enumerate(self._pages):
            button = QPushButton(page.title)
            button.setObjectName(f"page_{page.name}")
            button.setCheckable(True)
            button.setToolTip(f"{page.title} ({page.key})")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet("padding: 4px 2px")
            button.clicked.connect(lambda _=False, n=page.name: self._act(f"page {n}"))
            group.addButton(button)
            grid.addWidget(button, index // _ACROSS, index % _ACROSS)
            self._buttons[page.name] = button
        return grid


def _scrolled(page: Page) -> QScrollArea:
    inside = QWidget()
    layout = QVBoxLayout(inside)
    layout.setContentsMargins(12, 6, 12, 12)
    layout.setSpacing(14)
    for panel in page.panels:
        layout.addWidget(panel)
    layout.addStretch(1)
    scroll = QScrollArea()
    scroll.setObjectName(f"page_{page.name}_scroll")
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a click on a button leaves the keys alone
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inside)
    return scroll
