"""What is about to be drawn on the specimens, and which annotation is in hand."""

from __future__ import annotations

from collections.abc import Callable

from app.domain import AnnotationKind
from app.picture.shapes import AREAS

MARKS = (
    AnnotationKind.NOTE,
    AnnotationKind.ARROW,
    AnnotationKind.LINE,
    AnnotationKind.BOX,
    AnnotationKind.ELLIPSE,
    AnnotationKind.POLYGON,
    AnnotationKind.TEXT,
)
SURFACES = (AnnotationKind.AGREEMENT, AnnotationKind.DISAGREEMENT)
WORDS = {
    AnnotationKind.AGREEMENT: "agreement",
    AnnotationKind.DISAGREEMENT: "disagreement",
    AnnotationKind.NOTE: "note",
    AnnotationKind.ARROW: "arrow",
    AnnotationKind.LINE: "line",
    AnnotationKind.BOX: "box",
    AnnotationKind.ELLIPSE: "ellipse",
    AnnotationKind.POLYGON: "outline",
    AnnotationKind.TEXT: "text",
    AnnotationKind.INDEX: "index mark",
}
TOOL = "annotate"


class Pen:
    """Of the moment: neither undone nor saved. Every change calls ``changed``."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.kind = AnnotationKind.NOTE
        self.colour = ""
        self.selected = ""
        self.typing = False
        self._both = {True: True, False: False}

    @property
    def both(self) -> bool:
        """Whether what is drawn next is tied to both specimens: areas are, unless told not to; an
        index mark never is."""
        if self.kind is AnnotationKind.INDEX:
            return False
        return self._both[self.kind in AREAS]

    def choose(self, kind: AnnotationKind) -> None:
        """Draw this kind next."""
        self.kind, self.selected, self.typing = kind, "", False
        self._changed()

    def next_of(self, kinds: tuple[AnnotationKind, ...]) -> None:
        """The next kind of a group; its first when another group is in hand."""
        place = kinds.index(self.kind) + 1 if self.kind in kinds else 0
        self.choose(kinds[place % len(kinds)])

    def tie(self, both: bool) -> None:
        """Tie what is drawn next to both specimens, or to the one it is drawn on."""
        if self.kind is AnnotationKind.INDEX:
            return
        self._both[self.kind in AREAS] = both
        self._changed()

    def paint_with(self, colour: str) -> None:
        """Draw in this colour of the palette next; "" is that of the kind."""
        self.colour = colour
        self._changed()

    def select(self, annotation_id: str, *, typing: bool = False) -> None:
        """Take an annotation in hand, "" none; ``typing`` writes its words."""
        if (annotation_id, typing) != (self.selected, self.typing):
            self.selected, self.typing = annotation_id, typing and bool(annotation_id)
            self._changed()
