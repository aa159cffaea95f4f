"""The comparison screen: puts the desk, the evidence and the controls together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.casework.people import Right
from app.domain import CaseheadError, Changes, Comparison
from app.picture.measure import scale_sd
from widgets import keys
from widgets.compare.desk import Desk
from widgets.compare.desk.actions import act
from widgets.compare.desk.areas import Areas
from widgets.compare.desk.noting import turn_flag
from widgets.compare.panels.conclude import ConcludePanel
from widgets.compare.panels.pages import Panels
from widgets.compare.panels.verify_panel import VerifyPanel
from widgets.compare.view.page import MessagePage
from widgets.compare.view.pair_view import PairView
from widgets.compare.view.strip import Strip
from widgets.compare.work.aligner import Aligner
from widgets.compare.work.deriving import Deriving
from widgets.compare.work.drafting import Drafting
from widgets.compare.work.errands import Errands
from widgets.compare.work.exporting import AskTarget, Exports, ask_target
from widgets.compare.work.lamp import Lamp
from widgets.compare.work.loading import Loaded, Sibling, Walk, load, name_for_file, siblings_of
from widgets.compare.work.profiles import Profiles
from widgets.compare.work.verifying import Verifying
from widgets.compare.work.viewing import Viewing
from widgets.compare.work.walking import Walking
from widgets.key_sheet import KeySheet

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge
    from widgets.navigator import Navigator


class CompareScreen(QWidget):
    """Two marks in one field. Empty until ``open_pair``."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        navigator: Navigator,
        ask: AskTarget = ask_target,
    ) -> None:
        super().__init__()
        self.setObjectName("compare_screen")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._exports = Exports(workbench, bridge, self, ask)
        self._generation = 0
        self._pair: Loaded | None = None
        self._desk: Desk | None = None
        self._areas: Areas | None = None
        self._when_known: Callable[[Areas], None] | None = None
        self._bare = False
        self._deriving = Deriving(workbench, bridge, self)
        self._drafting = Drafting(workbench, bridge, self)
        self._build()
        self._actions: dict[str, Callable[[], None]] = {
            **self.aligner.actions(),
            "save": self.errands.save,
            "export": self.export,
            "report": self.report,
            "relief": self.lamp.open_relief,
            "save named": self.viewing.save,
            "drawer": self._turn_drawer,
            "conclude": self._conclude,
            "verification": self._verification,
            "subclass": self._turn_flag,
            "full screen": self._full_screen,
            "next area": lambda: self._in_areas(lambda areas: areas.step(1)),
            "previous area": lambda: self._in_areas(lambda areas: areas.step(-1)),
            "confirm area": lambda: self._in_areas(Areas.confirm),
            "ignore area": lambda: self._in_areas(Areas.ignore),
            "fold strip": self._strip.turn,
            **self._walking.actions(),
            **self._view.helpers.actions(),
            **self._profiles.actions(),
        }
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether all thumbnails in sight are drawn."""
        return self._strip.ready

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
        keep = self.left_behind()
        ahead = self._walking.ready(candidate_id, siblings)
        self._walking.leave(changed=keep is not None)
        self._forget()
        if ahead is not None:
            if keep is not None:
                self._bridge.run(keep, owner=self)
            self._opened(generation, *ahead)
            return
        self._page.show_loading()
        self._navigator.say_place("compare", ())
        workbench = self._workbench

        def work() -> tuple[Loaded, Walk]:
            if keep is not None:
                keep()
            found = siblings_of(workbench, (left_id, right_id), candidate_id, siblings)
            walk = Walk(candidate_id, siblings, found)
            side = self._walking.ahead.side
            return load(workbench, left_id, right_id, candidate_id, side), walk

        self._bridge.run(
            work,
            lambda answer: self._opened(generation, *answer),
            lambda error: self._refused(generation, error, candidate_id, siblings),
            owner=self,
            long=True,
        )

    def export(self) -> None:
        """Write the picture as it is seen, with its caption, where the examiner says."""
        pair, desk = self._pair, self._desk
        if pair is None or desk is None:
            return
        self._exports.view(desk, name_for_file(pair), self.lamp.solid)

    def report(self) -> None:
        """Write the report of the comparison, where the examiner says."""
        if self._pair is not None and self._desk is not None:
            self._exports.report(self._desk, name_for_file(self._pair), self.lamp.solid)

    def left_behind(self) -> Callable[[], Comparison] | None:
        """What saves the pair before it is left, where there is work on it since it was saved.

        Looking about is not kept.
        """
        desk = self._desk
        if desk is None or not desk.moved or self._workbench.read_only:
            return None
        if self._workbench.may(Right.COMPARE):  # who may not keep it only looked
            return None
        return self.errands.keeping(desk)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._view.take_keys()

    def _build(self) -> None:
        self._page = MessagePage(self._navigator.show_candidates, self._navigator.show_casebook)
        self._page.show_empty()
        self._profiles = Profiles(self._bridge, self, lambda: self._desk, self._open_at)
        self._panels = Panels(
            *(self._act, lambda: self._desk, self._record, self._profiles.write),
            self._made_verifying,
        )
        self._profiles.export = self._panels.profile.export_csv
        self.errands = Errands(
            self._workbench, self._bridge, self, self._panels.conclude, self._refresh
        )
        self.aligner = Aligner(
            self._workbench, self._bridge, self, self.errands.align, self._refresh
        )
        self.viewing = Viewing(
            self._workbench,
            self._bridge,
            self,
            self._panels.views,
            self.errands.refused,
            self.errands.keeping,
        )
        self._walking = Walking(
            self._workbench,
            self._bridge,
            self,
            self._go_to,
            self._refresh,
            self.errands.refused,
        )
        self._strip = Strip(self._workbench, self._bridge, self._walking.show)
        self._view = PairView(self._act, self._key, self._panels.pages(), self._strip)
        self._panels.helpers.is_on = self._view.helpers.is_on
        self._drawer = self._view.drawer
        self.lamp = Lamp(
            *(self._workbench, self._bridge, self._view.canvas),
            *(self._key, self._view.take_keys, self._act),
        )
        self.viewing.follow_solid(lambda: self.lamp.solid, self.lamp.show_solid)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(self._view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _made_verifying(self, conclude: ConcludePanel) -> VerifyPanel:
        self.verifying = Verifying(self._workbench, self._bridge, self, conclude, self._reload)
        return self.verifying.panel

    def _record(self) -> None:
        (self.verifying if self.verifying.waits else self.errands).record()

    def _reload(self, keep: bool) -> None:
        """The same pair anew: another person works here, or more of it may be seen."""
        pair, walk = self._pair, self._walk
        if pair is not None:
            if not keep:
                self._forget()
            ids = pair.left_place.acquired.id, pair.right_place.acquired.id
            self.open_pair(*ids, walk.candidate_id, walk.order)

    def _key(self, event: QKeyEvent) -> bool:
        row = keys.find(keys.COMPARE, event)
        if row is None or (row.on_picture and not self._view.canvas.hasFocus()):
            return False
        self._act(row.action)
        return True

    def _act(self, action: str) -> None:
        if action == "sheet":
            KeySheet(keys.COMPARE, self).open()
        elif action == "leave":
            if self._bare:
                self._full_screen()
        elif action in self._walking.actions():
            self._actions[action]()  # on from a pair that cannot be shown, too
        elif self._desk is None:
            return
        elif action in self._actions:
            self._actions[action]()
        elif action.startswith("page "):
            self._drawer.show_page(action.removeprefix("page "))
            self._drawer_turned()
        else:
            act(self._desk, action)

    def _forget(self) -> None:
        self._pair = self._desk = self._areas = self._when_known = None
        self._deriving.set_desk(None)
        self._drafting.set_desk(None)
        self.lamp.set_desk(None)
        self.errands.set_pair(None, None)
        self.verifying.set_pair(None, None)
        self.aligner.set_desk(None)
        self.viewing.set_desk(None)
        self._view.set_desk(None)
        self._stack.setCurrentIndex(0)

    def _opened(self, generation: int, pair: Loaded, walk: Walk) -> None:
        if generation != self._generation:
            return
        self._pair = pair
        desk = Desk(
            *(pair.left, pair.right, pair.comparison, pair.score),
            *(self._refresh, pair.annotations, pair.remarks),
        )
        self._stack.setCurrentIndex(1)
        self._desk, self._areas = desk, Areas(desk)
        self._panels.explain.show_areas(self._areas)
        self.errands.set_pair(pair, desk)
        self.verifying.set_pair(pair, desk)
        self._panels.classes.set_cases(
            pair.left_place.cartridge_case, pair.right_place.cartridge_case
        )
        desk.ask = self._act
        places = pair.left_place, pair.right_place
        desk.measures.scale_sd = scale_sd(places[0].acquired), scale_sd(places[1].acquired)
        self.aligner.set_desk(desk)
        self.viewing.set_desk(desk)
        self._deriving.set_desk(desk)
        self._drafting.set_desk(desk)
        self.lamp.set_desk(desk)
        self._view.set_desk(desk)
        self._walking.stand(pair, Walk() if pair.checked.blind else walk)
        self._refresh()
        self._view.take_keys()
        self._bridge.run(
            lambda: (pair.left.warm(), pair.right.warm()), owner=self, long=True
        )  # what the difference needs, before it is asked for
        names = (pair.left_place.name, pair.right_place.name)
        task = pair.checked.task
        if task is not None:
            self._open_at("conclude")
        manner = () if task is None else (f"{task.task.mode} verification",)
        self._navigator.say_place("compare", (*names, *manner))

    def _refused(
        self,
        generation: int,
        error: CaseheadError,
        candidate_id: str | None,
        siblings: tuple[str, ...],
    ) -> None:
        if generation == self._generation:
            self._walking.stuck(candidate_id, siblings)
            self._page.show_error(str(error))

    @property
    def _walk(self) -> Walk:
        return self._walking.walk

    def _go_to(self, other: Sibling, order: tuple[str, ...]) -> None:
        self.open_pair(other.query_id, other.acquired_id, other.candidate_id, order)

    def _open_at(self, page: str) -> None:
        self._drawer.set_open(True)
        self._drawer.choose(page)
        self._refresh()

    def _conclude(self) -> None:
        self._open_at("conclude")
        self._panels.conclude.take_focus()

    def _verification(self) -> None:
        """What is asked, or what is given, where a verification waits for the one who works."""
        self._conclude()
        if not self.verifying.waits:
            self._panels.verify.take_focus()

    def _turn_flag(self) -> None:
        """Flag a subclass influence, and ask why; or lift the flag."""
        if self._desk is not None and turn_flag(self._desk):
            self._open_at("class")
            self._panels.subclass.take_focus()

    def _turn_drawer(self) -> None:
        self._drawer.set_open(not self._drawer.is_open)
        self._drawer_turned()

    def _drawer_turned(self) -> None:
        self._refresh()
        if not self._drawer.is_open:
            self._view.take_keys()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._bare:
            self._full_screen()

    def _full_screen(self) -> None:
        """The evidence alone on the whole screen, and back."""
        self._bare = not self._bare
        self._view.set_bare(self._bare)
        self._navigator.show_bare(self._bare)
        self._view.take_keys()

    def _hear(self, changes: Changes) -> None:
        """A candidate of the list was reviewed, or reference populations came or went."""
        self.viewing.hear(changes)
        self.verifying.hear(changes)
        if changes.settings:
            self._deriving.forget_meaning()
        self._walking.hear(changes)

    def _refresh(self) -> None:
        """Bring everything seen to the desk."""
        desk, drawer = self._desk, self._drawer
        if desk is not None and drawer.is_open and drawer.page == "explain":
            desk.wants_areas = True
        self._view.refresh(self._walk, read_only=self._workbench.read_only)
        self._deriving.follow()
        self._drafting.follow()
        self.lamp.follow()
        if self._areas is not None and self._areas.known and self._when_known is not None:
            what, self._when_known = self._when_known, None
            what(self._areas)

    def _in_areas(self, what: Callable[[Areas], None]) -> None:
        """Do something with the areas of agreement, as soon as they are known."""
        if self._desk is not None:
            self._desk.wants_areas = True
            self._when_known = what
            self._refresh()
