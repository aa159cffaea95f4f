"""The pointer's helpers and the second window: what accompanies the pair in hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.view.canvas import Canvas
from widgets.compare.view.loupe import Loupe
from widgets.compare.view.measured import MeasuredOverlay
from widgets.compare.view.pointer import MirrorCursor, PointerLine
from widgets.compare.view.second import SecondWindow

_SAY_MS = 40


class Helpers:
    """Measurements over the picture, mirrored cursor, loupe, line of figures, second window.

    ``on_key`` gets the second window's keys; ``changed`` is called when a helper came or went.
    """

    def __init__(
        self,
        canvas: Canvas,
        on_key: Callable[[QKeyEvent], bool],
        changed: Callable[[], None],
    ) -> None:
        self._canvas, self._on_key, self._changed = canvas, on_key, changed
        self._desk: Desk | None = None
        self._pointer: Point | None = None
        self.mirror, self.loupe = MirrorCursor(), Loupe()
        self.second: SecondWindow | None = None
        self.line = PointerLine()
        for overlay in (MeasuredOverlay(), self.mirror, self.loupe):
            canvas.add_overlay(overlay)
        canvas.pointed = self._pointed
        self._soon = QTimer(canvas)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SAY_MS)
        self._soon.timeout.connect(self._say)

    def actions(self) -> dict[str, Callable[[], None]]:
        """What turns them on and off, by their names."""
        return {
            "loupe": self._turn_loupe,
            "mirror": self._turn_mirror,
            "second screen": self._turn_second,
        }

    def is_on(self, name: str) -> bool:
        """Whether the helper of this name is in use."""
        on = {"loupe": self.loupe.on, "mirror": self.mirror.on}
        return on.get(name, self.second is not None)

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk, self._pointer = desk, None
        if desk is not None:
            desk.measures.listeners.append(self._heard)
        if self.second is not None:
            self.second.set_desk(desk)
        self._say()

    def refresh(self) -> None:
        """Something of the pair has changed."""
        if self.second is not None:
            self.second.refresh()
        self._say_soon()

    def _heard(self) -> None:
        self._canvas.update()
        self._say_soon()

    def _pointed(self, pointer: Point | None) -> None:
        self._pointer = pointer
        self._say_soon()

    def _say_soon(self) -> None:
        """Not for every step of a movement: figures that fast cannot be read."""
        if not self._soon.isActive():
            self._soon.start()

    def _say(self) -> None:
        self.line.show_desk(self._desk, self._pointer)

    def _turn_loupe(self) -> None:
        self.loupe.turn()
        self._canvas.update()
        self._changed()

    def _turn_mirror(self) -> None:
        self.mirror.on = not self.mirror.on
        self._canvas.update()
        self._changed()

    def _turn_second(self) -> None:
        if self.second is not None:
            self.second.close()
            return
        window: QWidget = self._canvas.window()
        self.second = SecondWindow(window, self._on_key, self._second_closed)
        self.second.set_desk(self._desk)
        self.second.open_beside(window)
        self._changed()

    def _second_closed(self) -> None:
        second, self.second = self.second, None
        if second is not None:
            second.deleteLater()
        self._changed()
