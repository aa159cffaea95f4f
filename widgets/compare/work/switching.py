"""Images of one mark under several lights, switched on the desk as on a microscope."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import CaseheadError
from app.picture import Side
from app.picture.view import Which
from widgets.compare.desk.lighting import in_hand

if TYPE_CHECKING:
    from app.workbench import LightChoice, Workbench
    from widgets.bridge import Bridge
    from widgets.compare.desk import Desk

SIDES: tuple[Which, Which] = ("left", "right")


def shown_light(desk: Desk, which: Which) -> str:
    """The name of the light a specimen is seen in, "" where it has no set."""
    index = SIDES.index(which)
    own = (desk.comparison.left_id, desk.comparison.right_id)[index]
    seen = desk.view.shown[index] or own
    return next((c.name for c in desk.light_sets[index] if c.acquired_id == seen), "")


def light_names(desk: Desk, which: Which) -> tuple[str, ...]:
    """The lights a specimen can be seen in."""
    return tuple(choice.name for choice in desk.light_sets[SIDES.index(which)])


def switches(desk: Desk) -> bool:
    """Whether there is another light to switch to."""
    return any(len(choices) > 1 for choices in desk.light_sets)


def choose_light(desk: Desk, name: str, which: Which | None = None) -> None:
    """Show the light of that name: on both sides when they are linked, as far as they have it."""
    asked = SIDES if desk.view.lights_linked else (which or in_hand(desk.view),)
    shown = list(desk.view.shown)
    own = (desk.comparison.left_id, desk.comparison.right_id)
    for index, side in enumerate(SIDES):
        ids = [c.acquired_id for c in desk.light_sets[index] if c.name == name]
        if side in asked and ids:
            shown[index] = "" if ids[0] == own[index] else ids[0]
    desk.put(view=replace(desk.view, shown=(shown[0], shown[1])))


def step_light(desk: Desk, steps: int) -> None:
    """The next light of the set, round and round; nothing where there is no other."""
    leader = _leader(desk)
    names = light_names(desk, leader)
    if len(names) > 1:
        at = names.index(shown_light(desk, leader)) if shown_light(desk, leader) in names else 0
        choose_light(desk, names[(at + steps) % len(names)], leader)


def _leader(desk: Desk) -> Which:
    """Whose set is gone through: the left one's when linked, if it has more than one light."""
    if not desk.view.lights_linked:
        return in_hand(desk.view)
    return "left" if len(desk.light_sets[0]) > 1 else "right"


class Switching:
    """Follows one desk at a time: finds out its lights, and has their images ready when chosen.

    Images are read off the GUI thread, those shown first, then the lights next to them.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, owner: QObject) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._desk: Desk | None = None
        self._fetching = ""
        self._refused: set[str] = set()

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk, self._fetching, self._refused = desk, "", set()
        if desk is None:
            return
        workbench, pair = self._workbench, desk.comparison
        self._bridge.run(
            lambda: (workbench.lights_of(pair.left_id), workbench.lights_of(pair.right_id)),
            lambda sets: self._found(desk, *sets),
            owner=self._owner,
        )

    @property
    def busy(self) -> bool:
        """Whether an image is on its way."""
        return bool(self._fetching)

    def follow(self) -> None:
        """Fetch what the desk lacks, one image at a time."""
        desk = self._desk
        if desk is None or self._fetching:
            return
        wanted = next((w for w in _wanted(desk) if w[1] not in self._refused), None)
        if wanted is None:
            return
        index, acquired_id = wanted
        self._fetching = acquired_id
        own = (desk.comparison.left_id, desk.comparison.right_id)[index]
        workbench = self._workbench
        self._bridge.run(
            lambda: workbench.side_lit(own, acquired_id).warm(contrast=False),
            lambda side: self._came(desk, acquired_id, side),
            lambda error: self._lost(desk, acquired_id, error),
            owner=self._owner,
            long=True,
        )

    def _found(
        self, desk: Desk, left: tuple[LightChoice, ...], right: tuple[LightChoice, ...]
    ) -> None:
        if desk is self._desk:
            desk.learn_lights(left, right)
            self.follow()

    def _came(self, desk: Desk, acquired_id: str, side: Side) -> None:
        if desk is self._desk:
            self._fetching = ""
            desk.lend(acquired_id, side)
            self.follow()

    def _lost(self, desk: Desk, acquired_id: str, error: CaseheadError) -> None:
        if desk is self._desk:
            self._fetching = ""
            self._refused.add(acquired_id)
            if acquired_id in desk.view.shown:
                self._bridge.tell(str(error), attention=True)
            self.follow()


def _wanted(desk: Desk) -> list[tuple[int, str]]:
    """Images not there yet: those to be seen now, then the neighbours in their sets."""
    now = [(index, shown) for index, shown in enumerate(desk.view.shown)]
    near = []
    for step in (1, -1):
        for index, which in enumerate(SIDES):
            names = light_names(desk, which)
            if len(names) > 1:
                at = names.index(shown_light(desk, which)) if shown_light(desk, which) else 0
                choice = desk.light_sets[index][(at + step) % len(names)]
                near.append((index, choice.acquired_id))
    return [(index, one) for index, one in (*now, *near) if desk.lacks(one)]
