"""All keys in one table: it makes the bindings and the sheet shown by "?"."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from widgets.key_row import KeyRow as KeyRow
from widgets.keys_casework import LEDGER, VERIFY, casework_rows
from widgets.keys_clock import BOARD, METRICS, clock_rows
from widgets.keys_guard import BACKUPS, JOURNAL, TRACES, guard_rows
from widgets.keys_links import GUNS, LINKS, PLACES, TIMELINE, links_rows
from widgets.keys_people import PEOPLE, people_rows

EVERYWHERE = "everywhere"
COMPARE = "compare"
CONTACT = "contact"
TITLES = {
    EVERYWHERE: "Everywhere",
    "casebook": "Casebook",
    "acquire": "Acquire",
    "candidates": "Candidates",
    CONTACT: "Contact sheet",
    GUNS: "Guns of a scene",
    COMPARE: "Compare",
    "leads": "Leads",
    BOARD: "Board",
    LEDGER: "Leads and hits",
    VERIFY: "Verifications",
    LINKS: "Link chart",
    TIMELINE: "Timeline",
    PLACES: "Map",
    METRICS: "Metrics",
    TRACES: "Traces",
    "quality": "Quality",
    "lab": "Lab",
    PEOPLE: "People",
    JOURNAL: "Journal",
    BACKUPS: "Backups",
}
WITHIN = {
    "candidates": (CONTACT,),
    "casebook": (GUNS,),
    "leads": (BOARD, LEDGER, VERIFY, LINKS, TIMELINE, PLACES, METRICS, TRACES),
    "lab": (PEOPLE, JOURNAL, BACKUPS),
}


def _compare(action: str, *keys: str, does: str = "", shown: str = "") -> KeyRow:
    return KeyRow(COMPARE, action, keys, does, shown)


def _picture(action: str, *keys: str, does: str = "", shown: str = "") -> KeyRow:
    return KeyRow(COMPARE, action, keys, does, shown, on_picture=True)


def _frames() -> Iterable[KeyRow]:
    """Frames combined into one picture."""
    does, shown = "single, average, bracket, stack, fields, lights", "Alt+1 ... 6"
    kinds = ("single", "average", "exposure", "focus", "stitch", "lights")
    for number, kind in enumerate(kinds, 1):
        yield KeyRow("acquire", f"frames {kind}", (f"Alt+{number}",), does, shown)
        does = ""
    does = "finish the frames, then keep what they made"
    yield KeyRow("acquire", "finish frames", ("Return", "Enter"), does, on_picture=True)
    does = "back to the frames, drop them"
    yield KeyRow("acquire", "drop frames", ("Esc",), does, on_picture=True)
    yield KeyRow("acquire", "bring frames back", ("Ctrl+Z",), "bring them back", on_picture=True)
    does = "take the last frame out"
    yield KeyRow("acquire", "remove frame", ("Backspace",), does, on_picture=True)


def _pages(screen: str, *pages: str) -> Iterable[KeyRow]:
    """The pages of a screen by the keys from F2 on."""
    does = ", ".join(pages)
    shown = f"F2 ... F{len(pages) + 1}"
    for number, page in enumerate(pages, 2):
        yield KeyRow(screen, f"page {page}", (f"F{number}",), does if number == 2 else "", shown)


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


def _positions() -> Iterable[KeyRow]:
    """Nine stored positions: recalled with Alt, stored with Ctrl and Alt."""
    for what, prefix, does in (
        ("position", "Alt+", "recall a stored position"),
        ("store position", "Ctrl+Alt+", "store the position you see"),
    ):
        for slot in range(1, 10):
            keys = f"{prefix}{slot}"
            shown = f"{prefix}1 ... 9"
            yield _compare(f"{what} {slot}", keys, does=does if slot == 1 else "", shown=shown)


def _lights() -> Iterable[KeyRow]:
    """The light on scans, or which image of a set, and how the picture is adjusted."""
    does = "turn the light, or switch it (Shift: raise, lower)"
    yield _compare("light turn 15", "I", does=does, shown="I  J")
    yield _compare("light turn -15", "J")
    yield _compare("light raise 5", "Shift+I")
    yield _compare("light raise -5", "Shift+J")
    yield _picture("light circles while held", "Q", does="the light circles while held")
    yield _picture("light preset above", "Ctrl+Shift+Home", does="light from above")
    does = "grazing light from there"
    for name, key in (("left", "Left"), ("right", "Right"), ("top", "Up"), ("bottom", "Down")):
        keys = f"Ctrl+Shift+{key}"
        yield _picture(f"light preset {name}", keys, does=does, shown="Ctrl+Shift+arrows")
        does = ""
    does = "fine detail brought out (Shift: form)"
    yield _compare("light detail 0.25", "Alt+I", does=does, shown="Alt+I  J")
    yield _compare("light detail -0.25", "Alt+J")
    yield _compare("light form 0.25", "Alt+Shift+I")
    yield _compare("light form -0.25", "Alt+Shift+J")
    yield _picture("light reset", "Ctrl+Home", does="the light as at first")
    yield _compare("light link", "Ctrl+L", does="one light for both sides, or one for each")
    yield _compare("surface next", "Shift+L", does="scans as light, heights, slopes")
    yield _compare("relief", "9", does="3D view of both scans")
    yield from _adjustments()


def _adjustments() -> Iterable[KeyRow]:
    for what, prefix, step in (
        ("brightness", "Ctrl+", 5),
        ("contrast", "Shift+", 5),
        ("gamma", "Ctrl+Shift+", 0.1),
        ("local_contrast", "Alt+", 10),
        ("sharpen", "Alt+Shift+", 10),
    ):
        does = f"more, less {what.replace('_', ' ').replace('sharpen', 'sharpening')}"
        shown = f"{prefix}PgUp  PgDown"
        yield _compare(f"adjust {what} {step}", f"{prefix}PgUp", does=does, shown=shown)
        yield _compare(f"adjust {what} -{step}", f"{prefix}PgDown")
    yield _compare("adjust invert", "Ctrl+I", does="invert")
    yield _compare("adjust colour", "Ctrl+F", does="false colour: the next scale")
    yield _compare("adjust link", "Ctrl+Shift+L", does="adjust both sides alike, or each")
    yield _picture("adjust reset", "Backspace", does="all adjustments off")


def _steps() -> Iterable[KeyRow]:
    """The protocol, and the helps for placing a specimen."""
    shown = "PgDown  PgUp"
    yield KeyRow("acquire", "next step", ("PgDown",), "next, previous step", shown)
    yield KeyRow("acquire", "previous step", ("PgUp",), "")
    yield KeyRow("acquire", "settle step", ("X",), "not on this case (asks why), or take it back")
    yield KeyRow("acquire", "ghost", ("G",), "the previous specimen over the live picture")
    yield KeyRow("acquire", "ghost more", ("]",), "more, less of it", "]  [")
    yield KeyRow("acquire", "ghost less", ("[",), "")
    yield KeyRow("acquire", "circles", ("C",), "find the mark as you look (Shift: find it again)")
    yield KeyRow("acquire", "find again", ("Shift+C",), "")
    yield KeyRow("acquire", "orientation", ("O",), "clock: how the case lies (Shift: by what)")
    yield KeyRow("acquire", "orientation by", ("Shift+O",), "")
    does = "captured image shown: keep its region, go back"
    yield KeyRow("acquire", "review", (), does, "Enter  Esc")


TABLE: tuple[KeyRow, ...] = (
    KeyRow(EVERYWHERE, "sheet", ("?", "F1"), "show this sheet"),
    KeyRow(EVERYWHERE, "look", ("Ctrl+F12",), "dark or light beside the pictures"),
    KeyRow(EVERYWHERE, "lock", ("Ctrl+F11",), "lock the station; all stays as it is"),
    KeyRow(EVERYWHERE, "sign out", ("Ctrl+Shift+F11",), "sign out"),
    KeyRow(EVERYWHERE, "screen casebook", ("Ctrl+1",), "casebook"),
    KeyRow(EVERYWHERE, "screen acquire", ("Ctrl+2",), "acquire"),
    KeyRow(EVERYWHERE, "screen candidates", ("Ctrl+3",), "candidates"),
    KeyRow(EVERYWHERE, "screen compare", ("Ctrl+4",), "compare"),
    KeyRow(EVERYWHERE, "screen leads", ("Ctrl+5",), "leads and hits"),
    KeyRow(EVERYWHERE, "screen quality", ("Ctrl+6",), "quality"),
    KeyRow(EVERYWHERE, "screen lab", ("Ctrl+7",), "laboratory"),
    KeyRow("casebook", "new", ("Ctrl+N",), "register a cartridge case"),
    KeyRow("casebook", "import folder", ("Ctrl+I",), "import a folder"),
    KeyRow("casebook", "import files", ("Ctrl+Shift+I",), "import files"),
    KeyRow("casebook", "filter", ("Ctrl+F",), "filter the tree"),
    KeyRow("casebook", "acquire", ("A",), "acquire images of this mark"),
    KeyRow("casebook", "search", ("S",), "search with this image"),
    KeyRow("casebook", "search beyond", ("Shift+S",), "search beyond the search area"),
    KeyRow("casebook", "search area", ("Ctrl+Shift+S",), "say which agencies are searched"),
    KeyRow("casebook", "compare", ("C",), "compare with another image"),
    KeyRow("casebook", "record", ("R",), "record: fields, corrections, custody"),
    KeyRow("casebook", "export", ("E",), "export the exhibit's entry"),
    KeyRow("casebook", "issue", ("P",), "issue a report or a package"),
    KeyRow("casebook", "circles", (), "image: choose the outer or inner circle", shown="O  I"),
    KeyRow("casebook", "circle", (), "image: move it, change its radius", shown="arrows  +  -"),
    KeyRow("casebook", "keep region", (), "image: keep the region, or go back", shown="Enter  Esc"),
    KeyRow("acquire", "capture", ("Space",), "capture the frame you see"),
    KeyRow("acquire", "freeze", ("F",), "freeze the picture, let it live again"),
    KeyRow("acquire", "use all the same", ("U",), "use the last capture, whatever its quality"),
    KeyRow("acquire", "new", ("Ctrl+N",), "register a cartridge case"),
    KeyRow("acquire", "next case", ("Ctrl+Shift+N",), "next case of the exhibit, all carried over"),
    KeyRow("acquire", "intake", ("Ctrl+E",), "write case, exhibit, label in line; Enter registers"),
    KeyRow("acquire", "read labels", ("Ctrl+B",), "read evidence labels with the camera"),
    KeyRow("acquire", "calibrate", ("Ctrl+K",), "calibrate the camera"),
    *_steps(),
    KeyRow("acquire", "page session", ("F2",), "session, camera, frames, relief", "F2 ... F5"),
    KeyRow("acquire", "page camera", ("F3",), ""),
    KeyRow("acquire", "page frames", ("F4",), ""),
    KeyRow("acquire", "page relief", ("F5",), ""),
    KeyRow("acquire", "flash", ("B",), "flash what is at full scale or black"),
    KeyRow("acquire", "focus map", ("M",), "tint what is sharp"),
    KeyRow("acquire", "focus anew", ("Shift+M",), "forget the best focus so far"),
    KeyRow("acquire", "fit", ("0",), "the whole picture (the wheel zooms, dragging moves)"),
    KeyRow("acquire", "full", ("1",), "a pixel of the picture is one of the screen"),
    KeyRow("acquire", "zoom in", ("+", "="), "zoom in, out", "+  -"),
    KeyRow("acquire", "zoom out", ("-",), ""),
    *_frames(),
    *_pages(
        "leads", "board", "ledger", "verify", "links", "timeline", "places", "metrics", "traces"
    ),
    *clock_rows(),
    *casework_rows(),
    *guard_rows(),
    *links_rows(),
    *people_rows(),
    *_pages("lab", "people", "journal", "backups"),
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
    KeyRow("candidates", "turn", (), "unfold or fold what is of one gun", shown="Space"),
    KeyRow("candidates", "undo review", ("U", "Ctrl+U", "Ctrl+Z"), "take the last review back"),
    KeyRow("candidates", "filter", ("F",), "show all, only new, only later"),
    KeyRow("candidates", "sort", ("S",), "sort by the next column (Shift: turn it round)"),
    KeyRow("candidates", "sort back", ("Shift+S",), ""),
    KeyRow("candidates", "contact", ("C",), "contact sheet: all aligned to the query"),
    KeyRow("candidates", "fill", ("M",), "compare what is missing"),
    KeyRow("candidates", "record review", ("R",), "record the review of this list"),
    KeyRow("candidates", "propose lead", ("P",), "propose a lead from a kept candidate"),
    KeyRow(CONTACT, "go", (), "go through the tiles; Enter compares", shown="arrows"),
    KeyRow(CONTACT, "show split field", ("1",), "split field"),
    KeyRow(CONTACT, "show candidate alone", ("2",), "candidate alone"),
    KeyRow(CONTACT, "show overlay", ("3",), "overlay"),
    KeyRow(CONTACT, "zoom in", ("+", "="), "enlarge all, all smaller", shown="+  -"),
    KeyRow(CONTACT, "zoom out", ("-",), ""),
    KeyRow(CONTACT, "whole", ("0",), "the whole mark in every tile"),
    KeyRow(CONTACT, "pan left", ("Shift+Left",), "move all", shown="Shift+arrows"),
    KeyRow(CONTACT, "pan right", ("Shift+Right",), ""),
    KeyRow(CONTACT, "pan up", ("Shift+Up",), ""),
    KeyRow(CONTACT, "pan down", ("Shift+Down",), ""),
    KeyRow(CONTACT, "light left", ("I",), "turn the light (Shift: raise, lower)", shown="I  J"),
    KeyRow(CONTACT, "light right", ("J",), ""),
    KeyRow(CONTACT, "light up", ("Shift+I",), ""),
    KeyRow(CONTACT, "light down", ("Shift+J",), ""),
    KeyRow(CONTACT, "larger", ("Ctrl++", "Ctrl+="), "fewer, more tiles", shown="Ctrl+  Ctrl-"),
    KeyRow(CONTACT, "smaller", ("Ctrl+-",), ""),
    KeyRow(CONTACT, "turn", ("Space",), "unfold or fold what is of one gun"),
    KeyRow(CONTACT, "close", ("Esc", "C"), "back to the list"),
    KeyRow("quality", "check", ("C",), "check the instrument with the picture seen on Acquire"),
    KeyRow("quality", "declare", ("R",), "reference case and schedule"),
    KeyRow("quality", "sign", ("S",), "sign for an instrument that is locked"),
    _compare("mode split", "1", does="split field"),
    _compare("mode side", "2", does="side by side"),
    _compare("mode overlay", "3", does="overlay"),
    _compare("mode blink", "4", does="blink"),
    _compare("mode difference", "5", does="difference"),
    _compare("mode checkerboard", "6", does="checkerboard"),
    _compare("mode edges", "7", does="edges of one over the other"),
    _compare("mode red and cyan", "8", does="red and cyan"),
    _compare("more", "PgUp", does="more, less opacity, blink, squares", shown="PgUp  PgDown"),
    _compare("less", "PgDown"),
    _picture("blink while held", "Space", does="blink while held"),
    _picture("original while held", "B", does="everything as captured while held"),
    *_nudges(),
    *_turns(),
    _compare("align", "A", does="align automatically, or by the area outlined"),
    _compare("align near", "Shift+A", does="align from where the right specimen lies"),
    _compare("align area", "Ctrl+Shift+A"),
    _compare("note", "N", does="note; again: arrow, line, box, ellipse, outline, text"),
    _compare("area brush", "G", does="area of agreement; again: of disagreement"),
    _compare("index mark", "Shift+O", does="index mark: which way was up"),
    _compare("subclass", "Shift+G", does="flag possible subclass: area in hand, or all"),
    _compare("annotations", "Shift+N", does="show or hide what is drawn"),
    _compare("tool outline", "O", does="outline an area to align by"),
    _compare("tool landmarks", "T", does="align by landmarks on both specimens"),
    _compare("score here", "Shift+C", does="cells and score as the pair lies"),
    *_positions(),
    *_lights(),
    _compare("undo", "Ctrl+Z", does="undo alignment and view"),
    _compare("redo", "Ctrl+Y", "Ctrl+Shift+Z", does="redo"),
    _compare("fit", "0", does="fit"),
    _compare("zoom in", "+", "=", does="zoom in (the wheel zooms at the pointer)"),
    _compare("zoom out", "-", does="zoom out"),
    _compare("turn both left", "[", does="turn both specimens 1°", shown="[  ]"),
    _compare("turn both right", "]"),
    _compare("cells", "C", does="congruent cells"),
    _compare("similarity", "M", does="similarity map: where the marks agree"),
    _compare("next area", "Ctrl+Right", does="next area of agreement", shown="Ctrl+Right  Left"),
    _compare("previous area", "Ctrl+Left"),
    _compare("confirm area", "Ctrl+Return", "Ctrl+Enter", does="confirm the area"),
    _compare("ignore area", "Ctrl+Backspace", does="ignore it, go on"),
    _compare("tool distance", "R", does="measure a distance (Shift angle, Ctrl area)"),
    _compare("tool angle", "Shift+R"),
    _compare("tool area", "Ctrl+R"),
    _compare("tool profile", "P", does="profile line through both"),
    _compare("profile csv", "Ctrl+P", does="export the profile"),
    _compare("loupe", "Z", does="loupe at the pointer (the wheel changes its power)"),
    _compare("mirror", "Shift+Z", does="mirrored cursor on, off"),
    _compare("second screen", "Shift+F11", does="the pair on a second screen"),
    _compare("page measure", "F4"),
    _compare("divider horizontal", "H", does="dividing line horizontal"),
    _compare("divider vertical", "V", does="dividing line vertical"),
    _compare("turn divider 5", "Shift+V", does="turn the dividing line 5°", shown="Shift+V  H"),
    _compare("turn divider -5", "Shift+H"),
    _compare("curtain", "W", does="curtain: the dividing line follows the mouse"),
    _compare("lock", "U", does="lock both specimens together, unlock"),
    _compare("exchange", "X", does="exchange left and right"),
    _picture("next candidate", "Tab", does="next candidate"),
    _picture("previous candidate", "Shift+Tab", "Shift+Backtab", does="previous candidate"),
    _compare("keep", "K", does="keep the candidate and go on"),
    _compare("dismiss", "D", does="dismiss it and go on"),
    _compare("later", "L", does="later; go on"),
    _compare("undo review", "Ctrl+U", does="take the last review back"),
    _compare("fold strip", "Shift+F", does="show or fold the list"),
    _compare("save", "S", "Ctrl+S", does="save this view with the comparison"),
    _compare("save named", "Shift+S", does="keep this view under a name of its own"),
    _compare("export", "E", does="export the view"),
    _compare("report", "Shift+E", does="report of the comparison (PDF)"),
    _compare("drawer", "F", does="open or fold the drawer"),
    _compare("page align", "F2", does="drawer: align, light, measure, notes", shown="F2 ... F5"),
    _compare("page light", "F3"),
    _compare("page notes", "F5"),
    _compare("page explain", "F6", does="drawer: explain, conclude, keep", shown="F6  F7  F8"),
    _compare("page conclude", "F7"),
    _compare("page keep", "F8"),
    _compare("page class", "F9", does="drawer: class characteristics, subclass"),
    _compare("verification", "Y", does="verification: ask for it, or give it"),
    _compare("full screen", "F11", does="the evidence alone on the whole screen", shown="F11  Esc"),
    _picture("leave", "Esc"),
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
