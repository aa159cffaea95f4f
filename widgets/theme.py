"""How Casehead looks: dark Fusion, one accent for what can be touched, amber for attention."""

from __future__ import annotations

from typing import Final

import qtawesome
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

GROUND: Final = "#16181b"
PANEL: Final = "#1e2125"
RAISED: Final = "#2a2e34"
LINE: Final = "#3a4048"
TEXT: Final = "#e2e5e9"
DIM: Final = "#9aa3ad"
FAINT: Final = "#6b747e"
ACCENT: Final = "#56b4e9"
ON_ACCENT: Final = "#0b1216"
AMBER: Final = "#e8a33d"
EVIDENCE: Final = "#0e0f11"

_STYLE: Final = f"""
QToolTip {{ color: {TEXT}; background: {RAISED}; border: 1px solid {LINE}; padding: 4px; }}
QPushButton, QToolButton {{
    background: {RAISED}; border: 1px solid {LINE}; border-radius: 4px; padding: 5px 9px;
}}
QPushButton:hover, QToolButton:hover {{ border-color: {ACCENT}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {GROUND}; }}
QPushButton:checked, QToolButton:checked {{ border-color: {ACCENT}; color: {ACCENT}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {ACCENT}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {FAINT}; border-color: {RAISED}; }}
QPushButton[primary="true"] {{ background: {ACCENT}; color: {ON_ACCENT}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: #7cc6ef; }}
QPushButton[primary="true"]:disabled {{ background: {RAISED}; color: {FAINT}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{ background: transparent; border: none; }}
QPushButton[flat="true"]:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit, QPlainTextEdit {{
    background: {GROUND}; border: 1px solid {LINE}; border-radius: 4px; padding: 4px 6px;
    selection-background-color: {ACCENT}; selection-color: {ON_ACCENT};
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {ACCENT}; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0 4px; }}
QRadioButton::indicator, QCheckBox::indicator {{
    width: 12px; height: 12px; background: {GROUND}; border: 1px solid {FAINT};
}}
QRadioButton::indicator {{ border-radius: 7px; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:hover, QCheckBox::indicator:hover {{ border-color: {ACCENT}; }}
QRadioButton::indicator:checked, QCheckBox::indicator:checked {{
    background: {ACCENT}; border-color: {ACCENT};
}}
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {LINE}; }}
QRadioButton, QCheckBox {{ border: 1px solid transparent; border-radius: 3px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {FAINT}; }}
QTreeView, QTableView, QListView {{
    background: {PANEL}; border: none; outline: none; alternate-background-color: {PANEL};
}}
QTreeView::item, QListView::item {{ padding: 3px 2px; }}
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {{
    background: #264a5f; color: {TEXT};
}}
QTreeView::item:hover, QListView::item:hover {{ background: {RAISED}; }}
QHeaderView::section {{
    background: {PANEL}; color: {DIM}; border: none; border-bottom: 1px solid {LINE};
    padding: 6px 8px;
}}
QScrollArea {{ border: none; }}
QSplitter::handle {{ background: {LINE}; }}
QProgressBar {{
    background: {GROUND}; border: 1px solid {LINE}; border-radius: 4px; text-align: center;
}}
QProgressBar::chunk {{ background: {ACCENT}; }}
QLabel[tone="dim"] {{ color: {DIM}; }}
QLabel[tone="amber"] {{ color: {AMBER}; }}
QLabel[tone="title"] {{ font-size: 15pt; font-weight: 600; }}
QLabel[tone="heading"] {{ font-weight: 600; }}
QFrame[panel="true"], QWidget[panel="true"] {{ background: {PANEL}; }}
QFrame#rail QToolButton {{ padding: 4px 0; }}
QFrame#rail {{ background: {PANEL}; border-right: 1px solid {LINE}; }}
QFrame#header {{ background: {PANEL}; border-bottom: 1px solid {LINE}; }}
QFrame#bottom_line {{ background: {PANEL}; border-top: 1px solid {LINE}; }}
QFrame#toast {{ background: {RAISED}; border: 1px solid {ACCENT}; border-radius: 6px; }}
QFrame#toast[attention="true"] {{ border-color: {AMBER}; }}
QFrame#banner {{ background: #4a3512; border: 1px solid {AMBER}; border-radius: 4px; }}
QFrame[drawer="true"] {{ background: {PANEL}; border-left: 1px solid {LINE}; }}
"""


def palette() -> QPalette:
    """Colours of every widget the style sheet does not name."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, GROUND),
        (role.Base, PANEL),
        (role.AlternateBase, RAISED),
        (role.Button, RAISED),
        (role.ToolTipBase, RAISED),
        (role.WindowText, TEXT),
        (role.Text, TEXT),
        (role.ButtonText, TEXT),
        (role.ToolTipText, TEXT),
        (role.BrightText, AMBER),
        (role.PlaceholderText, FAINT),
        (role.Highlight, ACCENT),
        (role.HighlightedText, ON_ACCENT),
        (role.Link, ACCENT),
        (role.LinkVisited, ACCENT),
        (role.Mid, LINE),
        (role.Light, LINE),
        (role.Dark, "#0c0d0f"),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(FAINT))
    return made


def apply(app: QApplication) -> None:
    """Give the application its look."""
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette())
    font = QFont(app.font())
    font.setPointSizeF(max(font.pointSizeF(), 10.0))
    app.setFont(font)
    app.setStyleSheet(_STYLE)


def icon(name: str, colour: str = TEXT) -> QIcon:
    """A bundled icon, for example ``mdi6.microscope``; nothing is fetched."""
    made = qtawesome.icon(name, color=colour, color_disabled=FAINT)
    assert isinstance(made, QIcon)
    return made


def set_tone(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
