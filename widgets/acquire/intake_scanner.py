"""A hand-held scanner: keystrokes that come faster than hands and end with Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HANDS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_ALONE = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)
_PATIENCE_MS = 10
"""Waited beyond the longest gap before what was held back goes where it was meant to."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A text field as it was before a keystroke."""

    field: QLineEdit
    text: str
    cursor: int
    selected: tuple[int, int]

    def put_back(self) -> None:
        """Only while the field is there."""
        self.field.setText(self.text)
        self.field.setCursorPosition(self.cursor)
        if self.selected[0] >= 0:
            self.field.setSelection(*self.selected)


class Scanner(QObject):
    """``heard(text)`` is called for what a scanner types while the focus is within ``around()``.

    Hands are never held up by more than ``gap_ms`` and a little, and never lose a keystroke: the
    first of a run goes on at once where text is written, one that follows within ``gap_ms`` waits
    until it is clear that no hand typed it. Times are those of the events, not of their arrival;
    events without one are a hand's. Keys with Ctrl or Alt and repeated ones are left alone.
    """

    def __init__(
        self,
        owner: QObject,
        around: Callable[[], QWidget],
        heard: Callable[[str], None],
        gap_ms: float = 35.0,
        shortest: int = 6,
    ) -> None:
        super().__init__(owner)
        self._around, self._heard = around, heard
        self._gap_ms, self._shortest = gap_ms, shortest
        self._watched: QWidget | None = None
        self._popup: QWidget | None = None
        self._text = ""
        self._last = 0
        self._held: list[QKeyEvent] = []
        self._before: _Field | None = None
        self._replaying = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(gap_ms) + _PATIENCE_MS)
        self._timer.timeout.connect(self._give_up_soon)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    # --- where it listens ------------------------------------------------------------------
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._give_up()
        for widget in (self._watched, self._popup):
            if widget is not None and isValid(widget):
                widget.removeEventFilter(self)
        around = self._around()
        mine = new is not None and (new is around or around.isAncestorOf(new))
        self._watched = new if mine else None
        self._popup = _popup_of(self._watched)
        for widget in (self._watched, self._popup):
            if widget is not None:
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back what may be a scanner's."""
        if self._replaying or not isinstance(event, QKeyEvent) or event.key() in _ALONE:
            return False
        if watched is not self._watched and watched is not self._popup:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._overrides(event)
        return event.type() == QEvent.Type.KeyPress and self._takes(event)

    # --- what a keystroke is ---------------------------------------------------------------
    def _overrides(self, event: QKeyEvent) -> bool:
        """Whether a keystroke is kept from shortcuts until it is clear whose it is."""
        follows = self._possible(event) and self._follows(event)
        if not follows:
            self._give_up()
        if event.key() in _ENDS:
            waits = follows and len(self._text) >= self._shortest
        else:
            waits = follows or (self._may_begin(event) and not isinstance(self._watched, QLineEdit))
        if waits:
            event.accept()
        return waits

    def _takes(self, event: QKeyEvent) -> bool:
        if not self._possible(event):
            self._give_up()
            return False
        if not self._follows(event):
            self._give_up()
            return self._begins(event)
        if event.key() in _ENDS and len(self._text) >= self._shortest:
            self._scanned()
            return True
        if event.key() in _ENDS:
            self._give_up()
            return False
        return self._hold(event)

    def _possible(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~_HANDS
        written = event.key() in _ENDS or (len(event.text()) == 1 and event.text().isprintable())
        return plain and written and not event.isAutoRepeat() and event.timestamp() > 0

    def _follows(self, event: QKeyEvent) -> bool:
        return bool(self._text) and 0 <= event.timestamp() - self._last <= self._gap_ms

    def _may_begin(self, event: QKeyEvent) -> bool:
        return self._possible(event) and event.key() not in _ENDS and event.text() != " "

    def _begins(self, event: QKeyEvent) -> bool:
        if not self._may_begin(event):
            return False
        self._before = _field_now(self._watched)
        if self._before is not None:
            self._text, self._last = event.text(), event.timestamp()
            self._timer.start()
            return False
        return self._hold(event)

    def _hold(self, event: QKeyEvent) -> bool:
        self._text += event.text()
        self._last = event.timestamp()
        self._held.append(_copy(event))
        self._timer.start()
        return True

    # --- what becomes of them --------------------------------------------------------------
    def _scanned(self) -> None:
        text, before = self._text, self._before
        self._forget()
        if before is not None:
            before.put_back()
        self._heard(text)

    def _give_up_soon(self) -> None:
        """What came in the meantime is looked at first: the program may have been busy."""
        QTimer.singleShot(0, self, self._give_up_unless_newer)

    def _give_up_unless_newer(self) -> None:
        if not self._timer.isActive():
            self._give_up()

    def _give_up(self) -> None:
        """It was a hand: all goes where it was meant to go."""
        held, target = self._held, self._watched
        self._forget()
        if target is None or not isValid(target):
            return
        self._replaying = True
        try:
            for event in held:
                _send(target, event)
        finally:
            self._replaying = False

    def _forget(self) -> None:
        self._text, self._held, self._before = "", [], None
        self._timer.stop()


def _copy(event: QKeyEvent) -> QKeyEvent:
    made = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
    made.setTimestamp(event.timestamp())
    return made


def _send(target: QWidget, event: QKeyEvent) -> None:
    """As the system would: shortcuts first, unless the widget wants the key itself."""
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
    asked.ignore()
    QApplication.sendEvent(target, asked)
    shortcut = None if asked.isAccepted() else _shortcut(target, event)
    if shortcut is not None:
        shortcut.activated.emit()
    else:
        QApplication.sendEvent(target, event)


def _shortcut(target: QWidget, event: QKeyEvent) -> QShortcut | None:
    wanted = _sequences(event)
    for shortcut in target.window().findChildren(QShortcut):
        if shortcut.isEnabled() and shortcut.key() in wanted and _within(shortcut, target):
            return shortcut
    return None


def _sequences(event: QKeyEvent) -> list[QKeySequence]:
    """What the key may be called: signs with and without the Shift that made them."""
    named = [QKeySequence(event.keyCombination())]
    return named if event.text().isalnum() else [*named, QKeySequence(event.key())]


def _within(shortcut: QShortcut, target: QWidget) -> bool:
    place = shortcut.parent()
    if not isinstance(place, QWidget) or not place.isVisible():
        return False
    around = place is target or place.isAncestorOf(target)
    return around or shortcut.context() == Qt.ShortcutContext.WindowShortcut


def _popup_of(widget: QWidget | None) -> QWidget | None:
    """The list under a box that is searched by writing: while it is open, keys go there first."""
    completer = widget.completer() if isinstance(widget, QComboBox) else None
    return completer.popup() if completer is not None else None


def _field_now(widget: QWidget | None) -> _Field | None:
    if not isinstance(widget, QLineEdit):
        return None
    selected = (widget.selectionStart(), len(widget.selectedText()))
    return _Field(widget, widget.text(), widget.cursorPosition(), selected)
