"""What the tasks of casework share: a small casebook, people who sign in at its window in turn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.casework.people import PersonRole, Skill
from app.domain import Author, Role
from app.main import application
from app.workbench import Registration, Workbench
from tests.widgets.conftest import bench_frame, close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow
from widgets.workplace import Workplace

OKAFOR, MENSAH, LINDQVIST = "R. Okafor", "K. Mensah", "J. Lindqvist"
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", OKAFOR, "XX0990100")
PATIENCE_MS = 30_000
NO_KEY = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
HELD = (
    # case, label, gun, shot
    ("2026-0412", "1A", 1, 1),
    ("2025-1107", "1A", 1, 2),
    ("2026-0451", "1A", 2, 1),
    ("2026-0460", "1A", 3, 1),
)
_SAID = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
W = TypeVar("W", bound=QWidget)


def build(folder: Path) -> None:
    """Three people, four cases with a picture each; two of the pictures are of one gun."""
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_up(AUTHOR, None)
    for name in (MENSAH, LINDQVIST):
        person = workbench.add_person(name, {PersonRole.EXAMINER})
        for skill in (Skill.ACQUIRE, Skill.REVIEW, Skill.EXAMINE):
            workbench.grant_qualification(person.id, skill, "2020-01-01")
    for case, label, gun, shot in HELD:
        mark = workbench.register(_registration(case, label))
        workbench.capture(mark.id, bench_frame(gun, shot), camera="bench")
    workbench.sign_out()
    workbench.close()


def _registration(case: str, label: str) -> Registration:
    """With all that is required."""
    return Registration(
        *(case, "1", label, Role.EVIDENCE, "9 mm Luger", "circular", "parallel"),
        event_kind="shots fired",
        event_at="2026-04-12",
        event_place="Pier 4",
        facts={"exhibit.entry_reason": "crime gun"},
    )


class CaseworkBench:
    """The window on a casebook, used with mouse and keyboard by whoever is signed in."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        application()
        self.qtbot, self.folder = qtbot, folder
        self.workbench = Workbench(folder, automatic_search=False)
        self.window = MainWindow(self.workbench, Bridge(self.workbench))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    # --- hands -----------------------------------------------------------------------------
    def until(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=PATIENCE_MS)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        """Whatever has the focus gets it."""
        widget = QApplication.focusWidget() or self.window
        self.qtbot.keyClick(widget, key, modifier)  # type: ignore[no-untyped-call]

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert isinstance(widget, QWidget)
        self.qtbot.keyClicks(widget, text)  # type: ignore[no-untyped-call]

    def find(self, kind: type[W], name: str) -> W:
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def seen(self, kind: type[W], name: str) -> bool:
        return any(w.isVisible() for w in self.window.findChildren(kind, name))

    def click(self, name: str) -> None:
        self.until(lambda: self.seen(QAbstractButton, name))
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled)
        self.qtbot.mouseClick(button, LEFT)

    def write(self, name: str, text: str) -> None:
        """Into a line, a text or a choice that takes other words."""
        self.until(lambda: self.seen(QWidget, name))
        field = self.find(QWidget, name)
        if isinstance(field, QComboBox):
            line = field.lineEdit()
            assert line is not None
            field = line
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)  # type: ignore[no-untyped-call]

    def choose(self, name: str, words: str) -> None:
        """From a list."""
        box = self.find(QComboBox, name)
        box.setFocus()
        at = next(n for n in range(box.count()) if words in box.itemText(n))
        while box.currentIndex() != at:
            way = Qt.Key.Key_Down if box.currentIndex() < at else Qt.Key.Key_Up
            self.qtbot.keyClick(box, way)  # type: ignore[no-untyped-call]

    def words(self, name: str) -> str:
        """What a label says, nothing while it is not seen."""
        found = [w for w in self.window.findChildren(QLabel, name) if w.isVisible()]
        return found[0].text() if found else ""

    def until_words(self, name: str, words: str) -> None:
        self.until(lambda: words in self.words(name))

    # --- who works here --------------------------------------------------------------------
    @property
    def place(self) -> Workplace:
        return self.window.place

    def sign_in(self, name: str) -> None:
        """At the real page, after whoever was here has signed out."""
        if self.window.current != "sign in":
            self.press(Qt.Key.Key_F11, CONTROL | SHIFT)
            self.until(lambda: self.window.current == "sign in")
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.write("sign_in_name", name)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.window.usable and name in self.words("who"))
        self.until(lambda: self.window.casebook.ready)

    # --- ways ------------------------------------------------------------------------------
    def to_candidates(self) -> None:
        self.press(Qt.Key.Key_3, CONTROL)
        self.until(lambda: self.window.candidates.ready)

    def to_ledger(self, part: Qt.Key) -> None:
        """The ledger by keys, at one of its parts (1 to 6)."""
        self.press(Qt.Key.Key_5, CONTROL)
        self.press(Qt.Key.Key_F3)
        ledger = self.window.leads.ledger
        self.until(ledger.isVisible)
        self.until(lambda: ledger.ready)
        self.press(part)
        self.until(lambda: ledger.ready)

    def to_verifications(self, part: Qt.Key = Qt.Key.Key_1) -> None:
        self.press(Qt.Key.Key_5, CONTROL)
        self.press(Qt.Key.Key_F4)
        page = self.window.leads.verify
        self.until(page.isVisible)
        self.press(part)
        self.until(lambda: page.ready)

    def at_desk(self) -> None:
        """Wait until the pair is there, read to its end."""
        desk = self.window.compare
        self.until(lambda: desk.isVisible() and desk.desk is not None)
        self.until(lambda: not self.place.bridge.busy)

    def submit(self, drawer: str, said: str) -> None:
        """Ctrl+Enter in a drawer; it closes once it is on the record."""
        self.press(Qt.Key.Key_Return, CONTROL)
        self.until(lambda: not self.seen(QWidget, drawer))
        self.until(lambda: said in self.window.toast.sentence)

    # --- steps -----------------------------------------------------------------------------
    def to_picture(self, case: str) -> None:
        """The picture of a case, chosen in the tree."""
        casebook, wanted = self.window.casebook, acquired_of(self.workbench, case)
        self.window.show_casebook(wanted)

        def there() -> bool:
            row, seen = casebook.tree.current_row, casebook.picture.seen
            chosen = row is not None and row.id == wanted
            return chosen and seen is not None and seen.acquired.id == wanted and casebook.ready

        self.until(there)
        casebook.tree.setFocus()

    def search(self, case: str) -> None:
        """With the picture of a case, from the tree."""
        self.to_picture(case)
        self.press(Qt.Key.Key_S)
        self.until(lambda: self.window.current == "candidates")
        self.until(lambda: self.window.candidates.model.rowCount() == len(HELD) - 1)
        self.until(lambda: self.window.candidates.ready)
        self.until(lambda: not self.workbench.running())

    def conclude(self, value: str, reasons: str, basis: str = "") -> None:
        """On the desk: a value of the scale with its reasons, from the specimens themselves."""
        self.canvas.setFocus()
        self.press(Qt.Key.Key_Return)
        self.click(f"value_{value}")
        if basis:
            self.click(f"basis_{basis}")
        self.write("reasons", reasons)
        self.click("examined_yes")
        self.find(QPlainTextEdit, "reasons").setFocus()
        self.press(Qt.Key.Key_Return, CONTROL)

    def open_pair(self, case: str, other: str) -> None:
        """From the tree: one picture, C, then the other."""
        self.to_picture(case)
        self.press(Qt.Key.Key_C)
        self.window.show_casebook(acquired_of(self.workbench, other))
        self.at_desk()

    def ask(self, mode: str, who: str) -> None:
        """For a verification, on the desk."""
        self.until(lambda: self.seen(QAbstractButton, "ask_verification"))
        self.choose("verify_mode", mode)
        self.write("verifier", who)
        self.click("ask_verification")
        self.until_words("verification_state", "asked")

    @property
    def canvas(self) -> QWidget:
        return self.find(QWidget, "compare_canvas")

    def case_line(self, case: str) -> str:
        """What the tree says of a case."""
        model = self.window.casebook.tree.model()
        lines = (str(model.index(n, 0).data()) for n in range(model.rowCount()))
        return next(line for line in lines if line.split()[:1] == [case])

    def is_sound(self) -> bool:
        """Whether the journal verifies to its last line, and everything else in the casebook."""
        return not self.workbench.verify_journal().breaks and not self.workbench.check()

    def close(self) -> None:
        if not self.window.over:
            close(self.qtbot, self.window)


def acquired_of(workbench: Workbench, case: str) -> str:
    """The picture of a case."""
    node = next(n for n in workbench.tree() if n.case.number == case)
    return node.exhibits[0].cartridge_cases[0].marks[0].acquired[0].id


def texts_in(widget: QWidget) -> list[str]:
    """Every text in a widget and all below it, seen or not: labels, fields, buttons, tables."""
    found: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        for read in ("text", "toPlainText", "toolTip", "accessibleName", "title", "windowTitle"):
            said = getattr(one, read, None)
            if callable(said):
                found.append(str(said()))
        model = getattr(one, "model", None)
        held = model() if callable(model) else None
        if isinstance(held, QAbstractItemModel):
            found.extend(_cells(held))
    return found


def _cells(model: QAbstractItemModel, parent: QModelIndex | None = None) -> list[str]:
    above = parent if parent is not None else QModelIndex()
    found: list[str] = []
    for row in range(model.rowCount(above)):
        several = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
        for column in range(several):
            index = model.index(row, column, above)
            found.extend(str(index.data(role) or "") for role in _SAID)
        if model.rowCount(model.index(row, 0, above)):
            found.extend(_cells(model, model.index(row, 0, above)))
    return found
