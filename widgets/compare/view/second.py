"""A second window with the pair: on another screen where there is one, else beside the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QScreen,
    QShowEvent,
)
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from app.picture import Mode, ViewState, settled
from widgets.compare.desk import Desk
from widgets.compare.desk.noting import flag_plate
from widgets.compare.panels.controls import make_button
from widgets.compare.view.flag import paint_flag

AS_ON_DESK = "as on the desk"
_FRAME_MS = 30
_OWN_SIZE = QSize(900, 640)


class SecondPicture(QWidget):
    """The picture of a desk in its own size, and its own mode when it has one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("second_picture")
        self.setAccessibleName("The pair on the second screen")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.mode: Mode | None = None
        self._desk: Desk | None = None
        self._pixels: NDArray[np.generic] | None = None
        self._fresh = False
        # changes come faster than two screens can be drawn: this one waits a moment
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self.update)

    def set_desk(self, desk: Desk | None) -> None:
        """Show this pair from now on."""
        self._desk = desk
        self.refresh()

    def set_mode(self, mode: Mode | None) -> None:
        """A mode of its own; None is the desk's."""
        self.mode = mode
        self.refresh()

    def refresh(self) -> None:
        """What is shown has changed."""
        self._fresh = False
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def view(self) -> ViewState | None:
        """How the pair is shown here: the same field in a window of another size."""
        desk = self._desk
        if desk is None or desk.view.um_per_px <= 0:
            return None
        seen = desk.seen if self.mode is None else replace(desk.view, mode=self.mode)
        return settled(desk.left, desk.right, desk.alignment, seen, self._size_px())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        desk, view = self._desk, self.view()
        if desk is None or view is None:
            painter.fillRect(self.rect(), self.palette().window())
            return
        width, height = self._size_px()
        pixels = self._pixels
        if not self._fresh or pixels is None or pixels.shape[:2] != (height, width):
            pixels = self._pixels = cv2.cvtColor(
                desk.picture((width, height), view), cv2.COLOR_RGB2BGRA
            )
            self._fresh = True
        image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter.drawImage(QPointF(0, 0), image)
        paint_flag(painter, flag_plate(desk), self.width())

    def _size_px(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))


class SecondWindow(QWidget):
    """``on_key`` gets the keys this window has no use for; ``closed`` is called when it goes."""

    def __init__(
        self,
        parent: QWidget,
        on_key: Callable[[QKeyEvent], bool],
        closed: Callable[[], None],
        screens: Callable[[], list[QScreen]] = QGuiApplication.screens,
    ) -> None:
        # a child of the first window, it goes with it
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("second_window")
        self.setWindowTitle("Casehead: second screen")
        self._on_key, self._closed, self._screens = on_key, closed, screens
        self._own: QScreen | None = None
        self.picture = SecondPicture()
        self._names = QLabel()
        self._names.setObjectName("second_names")
        self._bar = self._made_bar()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self._bar)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._screen_went)

    def open_beside(self, window: QWidget) -> None:
        """Whole on a screen ``window`` is not on; without one, an ordinary window."""
        others = [screen for screen in self._screens() if screen is not window.screen()]
        if others:
            self._own = others[0]
            self.setGeometry(others[0].availableGeometry())
            self.set_whole(True)
        else:
            self.resize(_OWN_SIZE)
            self.show()

    def set_desk(self, desk: Desk | None) -> None:
        """Show this pair from now on."""
        self.picture.set_desk(desk)
        names = "" if desk is None else f"{desk.left.name}   |   {desk.right.name}"
        self._names.setText(names)

    def refresh(self) -> None:
        """What is shown has changed."""
        self.picture.refresh()

    def set_whole(self, whole: bool) -> None:
        """The picture alone on the whole screen, or a window with its bar."""
        self._bar.setVisible(not whole)
        if whole:
            self.showFullScreen()
        else:
            self.showNormal()

    def set_mode(self, mode: Mode | None) -> None:
        """A mode of its own; None follows the desk."""
        self.picture.set_mode(mode)
        self._modes.blockSignals(True)
        self._modes.setCurrentIndex(0 if mode is None else list(Mode).index(mode) + 1)
        self._modes.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_F11:
            self.set_whole(not self.isFullScreen())
        elif key == Qt.Key.Key_Escape and self.isFullScreen():
            self.set_whole(False)
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._next_mode(1 if key == Qt.Key.Key_End else -1)
        elif not self._on_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setObjectName("second_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for mode in (None, *Mode):
            action = menu.addAction(AS_ON_DESK if mode is None else str(mode))
            action.triggered.connect(lambda _=False, m=mode: self.set_mode(m))
        menu.addSeparator()
        whole = menu.addAction("whole screen (F11)")
        whole.triggered.connect(lambda: self.set_whole(not self.isFullScreen()))
        menu.popup(event.globalPos())

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.picture.set_desk(None)
        self._closed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.picture.refresh()

    def _screen_went(self, gone: QScreen) -> None:
        """Its screen was unplugged: it becomes an ordinary window on the one that is left."""
        if gone is not self._own:
            return
        self._own = None
        home = QGuiApplication.primaryScreen()
        self.set_whole(False)
        self.resize(_OWN_SIZE)
        if home is not None:
            self.setScreen(home)
            self.move(home.availableGeometry().topLeft())

    def _next_mode(self, step: int) -> None:
        modes = [None, *Mode]
        self.set_mode(modes[(modes.index(self.picture.mode) + step) % len(modes)])

    def _made_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("second_bar")
        self._modes = QComboBox()
        self._modes.setObjectName("second_mode")
        self._modes.setAccessibleName("View mode of the second screen")
        self._modes.setToolTip("View mode of this window (Home, End)")
        self._modes.addItems([AS_ON_DESK, *(str(mode) for mode in Mode)])
        self._modes.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._modes.currentIndexChanged.connect(self._mode_chosen)
        whole = make_button("F11  Whole screen", "second_whole", tip="Whole screen, and back (F11)")
        whole.clicked.connect(lambda: self.set_whole(True))
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 0, 10, 4)
        row.addWidget(self._names, 1)
        row.addWidget(self._modes)
        row.addWidget(whole)
        return bar

    def _mode_chosen(self, index: int) -> None:
        self.picture.set_mode(None if index <= 0 else list(Mode)[index - 1])
