"""Frames watched off the GUI thread, one at a time, so that capture follows the hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.capture import Frame
from app.capture.combine import Following, Watch, taken, watched
from app.capture.series import SeriesKind
from app.domain import CaseheadError
from widgets.bridge import Bridge

_TREMOR = 0.10
"""Looked at with gaps, a stand at rest differs by more than from frame to frame."""
_PURPOSES = {
    "focus": Following("focus", still=_TREMOR),
    "stitch": Following("fields", still=_TREMOR),
}


class Follow:
    """``due`` gets the frame that should be taken; only while ``by_itself``.

    Fields are watched without it too, for where the last one lies now.
    """

    def __init__(
        self,
        bridge: Bridge,
        owner: QObject,
        due: Callable[[Frame], None],
        changed: Callable[[], None],
    ) -> None:
        self._bridge, self._owner, self._due, self._changed = bridge, owner, due, changed
        self.by_itself = False
        self.watch = Watch()
        self._plan: Following | None = None
        self._took: Frame | None = None
        self._begun = 0
        self._looking = False

    @property
    def active(self) -> bool:
        """Whether frames are looked at."""
        return self._plan is not None and (self.by_itself or self._plan.purpose == "fields")

    @property
    def sentence(self) -> str:
        """What it waits for, "" while nothing is followed."""
        return self.watch.sentence if self._plan is not None and self.by_itself else ""

    def begin(self, kind: SeriesKind) -> None:
        """Nothing was taken yet."""
        self._plan, self.watch, self._took = _PURPOSES.get(kind), Watch(), None
        self._begun += 1

    def took(self, frame: Frame) -> None:
        """This frame was taken, by hand or as due."""
        self._took = frame
        self._look(frame)

    def offer(self, frame: Frame) -> None:
        """The frame seen now; passed over while another is looked at."""
        self._look(frame)

    def _look(self, frame: Frame) -> None:
        plan, before = self._plan, self.watch
        if plan is None or self._looking or not (self.active or self._took is not None):
            return
        took, self._took = self._took, None
        self._looking, begun = True, self._begun

        def look() -> tuple[Watch, Frame]:
            if took is None:
                return watched(before, frame.pixels, plan), frame
            return taken(watched(before, took.pixels, plan)), took

        self._bridge.run(
            look, lambda found: self._looked(begun, *found), self._failed, self._owner, True
        )

    def _looked(self, begun: int, watch: Watch, frame: Frame) -> None:
        self._looking = False
        if begun != self._begun:
            return
        before, self.watch = self.watch, watch
        if watch.due and self.by_itself and self._took is None:
            self._due(frame)
        elif (watch.state, watch.moved) != (before.state, before.moved):
            self._changed()

    def _failed(self, _error: CaseheadError) -> None:
        self._looking = False
