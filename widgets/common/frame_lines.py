"""The header above the screens and the line below them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.domain import Author
from widgets import theme
from widgets.common.parts import Elided, button, label, row

_WHO_PX = 360


@dataclass(frozen=True, slots=True)
class Kept:
    """Another's workplace that waits behind the lock."""

    session_id: str
    words: str


class Header(QFrame):
    """Where one is, who works here, and whether everything is saved.

    ``lock``, ``sign_out``, ``change_password`` and ``end`` are called where people sign in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lock: Callable[[], None] = lambda: None
        self.sign_out: Callable[[], None] = lambda: None
        self.change_password: Callable[[], None] = lambda: None
        self.end: Callable[[str], None] = lambda session_id: None
        self.setObjectName("header")
        self.setFixedHeight(38)
        self._place = Elided("place")
        self._place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._who = Elided("who", "dim", _WHO_PX)
        self._saved = label("", "dim", "saved")
        self.menu = QMenu(self)
        self._way_out = QPushButton("Lock")
        self._way_out.setObjectName("who_menu")
        self._way_out.setProperty("flat", True)
        self._way_out.setToolTip("Lock, sign out, change the own password (Ctrl+F11 locks)")
        self._way_out.setAccessibleName("Lock or sign out")
        self._way_out.setMenu(self.menu)
        self._way_out.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        layout.addWidget(self._place, 1)
        layout.addWidget(self._who)
        layout.addWidget(self._way_out)
        layout.addWidget(self._saved)

    def show_place(self, parts: tuple[str, ...]) -> None:
        """For example Casebook, Case 2026-0412, Exhibit 3."""
        self._place.setText("  ›  ".join(parts))
        self._place.setToolTip(self._place.text())

    def show_author(self, author: Author | None) -> None:
        """Who every record is signed by."""
        words = "" if author is None else f"{author.examiner}, {author.station}"
        self._who.setText(words)
        of = "" if author is None else f"{author.agency} {author.ori}".strip()
        self._who.setToolTip("\n".join(filter(None, (words, of))))

    def show_ways_out(self, *, signed_in: bool, by_name: bool, kept: tuple[Kept, ...]) -> None:
        """What somebody who signed in may do about it; ``kept`` may be ended."""
        self._way_out.setVisible(signed_in)
        self.menu.clear()
        ways = [
            ("who_lock", "Lock\tCtrl+F11", lambda: self.lock()),
            ("who_sign_out", "Sign out\tCtrl+Shift+F11", lambda: self.sign_out()),
        ]
        if not by_name:
            ways.append(("who_password", "Change password ...", lambda: self.change_password()))
        ways += [("who_end", one.words, partial(self._end, one.session_id)) for one in kept]
        for name, words, do in ways:
            made = self.menu.addAction(words)
            made.setObjectName(name)
            made.triggered.connect(lambda _=False, do=do: do())

    def _end(self, session_id: str) -> None:
        self.end(session_id)

    def show_saved(self, *, busy: bool, read_only: bool) -> None:
        """What is confirmed as saved is on the disk."""
        if read_only:
            words, tone = "read only", "amber"
        else:
            words, tone = ("working ..." if busy else "● saved"), "dim"
        self._saved.setText(words)
        theme.set_tone(self._saved, "tone", tone)
        self._saved.setToolTip(
            "Nothing can be recorded in this casebook now"
            if read_only
            else "Everything recorded so far is on the disk"
        )


@dataclass(frozen=True, slots=True)
class Going:
    """Work as the bottom line shows it; total 0 means not known yet."""

    key: object
    words: str
    done: int
    total: int
    cancel: Callable[[], None]


class BottomLine(QFrame):
    """The one place for running work, notices and calibration."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bottom_line")
        self.setFixedHeight(38)
        self._words = label("", name="work_words")
        self._words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setObjectName("work_progress")
        self._bar.setFixedSize(180, 18)
        self._cancel = button(
            "Cancel", "work_cancel", "Stop this work; what is done is kept", self._stop
        )
        self._more = label("", "dim", "work_more")
        self._notice = label("", "amber", "notice")
        self._notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._exchange = label("", "amber", "exchange_waits")
        self._calibration = label("", "dim", "calibration")
        self._working = QWidget()
        self._working.setLayout(row(self._words, self._bar, self._cancel, self._more))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        layout.addWidget(self._working)
        layout.addWidget(self._notice, 1)
        layout.addWidget(self._exchange)
        layout.addWidget(self._calibration)
        self._first: Going | None = None
        self.show_work(())

    def show_work(self, going: tuple[Going, ...]) -> None:
        """The first of it with its progress, the others counted."""
        self._first = going[0] if going else None
        self._working.setVisible(bool(going))
        if self._first is None:
            return
        first = self._first
        self._words.setText(first.words)
        self._bar.setRange(0, first.total)
        self._bar.setValue(first.done)
        self._bar.setFormat(f"{first.done} of {first.total}" if first.total else "")
        others = len(going) - 1
        self._more.setText(f"and {others} more" if others else "")

    def show_notice(self, sentence: str) -> None:
        """Something that holds as long as the window is open."""
        self._notice.setText(sentence)
        self._notice.setToolTip(sentence)

    def show_exchange(self, words: str, why: str) -> None:
        """What waits to be shared, and why."""
        self._exchange.setText(words)
        self._exchange.setToolTip(why)

    def show_calibration(self, sentence: str) -> None:
        """Objective and pixel size in use."""
        self._calibration.setText(sentence)

    def _stop(self) -> None:
        if self._first is not None:
            self._first.cancel()
