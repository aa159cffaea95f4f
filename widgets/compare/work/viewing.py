"""Saves views of the pair in hand and opens them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import Alignment, CaseheadError, Changes, Comparison, SavedView
from app.picture import Mode, Side, ViewState, settled
from app.picture.solid_view import KEY, SolidView, draw_solids, solid_of
from app.workbench.views_kept import FLAGGED
from widgets.compare.desk import Desk, Setting
from widgets.compare.desk.noting import flag_words
from widgets.compare.panels.views import ViewCalls, ViewsPanel

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

SAME = "'{name}' is shown as it was saved, to the last pixel."
SOLID = "'{name}' is shown in 3D as it was saved."
OTHER_SIZE = "'{name}' is shown as it was saved; the window had another size then."
OTHER = (
    "'{name}' is drawn anew from its record, but the picture is not the one {software} drew then; "
    "say so where it matters."
)


class Viewing:
    """Follows one desk at a time; ``refused`` says whether nothing can be recorded, ``keeping``
    gives what saves a desk as it is."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        panel: ViewsPanel,
        refused: Callable[[], bool],
        keeping: Callable[[Desk], Callable[[], Comparison]],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._panel, self._refused, self._keeping = panel, refused, keeping
        self._desk: Desk | None = None
        self._views: tuple[SavedView, ...] = ()
        self._solid: Callable[[], SolidView | None] = lambda: None
        self._show_solid: Callable[[SolidView | None], None] = lambda _: None
        panel.calls = ViewCalls(self.save, self.open, self.rename, self.report, self.withdraw)

    def set_desk(self, desk: Desk | None) -> None:
        """Another pair, or none."""
        self._desk = desk
        self._show(())
        self._panel.set_writable(not self._workbench.read_only)
        self._read()

    def follow_solid(
        self, seen: Callable[[], SolidView | None], show: Callable[[SolidView | None], None]
    ) -> None:
        """How the pair is ``seen`` in 3D, None while it is not; and what shows it so."""
        self._solid, self._show_solid = seen, show

    def hear(self, changes: Changes) -> None:
        """Somebody changed comparisons."""
        if self._desk is not None and self._desk.comparison.id in changes.comparisons:
            self._read()

    def save(self, name: str = "") -> None:
        """Keep what is seen now; without a name it gets the next number."""
        desk = self._desk
        if desk is None or self._refused():
            return
        view = desk.seen if desk.view.mode is Mode.BLINK else desk.view
        state = replace(view, original=False, curtain=False)
        solid, flags = self._solid(), flag_words(desk)
        told = state.to_dict() | ({FLAGGED: list(flags)} if flags else {})
        told |= {KEY: solid.to_dict()} if solid else {}
        facts, sides = (desk.alignment, told, desk.annotations, desk.score), (desk.left, desk.right)
        digest, comparison = "" if solid else picture_sha256(desk, state), desk.as_comparison()

        def work() -> SavedView:
            drawn = solid_sha256(sides, facts[0], state, solid) if solid else digest
            return self._workbench.save_view(comparison, name, *facts, drawn)

        self._bridge.run(
            work,
            lambda kept: self._saved(desk, kept),
            self._tell_error,
            owner=self._owner,
            long=solid is not None,
        )

    def open(self, view_id: str) -> None:
        """Bring alignment, view and drawings to what they were; undo goes back.

        What was not saved of the pair is saved before.
        """
        desk, saved = self._desk, self._found(view_id)
        if desk is None or saved is None:
            return
        if not desk.moved or self._workbench.read_only:
            self._visit(desk, saved)
            return
        now = desk.setting
        self._bridge.run(
            self._keeping(desk),
            lambda kept: self._kept(desk, saved, kept, now),
            self._tell_error,
            owner=self._owner,
        )

    def _kept(self, desk: Desk, saved: SavedView, kept: Comparison, now: Setting) -> None:
        desk.saved(kept, now)
        if desk is self._desk:
            self._visit(desk, saved)

    def _visit(self, desk: Desk, saved: SavedView) -> None:
        stored = ViewState.from_dict(saved.view)
        state = settled(desk.left, desk.right, saved.alignment, stored, desk.size)
        if saved.score is not None and saved.score != desk.score:
            desk.score, desk.meaning = saved.score, None
        desk.pen.select("")
        desk.visit(saved.alignment, state, saved.annotations)
        solid = solid_of(saved.view)
        self._show_solid(solid)
        words = SOLID.format(name=saved.name) if solid else _outcome(desk, saved, stored)
        self._bridge.tell(words)

    def rename(self, view_id: str, name: str) -> None:
        """Call a view otherwise."""
        self._change(lambda: self._workbench.rename_view(view_id, name))

    def report(self, view_id: str, in_report: bool) -> None:
        """Take a view into the report, or out."""
        self._change(lambda: self._workbench.report_view(view_id, in_report))

    def withdraw(self, view_id: str) -> None:
        """Take a view out of use."""
        self._change(lambda: self._workbench.withdraw_view(view_id))

    def _change(self, work: Callable[[], SavedView]) -> None:
        if self._refused():
            self._show(self._views)
            return
        desk = self._desk
        self._bridge.run(
            work, lambda view: self._changed(desk, view), self._tell_error, owner=self._owner
        )

    def _changed(self, desk: Desk | None, view: SavedView) -> None:
        if desk is self._desk and view.withdrawn_at:
            self._bridge.tell(f"The view '{view.name}' is withdrawn; it stays on the record.")

    def _saved(self, desk: Desk, view: SavedView) -> None:
        desk.comparison = replace(desk.comparison, id=view.comparison_id)
        if desk is self._desk:
            self._bridge.tell(f"This view is kept as '{view.name}'.")
            self._panel.clear_name()
            self._read(view.id)

    def _read(self, chosen: str = "") -> None:
        desk = self._desk
        if desk is None:
            return
        comparison_id = desk.comparison.id
        self._bridge.run(
            lambda: self._workbench.saved_views(comparison_id),
            lambda views: self._came(desk, views, chosen),
            owner=self._owner,
        )

    def _came(self, desk: Desk, views: tuple[SavedView, ...], chosen: str) -> None:
        if desk is self._desk:
            self._show(views, chosen)

    def _show(self, views: tuple[SavedView, ...], chosen: str = "") -> None:
        self._views = views
        self._panel.show_views(views, chosen)

    def _found(self, view_id: str) -> SavedView | None:
        return next((view for view in self._views if view.id == view_id), None)

    def _tell_error(self, error: CaseheadError) -> None:
        self._show(self._views)
        self._bridge.tell(str(error), attention=True)


def picture_sha256(desk: Desk, view: ViewState) -> str:
    """Of the RGB bytes the desk draws for a view in its own size."""
    return hashlib.sha256(desk.picture(view=view).tobytes()).hexdigest()


def solid_sha256(
    sides: tuple[Side, Side], alignment: Alignment, view: ViewState, solid: SolidView
) -> str:
    """Of the RGB bytes of a 3D view in its own size."""
    picture = draw_solids(sides, alignment, view, solid)
    return hashlib.sha256(picture.tobytes()).hexdigest()


def _outcome(desk: Desk, saved: SavedView, stored: ViewState) -> str:
    """Whether what is drawn now is, byte for byte, what was drawn when the view was saved."""
    waits = desk.lacks_similarity or any(desk.lacks(shown) for shown in stored.shown)
    if stored.seen_px != desk.size or waits or not saved.picture_sha256:
        return OTHER_SIZE.format(name=saved.name) if not waits else f"'{saved.name}' is shown."
    same = picture_sha256(desk, desk.view) == saved.picture_sha256
    return (SAME if same else OTHER).format(name=saved.name, software=saved.software)
