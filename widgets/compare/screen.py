"""The comparison screen: puts the desk, the evidence and the controls together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.domain import CaseheadError, Changes, Comparison, Conclusion, Review, Score, now
from app.picture import write_png
from widgets import keys
from widgets.compare.actions import act
from widgets.compare.conclude import NOTHING_CHOSEN
from widgets.compare.deriving import Deriving
from widgets.compare.desk import Desk
from widgets.compare.loading import Loaded, Walk, load, name_for_file, siblings_of
from widgets.compare.page import MessagePage
from widgets.compare.pair_view import PairView

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge
    from widgets.navigator import Navigator

EXPORT_SIZE = (1600, 1000)
READ_ONLY = "This casebook is open for reading only; nothing can be recorded."
AskPath = Callable[[QWidget, str], Path | None]


def ask_png(parent: QWidget, name: str) -> Path | None:
    """Where the picture is to be written, None when the examiner thinks better of it."""
    chosen, _ = QFileDialog.getSaveFileName(
        parent, "Export the comparison picture", name, "PNG picture (*.png)"
    )
    return Path(chosen).with_suffix(".png") if chosen else None


class CompareScreen(QWidget):
    """Two marks in one field. Empty until ``open_pair``."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        ask_path: AskPath = ask_png,
    ) -> None:
        super().__init__()
        self.setObjectName("compare_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._ask_path = ask_path
        self._generation = 0
        self._pair: Loaded | None = None
        self._desk: Desk | None = None
        self._walk = Walk()
        self._deriving = Deriving(workbench, bridge, self)
        self._aligning = self._recording = False
        self._build()
        self._actions: dict[str, Callable[[], None]] = {
            "align": self.align,
            "save": self.save,
            "export": self.export,
            "drawer": self._turn_drawer,
            "conclude": self._conclude,
            "next candidate": lambda: self._go(1),
            "previous candidate": lambda: self._go(-1),
            "keep": lambda: self._review(Review.KEPT),
            "dismiss": lambda: self._review(Review.DISMISSED),
            "later": lambda: self._review(Review.LATER),
        }
        bridge.changed.connect(self._hear)

    @property
    def desk(self) -> Desk | None:
        """The pair in hand, None while there is none."""
        return self._desk

    def open_pair(
        self,
        left_id: str,
        right_id: str,
        candidate_id: str | None = None,
        siblings: tuple[str, ...] = (),
    ) -> None:
        """Show two acquired pictures; what was opened before and arrives late is dropped.

        ``siblings`` are the ids of the candidates in the order of the list it was opened from.
        """
        self._generation += 1
        generation = self._generation
        left_behind = self.alignment_to_keep()
        self._forget()
        self._page.show_loading()
        self._navigator.say_place("compare", ())
        workbench = self._workbench

        def work() -> tuple[Loaded, Walk]:
            if left_behind is not None:
                workbench.save_comparison(left_behind)
            found = siblings_of(workbench, (left_id, right_id), candidate_id, siblings)
            walk = Walk(candidate_id, siblings, found)
            return load(workbench, left_id, right_id, candidate_id), walk

        self._bridge.run(
            work,
            lambda answer: self._opened(generation, *answer),
            lambda error: self._refused(generation, error),
            owner=self,
            long=True,
        )

    def align(self) -> None:
        """Have software find the alignment; what it says of the pair is shown."""
        pair, desk = self._pair, self._desk
        if pair is None or desk is None or self._aligning:
            return
        self._aligning = True
        self._refresh()
        ids = pair.comparison.left_id, pair.comparison.right_id
        self._bridge.run(
            lambda: self._workbench.compare(*ids),
            lambda score: self._aligned(desk, score),
            lambda error: self._not_aligned(desk, error),
            owner=self,
            long=True,
        )

    def save(self) -> None:
        """Keep alignment and view with the comparison."""
        desk = self._desk
        if desk is None:
            return
        if self._workbench.read_only:
            self._bridge.tell(self._read_only_sentence(), attention=True)
            return
        comparison = desk.as_comparison()
        self._bridge.run(
            lambda: self._workbench.save_comparison(comparison),
            lambda saved: self._saved(desk, saved),
            self._tell_error,
            owner=self,
        )

    def export(self) -> None:
        """Write the picture as it is seen, with its caption, where the examiner says."""
        pair, desk = self._pair, self._desk
        if pair is None or desk is None:
            return
        path = self._ask_path(self, name_for_file(pair))
        if path is None:
            return
        draw = desk.exporting((self._caption(),), EXPORT_SIZE)
        self._bridge.run(
            lambda: write_png(path, draw()),
            lambda written: self._bridge.tell(f"The picture was written to {written}."),
            self._tell_error,
            owner=self,
            long=True,
        )

    def record(self) -> None:
        """Record the conclusion chosen, and the view with it."""
        desk, panel = self._desk, self._drawer.conclude
        if desk is None or self._recording:
            return
        value, reasons = panel.chosen, panel.reasons
        if self._workbench.read_only:
            panel.say(self._read_only_sentence())
            return
        if value is None:
            panel.say(NOTHING_CHOSEN)
            return
        self._recording = True
        panel.set_recording(False)
        comparison, workbench = desk.as_comparison(), self._workbench

        def work() -> tuple[Comparison, tuple[Conclusion, ...]]:
            saved = workbench.save_comparison(comparison)
            workbench.conclude(saved.id, value, reasons)
            return saved, workbench.conclusions(saved.id)

        self._bridge.run(
            work,
            lambda answer: self._recorded(desk, *answer),
            lambda error: self._not_recorded(desk, error),
            owner=self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view.take_keys()

    def _build(self) -> None:
        self._page = MessagePage(self._navigator.show_candidates, self._navigator.show_casebook)
        self._page.show_empty()
        self._view = PairView(self._act, self.record, self._key)
        self._drawer = self._view.drawer
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(self._view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def alignment_to_keep(self) -> Comparison | None:
        """The comparison to save before the pair is left: one aligned by hand since it was saved.

        Looking about is not kept.
        """
        desk = self._desk
        if desk is None or not desk.moved or self._workbench.read_only:
            return None
        return desk.as_comparison()

    def _key(self, event: QKeyEvent) -> bool:
        row = keys.find(keys.COMPARE, event)
        if row is None or (row.on_picture and not self._view.canvas.hasFocus()):
            return False
        self._act(row.action)
        return True

    def _act(self, action: str) -> None:
        if action == "sheet":
            keys.KeySheet(keys.COMPARE, self).open()
        elif self._desk is not None:
            own = self._actions.get(action)
            if own is not None:
                own()
            else:
                act(self._desk, action)

    def _forget(self) -> None:
        self._pair = self._desk = None
        self._walk = Walk()
        self._aligning = self._recording = False
        self._deriving.set_desk(None)
        self._view.set_desk(None)
        self._stack.setCurrentIndex(0)

    def _opened(self, generation: int, pair: Loaded, walk: Walk) -> None:
        if generation != self._generation:
            return
        self._pair, self._walk = pair, walk
        desk = Desk(pair.left, pair.right, pair.comparison, pair.score, self._refresh)
        panel = self._drawer.conclude
        panel.set_scale(pair.scale)
        panel.reset()
        panel.show_earlier(pair.conclusions)
        read_only = self._workbench.read_only
        panel.set_recording(not read_only, self._read_only_sentence() if read_only else "")
        self._stack.setCurrentIndex(1)
        self._desk = desk
        self._deriving.set_desk(desk)
        self._view.set_desk(desk)
        self._refresh()
        self._view.take_keys()
        self._bridge.run(
            lambda: (pair.left.warm(), pair.right.warm()), owner=self, long=True
        )  # what the difference needs, before it is asked for
        self._navigator.say_place("compare", (pair.left_place.name, pair.right_place.name))

    def _refused(self, generation: int, error: CaseheadError) -> None:
        if generation == self._generation:
            self._page.show_error(str(error))

    def _aligned(self, desk: Desk, score: Score) -> None:
        if desk is self._desk:
            self._aligning = False
            desk.aligned(score)
            self._refresh()

    def _not_aligned(self, desk: Desk, error: CaseheadError) -> None:
        if desk is self._desk:
            self._aligning = False
            self._refresh()
            self._tell_error(error)

    def _saved(self, desk: Desk, comparison: Comparison) -> None:
        desk.saved(comparison)
        if desk is self._desk:
            self._bridge.tell("View and alignment are saved with the comparison.")

    def _recorded(
        self, desk: Desk, comparison: Comparison, conclusions: tuple[Conclusion, ...]
    ) -> None:
        desk.saved(comparison)
        if desk is not self._desk or self._pair is None:
            return
        self._recording = False
        panel = self._drawer.conclude
        panel.reset()
        panel.set_recording(True)
        panel.show_earlier(conclusions)
        label = self._pair.scale.value(conclusions[-1].value).label
        panel.say(f"Recorded: {label}.")
        self._bridge.tell(f"Conclusion recorded: {label}.")

    def _not_recorded(self, desk: Desk, error: CaseheadError) -> None:
        if desk is self._desk:
            self._recording = False
            self._drawer.conclude.set_recording(True)
            self._drawer.conclude.say(str(error))

    def _go(self, steps: int) -> None:
        other = self._walk.neighbour(steps)
        if other is not None:
            order = self._walk.order
            self.open_pair(other.query_id, other.acquired_id, other.candidate_id, order)
        elif self._walk.place is not None:
            end = "last" if steps > 0 else "first"
            self._bridge.tell(f"This is the {end} candidate of the list.")

    def _review(self, review: Review) -> None:
        candidate_id = self._walk.candidate_id
        if self._walk.place is None or candidate_id is None:
            return
        if self._workbench.read_only:
            self._bridge.tell(self._read_only_sentence(), attention=True)
            return
        generation = self._generation
        self._bridge.run(
            lambda: self._workbench.review(candidate_id, review),
            lambda _: self._reviewed(generation),
            self._tell_error,
            owner=self,
        )

    def _reviewed(self, generation: int) -> None:
        if generation == self._generation:
            self._go(1)

    def _conclude(self) -> None:
        self._drawer.show_conclude()
        self._refresh()

    def _turn_drawer(self) -> None:
        self._drawer.set_open(not self._drawer.is_open)
        self._refresh()
        if not self._drawer.is_open:
            self._view.take_keys()

    def _hear(self, changes: Changes) -> None:
        """A candidate of the list was reviewed, or reference populations came or went."""
        if changes.settings:
            self._deriving.forget_meaning()
        pair, walk = self._pair, self._walk
        if pair is None or not changes.candidates & {s.candidate_id for s in walk.siblings}:
            return
        generation, workbench = self._generation, self._workbench
        ids = pair.comparison.left_id, pair.comparison.right_id
        self._bridge.run(
            lambda: siblings_of(workbench, ids, walk.candidate_id, walk.order),
            lambda found: self._heard(generation, replace(walk, siblings=found)),
            owner=self,
        )

    def _heard(self, generation: int, walk: Walk) -> None:
        if generation == self._generation and self._pair is not None:
            self._walk = walk
            self._refresh()

    def _refresh(self) -> None:
        """Bring everything seen to the desk."""
        read_only = self._workbench.read_only
        self._view.refresh(self._walk, aligning=self._aligning, read_only=read_only)
        self._deriving.follow()

    def _tell_error(self, error: CaseheadError) -> None:
        self._bridge.tell(str(error), attention=True)

    def _read_only_sentence(self) -> str:
        return self._workbench.notice or READ_ONLY

    def _caption(self) -> str:
        author = self._workbench.author
        who = f"{author.examiner}, {author.agency}, {author.station}   " if author else ""
        return f"{who}{now()[:16].replace('T', ' ')} UTC"
