"""The page one signs in at, and that stands before everything while the station is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

from app.casework.people import name_key
from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import add_row, button, form, label, line
from widgets.start import in_the_middle, secret

if TYPE_CHECKING:
    from app.workbench.people import Welcome

_ROWS = 6
_SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Locked:
    """Whose workplace waits behind the page, and what goes on there."""

    name: str
    words: str


class SignInPage(QWidget):
    """A name, chosen or typed, and its password; Enter goes on, Up and Down choose."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("sign_in_page")
        self._workbench, self._bridge = workbench, bridge
        self._wait_s = 0
        self._title = label("Sign in", "title", "sign_in_title", wrap=True)
        self._tells = label("", "dim", "sign_in_tells", wrap=True)
        self.name = line("sign_in_name", "Name", "type a name, or choose one below")
        self.names = QListWidget()
        self.names.setObjectName("sign_in_names")
        self.names.setAccessibleName("People who work here")
        self.names.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.password = secret("sign_in_password", "Password")
        self._says = label("", "amber", "sign_in_says", wrap=True)
        self._enter = button("Sign in", "sign_in_enter", "Sign in (Enter)", self._go, primary=True)
        self._second = QTimer(self)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)  # never before the wait is over
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._count_down)
        self._build()
        self._connect()

    def open_for(self, locked: Locked | None) -> None:
        """Ask who works here now; ``locked`` is whose workplace waits."""
        self._show_people()
        by_name = self._workbench.policy().by_name
        self._fields.setRowVisible(self.password, not by_name)
        self.password.clear()
        self._says.setText("")
        self._title.setText(f"Locked by {locked.name}" if locked else "Sign in")
        tells = locked.words if locked else self._tell_place()
        self._tells.setText(tells)
        self.name.setText(locked.name if locked else self._only_name())
        self._mark()
        self._set_busy(False)
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to what is to be filled in."""
        first = self.name
        if self.name.text() and not self._workbench.policy().by_name:
            first = self.password
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the name's line choose from the list."""
        if watched is self.name and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and event.type() == QEvent.Type.KeyPress:
                self._choose(step)
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        inside = in_the_middle(self)
        inside.addWidget(self._title)
        inside.addWidget(self._tells)
        self._fields = form()
        add_row(self._fields, "&Name", self.name)
        add_row(self._fields, "", self.names)
        add_row(self._fields, "&Password", self.password)
        inside.addLayout(self._fields)
        inside.addWidget(self._says)
        inside.addWidget(self._enter)
        inside.addWidget(label(f"Casebook: {self._workbench.folder}", "dim", wrap=True))

    def _connect(self) -> None:
        self.name.installEventFilter(self)
        self.name.textEdited.connect(self._typed)
        self.name.returnPressed.connect(self._named)
        self.password.returnPressed.connect(self._go)
        self.password.textEdited.connect(lambda _: self._unless_waiting())
        self.names.itemClicked.connect(lambda item: self._pick(item.text()))
        self.names.itemDoubleClicked.connect(lambda _: self._named())

    def _show_people(self) -> None:
        self._all = sorted(p.name for p in self._workbench.people() if p.active)
        self._list(self._all)
        height = self.names.sizeHintForRow(0) if self._all else 24
        frame = 2 * self.names.frameWidth()
        self.names.setFixedHeight(height * min(max(len(self._all), 1), _ROWS) + frame)

    def _only_name(self) -> str:
        """Who it is likely to be."""
        last = self._workbench.last_here()
        if last in self._all:
            return last
        return self._all[0] if len(self._all) == 1 else ""

    def _tell_place(self) -> str:
        where = self._workbench.station_words()
        how = "Only the name is asked for here, and the journal says so."
        return f"{where} {how}" if self._workbench.policy().by_name else where

    def _list(self, names: list[str]) -> None:
        self.names.clear()
        self.names.addItems(names)
        self._mark()

    def _mark(self) -> None:
        wanted = name_key(self.name.text())
        for at in range(self.names.count()):
            if name_key(self.names.item(at).text()) == wanted:
                self.names.setCurrentRow(at)
                return
        self.names.setCurrentRow(-1)

    def _typed(self, text: str) -> None:
        key = name_key(text)
        self._list([name for name in self._all if key in name_key(name)] or self._all)
        self._unless_waiting()

    def _choose(self, step: int) -> None:
        at = self.names.currentRow()
        count = self.names.count()
        if count:
            at = (at + step) % count if at >= 0 else (0 if step > 0 else count - 1)
            self.names.setCurrentRow(at)
            self.name.setText(self.names.item(at).text())

    def _pick(self, name: str) -> None:
        self.name.setText(name)
        self._unless_waiting()
        self.take_focus()

    def _named(self) -> None:
        """Enter after a part of a name that means one person takes it."""
        shown = [self.names.item(at).text() for at in range(self.names.count())]
        if len(shown) == 1 and name_key(self.name.text()) in name_key(shown[0]):
            self.name.setText(shown[0])
        if self._workbench.policy().by_name:
            self._go()
        else:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        name, password = self.name.text(), self.password.text()
        if self._wait_s or not self._enter.isEnabled():
            return
        if not name.strip():
            self._says.setText("Say who you are: type your name or choose it.")
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._set_busy(True)
        self._bridge.run(
            lambda: self._workbench.sign_in(name, password), self._let_in, self._refused, owner=self
        )

    def _let_in(self, welcome: Welcome) -> None:
        self._set_busy(False)
        self.password.clear()
        if welcome.warnings:  # together: one after the other only the last would be seen
            self._bridge.tell(" ".join(welcome.warnings), attention=True)

    def _refused(self, error: CaseheadError) -> None:
        self._set_busy(False)
        self.password.clear()
        self._says.setText(str(error))
        self._wait(int(getattr(error, "wait_s", 0)))
        self.take_focus()

    def _wait(self, seconds: int) -> None:
        self._wait_s = seconds
        self._enter.setEnabled(seconds == 0)
        if seconds:
            self._enter.setText(f"Sign in (wait {seconds} s)")
            self._second.start()
        else:
            self._enter.setText("Sign in")
            self._second.stop()

    def _count_down(self) -> None:
        self._wait(max(self._wait_s - 1, 0))

    def _unless_waiting(self) -> None:
        if not self._wait_s:
            self._says.setText("")

    def _set_busy(self, busy: bool) -> None:
        if not self._wait_s:
            self._enter.setText("Signing in ..." if busy else "Sign in")
        self._enter.setEnabled(not busy and not self._wait_s)
