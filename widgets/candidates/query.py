"""The query beside its candidates, large; under it what is left and what can be said."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain import Provenance
from widgets.candidates.filters import Filter
from widgets.common.parts import label
from widgets.common.picture import PictureView
from widgets.common.review_bar import ReviewBar


def query_words(place: Provenance) -> str:
    """Whose picture is searched with."""
    case = place.cartridge_case
    about = (place.mark.kind, case.role, case.calibre, case.breech_face_class)
    return f"Query: {place.name}\n{', '.join(filter(None, about))}"


class QueryPanel(QWidget):
    """The picture, whose it is, the filter of the list, the reviews."""

    def __init__(self, choose: Filter, bar: ReviewBar) -> None:
        super().__init__()
        self.picture = PictureView("query_view", "Query")
        self.words = label("", name="query_words", wrap=True)
        self.words.setContentsMargins(12, 8, 12, 8)
        below = QFrame()
        below.setProperty("panel", True)
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.setSpacing(0)
        choose.setContentsMargins(8, 0, 8, 0)
        inside.addWidget(choose)
        inside.addWidget(bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.words)
        layout.addWidget(below)
