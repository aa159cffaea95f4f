"""All keys in one table: it makes the bindings and the sheet shown by "?"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

EVERYWHERE = "everywhere"
COMPARE = "compare"
_TITLES = {
    EVERYWHERE: "Everywhere",
    "casebook": "Casebook",
    "acquire": "Acquire",
    "candidates": "Candidates",
    COMPARE: "Compare",
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action of a screen.

    ``keys`` are key sequences as Qt writes them ("Shift+Left"); the first is the one shown.
    ``shown`` replaces them on the sheet; a row with ``does`` "" is not on the sheet (it belongs
    to the row before it). ``on_picture`` rows act only while the picture has the focus, so that
    arrows, Tab and Enter keep their use in the controls beside it.
    """

    screen: str
    action: str
    keys: tuple[str, ...]
    does: str
    shown: str = ""
    on_picture: bool = False


def _compare(action: str, *keys: str, does: str = "", shown: str = "") -> KeyRow:
    return KeyRow(COMPARE, action, keys, does, shown)


def _picture(action: str, *keys: str, does: str = "", shown: str = "") -> KeyRow:
    return KeyRow(COMPARE, action, keys, does, shown, on_picture=True)


def _nudges() -> Iterable[KeyRow]:
    """Arrows in the three steps; micrometres are part of the action's name."""
    does = "move the right specimen 10 µm (Shift 100, Alt 1)"
    for prefix, step in (("", 10), ("Shift+", 100), ("Alt+", 1)):
        for name in ("Left", "Right", "Up", "Down"):
            yield _picture(f"nudge {name.lower()} {step}", prefix + name, does=does, shown="arrows")
            does = ""


def _turns() -> Iterable[KeyRow]:
    """Comma and full stop; Shift gives other characters on many keyboards."""
    does = "turn the right specimen 0.1° (Shift 1°, Ctrl 10°)"
    for way, key, shifted in ((1, ",", ("<", ";")), (-1, ".", (">", ":"))):
        extra = tuple(f"Shift+{c}" for c in shifted)
        for step, keys in (
            ("0.1", (key,)),
            ("1", (f"Shift+{key}", *extra)),
            ("10", (f"Ctrl+{key}",)),
        ):
            yield _compare(f"turn {'-' if way < 0 else ''}{step}", *keys, does=does, shown=",  .")
            does = ""


