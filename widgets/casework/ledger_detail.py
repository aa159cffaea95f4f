"""One lead or hit at the side: what it is, what it rests on, its history, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from widgets.common.parts import button, label

_ACROSS = 3
_WIDTH = 380


@dataclass(frozen=True, slots=True)
class Detail:
    """What the side shows: plain words, made off the GUI thread.

    ``actions`` are the names of what can be done now; ``attention`` is what needs somebody.
    """

    title: str = ""
    state: str = ""
    attention: str = ""
    facts: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """An action as a button; ``key`` is the letter that does it, too."""

    action: str
    words: str
    key: str
    tip: str
    primary: bool = False


class DetailPanel(QFrame):
    """``name`` goes before the names of its parts; buttons that do not apply now are not shown."""

    def __init__(
        self, name: str, acts: Iterable[Act], do: dict[str, Callable[[], None]], width: int = _WIDTH
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("drawer", True)
        self.setFixedWidth(width)
        self._title = label("", "heading", f"{name}_title", wrap=True)
        self._state = label("", "", f"{name}_state", wrap=True)
        self._attention = label("", "amber", f"{name}_attention", wrap=True)
        self._facts = label("", "", f"{name}_facts", wrap=True)
        self._heading = label("History", "heading")
        self._history = label("", "", f"{name}_history", wrap=True)
        self._buttons: dict[str, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        for act in acts:
            tip = f"{act.tip} ({act.key})"
            made = button(
                act.words, f"{name}_{act.action}", tip, do[act.action], primary=act.primary
            )
            made.setParent(self)  # else it would be a window of its own once it is shown
            made.hide()
            self._buttons[act.action] = made
        self._build()

    def show_detail(self, detail: Detail) -> None:
        """Show this one."""
        self._title.setText(detail.title)
        self._state.setText(detail.state)
        self._attention.setText(detail.attention)
        self._attention.setVisible(bool(detail.attention))
        self._facts.setText("\n".join(detail.facts))
        self._heading.setVisible(bool(detail.history))
        self._history.setText("\n\n".join(detail.history))
        shown = [made for act, made in self._buttons.items() if act in detail.actions]
        for made in self._buttons.values():
            self._grid.removeWidget(made)
            made.setVisible(made in shown)
        for number, made in enumerate(shown):
            self._grid.addWidget(made, number // _ACROSS, number % _ACROSS)

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("panel", True)
        words = QVBoxLayout(inside)
        words.setContentsMargins(16, 12, 16, 8)
        words.setSpacing(8)
        shown = (self._title, self._state, self._attention, self._facts, self._heading)
        for one in (*shown, self._history):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            words.addWidget(one)
        words.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(area, 1)
        self._grid.setContentsMargins(12, 4, 12, 12)
        layout.addLayout(self._grid)
