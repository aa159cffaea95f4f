"""The drawer in which a report or a package is issued: of what, into which file, for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QWidget

from app.domain import CaseheadError
from app.jobs import Job
from app.workbench import Workbench
from app.workbench.issuing import TITLES, Issued, Prospect
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row

AskFile = Callable[[QWidget, str], str]


@dataclass(frozen=True, slots=True)
class Issue:
    """What can be issued: a kind of report, the id of what it is of, and its name in words."""

    kind: str
    subject_id: str
    words: str = ""


def ask_file(parent: QWidget, name: str) -> str:
    """A file to write, "" when the examiner thinks better of it."""
    ending = Path(name).suffix or ".pdf"
    chosen, _ = QFileDialog.getSaveFileName(parent, "Write the report", name, f"*{ending}")
    return chosen


class IssueDrawer(Drawer):
    """Says before what will be warned of and who is to get it, and afterwards the SHA-256.

    ``issued`` is called with what was written, for a page that goes on with it; ``opened`` and
    ``closed`` as they say.
    """

    def __init__(
        self,
        name: str,
        workbench: Workbench,
        bridge: Bridge,
        ask: AskFile = ask_file,
        width: int = 380,
    ) -> None:
        super().__init__(name, "Issue", width)
        self.issued: Callable[[Issued], None] = lambda _: None
        self.opened: Callable[[], None] = lambda: None
        self._workbench, self._bridge, self._ask = workbench, bridge, ask
        self._choices: tuple[Issue, ...] = ()
        self._folder = ""
        self._asked = 0
        self._at: QWidget | None = None
        self._what = label("", "", f"{name}_what", wrap=True)
        self.kind = choice(f"{name}_kind", "What is issued", ())
        self.kind.currentIndexChanged.connect(lambda _: self._chosen())
        self.file = line(f"{name}_file", "The file that is written")
        self._overwrite = QCheckBox("Replace the file that is there")
        self._overwrite.setObjectName(f"{name}_overwrite")
        self._overwrite.hide()
        self.file.textChanged.connect(lambda _: self._overwrite.hide())
        self._browse_it = button(
            "Choose ...", f"{name}_browse", "Choose where the file is written", self._browse
        )
        self._recipients = label("", "dim", f"{name}_recipients", wrap=True)
        self._warnings = label("", "amber", f"{name}_warnings", wrap=True)
        self._result = label("", "", f"{name}_result", wrap=True)
        self._result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = button(
            "Copy SHA-256", f"{name}_copy", "Copy the SHA-256 of the file", self._copied
        )
        self._do = button(
            "Issue", f"{name}_do", "Write it; the journal tells it", self.submit, primary=True
        )
        self._digest = ""
        fields = form()
        add_row(fields, "&Report", self.kind)
        add_row(fields, "&File", self.file)
        self.body.addWidget(self._what)
        self.body.addLayout(fields)
        self.body.addLayout(row(self._browse_it, stretch_last=True))
        for widget in (self._overwrite, self._recipients, self._warnings, self._result):
            self.body.addWidget(widget)
        self.body.addLayout(row(self._copy, stretch_last=True))
        self.body.addStretch(1)
        self.foot.addLayout(row(self._do, stretch_last=True))

    def open_for(self, choices: Sequence[Issue]) -> None:
        """Offer these, the first of them chosen."""
        self._choices = tuple(choices)
        self._works(False)  # what is being written of something else goes on by itself
        self._written(None)
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItems([TITLES[one.kind] for one in self._choices])
        self.kind.setEnabled(len(self._choices) > 1)
        self.kind.blockSignals(False)
        self._chosen()
        self.show()
        self.opened()
        (self.kind if len(self._choices) > 1 else self.file).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    @property
    def current(self) -> Issue | None:
        """What is chosen."""
        at = self.kind.currentIndex()
        return self._choices[at] if 0 <= at < len(self._choices) else None

    def submit(self) -> None:
        """Issue it."""
        one, path = self.current, self.file.text().strip()
        if one is None or not self._do.isEnabled():
            return
        if not path:
            self._say("Name the file that is written.")
            return
        overwrite = self._overwrite.isVisible() and self._overwrite.isChecked()
        self._written(None)
        self._say("")
        self._works(True)

        def work(job: Job) -> Issued:
            target = Path(path).expanduser()
            return self._workbench.issue(
                one.kind, one.subject_id, target, overwrite=overwrite, job=job
            )

        asked = self._asked
        self._bridge.start(
            f"Issuing: {TITLES[one.kind]}",
            work,
            lambda issued: self._done(asked, issued),
            lambda error: self._refused(asked, error),
            self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _chosen(self) -> None:
        """Name a file, and look at what there is to say before it is written."""
        one = self.current
        self._written(None)
        self._asked += 1
        if one is None:
            self._show_nothing()
            return
        self._what.setText(one.words)
        self._what.setVisible(bool(one.words))
        self._recipients.setText("")
        self._warnings.setText("Looking at the wording ...")
        self._warnings.show()
        self._do.setEnabled(False)
        self._say("")
        asked = self._asked
        self._bridge.run(
            lambda: self._workbench.issue_prospect(one.kind, one.subject_id),
            lambda found: self._show(asked, found),
            lambda error: self._cannot(asked, error),
            owner=self,
        )

    def _show(self, asked: int, found: Prospect) -> None:
        if asked != self._asked:
            return
        self.file.setText(str(self._place() / found.file_name))
        self._warnings.setText("\n".join(found.warnings))
        self._warnings.setVisible(bool(found.warnings))
        told = "\n".join(found.recipients)
        self._recipients.setText(f"To be told:\n{told}" if told else "")
        self._recipients.setVisible(bool(told))
        self._do.setEnabled(True)

    def _place(self) -> Path:
        """The folder that was named last, and at first that of the documents."""
        typed = self.file.text().strip()
        if typed and Path(typed).is_absolute():
            return Path(typed).parent
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(self._folder or QStandardPaths.writableLocation(documents))

    def _show_nothing(self) -> None:
        for words in (self._what, self._recipients, self._warnings):
            words.setText("")
            words.hide()
        self._do.setEnabled(False)
        self._say("Nothing can be issued of this; choose a case or an exhibit.")

    def _cannot(self, asked: int, error: CaseheadError) -> None:
        if asked == self._asked:
            self._warnings.hide()
            self._say(str(error))

    def _browse(self) -> None:
        chosen = self._ask(self, self.file.text())
        if chosen:
            self.file.setText(chosen)
            if Path(chosen).exists():  # the dialog has asked already
                self._overwrite.setChecked(True)
                self._overwrite.show()

    def _works(self, on: bool) -> None:
        """While it is written nothing else can be chosen; the bottom line stops it."""
        if on:
            self._at = self.focusWidget()
        self._do.setText("Issuing ..." if on else "Issue")
        self._do.setEnabled(not on)
        self.kind.setEnabled(not on and len(self._choices) > 1)
        for widget in (self.file, self._browse_it, self._overwrite):
            widget.setEnabled(not on)
        here = QApplication.focusWidget()
        if not on and self._at is not None and here is not None and self.isAncestorOf(here):
            self._at.setFocus(Qt.FocusReason.OtherFocusReason)  # which went on to what closes it

    def _done(self, asked: int, issued: Issued) -> None:
        if asked == self._asked:
            self._works(False)
            self._written(issued)
        self._folder = str(issued.path.parent)
        self._bridge.tell(f"Issued: {issued.path.name}.")
        self.issued(issued)

    def _refused(self, asked: int, error: CaseheadError) -> None:
        if asked == self._asked:
            self._works(False)
        if asked != self._asked or self.isHidden():
            self._bridge.tell(str(error), attention=True)
            return
        self._say(str(error))
        if Path(self.file.text().strip()).expanduser().is_file():
            self._overwrite.setChecked(False)
            self._overwrite.show()

    def _written(self, issued: Issued | None) -> None:
        self._digest = issued.digest if issued else ""
        words = ""
        if issued is not None:
            half = len(issued.digest) // 2
            digest = f"{issued.digest[:half]}\n{issued.digest[half:]}"
            words = f"Written: {issued.path.name}\nSHA-256\n{digest}"
            self._warnings.setText("\n".join(issued.warnings))
            self._warnings.setVisible(bool(issued.warnings))
        self._result.setText(words)
        self._result.setVisible(bool(words))
        self._copy.setVisible(bool(words))

    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self._digest)
