"""Trace requests: what is asked about which gun, what is due, what came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from app.casework.traces import TraceLine, TraceRequest
from app.domain import Changes, now
from app.store.traces import UntracedGun
from app.workbench import Workbench
from app.workbench import trace_words as words
from widgets import keys_guard
from widgets.bridge import Bridge
from widgets.casework.traces_ask import answer_of, step_fields
from widgets.casework.traces_detail import TraceDetail
from widgets.casework.traces_form import TraceForm
from widgets.common.asking import AskDrawer, Question
from widgets.common.lines import PAGE, LineColumn, LineModel, LineTable, bind, read_on
from widgets.common.paged import lay_out, work_column
from widgets.common.parts import EmptyState, button, choice, label, row
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

T = TypeVar("T")
_WIDE_PX = 1500
_SHOWN = (words.OPEN, words.ANSWERED, words.ALL, words.GUNS)
_EMPTY = {
    words.OPEN: "No trace request is open",
    words.ANSWERED: "No trace request has been answered",
    words.ALL: "No trace request is recorded",
    words.GUNS: "Every gun on the record has its trace request",
}
_HOW = (
    "A request is made from a gun on the record: press 4 for the guns without one, choose a gun "
    "and press N. What the record knows is filled in already."
)


@dataclass(frozen=True, slots=True)
class _Loaded:
    lines: tuple[TraceLine, ...] = ()
    guns: tuple[UntracedGun, ...] = ()
    complete: bool = True
    at: str = ""


class TracesPage(QWidget):
    """The list, the request in hand beside it, and two drawers: the form, and the next step."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("traces_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._at = now()
        self._wanted, self._what, self._count = "", words.OPEN, PAGE
        self._form = workbench.trace_form()
        self.form = TraceForm(workbench, bridge, self._recorded)
        self.asking = AskDrawer("trace_ask", workbench, bridge)
        self._loading: Refresh[_Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self._build()
        bind(self, keys_guard.TRACES, self._actions())
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._loading.loading

    @property
    def line(self) -> TraceLine | None:
        """The request in hand."""
        return self.table.current if self._stack.currentWidget() is self.table else None

    def place(self) -> tuple[str, ...]:
        """What the header says."""
        return (self.shown.currentText(),)

    def choose(self, subject_id: str) -> None:
        """A request by its id, or the gun of that id: its request, or the form for one."""
        self._wanted = subject_id
        self.shown.setCurrentText(words.ALL)
        self._loading.ask()

    # --- what can be done ------------------------------------------------------------------
    def new_request(self) -> None:
        """Open the form for the gun in hand; from the requests, for the same gun again."""
        gun, line = self.guns.current, self.line
        if self._stack.currentWidget() is self.guns and gun is not None:
            self._open_form(gun.firearm_id, f"{gun.gun}, {gun.case}")
        elif line is not None:
            self._open_form(line.request.firearm_id, f"{line.gun}, {line.case}")
        else:
            self.show_guns()

    def replace_request(self) -> None:
        """Open the form for a request that takes the place of the one in hand."""
        line = self.line
        if line is None:
            return
        if not words.may_be_replaced(line):
            self._bridge.tell("Only a request that is still open can be replaced.", attention=True)
            return
        again = replace(line.request, replaces=line.request.id, raised_by=line.raised_by)
        again = replace(again, id=TraceRequest("").id, author=None, requested_at="")
        self.asking.close_drawer()
        self._show_form(again, f"{line.gun}, {line.case}: in place of the request in hand")

    def take_further(self) -> None:
        """Ask what became of the request in hand."""
        line = self.line
        if line is None:
            return
        after = words.next_statuses(line)
        if not after:
            self._bridge.tell(f"The request is {line.status}; nothing follows.", attention=True)
            return
        self.form.hide()
        self.asking.ask(
            Question(
                "Take it further",
                "Record",
                step_fields(self._form, after),
                f"{line.gun}, {line.case}; now {line.status}.",
                "Recorded.",
            ),
            lambda told: self._workbench.trace_step(
                line.request.id, told["status"], told["text"], answer_of(told)
            ),
        )
        self._make_room()

    def save_json(self) -> None:
        """Write the request in hand as JSON."""
        line = self.line
        if line is not None:
            request_id = line.request.id
            self._save(
                "JSON (*.json)",
                f"trace-{_file_words(line)}.json",
                lambda path: self._workbench.export_trace(request_id, path),
            )

    def save_pdf(self) -> None:
        """Issue the request in hand as a document."""
        line = self.line
        if line is not None:
            request_id = line.request.id
            self._save(
                "PDF (*.pdf)",
                f"trace-{_file_words(line)}.pdf",
                lambda path: self._workbench.issue("trace_request", request_id, path),
            )

    def show_guns(self) -> None:
        """The guns nobody has asked about."""
        self.shown.setCurrentText(words.GUNS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.shown = choice("traces_shown", "Which requests are shown (1 to 4)", _SHOWN)
        self.shown.setMinimumContentsLength(20)
        self.shown.currentTextChanged.connect(self._show_what)
        self.counted = label("", "dim", "traces_counted")
        self.table = self._table()
        self.guns = self._guns_table()
        self._empty = EmptyState(
            "traces_empty",
            button("Guns without a request", "traces_to_guns", "Choose a gun (4)", self.show_guns),
        )
        self._empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack = QStackedWidget()
        for widget in (self.table, self.guns, self._empty):
            self._stack.addWidget(widget)
        self.detail = TraceDetail(self._form, *self._buttons())
        top = row(self.shown, self.counted, stretch_last=True)
        top.addWidget(
            button(
                "New request",
                "trace_new",
                "A request for the gun in hand (N)",
                self.new_request,
                primary=True,
                icon="mdi6.plus",
            )
        )
        work = work_column()
        work.addLayout(top)
        work.addWidget(self._stack, 1)
        lay_out(self, work, self.detail, self.form, self.asking)
        self.form.closed = self.asking.closed = self._take_focus

    def _buttons(self) -> tuple[Any, ...]:
        return (
            button("Further ...", "trace_further", "Say what became of it (S)", self.take_further),
            button("Replace", "trace_replace", "Ask again, corrected (R)", self.replace_request),
            button("JSON", "trace_json", "Write it as JSON (J)", self.save_json),
            button("PDF", "trace_pdf", "Write the document (P)", self.save_pdf),
        )

    def _table(self) -> LineTable[TraceLine]:
        columns: Sequence[LineColumn[TraceLine]] = (
            LineColumn("Gun", 0, lambda t: t.gun),
            LineColumn("Case / exhibit", 150, lambda t: t.case),
            LineColumn("Status", 110, lambda t: str(t.status)),
            LineColumn("Priority", 90, words.priority_words, lambda t: t.urgent),
            LineColumn("Due", 210, self._due, lambda t: t.overdue(self._at)),
            LineColumn("Requested", 112, lambda t: t.request.requested_at[:10]),
        )
        model = LineModel(columns, lambda t: t.request.id, self._more)
        title = "Trace requests, the newest first"
        return LineTable(model, "traces_table", title, self._moved, self._opened)

    def _guns_table(self) -> LineTable[UntracedGun]:
        columns: Sequence[LineColumn[UntracedGun]] = (
            LineColumn("Gun", 0, lambda g: g.gun or "make and serial not known"),
            LineColumn("Case / exhibit", 220, lambda g: g.case),
            LineColumn("Since", 240, lambda g: words.gun_since(g, self._at)),
        )
        model = LineModel(columns, lambda g: g.firearm_id, self._more_guns)
        title = "Guns without a trace request, the newest first"
        return LineTable(
            model, "guns_table", title, lambda _: self._moved(None), lambda _: self.new_request()
        )

    def _actions(self) -> dict[str, Callable[[], None]]:
        shown = {f"show {what}": self._shower(what) for what in _SHOWN}
        return {
            **shown,
            "new": self.new_request,
            "further": self.take_further,
            "replace": self.replace_request,
            "json": self.save_json,
            "pdf": self.save_pdf,
        }

    def _shower(self, what: str) -> Callable[[], None]:
        return lambda: self.shown.setCurrentText(what)

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if (changes.traces or changes.casework or changes.cases) and self.isVisible():
            self._loading.ask()

    def _show_what(self, what: str) -> None:
        self._what, self._count = what, PAGE
        self._loading.ask()

    def _load(self) -> _Loaded:
        what, wanted, count = self._what, self._wanted, self._count
        if what == words.GUNS:
            guns = self._workbench.untraced_guns(count)
            return _Loaded(guns=guns, complete=len(guns) < count, at=now())
        if wanted:
            count = max(count, self._workbench.trace_place(wanted) + 1)
        lines = self._workbench.trace_lines(words.SHOWN[what], limit=count)
        return _Loaded(lines, complete=len(lines) < count, at=now())

    def _more(self, count: int) -> None:
        statuses = words.SHOWN[self._what]
        self._add(
            self.table.rows,
            count,
            lambda: self._workbench.trace_lines(statuses, limit=PAGE, offset=count),
        )

    def _more_guns(self, count: int) -> None:
        self._add(self.guns.rows, count, lambda: self._workbench.untraced_guns(PAGE, count))

    def _add(self, rows: LineModel[T], count: int, read: Callable[[], tuple[T, ...]]) -> None:
        def read_page() -> tuple[tuple[T, ...], bool]:
            found = read()
            return found, len(found) < PAGE

        def shown() -> None:
            self._count = max(PAGE, len(rows.lines))
            self._say_counted(rows)

        read_on(self._bridge, self, rows, count, read_page, shown)

    def _say_counted(self, rows: LineModel[Any]) -> None:
        more = ", more below" if rows.canFetchMore() else ""
        self.counted.setText(f"{len(rows.lines)} shown{more}")

    def _show(self, loaded: _Loaded) -> None:
        self._at = loaded.at
        what = self._what
        of_guns = what == words.GUNS
        found = loaded.guns if of_guns else loaded.lines
        if of_guns:
            self.guns.show_lines(loaded.guns, complete=loaded.complete)
        else:
            choice = self._choice(loaded)
            self.table.show_lines(loaded.lines, complete=loaded.complete, choose=choice)
        self._count = max(PAGE, len(found))
        self._say_counted(self.guns.rows if of_guns else self.table.rows)
        self._empty.say(_EMPTY[what], "" if of_guns else _HOW)
        table: QWidget = self.guns if of_guns else self.table
        shown = table if found else self._empty
        self._stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self._moved(self.line)
        if self.isVisible():
            self._navigator.say_place("leads", ("Traces", *self.place()))

    def _choice(self, loaded: _Loaded) -> str:
        """The request that was asked for, by its own id or its gun's."""
        wanted, self._wanted = self._wanted, ""
        if not wanted:
            return ""
        for line in loaded.lines:
            if wanted in (line.request.id, line.request.firearm_id):
                return line.request.id
        self._open_form(wanted, "")
        return ""

    def _moved(self, line: TraceLine | None) -> None:
        self.detail.show_line(line)
        self._make_room()
        for name in ("trace_further", "trace_replace", "trace_json", "trace_pdf"):
            found = self.detail.findChild(QWidget, name)
            if isinstance(found, QWidget):
                found.setEnabled(line is not None)

    def _opened(self, _line: TraceLine) -> None:
        self.take_further()

    def _due(self, line: TraceLine) -> str:
        return words.due_words(line, self._at)

    def _make_room(self) -> None:
        """A drawer takes the place of the request in hand, where there is none to see."""
        drawn = self.form.isVisible() or self.asking.isVisible()
        self.detail.setVisible(self.line is not None and not (drawn and self.width() < _WIDE_PX))

    def _take_focus(self) -> None:
        self._make_room()
        widget = self._stack.currentWidget()
        if widget is not None:
            widget.setFocus()

    # --- recording -------------------------------------------------------------------------
    def _open_form(self, firearm_id: str, gun: str) -> None:
        self.asking.close_drawer()
        self._bridge.run(
            lambda: self._workbench.trace_draft(firearm_id),
            lambda draft: self._show_form(draft, gun),
            owner=self,
        )

    def _show_form(self, draft: TraceRequest, gun: str) -> None:
        self.form.open_for(draft, gun)
        self._make_room()

    def _recorded(self, request: TraceRequest) -> None:
        self._wanted = request.id
        self.shown.setCurrentText(words.OPEN)
        self._loading.ask()

    def _save(self, kinds: str, name: str, write: Callable[[Path], object]) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Write the trace request", name, kinds)
        if chosen:
            path = Path(chosen)
            self._bridge.run(
                lambda: write(path),
                lambda _: self._bridge.tell(f"Written to {path}."),
                owner=self,
                long=True,
            )


def _file_words(line: TraceLine) -> str:
    return "".join(c if c.isalnum() else "-" for c in line.case.replace(" ", "")).strip("-")
