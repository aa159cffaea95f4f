"""The controls beside the live picture: pages above, figures and capture always in sight below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from widgets.acquire.meters import Meters
from widgets.common.parts import button, row

WIDTH = 350


class AcquirePanel(QFrame):
    """``add_page`` puts a page under a button of the strip; ``add_line`` a line over Capture."""

    def __init__(
        self,
        meters: Meters,
        capture: Callable[[], None],
        freeze: Callable[[], None],
        clipped: Callable[[], None],
        focus_map: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("acquire_panel")
        self.setProperty("drawer", True)
        self.setFixedWidth(WIDTH)
        self.meters = meters
        self.turned: Callable[[str], None] = lambda _: None
        self.freeze = button("Freeze", "freeze", "Hold the picture (F)", freeze, checkable=True)
        self.clipped = button(
            "Flash",
            "show_clipped",
            "Flash pixels at full scale amber and at zero blue, on the screen only (B)",
            clipped,
            checkable=True,
        )
        self.clipped.setChecked(True)
        self.focus_map = button(
            "Focus map",
            "show_focus_map",
            "Tint what is sharp, ring the sharpest place (M)",
            focus_map,
            checkable=True,
        )
        self.capture = button(
            "Capture  (Space)",
            "capture",
            "Keep the frame you see, lossless (Space)",
            capture,
            primary=True,
            icon="mdi6.camera",
        )
        self.capture.setMinimumHeight(44)
        self._strip = QHBoxLayout()
        self._strip.setContentsMargins(16, 8, 16, 0)
        self._strip.setSpacing(4)
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._names: list[str] = []
        self._lines = QVBoxLayout()
        self._build()

    @property
    def page(self) -> str:
        """The name of the page seen, "" while there is none."""
        return self._names[self._stack.currentIndex()] if self._names else ""

    def add_page(self, name: str, title: str, icon: str, tip: str, widget: QWidget) -> None:
        """A page by its name; ``icon`` as qtawesome calls it."""
        made = button(title, f"page_{name}", tip, lambda: self.show_page(name), icon=icon)
        made.setCheckable(True)
        made.setIconSize(QSize(16, 16))
        made.setStyleSheet("padding-left: 4px; padding-right: 4px")
        made.setMinimumHeight(32)
        self._group.addButton(made)
        self._strip.addWidget(made, 1)
        self._names.append(name)
        self._stack.addWidget(_scrolled(widget, name))
        if len(self._names) == 1:
            made.setChecked(True)

    def show_page(self, name: str) -> None:
        """Turn to a page; nothing happens where there is none of that name."""
        if name not in self._names:
            return
        self._stack.setCurrentIndex(self._names.index(name))
        self._buttons[name].setChecked(True)
        self.turned(name)

    def add_line(self, widget: QWidget) -> None:
        """Always in sight between the figures and Capture."""
        self._lines.addWidget(widget)

    @property
    def _buttons(self) -> dict[str, QPushButton]:
        made = [b for b in self._group.buttons() if isinstance(b, QPushButton)]
        return dict(zip(self._names, made, strict=True))

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 12)
        layout.setSpacing(6)
        layout.addLayout(self._strip)
        layout.addWidget(self._stack, 1)
        self._lines.setSpacing(6)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 6, 16, 0)
        foot.setSpacing(6)
        foot.addWidget(self.meters)
        foot.addLayout(row(self.freeze, self.clipped, self.focus_map))
        foot.addLayout(self._lines)
        foot.addWidget(self.capture)
        layout.addLayout(foot)


def _scrolled(widget: QWidget, name: str) -> QScrollArea:
    inside = QWidget()
    inside.setProperty("panel", True)
    stacked = QVBoxLayout(inside)
    stacked.setContentsMargins(16, 6, 16, 6)
    stacked.addWidget(widget)
    stacked.addStretch(1)
    area = QScrollArea()
    area.setObjectName(f"page_{name}_scroll")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area
