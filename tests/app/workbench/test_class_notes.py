"""Class characteristics and subclass flags: words against words, and nothing decided."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from stand_in import StandIn, keep

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    CartridgeCase,
    ClassNote,
    Comparison,
    Remarks,
)
from app.workbench import NO_REASON, Workbench, characteristics, flag_lines, noted, registered
from app.workbench.class_notes import class_lines, note_of, verdict, with_note
from app.workbench.values import load_pick_lists

AREA = Annotation(
    AnnotationKind.AGREEMENT, "both", ((0.0, 0.0), (9.0, 0.0), (0.0, 9.0)), "striae", 3
)


@pytest.mark.parametrize(
    ("note", "found"),
    [
        (ClassNote("calibre", "9 mm Luger", " 9 MM  luger"), "agree"),
        (ClassNote("calibre", ".38 Special", ".357 Magnum"), "differ"),
        (ClassNote("calibre", ".38 Special", ".357 Magnum", "agree"), "agree"),
        (ClassNote("firing_pin_shape", "circular", ""), ""),
        (ClassNote("firing_pin_shape", "other", "other"), "open"),
        (ClassNote("other", "a slight drag", "no drag"), "open"),
        (ClassNote("other", "a slight drag", "no drag", "differ"), "differ"),
        (ClassNote("calibre", "a", "a", "nonsense"), "agree"),
    ],
)
def test_words_speak_unless_the_examiner_does(note: ClassNote, found: str) -> None:
    assert verdict(note) == found


def test_the_lines_are_data_that_know_the_pick_lists() -> None:
    file = resources.files("resources").joinpath("class_characteristics.json")
    rows = json.loads(file.read_text("utf-8"))["characteristics"]
    lists = load_pick_lists()
    named = {row["key"]: row["pick_list"] for row in rows if "pick_list" in row}
    assert set(named.values()) <= set(lists)
    assert {"calibre", "firing_pin_shape", "breech_face_class"} <= set(named)
    by_key = {one.key: one for one in characteristics()}
    assert by_key["calibre"].choices == lists["calibres"]
    assert list(by_key) == [row["key"] for row in rows]
    fields = {one.registered for one in characteristics() if one.registered}
    assert all(hasattr(CartridgeCase("e", "A"), name) for name in fields)


def test_notes_keep_the_order_of_the_lines_and_empty_ones_go() -> None:
    remarks = with_note(Remarks(), ClassNote("firing_pin_shape", "circular", "elliptical"))
    remarks = with_note(remarks, ClassNote("calibre", "9 mm Luger", ""))
    assert [note.key for note in remarks.class_notes] == ["calibre", "firing_pin_shape"]
    assert with_note(remarks, ClassNote("calibre", " ", "")).class_notes[0].key != "calibre"
    assert note_of(remarks, "aperture_shear") == ClassNote("aperture_shear")
    (line,) = [one for one in class_lines(remarks) if one.verdict == "differ"]
    assert (line.label, line.left, line.right) == ("Firing-pin shape", "circular", "elliptical")


def test_what_is_registered_fills_only_what_is_empty() -> None:
    left = CartridgeCase("e", "A", calibre="9 mm Luger", breech_face_class="arched")
    right = CartridgeCase("e", "B", calibre=".40 S&W")
    remarks = registered(Remarks((ClassNote("calibre", "seen as .380"),)), left, right)
    assert note_of(remarks, "calibre") == ClassNote("calibre", "seen as .380", ".40 S&W")
    assert note_of(remarks, "breech_face_class").left == "arched"
    assert len(remarks.class_notes) == 2


def test_flags_and_differences_are_told_in_sentences() -> None:
    differing = (ClassNote("calibre", "9 mm Luger", ".40 S&W"), ClassNote("other", "x", "y"))
    remarks = Remarks(differing, True, " parallel marks ")
    flagged = Annotation(AREA.kind, "both", AREA.points_um, "striae", 3, subclass=NO_REASON)
    assert flag_lines(remarks, (AREA, flagged)) == (
        "Possible subclass influence on the comparison: parallel marks",
        "Possible subclass influence on agreement 3: no reason given",
    )
    found = noted(remarks, (AREA,))
    assert found.differences == ("Calibre (left 9 mm Luger, right .40 S&W)",)
    assert "noted as different: Calibre" in found.difference_sentence
    assert noted(Remarks()).difference_sentence == "" and flag_lines(Remarks(), (AREA,)) == ()


def test_remarks_are_kept_in_versions_with_the_drawings(
    workbench: Workbench, library: StandIn
) -> None:
    pair = Comparison(keep(workbench, 100), keep(workbench, 90), Alignment())
    first = Remarks((ClassNote("calibre", "a", "b"),))
    stored = workbench.annotate(pair, [AREA], first)
    assert workbench.remarks(stored.id) == first
    workbench.annotate(stored, [])
    assert workbench.remarks(stored.id) == first, "drawing alone leaves the notes"
    workbench.annotate(stored, [], Remarks())
    told = [(len(v.annotations), v.remarks) for v in workbench.annotation_versions(stored.id)]
    assert told == [(1, first), (0, first), (0, Remarks())]
    assert workbench.noted(stored.id) == noted(Remarks()) == workbench.noted("nowhere")
    assert workbench.check() == ()