TABLE: tuple[KeyRow, ...] = (
    KeyRow(EVERYWHERE, "sheet", ("?", "F1"), "show this sheet"),
    KeyRow(EVERYWHERE, "screen casebook", ("Ctrl+1",), "casebook"),
    KeyRow(EVERYWHERE, "screen acquire", ("Ctrl+2",), "acquire"),
    KeyRow(EVERYWHERE, "screen candidates", ("Ctrl+3",), "candidates"),
    KeyRow(EVERYWHERE, "screen compare", ("Ctrl+4",), "compare"),
    KeyRow("casebook", "new", ("Ctrl+N",), "register a cartridge case"),
    KeyRow("casebook", "import folder", ("Ctrl+I",), "import a folder"),
    KeyRow("casebook", "import files", ("Ctrl+Shift+I",), "import files"),
    KeyRow("casebook", "filter", ("Ctrl+F",), "filter the tree"),
    KeyRow("casebook", "acquire", ("A",), "acquire images of this mark"),
    KeyRow("casebook", "search", ("S",), "search with this image"),
    KeyRow("casebook", "compare", ("C",), "compare with another image"),
    KeyRow("casebook", "export", ("E",), "export the exhibit's entry"),
    KeyRow("casebook", "circles", (), "image: choose the outer or inner circle", shown="O  I"),
    KeyRow("casebook", "circle", (), "image: move it, change its radius", shown="arrows  +  -"),
    KeyRow("casebook", "keep region", (), "image: keep the region, or go back", shown="Enter  Esc"),
    KeyRow("acquire", "capture", ("Space",), "capture the frame you see"),
    KeyRow("acquire", "freeze", ("F",), "freeze the picture, let it live again"),
    KeyRow("acquire", "new", ("Ctrl+N",), "register a cartridge case"),
    KeyRow("candidates", "go", (), "previous, next candidate", shown="Up  Down"),
    KeyRow("candidates", "compare", ("Return", "Enter"), "compare the pair"),
    KeyRow("candidates", "keep", ("K",), "keep the candidate and go on"),
    KeyRow("candidates", "dismiss", ("D",), "dismiss it and go on"),
    KeyRow("candidates", "later", ("L",), "later; go on"),
    KeyRow("candidates", "previous search", ("Ctrl+Up",), "previous search"),
    KeyRow("candidates", "next search", ("Ctrl+Down",), "next search"),
    KeyRow("candidates", "everything", ("Ctrl+E",), "search everything"),
    KeyRow("candidates", "by mark", ("1",), "candidates of one mark"),
    KeyRow("candidates", "by cartridge case", ("2",), "all marks, by cartridge case"),
    KeyRow("candidates", "by gun", ("3",), "all marks, by gun"),
    KeyRow("candidates", "choose mark", (), "mark shown and compared", shown="Left  Right"),
    KeyRow("candidates", "turn", (), "open or fold a gun", shown="Space"),
    KeyRow("candidates", "fill", ("M",), "compare what is missing"),
    _compare("mode split", "1", does="split field"),
    _compare("mode side", "2", does="side by side"),
    _compare("mode overlay", "3", does="overlay"),
    _compare("mode blink", "4", does="blink"),
    _compare("mode difference", "5", does="difference"),
    _picture("blink while held", "Space", does="blink while held"),
    *_nudges(),
    *_turns(),
    _compare("align", "A", does="align automatically"),
    _compare("undo", "Ctrl+Z", does="undo alignment and view"),
    _compare("redo", "Ctrl+Y", "Ctrl+Shift+Z", does="redo"),
    _compare("fit", "0", does="fit"),
    _compare("zoom in", "+", "=", does="zoom in (the wheel zooms at the pointer)"),
    _compare("zoom out", "-", does="zoom out"),
    _compare("turn both left", "[", does="turn both specimens 1°", shown="[  ]"),
    _compare("turn both right", "]"),
    _compare("cells", "C", does="congruent cells"),
    _compare("similarity", "M", does="similarity map: where the marks agree"),
    _compare("divider horizontal", "H", does="dividing line horizontal"),
    _compare("divider vertical", "V", does="dividing line vertical"),
    _compare("exchange", "X", does="exchange left and right"),
    _picture("next candidate", "Tab", does="next candidate"),
    _picture("previous candidate", "Shift+Tab", "Shift+Backtab", does="previous candidate"),
    _compare("keep", "K", does="keep the candidate and go on"),
    _compare("dismiss", "D", does="dismiss it and go on"),
    _compare("later", "L", does="later; go on"),
    _compare("save", "S", "Ctrl+S", does="save this view with the comparison"),
    _compare("export", "E", does="export the picture"),
    _compare("drawer", "F", does="open or fold the drawer"),
    _picture("conclude", "Return", "Enter", does="conclude"),
)


def rows(screen: str) -> tuple[KeyRow, ...]:
    """The rows of one screen and those that hold everywhere."""
    return tuple(r for r in TABLE if r.screen in (screen, EVERYWHERE))


def find(screen: str, event: QKeyEvent) -> KeyRow | None:
    """The row a key press belongs to on a screen, if any."""
    for name in _names(event):
        for row in rows(screen):
            if name in row.keys:
                return row
    return None


def _names(event: QKeyEvent) -> list[str]:
    """What the press may be called: signs are found with and without the Shift that made them."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    names = [_name(modifiers, event.key())]
    if 0x20 < event.key() < 0x100 and not chr(event.key()).isalnum():
        names.append(_name(modifiers & ~Qt.KeyboardModifier.ShiftModifier, event.key()))
    return names


def _name(modifiers: Qt.KeyboardModifier, key: int) -> str:
    combination = QKeyCombination(modifiers, Qt.Key(key))
    return QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText)


class KeySheet(QDialog):
    """The keys of a screen in two columns."""

    def __init__(self, screen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_sheet")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        for part in (screen, EVERYWHERE):
            title = QLabel(f"<b>{_TITLES.get(part, part.capitalize())}</b>")
            layout.addWidget(title)
            layout.addLayout(_grid([r for r in TABLE if r.screen == part and r.does]))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _grid(shown: list[KeyRow]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    half = (len(shown) + 1) // 2 if len(shown) > 6 else len(shown)
    for index, row in enumerate(shown):
        column, line = divmod(index, half)
        key = QLabel(row.shown or _for_reading(row.keys[0]))
        key.setAlignment(Qt.AlignmentFlag.AlignRight)
        key.setStyleSheet("font-weight: 600")
        grid.addWidget(key, line, column * 2)
        grid.addWidget(QLabel(row.does), line, column * 2 + 1)
        grid.setColumnStretch(column * 2 + 1, 1)
    return grid


def _for_reading(key: str) -> str:
    return "Enter" if key == "Return" else key
