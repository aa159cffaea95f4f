"""What is known of the thing in hand, what it is linked to, and the way to its case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QListWidgetItem, QVBoxLayout

from widgets.common.parts import button, label, wrapped_list

_SIDE_PX = 300
Fact = tuple[str, str]


class FactsSide(QFrame):
    """``go`` opens the case; ``jump`` is called with the key of a line of the list below."""

    def __init__(
        self, name: str, listed: str, go: Callable[[], None], jump: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}_side")
        self.setProperty("panel", True)
        self.setFixedWidth(_SIDE_PX)
        self.title = label("", "heading", f"{name}_title", wrap=True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self.go = button("Go to the case", f"{name}_go", "See it in the casebook (Enter)", go)
        self.heading = label(listed, "heading", f"{name}_listed")
        self.list = wrapped_list(f"{name}_list", listed)
        self.list.itemActivated.connect(lambda item: jump(str(item.data(_KEY))))
        self.list.itemClicked.connect(lambda item: jump(str(item.data(_KEY))))
        self.extra = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addLayout(self._grid)
        layout.addWidget(self.go)
        layout.addWidget(self.heading)
        layout.addWidget(self.list, 1)
        layout.addLayout(self.extra)
        self.show_thing("", ())

    def show_thing(self, title: str, facts: Sequence[Fact], *, nothing: str = "") -> None:
        """The facts of one thing; without a title ``nothing`` says what to do."""
        self.title.setText(title or nothing or "Choose something to see what is known of it.")
        while len(self._rows) < len(facts):
            self._add_row()
        for number, (words, value) in enumerate(self._rows):
            there = number < len(facts)
            words.setVisible(there)
            value.setVisible(there)
            if there:
                words.setText(facts[number][0])
                value.setText(facts[number][1])
        self.go.setEnabled(bool(title))

    def show_list(self, lines: Sequence[tuple[str, str]], heading: str = "") -> None:
        """Key and words of each line."""
        if heading:
            self.heading.setText(heading)
        self.heading.setVisible(bool(lines))
        self.list.clear()
        for key, words in lines:
            item = QListWidgetItem(words)
            item.setData(_KEY, key)
            self.list.addItem(item)

    def _add_row(self) -> None:
        words, value = label(tone="dim"), label(wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(words, len(self._rows), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self._rows), 1)
        self._rows.append((words, value))


_KEY = Qt.ItemDataRole.UserRole
