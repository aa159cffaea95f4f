"""Above the candidates: how far the search went, whether its list was reviewed, search anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout

from widgets.candidates.words import AIDS
from widgets.common.parts import EmptyState, button, column, label
from widgets.navigator import Navigator


class ListHeading(QFrame):
    """``everything`` is called to search without regard to class characteristics."""

    def __init__(self, everything: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("panel", True)
        self.extent = label("", name="extent", wrap=True)
        self._reviewed = label("", "dim", "list_reviewed", wrap=True)
        self.everything = button(
            "Search everything",
            "search_everything",
            "Search again without regard to class characteristics",
            everything,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.addWidget(label(AIDS, "heading", "aids"))
        said = column(self.extent, self._reviewed)
        said.setSpacing(2)
        layout.addLayout(said, 1)
        layout.addWidget(self.everything)
        self.say_reviewed("")

    def say_reviewed(self, sentence: str) -> None:
        """Who reviewed the list, and with what outcome; nothing where nobody did."""
        self._reviewed.setText(sentence)
        self._reviewed.setVisible(bool(sentence))


def no_searches(navigator: Navigator) -> EmptyState:
    """What stands where nothing was searched yet."""
    made = EmptyState(
        "candidates_empty",
        button(
            "Acquire an image",
            "to_acquire",
            "Go to the camera (Ctrl+2)",
            navigator.show_acquire,
            primary=True,
            icon="mdi6.camera-outline",
        ),
        button(
            "Go to the casebook",
            "to_casebook",
            "Import images or search there (Ctrl+1)",
            navigator.show_casebook,
            icon="mdi6.folder-open-outline",
        ),
    )
    made.say(
        "No searches yet",
        "Every image saved with its scale is searched by itself, and its candidates wait here.",
    )
    return made
