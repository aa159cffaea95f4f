"""One line of the journal: what it says, who signed it, where its subject is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from app.store.journal_list import SignedLine, Subject
from app.workbench import Workbench
from app.workbench import guard_words as words
from app.workbench.guarding import StationKey
from app.workbench.instrument_words import local_moment
from widgets.bridge import Bridge
from widgets.common.parts import button, label, row
from widgets.navigator import Navigator

_WIDTH = 372
_PAIRS = ("comparison", "conclusion", "verification", "verification task")
_LEADS = {"lead": "ledger", "lead step": "ledger", "trace request": "traces"}
_LEADS["trace step"] = "traces"


class JournalDetail(QFrame):
    """``only_subject(id)`` shows all lines of one record."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        only_subject: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.setObjectName("journal_detail")
        self.setAccessibleName("The line in hand")
        self.setProperty("panel", True)
        self.setFixedWidth(_WIDTH)
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._only_subject = only_subject
        self._subject, self._found = "", Subject("")
        self.title = label("", "heading", "journal_title", wrap=True)
        self.broken = label("", "amber", "journal_broken", wrap=True)
        self.who = label("", "", "journal_by", wrap=True)
        self.about = label("", "dim", "journal_about", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setObjectName("journal_detail_text")
        self.text.setAccessibleName("What the line says")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.signed = label("", "dim", "journal_signed", wrap=True)
        self.chain = label("", "dim", "journal_chain", wrap=True)
        self._whole = button(
            "All its lines", "journal_whole", "Where this is used: all lines of its subject (W)",
            self.whole_subject,
        )  # fmt: skip
        self._show = button("Show it", "journal_show", "Where the record is", self.show_subject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(8)
        for widget in (self.title, self.broken, self.who, self.about):
            layout.addWidget(widget)
        layout.addLayout(row(self._whole, self._show, stretch_last=True))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.signed)
        layout.addWidget(self.chain)
        self.show_line(None, (), "")

    def show_line(
        self, one: SignedLine | None, keys: Sequence[StationKey], broken: str, seq: int = 0
    ) -> None:
        """Put a line into words; None where there is none."""
        self.broken.setText(broken)
        self.broken.setVisible(bool(broken))
        line = one.line if one is not None else None
        self._subject = line.subject if line is not None else ""
        missing = f"Line {seq} is missing" if seq else "No line chosen"
        self.title.setText(f"Line {line.seq}: {line.action}" if line is not None else missing)
        self.who.setText("")
        if line is not None and one is not None:
            who = line.author
            self.who.setText(
                f"{local_moment(line.at)}, {who.examiner}, {who.station}, {who.agency} {who.ori}"
            )
            self.signed.setText(words.signed_words(one, keys))
            self.chain.setText(f"Digest {line.digest[:16]}…, follows {line.previous[:16]}…")
        self.text.setPlainText(words.readable(line) if line is not None else "")
        for widget in (self.signed, self.chain, self.text):
            widget.setVisible(line is not None)
        self._show_subject(Subject(""))
        if self._subject:
            subject = self._subject
            self._bridge.run(
                lambda: self._workbench.journal_subject(subject),
                lambda found: self._show_subject(found) if subject == self._subject else None,
                owner=self,
                long=True,
            )

    def whole_subject(self) -> None:
        """All lines of what this one is about."""
        if self._subject:
            self._only_subject(self._subject)

    def show_subject(self) -> None:
        """The screen on which the record is seen."""
        kind, target = self._found.kind, self._found.target
        if not target:
            return
        if kind in _PAIRS:
            left, right = target.split()
            self._navigator.show_compare(left, right)
        elif kind == "search":
            self._navigator.show_candidates(target)
        elif kind in _LEADS:
            self._navigator.show_leads(_LEADS[kind], target)
        else:
            self._navigator.show_casebook(target)

    def _show_subject(self, found: Subject) -> None:
        self._found = found
        what = f"About {found.kind} " if found.kind else "About "
        self.about.setText(f"{what}{self._subject}" if self._subject else "")
        self._whole.setEnabled(bool(self._subject))
        self._show.setEnabled(bool(found.target))
