"""What is drawn over and noted of a pair, and the views kept with it: every version stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    AnnotationSet,
    Author,
    CaseheadError,
    Cell,
    ClassNote,
    Remarks,
    SavedView,
    Score,
    new_id,
    now,
)
from app.store.codec import Codec, canonical, who
from app.store.records import ORDER, Records

NEWEST = " ORDER BY seq DESC"


def _encode_annotations(annotations: Sequence[Annotation]) -> str:
    return canonical(
        [
            {
                "kind": str(a.kind),
                "side": a.side,
                "points_um": [[float(x), float(y)] for x, y in a.points_um],
                "text": a.text,
                "number": int(a.number),
                "colour": a.colour,
                "id": a.id,
                **({"subclass": a.subclass} if a.subclass else {}),
            }
            for a in annotations
        ]
    )


def _decode_annotations(text: str) -> tuple[Annotation, ...]:
    return tuple(
        Annotation(
            AnnotationKind(a["kind"]),
            a["side"],
            tuple((x, y) for x, y in a["points_um"]),
            a["text"],
            a["number"],
            a["colour"],
            a["id"],
            a.get("subclass", ""),
        )
        for a in json.loads(text)
    )


def _encode_remarks(remarks: Remarks) -> str:
    """Nothing for nothing noted, as in the versions of before."""
    return "" if remarks == Remarks() else canonical(asdict(remarks))


def _decode_remarks(text: str) -> Remarks:
    facts = json.loads(text or "{}")
    notes = tuple(ClassNote(**note) for note in facts.pop("class_notes", ()))
    return Remarks(notes, **facts)


def _said(remarks: Remarks) -> dict[str, Any]:
    """What the journal tells of remarks: that there are, and the flag."""
    if remarks == Remarks():
        return {}
    return {"class_notes": len(remarks.class_notes), "subclass": remarks.subclass}


ANNOTATION_SET: Codec[AnnotationSet] = Codec(
    "annotation_set",
    "id comparison_id annotations drawn_agency drawn_station drawn_examiner drawn_ori recorded_at "
    "remarks",
    lambda s: (
        *(s.id, s.comparison_id, _encode_annotations(s.annotations)),
        *who(s.author, s.recorded_at),
        _encode_remarks(s.remarks),
    ),
    lambda r: AnnotationSet(
        *(r[1], _decode_annotations(r[2]), Author(r[3], r[4], r[5], r[6]), r[7], r[0]),
        _decode_remarks(r[8]),
    ),
    late_columns=frozenset({"remarks"}),
)

_PLAIN_SCORE = (
    *("method", "version", "score", "ccf", "cells", "congruent_cells", "overlap", "seconds"),
    *("overlap_um2", "rotation_sd_deg", "shift_sd_um"),
)


def _encode_score(score: Score | None) -> str:
    if score is None:
        return "null"
    facts = {name: getattr(score, name) for name in _PLAIN_SCORE}
    alignment = [score.alignment.rotation_deg, *score.alignment.shift_um]
    cells = [
        (*c.left_um, *c.right_um, c.side_um, c.rotation_deg, c.ccf, bool(c.congruent))
        for c in score.cell_list
    ]
    parameters = dict(score.parameters)
    return canonical(facts | {"alignment": alignment, "cell_list": cells, "parameters": parameters})


def _decode_score(text: str) -> Score | None:
    facts = json.loads(text)
    if facts is None:
        return None
    turn, x, y = facts.pop("alignment")
    cells = tuple(Cell((c[0], c[1]), (c[2], c[3]), *c[4:]) for c in facts.pop("cell_list"))
    return Score(alignment=Alignment(turn, (x, y)), cell_list=cells, **facts)


def _encode_view(v: SavedView) -> Sequence[Any]:
    x_um, y_um = v.alignment.shift_um
    return (
        *(v.id, v.comparison_id, float(v.alignment.rotation_deg), float(x_um), float(y_um)),
        *(canonical(v.view), _encode_annotations(v.annotations), _encode_score(v.score)),
        *(v.picture_sha256, v.software, *who(v.author, v.recorded_at)),
    )


def _decode_view(r: Sequence[Any]) -> SavedView:
    """Without its label: name, report and withdrawal."""
    return SavedView(
        comparison_id=r[1],
        name="",
        alignment=Alignment(r[2], (r[3], r[4])),
        view=json.loads(r[5]),
        annotations=_decode_annotations(r[6]),
        score=_decode_score(r[7]),
        picture_sha256=r[8],
        software=r[9],
        author=Author(r[10], r[11], r[12], r[13]),
        recorded_at=r[14],
        id=r[0],
    )


SAVED_VIEW: Codec[SavedView] = Codec(
    "saved_view",
    "id comparison_id rotation_deg shift_x_um shift_y_um view annotations score picture_sha256 "
    "software saved_agency saved_station saved_examiner saved_ori recorded_at",
    _encode_view,
    _decode_view,
)


@dataclass(frozen=True, slots=True)
class ViewLabel:
    """What a saved view is called and used for; a later label of the same view supersedes."""

    saved_view_id: str
    name: str
    in_report: bool
    withdrawn_at: str = ""
    id: str = field(default_factory=new_id)


VIEW_LABEL: Codec[ViewLabel] = Codec(
    "saved_view_label",
    "id saved_view_id name in_report withdrawn_at",
    lambda v: (v.id, v.saved_view_id, v.name, int(v.in_report), v.withdrawn_at),
    lambda r: ViewLabel(r[1], r[2], bool(r[3]), r[4], r[0]),
)

VOUCHED: tuple[Codec[Any], ...] = (ANNOTATION_SET, SAVED_VIEW, VIEW_LABEL)


class Annotations(Records):
    """Sets of annotations and saved views only ever add up; nothing of them is changed."""

    def add_annotations(self, drawn: AnnotationSet) -> AnnotationSet:
        """Keep a set of annotations; who and when are filled in where they are not given.

        The very annotations that were saved last make no new version: the one there is comes
        back.
        """
        with self._change() as author:
            last = self.annotation_set(drawn.comparison_id)
            known = (last.annotations, last.remarks) if last else ((), Remarks())
            if (drawn.annotations, drawn.remarks) == known:
                return last or drawn
            drawn = replace(
                drawn, author=drawn.author or author, recorded_at=drawn.recorded_at or now()
            )
            facts = {
                "comparison_id": drawn.comparison_id,
                "annotations": len(drawn.annotations),
                "supersedes": last.id if last else "",
                **_said(drawn.remarks),
            }
            self._add(ANNOTATION_SET, drawn, facts)
        return drawn

    def annotation_set(self, comparison_id: str) -> AnnotationSet | None:
        """The newest set of a comparison; None where nothing was ever drawn."""
        return self._first(ANNOTATION_SET, "comparison_id = ?", (comparison_id,), NEWEST)

    def annotation_sets(self, comparison_id: str) -> tuple[AnnotationSet, ...]:
        """Every version of what was drawn over a comparison, oldest first."""
        return self._all(ANNOTATION_SET, "comparison_id = ?", (comparison_id,))

    def add_saved_view(self, view: SavedView) -> SavedView:
        """Keep a view; who and when are filled in where they are not given.

        Raises CaseheadError when the name is missing or another view of the comparison has it.
        """
        with self._change() as author:
            view = replace(
                view, author=view.author or author, recorded_at=view.recorded_at or now()
            )
            name = self._free_name(view, view.name)
            self._add(SAVED_VIEW, view, {"comparison_id": view.comparison_id, "name": name})
            return self._label(view, name, view.in_report, "", "saved view added")

    def saved_view(self, view_id: str) -> SavedView:
        """One saved view, withdrawn or not. Raises CaseheadError when there is none of that id."""
        return self._labelled(self._by_id(SAVED_VIEW, view_id))

    def saved_views(self, comparison_id: str, withdrawn: bool = False) -> tuple[SavedView, ...]:
        """The views of a comparison in use, oldest first; all that ever were with ``withdrawn``."""
        found = self._all(SAVED_VIEW, "comparison_id = ?", (comparison_id,))
        views = tuple(self._labelled(view) for view in found)
        return tuple(v for v in views if withdrawn or not v.withdrawn_at)

    def label_saved_view(
        self, view_id: str, name: str | None = None, in_report: bool | None = None
    ) -> SavedView:
        """Rename a view, or take it into the report or out; what it was called stays on record.

        Raises CaseheadError as ``add_saved_view`` does, and for a withdrawn view.
        """
        with self._change():
            view = self.saved_view(view_id)
            if view.withdrawn_at:
                raise CaseheadError(f"The view '{view.name}' was withdrawn; save it again instead.")
            called = view.name if name is None else self._free_name(view, name)
            reported = view.in_report if in_report is None else in_report
            if (called, reported) == (view.name, view.in_report):
                return view
            return self._label(view, called, reported, "", "saved view labelled")

    def withdraw_saved_view(self, view_id: str) -> SavedView:
        """Take a view out of use; it stays on the record. Twice changes nothing."""
        with self._change():
            view = self.saved_view(view_id)
            if view.withdrawn_at:
                return view
            return self._label(view, view.name, view.in_report, now(), "saved view withdrawn")

    def view_labels(self, view_id: str) -> tuple[ViewLabel, ...]:
        """Everything a view was ever called, oldest first."""
        return self._all(VIEW_LABEL, "saved_view_id = ?", (view_id,), ORDER)

    def _label(
        self, view: SavedView, name: str, in_report: bool, withdrawn_at: str, action: str
    ) -> SavedView:
        label = ViewLabel(view.id, name, in_report, withdrawn_at)
        facts = {"comparison_id": view.comparison_id, "name": name, "in_report": in_report}
        self._add(VIEW_LABEL, label, {"saved_view_id": view.id, "does": action, **facts})
        return replace(view, name=name, in_report=in_report, withdrawn_at=withdrawn_at)

    def _labelled(self, view: SavedView) -> SavedView:
        label = self._first(VIEW_LABEL, "saved_view_id = ?", (view.id,), NEWEST)
        if label is None:
            return view
        return replace(
            view, name=label.name, in_report=label.in_report, withdrawn_at=label.withdrawn_at
        )

    def _free_name(self, view: SavedView, name: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise CaseheadError("Give the view a name; the report lists it under that name.")
        for other in self.saved_views(view.comparison_id):
            if other.id != view.id and other.name.casefold() == name.casefold():
                raise CaseheadError(
                    f"There is a view called '{other.name}' already; give another name, or "
                    "withdraw that one first."
                )
        return name
