"""What the left mouse button does on the picture while a tool is in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter

from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point


class Tool:
    """The bare hand; tools override what they need. Points are pixels of the desk's view.

    What must be undone goes through ``desk.put``; a tool keeps only its own passing state.
    """

    name = ""
    hint = ""

    def press(self, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier) -> bool:
        """The left button goes down; True when it is the tool's, else the picture is panned."""
        return False

    def move(self, desk: Desk, point: Point) -> None:
        """The pointer moves with the button down."""

    def release(self, desk: Desk, point: Point) -> None:
        """The button comes up."""

    def hover(self, desk: Desk, point: Point) -> None:
        """The pointer moves with no button down."""

    def double(self, desk: Desk, point: Point) -> bool:
        """A double click; True when it is the tool's, else the pair is fitted."""
        return False

    def key(self, desk: Desk, event: QKeyEvent) -> bool:
        """A key, before the screen's own; True when it was used."""
        return False

    def paint(self, painter: QPainter, desk: Desk, ratio: float) -> None:
        """Draw over the picture; view pixels divided by ``ratio`` are the painter's."""

    def cursor(self, desk: Desk, point: Point) -> Qt.CursorShape | None:
        """The cursor over a point, None for the hand's."""
        return None

    def drop(self, desk: Desk) -> None:
        """The tool is put away."""


class Overlay:
    """Something drawn over the picture whatever tool is in hand."""

    def paint(self, painter: QPainter, desk: Desk, ratio: float, pointer: Point | None) -> None:
        """Draw; ``pointer`` is where the mouse is in the view, None when it is elsewhere."""

    def wheel(self, desk: Desk, turned: float) -> bool:
        """The wheel turned by so many notches; True when it is the overlay's."""
        return False
