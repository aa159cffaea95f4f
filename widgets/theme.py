"""How Casehead looks: Fusion, dark or light; one accent for what can be touched, amber for
attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from widgets import icons

LOOKS: Final = ("dark", "light")
_LOOK: Final = "casehead_look"

EVIDENCE: Final = "#0e0f11"
ON_EVIDENCE: Final = "#e2e5e9"
DIM_ON_EVIDENCE: Final = "#9aa3ad"
ACCENT_ON_EVIDENCE: Final = "#56b4e9"
AMBER_ON_EVIDENCE: Final = "#e8a33d"
"""Around and over pictures it is dark in every look: light there would change what is seen."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of everything but pictures."""

    ground: str = "#16181b"
    panel: str = "#1e2125"
    raised: str = "#2a2e34"
    line: str = "#3a4048"
    text: str = "#e2e5e9"
    dim: str = "#9aa3ad"
    faint: str = "#6b747e"
    accent: str = "#56b4e9"
    bright: str = "#7cc6ef"
    on_accent: str = "#0b1216"
    amber: str = "#e8a33d"
    selected: str = "#264a5f"
    banner: str = "#4a3512"
    shadow: str = "#0c0d0f"


DARK: Final = Look()
LIGHT: Final = Look(
    ground="#f6f7f9",
    panel="#e9ecf0",
    raised="#ffffff",
    line="#b9c1ca",
    text="#1a1e23",
    dim="#4d5761",
    faint="#7d8792",
    accent="#0a6ca6",
    bright="#0f83c6",
    on_accent="#ffffff",
    amber="#8f5200",
    selected="#c5e1f3",
    banner="#ffe7bf",
    shadow="#8a939d",
)


def look() -> str:
    """The look in use, one of LOOKS; the application carries it."""
    app = QApplication.instance()
    return "light" if app is not None and app.property(_LOOK) == "light" else "dark"


def colours() -> Look:
    """The colours of the look in use."""
    return LIGHT if look() == "light" else DARK


def _style(c: Look) -> str:
    return f"""
QToolTip {{ color: {c.text}; background: {c.raised}; border: 1px solid {c.line}; padding: 4px; }}
QPushButton, QToolButton {{
    background: {c.raised}; border: 1px solid {c.line}; border-radius: 4px; padding: 5px 9px;
}}
QPushButton:hover, QToolButton:hover {{ border-color: {c.accent}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.ground}; }}
QPushButton:checked, QToolButton:checked {{ border-color: {c.accent}; color: {c.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {c.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.faint}; border-color: {c.raised}; }}
QPushButton[primary="true"] {{ background: {c.accent}; color: {c.on_accent}; font-weight: 600; }}
QPushButton[primary="true"]:hover {{ background: {c.bright}; }}
QPushButton[primary="true"]:disabled {{ background: {c.raised}; color: {c.faint}; }}
QPushButton[flat="true"], QToolButton[flat="true"] {{ background: transparent; border: none; }}
QPushButton[flat="true"]:focus {{ border: 1px solid {c.accent}; }}
QLineEdit, QPlainTextEdit {{
    background: {c.ground}; border: 1px solid {c.line}; border-radius: 4px; padding: 4px 6px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {c.accent}; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0 4px; }}
QComboBox, QAbstractSpinBox {{ min-height: 24px; }}
QWidget#compare_drawer QComboBox, QWidget#compare_drawer QAbstractSpinBox {{ min-height: 0; }}
QRadioButton::indicator, QCheckBox::indicator {{
    width: 12px; height: 12px; background: {c.ground}; border: 1px solid {c.faint};
}}
QRadioButton::indicator {{ border-radius: 7px; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:hover, QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
QRadioButton::indicator:checked, QCheckBox::indicator:checked {{
    background: {c.accent}; border-color: {c.accent};
}}
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {c.line}; }}
QRadioButton, QCheckBox {{ border: 1px solid transparent; border-radius: 3px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {c.faint}; }}
QTreeView, QTableView, QListView {{
    background: {c.panel}; border: none; outline: none; alternate-background-color: {c.panel};
}}
QTreeView::item, QListView::item {{ padding: 3px 2px; }}
QTableView[indented="true"]::item {{ padding-left: 5px; }}
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {{
    background: {c.selected}; color: {c.text};
}}
QTreeView::item:hover, QListView::item:hover {{ background: {c.raised}; }}
QHeaderView::section {{
    background: {c.panel}; color: {c.dim}; border: none; border-bottom: 1px solid {c.line};
    padding: 6px 8px;
}}
QScrollArea {{ border: none; }}
QTabBar::tab {{
    background: transparent; color: {c.dim}; padding: 7px 12px; border: 1px solid transparent;
    border-bottom: 2px solid transparent;
}}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.accent}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus:selected {{ background: {c.raised}; }}
QTabBar::tab:disabled {{ color: {c.faint}; }}
QSplitter::handle {{ background: {c.line}; }}
QProgressBar {{
    background: {c.ground}; border: 1px solid {c.line}; border-radius: 4px; text-align: center;
}}
QProgressBar::chunk {{ background: {c.accent}; }}
QLabel[tone="dim"] {{ color: {c.dim}; }}
QLabel[tone="amber"] {{ color: {c.amber}; }}
QLabel[tone="title"] {{ font-size: 15pt; font-weight: 600; }}
QLabel[tone="heading"] {{ font-weight: 600; }}
QFrame[panel="true"], QWidget[panel="true"] {{ background: {c.panel}; }}
QFrame#rail QToolButton {{ padding: 4px 0; }}
QFrame#rail {{ background: {c.panel}; border-right: 1px solid {c.line}; }}
QFrame#header {{ background: {c.panel}; border-bottom: 1px solid {c.line}; }}
QFrame#bottom_line {{ background: {c.panel}; border-top: 1px solid {c.line}; }}
QFrame#toast {{ background: {c.raised}; border: 1px solid {c.accent}; border-radius: 6px; }}
QFrame#toast[attention="true"] {{ border-color: {c.amber}; }}
QFrame#banner {{ background: {c.banner}; border: 1px solid {c.amber}; border-radius: 4px; }}
QFrame[drawer="true"] {{ background: {c.panel}; border-left: 1px solid {c.line}; }}
"""


def palette(c: Look) -> QPalette:
    """Colours of every widget the style sheet does not name."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, c.ground),
        (role.Base, c.panel),
        (role.AlternateBase, c.raised),
        (role.Button, c.raised),
        (role.ToolTipBase, c.raised),
        (role.WindowText, c.text),
        (role.Text, c.text),
        (role.ButtonText, c.text),
        (role.ToolTipText, c.text),
        (role.BrightText, c.amber),
        (role.PlaceholderText, c.faint),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Link, c.accent),
        (role.LinkVisited, c.accent),
        (role.Mid, c.line),
        (role.Light, c.line),
        (role.Dark, c.shadow),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.faint))
    return made


def apply(app: QApplication, wanted: str = "dark") -> None:
    """Give the application one of LOOKS; what is open takes it on, icons at the next start."""
    app.setProperty(_LOOK, wanted)
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(schemes.get(wanted, Qt.ColorScheme.Dark))
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(colours()))
    font = QFont(app.font())
    font.setPointSizeF(max(font.pointSizeF(), 10.0))
    app.setFont(font)
    app.setStyleSheet(_style(colours()))


def icon(name: str, colour: str = "") -> QIcon:
    """A bundled icon, for example ``mdi6.microscope``; nothing is fetched."""
    c = colours()
    return icons.drawn(name, colour or c.text, c.faint)


def set_tone(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at, and look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
