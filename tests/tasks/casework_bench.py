"""What the tasks of casework share: people who sign in at one window in turn, and their steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.casework.board import BoardLine
from app.workbench import Workbench
from tests.window_bench import CONTROL, SHIFT, WindowBench
from widgets.casebook.nodes import Sort
from widgets.casework.ledger_lines import LedgerRow
from widgets.casework.traces import TracesPage
from widgets.common.paged import PagedScreen
from widgets.workplace import Workplace

OKAFOR, MENSAH, LINDQVIST = "R. Okafor", "K. Mensah", "J. Lindqvist"
PASSWORDS = {
    OKAFOR: "a quiet harbor",
    MENSAH: "a louder harbor",
    LINDQVIST: "a frozen harbor",
}
QUERY, MATE, OTHER, THIRD = "2026-0412", "2025-1107", "2026-0460", "2026-0451"
"""Cases with a picture each; the first two are of one gun."""
_SAID = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


class CaseworkBench(WindowBench):
    """The window on a casebook, used with mouse and keyboard by whoever is signed in."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.folder = folder
        super().__init__(qtbot, Workbench(folder))

    # --- who works here --------------------------------------------------------------------
    @property
    def place(self) -> Workplace:
        """The workplace of whoever is signed in."""
        return self.window.place

    def to_sign_in(self) -> None:
        """Whoever is here signs out."""
        if self.window.current != "sign in":
            self.press(Qt.Key.Key_F11, CONTROL | SHIFT)
            self.until(lambda: self.window.current == "sign in")
        self.until(lambda: self.workbench.session is None)
        self.activate()

    def sign_in(self, name: str) -> None:
        """At the page for it, after whoever was here has signed out."""
        self.to_sign_in()
        self.write("sign_in_name", name)
        self.press(Qt.Key.Key_Return)
        self.type(PASSWORDS[name])
        self.press(Qt.Key.Key_Return)
        self.at_work(name)

    def at_work(self, name: str) -> None:
        """Wait until this is the window of somebody."""
        self.until(lambda: self.window.usable and name in self.words("who"))
        self.until(lambda: self.window.casebook.ready and self.settled)

    @property
    def settled(self) -> bool:
        """Whether nothing is under way for whoever is here."""
        return not self.place.bridge.busy

    # --- ways ------------------------------------------------------------------------------
    def go_to(self, reached: Callable[[], object], way: Qt.Key = Qt.Key.Key_Down) -> None:
        """With the arrow keys, from where the cursor is."""
        for _ in range(60):
            if reached():
                return
            self.press(way)
        raise AssertionError("the arrow keys do not lead there")

    def to_casebook(self) -> None:
        """The casebook, its tree with the keyboard."""
        self.press(Qt.Key.Key_1, CONTROL)
        self.until(lambda: self.window.casebook.ready)

    def to_row(self, case: str, sort: Sort) -> None:
        """A row of a case, found by the filter and gone to in the tree."""
        self.to_casebook()
        casebook = self.window.casebook
        tree = casebook.tree
        self.press(Qt.Key.Key_F, CONTROL)
        self.write("filter", case)
        self.until(lambda: casebook.ready and 0 < tree.case_count < 3)  # also what it is linked to
        self.press(Qt.Key.Key_Tab)
        assert tree.hasFocus()
        self.press(Qt.Key.Key_Home)

        def there() -> bool:
            row = tree.current_row
            above = row.above("case") if row is not None else None
            fits = above is not None and above.text.split()[:1] == [case]
            return fits and row is not None and row.sort == sort

        self.go_to(there)
        self.until(lambda: casebook.ready and self.settled)

    def to_candidates(self, case: str) -> None:
        """The list found for a case, among all searches."""
        self.press(Qt.Key.Key_3, CONTROL)
        lists = self.window.candidates
        self.until(lambda: lists.ready)
        for way in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            for _ in range(lists.searches.count()):
                if case not in self.words("place"):
                    self.press(way, CONTROL)
                    self.until(lambda: lists.ready and self.settled)
        assert case in self.words("place")

    def turn_pages(self, screen: Qt.Key, paged: PagedScreen) -> None:
        """Every page of a screen once, by its keys."""
        self.press(screen, CONTROL)
        for number in range(len(paged.pages)):
            self.press(Qt.Key(Qt.Key.Key_F2 + number))
            self.until(lambda: paged.ready and self.settled)

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

    def to_traces(self, part: Qt.Key) -> TracesPage:
        """The page of traces by keys, at one of its parts (1 to 4), its list with the keyboard."""
        self.press(Qt.Key.Key_5, CONTROL)
        self.press(Qt.Key.Key_F9)
        page = self.window.leads.traces
        self.until(lambda: page.isVisible() and page.ready)
        self.press(part)
        self.until(lambda: page.ready and self.settled)
        return page

    def on_board(self, to_do: str) -> BoardLine | None:
        """What of this the board says is to be done, for everybody; None where nothing is."""
        self.press(Qt.Key.Key_5, CONTROL)
        self.press(Qt.Key.Key_F2)
        page = self.window.leads.board
        self.until(lambda: page.isVisible() and page.ready)
        self.press(Qt.Key.Key_A)
        self.until(lambda: page.ready and self.settled)
        found = [line for line in page.table.rows.lines if line.to_do == to_do]
        assert len(found) < 2
        return found[0] if found else None

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
    def propose(self, case: str, mates: Sequence[str], why: str) -> None:
        """The list of a case to its end: some are kept and proposed as leads, all others
        dismissed."""
        self.to_candidates(case)
        lists = self.window.candidates
        self.until(lambda: lists.model.rowCount() > 0 and lists.ready)
        found = [line.provenance.case.number for line in lists.model.lines]
        ids = [line.candidate.id for line in lists.model.lines]
        for number in found:
            self.press(Qt.Key.Key_K if number in mates else Qt.Key.Key_D)
        self.until(lambda: not any(line.candidate.review == "new" for line in lists.model.lines))
        for mate in mates:
            wanted = ids[found.index(mate)]
            for _ in found:
                self.press(Qt.Key.Key_Up)
            self.go_to(lambda wanted=wanted: lists.lists.listing.current_id == wanted)  # type: ignore[misc]
            self.press(Qt.Key.Key_P)
            self.type(why)
            self.submit("review_drawer", "The lead is proposed")

    def review(self, case: str, mate: str, why: str, note: str = "The whole list") -> None:
        """The list of a case: a lead is proposed, and the review of the list is recorded."""
        self.propose(case, (mate,), why)
        self.press(Qt.Key.Key_R)
        self.until(lambda: self.seen(QPlainTextEdit, "review_drawer_note"))
        self.write("review_drawer_note", note)
        self.submit("review_drawer", "on the record")

    def agree(self, case: str) -> None:
        """To the lead of a case that waits for a second reviewer."""
        ledger = self.window.leads.ledger
        self.to_ledger(Qt.Key.Key_1)
        self.to_lead(case)
        left = len(ledger.model.lines) - 1
        self.press(Qt.Key.Key_A)
        self.submit("ledger_ask", "It is a lead now")
        self.until(lambda: len(ledger.model.lines) == left and ledger.ready)

    def to_lead(self, case: str) -> LedgerRow:
        """The line of the ledger that names a case."""
        ledger = self.window.leads.ledger
        self.until(lambda: any(case in row.cases for row in ledger.model.lines) and ledger.ready)
        self.press(Qt.Key.Key_Home, CONTROL)
        self.go_to(lambda: ledger.table.current is not None and case in ledger.table.current.cases)
        self.until(lambda: ledger.ready)
        assert ledger.table.current is not None
        return ledger.table.current

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
        self.to_row(case, "acquired")
        self.press(Qt.Key.Key_C)
        self.until(lambda: "choose the other image" in self.words("pick_strip"))
        self.to_row(other, "acquired")
        self.at_desk()

    def open_lead(self, case: str) -> None:
        """From the open leads of the ledger to the desk."""
        self.to_ledger(Qt.Key.Key_2)
        self.to_lead(case)
        self.press(Qt.Key.Key_Return)
        self.at_desk()

    def open_task(self) -> None:
        """The first verification that waits for whoever is here, on the desk."""
        self.to_verifications()
        self.press(Qt.Key.Key_Return)
        self.at_desk()

    def ask(self, mode: str, who: str) -> None:
        """For a verification, on the desk."""
        self.canvas.setFocus()
        self.press(Qt.Key.Key_Y)
        self.until(lambda: self.seen(QAbstractButton, "ask_verification"))
        self.choose("verify_mode", mode)
        self.write("verifier", who)
        self.click("ask_verification")
        self.until_words("verification_state", "asked")

    def to_hit(self, case: str, mate: str, why: str) -> None:
        """All the way: proposed by one, agreed to by a second, verified blind by a third."""
        self.sign_in(OKAFOR)
        self.review(case, mate, why)
        self.sign_in(MENSAH)
        self.agree(case)
        self.sign_in(OKAFOR)
        self.open_lead(case)
        self.conclude("identification", why)
        self.until_words("conclude_says", "Recorded: Identification")
        self.ask("blind", LINDQVIST)
        self.sign_in(LINDQVIST)
        self.open_task()
        self.conclude("identification", why)
        self.until_words("verification_state", "Verified")

    def issue(self, drawer: str, path: Path, kind: str = "") -> str:
        """Write a report from a drawer that is open; gives the SHA-256 it shows."""
        self.until(lambda: self.seen(QWidget, f"{drawer}_file") and self.settled)
        if kind:
            self.choose(f"{drawer}_kind", kind)
        self.until(self.find(QAbstractButton, f"{drawer}_do").isEnabled)
        self.write(f"{drawer}_file", str(path))
        self.click(f"{drawer}_do")
        self.until_words(f"{drawer}_result", path.name)
        said = self.words(f"{drawer}_result")
        return "".join(said.partition("SHA-256")[2].split())

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
