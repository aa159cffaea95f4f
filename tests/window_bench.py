"""The real window on a casebook, and the hands and eyes of whoever sits at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

PATIENCE_MS = 60_000
LOOK_MS = 50
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
W = TypeVar("W", bound=QWidget)


class WindowBench:
    """The window on a casebook, used with mouse and keyboard."""

    def __init__(self, qtbot: QtBot, workbench: Workbench) -> None:
        application()
        self.qtbot, self.workbench = qtbot, workbench
        self.window = MainWindow(workbench, Bridge(workbench))
        self.told: list[str] = []
        self.window.bridge.told.connect(lambda notice: self.told.append(notice.sentence))
        self.window.resize(1366, 768)
        self.window.show()
        self.activate()

    def activate(self) -> None:
        """The keyboard is this window's."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def close(self) -> None:
        """With everything behind it; a failure may have closed it before."""
        if not self.window.over:
            close(self.qtbot, self.window)

    # --- hands -----------------------------------------------------------------------------
    @property
    def focus(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.focusWidget() or self.window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        """Whatever has the focus gets it."""
        self.qtbot.keyClick(self.focus, key, modifier)  # type: ignore[no-untyped-call]

    def type(self, text: str) -> None:
        """Into whatever has the focus."""
        self.qtbot.keyClicks(self.focus, text)  # type: ignore[no-untyped-call]

    def click(self, name: str) -> None:
        """On a button, as soon as it can be clicked."""
        self.until(lambda: self.seen(QAbstractButton, name))
        made = self.find(QAbstractButton, name)
        self.until(made.isEnabled)
        self.qtbot.mouseClick(made, LEFT)  # type: ignore[no-untyped-call]

    def point(
        self, widget: QWidget, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton
    ) -> None:
        """Sent straight: a pointer that already stands there would move no more."""
        none = Qt.MouseButton.NoButton
        at = QPointF(widget.mapToGlobal(to))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(to), at, none, held, NO_KEY)
        QApplication.sendEvent(widget, event)

    def drag(self, widget: QWidget, *way: QPoint) -> None:
        """With the left button held."""
        self.point(widget, way[0])
        self.qtbot.mousePress(widget, LEFT, NO_KEY, way[0])  # type: ignore[no-untyped-call]
        for place in way[1:]:
            self.point(widget, place, LEFT)
        self.qtbot.mouseRelease(widget, LEFT, NO_KEY, way[-1])  # type: ignore[no-untyped-call]

    def tick(self, name: str) -> None:
        """A box that is not ticked, by the space bar."""
        box = self.find(QCheckBox, name)
        box.setFocus()
        self.press(Qt.Key.Key_Space)
        assert box.isChecked()

    def write(self, name: str, text: str) -> None:
        """Into a line, a number, a text, or a choice that takes other words, in place of what is
        there."""
        self.until(lambda: self.seen(QWidget, name))
        field = self.find(QWidget, name)
        if isinstance(field, QComboBox):
            line = field.lineEdit()
            assert line is not None, f"{name} takes no other words"
            field = line
        assert isinstance(field, QLineEdit | QPlainTextEdit | QSpinBox), name
        assert field.isEnabled(), name
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)  # type: ignore[no-untyped-call]
        if not text:
            self.press(Qt.Key.Key_Delete)

    def fill(self, texts: Mapping[str, str]) -> None:
        """A form, field by field."""
        for name, text in texts.items():
            self.write(name, text)

    def tab_to(self, reached: Callable[[], object]) -> None:
        """Only by Tab, as the hand does it."""
        passed: list[str] = []
        for _ in range(80):
            if reached():
                return
            passed.append(self.focus.objectName())
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab leads only to {passed}")

    def choose(self, name: str, words: str) -> None:
        """From a list, by the arrow keys."""
        self.until(lambda: self.seen(QComboBox, name))
        box = self.find(QComboBox, name)
        assert box.isEnabled(), name
        box.setFocus()
        at = next(n for n in range(box.count()) if words in box.itemText(n))
        while box.currentIndex() != at:
            way = Qt.Key.Key_Down if box.currentIndex() < at else Qt.Key.Key_Up
            before = box.currentIndex()
            self.press(way)
            assert box.currentIndex() != before, f"{name} has no way to {words}"

    def save_as(self, path: Path, ask: Callable[[], None]) -> None:
        """``ask`` opens the dialog that asks for a file or folder; the path is pasted there, then
        Enter. A list of what is in the folder, which would take the Enter, is sent away first."""
        answered: list[QFileDialog] = []
        timer = QTimer()

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                return
            line = dialog.findChild(QLineEdit, "fileNameEdit")
            assert isinstance(line, QLineEdit)
            popup = line.completer().popup()
            if popup.isVisible():
                self.qtbot.keyClick(popup, Qt.Key.Key_Escape)  # type: ignore[no-untyped-call]
            elif line.text() != str(path):
                line.setFocus()
                line.selectAll()
                QApplication.clipboard().setText(str(path))
                self.qtbot.keyClick(line, Qt.Key.Key_V, CONTROL)  # type: ignore[no-untyped-call]
            else:
                answered.append(dialog)
                self.qtbot.keyClick(line, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]

        timer.timeout.connect(answer)
        timer.start(LOOK_MS)
        ask()
        self.until(lambda: answered and QApplication.activeModalWidget() is None)
        timer.stop()
        self.activate()

    # --- eyes ------------------------------------------------------------------------------
    def until(self, reached: Callable[[], object]) -> None:
        """Go on once it is so."""
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=PATIENCE_MS)

    def until_told(self, words: str) -> None:
        """A notice with these words came."""
        self.until(lambda: any(words in sentence for sentence in self.told))

    def find(self, kind: type[W], name: str) -> W:
        """The one that is seen."""
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, f"{name}: {found}"
        return found[0]

    def seen(self, kind: type[W], name: str) -> bool:
        """Whether there is one to be seen."""
        return any(w.isVisible() for w in self.window.findChildren(kind, name))

    def words(self, name: str) -> str:
        """What a label says, nothing while it is not seen."""
        found = [w for w in self.window.findChildren(QLabel, name) if w.isVisible()]
        return found[0].text() if found else ""

    def until_words(self, name: str, words: str) -> None:
        """A label says so."""
        self.until(lambda: words in self.words(name))
