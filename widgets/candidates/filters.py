"""Which candidates a list shows, with how many there are of each: what is left is always seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.workbench import Wanted, left_words
from widgets.common.parts import button, label

_TIPS = {
    Wanted.ALL: "Show all candidates (F goes on to the next)",
    Wanted.NEW: "Show only those nothing was said of (F)",
    Wanted.LATER: "Show only those put off for later (F)",
}


class Filter(QWidget):
    """``chosen(wanted)`` is called when others are to be shown."""

    def __init__(self, chosen: Callable[[Wanted], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self.wanted = Wanted.ALL
        self._left = label("", "dim", "left_count")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self._buttons: dict[Wanted, QPushButton] = {}
        only_one = QButtonGroup(self)
        for wanted in Wanted:
            made = button(
                "", f"filter_{wanted}", _TIPS[wanted], partial(self.choose, wanted), checkable=True
            )
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons[wanted] = made
            only_one.addButton(made)
            layout.addWidget(made)
        layout.addWidget(self._left)
        self._buttons[self.wanted].setChecked(True)

    @property
    def left(self) -> str:
        """How much is left, in words."""
        return self._left.text()

    def choose(self, wanted: Wanted) -> None:
        """Show these from now on."""
        self._buttons[wanted].setChecked(True)
        if wanted is not self.wanted:
            self.wanted = wanted
            self._chosen(wanted)

    def go_on(self) -> None:
        """The next choice, after the last the first again."""
        every = list(Wanted)
        self.choose(every[(every.index(self.wanted) + 1) % len(every)])

    def show_counts(self, counts: Mapping[Wanted, int]) -> None:
        """How many each choice would show."""
        for wanted, made in self._buttons.items():
            words = f"{str(wanted).capitalize()} {counts[wanted]}"
            made.setText(words)
            made.setAccessibleName(words)
        self._left.setText(left_words(counts))


def nothing_wanted(wanted: Wanted, counts: Mapping[Wanted, int]) -> tuple[str, str]:
    """Title and sentence where a list has candidates, but none that are wanted."""
    if wanted is Wanted.LATER:
        return "Nothing was put off", "No candidate stands at later. F shows all again."
    later = counts[Wanted.LATER]
    rest = f" {later} were put off for later: F shows them." if later else " F shows all again."
    return "Nothing new is left", f"Something was said of all {counts[Wanted.ALL]}.{rest}"
