"""What chart, timeline and map have in common: filters, loading, keys, empty states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.casework.graph import ChartFilter
from app.domain import Changes
from app.workbench import Workbench
from app.workbench.linking import LinkChart
from widgets import keys, theme
from widgets.bridge import Bridge
from widgets.casework.links_filter import FilterBar
from widgets.common.paged import lay_out
from widgets.common.parts import EmptyState, button, label
from widgets.common.refresh import Refresh
from widgets.navigator import Navigator

_NOTHING = (
    "Cases are linked by what is recorded: a lead, once a second reviewer agreed to it, or a hit, "
    "once an identification was verified. Review the candidates of a search to begin."
)
_NO_FIT = "Take the filters off, or choose others."


class View(Protocol):
    """What is looked at: gone through thing by thing, and zoomed."""

    def step(self, by: int) -> None: ...
    def zoom_in(self) -> None: ...
    def zoom_out(self) -> None: ...
    def fit(self) -> None: ...


class LinkedPage(QWidget):
    """A page over linked cases; a subclass puts in the view and shows what was loaded."""

    title = ""

    def __init__(
        self, name: str, workbench: Workbench, bridge: Bridge, navigator: Navigator
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}_page")
        self._name = name
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.filter = FilterBar(name, self._ask)
        self.loaded = LinkChart()
        self._fresh = False
        self._actions: Mapping[str, Callable[[], None]] = {}
        self._wanted = ChartFilter()
        self._look = theme.look()
        self._told = label("", "amber", f"{name}_told", wrap=True)
        self._refresh: Refresh[LinkChart] = Refresh(bridge, self, self._load, self._loaded)
        to_candidates = button(
            "To the candidates",
            f"{name}_to_candidates",
            "Review what searches found",
            lambda: navigator.show_candidates(),
        )
        self._empty = EmptyState(f"{name}_empty", to_candidates)
        self._pages = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filter)
        layout.addWidget(self._pages, 1)
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what is shown is what there is."""
        return self._fresh and not self._refresh.loading and not self.filter.waiting

    def choose(self, case_id: str) -> None:
        """Show only what hangs together with a case."""
        self.filter.show_only(case_id)

    def place(self) -> tuple[str, ...]:
        """What the header says after the title."""
        count = self.loaded.chart.components
        return (f"{count} group{'' if count == 1 else 's'} of linked cases",) if count else ()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and theme.look() != self._look:
            self._look = theme.look()
            self.recolour()

    # --- for subclasses --------------------------------------------------------------------
    def put_in(
        self, view: QWidget, side: QWidget, signs: str, below: Sequence[QWidget] = ()
    ) -> None:
        """The view with what its ``signs`` mean and what else is ``below`` it, ``side`` at its
        right; all of it beside the empty state."""
        words = QVBoxLayout()
        words.addWidget(self._told)
        words.addWidget(label(signs, "dim", f"{self._name}_signs", wrap=True))
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 14, 8)
        foot.addLayout(words, 1)
        for widget in below:
            foot.addWidget(widget)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(view, 1)
        left.addLayout(foot)
        body = QWidget()
        lay_out(body, left, side)
        self._pages.addWidget(body)
        self._pages.addWidget(self._empty)
        self._pages.setCurrentIndex(0)
        self.setFocusProxy(view)

    def add_zoom(self, view: View, nearer: str = "Zoom in", further: str = "Zoom out") -> None:
        """Buttons for it at the end of the filters, ``nearer`` and ``further`` in their tips."""
        self.filter.add(
            button("+", f"{self._name}_zoom_in", f"{nearer} (+)", view.zoom_in),
            button("−", f"{self._name}_zoom_out", f"{further} (-)", view.zoom_out),
            button("All", f"{self._name}_fit", "All of it (0)", view.fit),
        )

    def bind(self, view: View, actions: Mapping[str, Callable[[], None]]) -> None:
        """What the rows of the page's own table of keys do."""
        self._actions = {
            "filter": self.filter.take_focus,
            "state": self.filter.next_state,
            "clear": self.filter.clear,
            "next": lambda: view.step(1),
            "previous": lambda: view.step(-1),
            "zoom in": view.zoom_in,
            "zoom out": view.zoom_out,
            "fit": view.fit,
            **actions,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the page; in a field of the filter only Enter, which leads back to the view."""
        row = keys.find(self._name, event)
        if isinstance(self.focusWidget(), QLineEdit):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
                self.setFocus()
            return
        if row is not None and row.action in self._actions:
            self._actions[row.action]()
        else:
            super().keyPressEvent(event)

    def load(self) -> LinkChart:
        """Read what is shown; not on the GUI thread."""
        raise NotImplementedError

    def show_loaded(self) -> None:
        """Show ``loaded``."""
        raise NotImplementedError

    def recolour(self) -> None:
        """The look has changed."""

    # --- loading ---------------------------------------------------------------------------
    def _ask(self) -> None:
        if self.isVisible():
            self._wanted = self.filter.wanted
            self._refresh.ask()

    def _hear(self, changes: Changes) -> None:
        if changes.cases or changes.comparisons or changes.casework:
            self._fresh = False
            self._ask()

    def _load(self) -> LinkChart:
        return self.load()

    def _loaded(self, loaded: LinkChart) -> None:
        self.loaded, self._fresh = loaded, True
        self.filter.offer(loaded.agencies, loaded.calibres)
        if not loaded.links:
            self._empty.say("No cases are linked yet", _NOTHING)
        else:
            self._empty.say("No linked case fits these filters", _NO_FIT)
        self.show_loaded()
        if self.isVisible():
            self._navigator.say_place("leads", (self.title, *self.place()))

    def show_view(self, there_is: bool, told: str = "") -> None:
        """The view with a sentence below it, or the empty state where there is nothing in it."""
        self._pages.setCurrentIndex(0 if there_is else 1)
        self._told.setText(told)
        self._told.setVisible(bool(told))
