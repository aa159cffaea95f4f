"""What an examiner draws over a pair, and the views kept with its comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    AnnotationSet,
    CaseheadError,
    Changes,
    Comparison,
    Remarks,
    SavedView,
    Score,
)
from app.importing.making import SOFTWARE
from app.workbench.comparing import Comparing

_EXACTLY = {
    AnnotationKind.NOTE: 1,
    AnnotationKind.TEXT: 1,
    AnnotationKind.ARROW: 2,
    AnnotationKind.LINE: 2,
    AnnotationKind.BOX: 4,
    AnnotationKind.ELLIPSE: 4,
    AnnotationKind.INDEX: 2,
}
_LEAST_OF_AN_OUTLINE = 3
_SIDES = ("left", "right", "both")


class Annotating(Comparing):
    """Operations on annotations and saved views; every version stays on the record."""

    def annotations(self, comparison_id: str) -> tuple[Annotation, ...]:
        """What is drawn over a comparison now, bottom first; nothing for one never saved."""
        found = self._seen_drawing(comparison_id)
        return found.annotations if found else ()

    def annotation_versions(self, comparison_id: str) -> tuple[AnnotationSet, ...]:
        """Everything that was ever saved of it, oldest first, with who and when.

        None while a blind verification waits for who looks.
        """
        if self.hidden(comparison_id):
            return ()
        return self._casebook.annotation_sets(comparison_id)

    def remarks(self, comparison_id: str) -> Remarks:
        """What is noted of it now besides: class characteristics, subclass flag."""
        found = self._seen_drawing(comparison_id)
        return found.remarks if found else Remarks()

    def annotate(
        self,
        comparison: Comparison,
        annotations: Sequence[Annotation],
        remarks: Remarks | None = None,
    ) -> Comparison:
        """Keep what is drawn and noted now as a new version; returns the comparison as stored.

        Without ``remarks`` those of the last version stay. A comparison that is not stored yet is
        stored with it; the alignment and view of one that is are left alone. Raises CaseheadError
        for an annotation that cannot be drawn.
        """
        drawn = tuple(annotations)
        _check(drawn)
        with self._casebook.transaction():
            stored = self._stored_comparison(comparison)
            noted = self.remarks(stored.id) if remarks is None else remarks
            made = AnnotationSet(stored.id, drawn, remarks=noted)
            self._casebook.add_annotations(self._kept_under(made))
        self._publish(Changes(comparisons=frozenset({stored.id})))
        return replace(comparison, id=stored.id) if self.hidden(stored.id) else stored

    def saved_views(self, comparison_id: str, withdrawn: bool = False) -> tuple[SavedView, ...]:
        """The views kept with a comparison, oldest first; ``withdrawn`` ones too if wanted.

        Only one's own while a blind verification waits for who looks.
        """
        found = self._casebook.saved_views(comparison_id, withdrawn)
        if self.hidden(comparison_id):
            return tuple(view for view in found if self._is_mine(view))
        return found

    def saved_view(self, view_id: str) -> SavedView:
        """One of them. Raises CaseheadError when there is none, or it must not be seen yet."""
        view = self._casebook.saved_view(view_id)
        if not self._is_mine(view):
            self._refuse_hidden(view.comparison_id)
        return view

    def save_view(
        self,
        comparison: Comparison,
        name: str,
        alignment: Alignment,
        view: Mapping[str, Any],
        annotations: Sequence[Annotation] = (),
        score: Score | None = None,
        picture_sha256: str = "",
        *,
        in_report: bool = True,
    ) -> SavedView:
        """Keep everything the picture of this moment is rebuilt from, under a name.

        Without a name it gets the next number. The comparison is stored with it where it is not
        yet. Raises CaseheadError when the name is taken, or an annotation cannot be drawn.
        """
        drawn = tuple(annotations)
        _check(drawn)
        with self._casebook.transaction():
            stored = self._stored_comparison(comparison)
            called = name.strip() or self._next_name(stored.id)
            kept = self._casebook.add_saved_view(
                SavedView(
                    *(stored.id, called, alignment, dict(view), drawn, score, in_report),
                    picture_sha256=picture_sha256,
                    software=SOFTWARE,
                )
            )
        self._publish(Changes(comparisons=frozenset({stored.id})))
        return kept

    def rename_view(self, view_id: str, name: str) -> SavedView:
        """Call a saved view otherwise. Raises CaseheadError as ``save_view`` does, and for
        another's while a blind verification waits for who asks."""
        self.saved_view(view_id)
        return self._told(self._casebook.label_saved_view(view_id, name=name))

    def report_view(self, view_id: str, in_report: bool) -> SavedView:
        """Take a saved view into the report, or out of it. Raises as ``rename_view``."""
        self.saved_view(view_id)
        return self._told(self._casebook.label_saved_view(view_id, in_report=in_report))

    def withdraw_view(self, view_id: str) -> SavedView:
        """Take a saved view out of use; it stays on the record. Raises as ``rename_view``."""
        self.saved_view(view_id)
        return self._told(self._casebook.withdraw_saved_view(view_id))

    def _next_name(self, comparison_id: str) -> str:
        views = self._casebook.saved_views(comparison_id)
        taken = {view.name.casefold() for view in views}
        number = len(views) + 1
        while f"view {number}" in taken:
            number += 1
        return f"View {number}"

    def _told(self, view: SavedView) -> SavedView:
        self._publish(Changes(comparisons=frozenset({view.comparison_id})))
        return view

    def _stored_comparison(self, comparison: Comparison) -> Comparison:
        """The pair's one comparison, stored now where it was not."""
        found = self._casebook.find_comparison(comparison.left_id, comparison.right_id)
        return found or self._casebook.add_comparison(comparison)


def _check(annotations: tuple[Annotation, ...]) -> None:
    """Raises CaseheadError for the first that could not be drawn."""
    ids = [annotation.id for annotation in annotations]
    if len(set(ids)) < len(ids):
        raise CaseheadError("Two annotations have one identifier; draw the later one again.")
    indexed = [a.side for a in annotations if a.kind is AnnotationKind.INDEX]
    if "both" in indexed or len(set(indexed)) < len(indexed):
        raise CaseheadError("A specimen has one index mark of its own; delete the one too many.")
    for annotation in annotations:
        if annotation.side not in _SIDES or not _has_points(annotation):
            raise CaseheadError(
                f"The {annotation.kind} {annotation.number or ''}".rstrip()
                + " has no proper outline; delete it and draw it again."
            )


def _has_points(annotation: Annotation) -> bool:
    count = len(annotation.points_um)
    exactly = _EXACTLY.get(annotation.kind)
    enough = count == exactly if exactly else count >= _LEAST_OF_AN_OUTLINE
    return enough and all(isfinite(x) and isfinite(y) for x, y in annotation.points_um)
