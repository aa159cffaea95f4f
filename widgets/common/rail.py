"""The narrow rail at the left: the screens with words, and a badge for what waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from widgets import keys, theme

SCREENS = ("casebook", "acquire", "candidates", "compare", "leads", "quality", "lab")
_ICONS = {
    "casebook": "mdi6.folder-open-outline",
    "acquire": "mdi6.camera-outline",
    "candidates": "mdi6.format-list-numbered",
    "compare": "mdi6.circle-half-full",
    "leads": "mdi6.link-variant",
    "quality": "mdi6.chart-bell-curve-cumulative",
    "lab": "mdi6.account-group-outline",
}
_TIPS = {
    "casebook": "Cases, exhibits and their images",
    "acquire": "Live picture of the camera",
    "candidates": "Searches and their ranked candidates",
    "compare": "Two marks in one field",
    "leads": "What is due, leads, verifications, hits and traces",
    "quality": "Instruments, their checks and calibrations",
    "lab": "People, the journal and backups",
}


class RailButton(QToolButton):
    """One screen; ``badge`` counts what waits there."""

    def __init__(self, name: str, text: str, icon: str, tip: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(24, 24))
        self.setProperty("flat", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(64)
        self._icons = (
            theme.icon(icon, theme.colours().dim),
            theme.icon(icon, theme.colours().accent),
        )
        self.setIcon(self._icons[0])
        self.toggled.connect(lambda on: self.setIcon(self._icons[on]))
        self._text, self._badge = text, 0

    @property
    def badge(self) -> int:
        """How much waits."""
        return self._badge

    def set_badge(self, count: int, what: str) -> None:
        """Show ``count``; ``what`` says it to those who do not see it."""
        self._badge = count
        self.setAccessibleName(f"{self._text}, {count} {what}" if count else self._text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(0, 0, 3, self.height(), QColor(theme.colours().accent))
        if not self._badge:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = str(self._badge) if self._badge < 100 else "99+"
        font = QFont(self.font())
        font.setPointSizeF(8.0)
        font.setBold(True)
        painter.setFont(font)
        width = max(18, painter.fontMetrics().horizontalAdvance(text) + 9)
        spot = QRectF(self.width() / 2 + 4, 5, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours().amber))
        painter.drawRoundedRect(spot, 9, 9)
        painter.setPen(QColor(theme.colours().on_accent))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """The way to every screen and to the keys."""

    def __init__(
        self,
        go: Callable[[str], None],
        show_keys: Callable[[], None],
        change_look: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(86)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[str, RailButton] = {}
        for name in SCREENS:
            tip = f"{_TIPS[name]} ({_key_of(name)})"
            made = RailButton(f"rail_{name}", name.capitalize(), _ICONS[name], tip)
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, n=name: go(n))
            group.addButton(made)
            layout.addWidget(made)
            self.buttons[name] = made
        layout.addStretch(1)
        sheet = RailButton("rail_keys", "Keys", "mdi6.keyboard-outline", "All keys (? or F1)")
        sheet.clicked.connect(lambda _=False: show_keys())
        tip = "Dark or light beside the pictures (Ctrl+F12)"
        look = RailButton("rail_look", "Look", "mdi6.theme-light-dark", tip)
        look.clicked.connect(lambda _=False: change_look())
        layout.addWidget(look)
        layout.addWidget(sheet)

    def show_current(self, name: str) -> None:
        """Mark the screen in hand."""
        self.buttons[name].setChecked(True)


def _key_of(screen: str) -> str:
    rows = keys.rows(keys.EVERYWHERE)
    return next(row.keys[0] for row in rows if row.action == f"screen {screen}")
