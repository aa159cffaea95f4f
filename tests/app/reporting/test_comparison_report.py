"""The comparison as pages: complete, the same every time, whatever is written in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.domain import (
    Acquired,
    Agency,
    Annotation,
    AnnotationKind,
    Author,
    CaptureRecord,
    CartridgeCase,
    Case,
    Exhibit,
    Mark,
    Provenance,
)
from app.reporting import ReportSide, ReportVerified, comparison_pdf
from app.reporting.comparison import template
from tests.app.reporting.report_parts import concluded, full, pages, side, text_of, view

EMPTY = ReportSide(
    Provenance(
        Acquired("m", "scan", "", 1, 1, "x3p", CaptureRecord("", Author("", "", ""))),
        Mark("m"),
        CartridgeCase("e", ""),
        Exhibit("c", ""),
        Case(""),
        Agency("a", ""),
    )
)


def test_flags_stand_before_everything_else_and_areas_and_index_marks_say_theirs() -> None:
    area = Annotation(
        AnnotationKind.AGREEMENT, "both", ((0, 0), (100, 0), (50, 90)), "Striae", 1, subclass="?"
    )
    index = Annotation(AnnotationKind.INDEX, "right", ((0.0, 0.0), (0.0, -1500.0)), "", 7)
    text = text_of(comparison_pdf(full(annotations=(area, index))))
    assert text.index("is flagged") < text.index("What was compared")
    for words in ("Possible subclass influence: no reason", "index mark", "0 µm, -1500 µm"):
        assert words in text, words
    bare = text_of(comparison_pdf(full(flags=(), class_lines=())))
    assert "is flagged" not in bare and "No class characteristics were noted" in bare


def test_everything_another_examiner_needs_is_there() -> None:
    text = text_of(comparison_pdf(full()))
    for words in (
        "2026-0412 / 3 / 3A",
        "2025-1107 / 3 / T1",
        "Shooting at the harbour",
        "fatal shooting, 2026-01-02, Pier 4",
        "Ruger, P95, 9 mm Luger, serial 123",
        "2.53 µm a pixel",
        "turn 24.1°",
        "±0.2° and ±3 µm",
        "light from 135° at 45°",
        "contrast +20, inverted",
        "congruent cells 1",
        "19 of 24 cells agree",
        "an aid to the examiner and no conclusion",
        "The best area",
        "line 2 below the picture",
        "A scratch of the slide",
        "50 µm, 30 µm",
        "Possible subclass influence is flagged",
        "parallel marks of one make",
        "Class characteristics noted",
        "DIFFER",
        "not noted",
        "Conclusion (AFTE)",
        "Striae agree.",
        "Examined physically by R. Okafor on 2026-03-30.",
        "R. Okafor, Harbor City Police Laboratory, Bench 1, ORI XX0990100",
        "2026-03-31 10:15:00 UTC",
        "Earlier conclusions, superseded",
        "page 2 of 2",
    ):
        assert words in text, words
    assert text.index("Identification") < text.index("superseded") < text.index("Inconclusive-a")


def test_the_same_values_give_the_same_bytes() -> None:
    first = comparison_pdf(full())
    assert comparison_pdf(full()) == first
    assert comparison_pdf(full(made_at="2026-04-01T00:00:00+00:00")) != first
    assert first.startswith(b"%PDF") and b"/CreationDate (D:2000" in first


def test_what_is_not_known_is_said_to_be() -> None:
    report = full(left=EMPTY, views=(), annotations=(), conclusions=(), manner={}, made_by=None)
    text = text_of(comparison_pdf(replace(report, made_at="")))
    assert text.count("not recorded") > 10 and "scale not known" in text
    for key in ("no_conclusion", "no_notes", "no_score"):
        assert template()[key] in text
    assert "Issued by unknown" in text and "stood on an unknown day" in text
    assert template()["no_verification"] in text


def test_an_examination_nobody_spoke_of_is_said() -> None:
    one = concluded("unsuitable", "Corroded.")
    told = replace(one, conclusion=replace(one.conclusion, examined_physically=None), said=())
    assert template()["not_examined"] in text_of(comparison_pdf(full(conclusions=(told,))))


def test_long_texts_run_over_pages_and_lose_nothing() -> None:
    reasons = "\n".join(f"Reason {n}: striae at {n} o'clock, <b>&amp;" for n in range(300))
    note = Annotation(AnnotationKind.NOTE, "left", ((0.0, 0.0),), "w" * 3000 + " end of note", 7)
    report = full(
        conclusions=(concluded("elimination", "y" * 8000), concluded("identification", reasons)),
        annotations=(note,) * 10,
        views=(view("T" * 400, 60), view()),
    )
    data = comparison_pdf(report)
    text = text_of(data)
    assert pages(data) > 8 and "Reason 299: striae at 299 o'clock, <b>&amp;" in text
    assert text.count("end of note") == 10 and "line 59 below" in text
    assert text.count("w") >= 3000 * 10 and text.count("y") >= 8000


def test_other_scripts_are_drawn() -> None:
    place = side("2026 東京/Дело №7", "3A", EMPTY.place.cartridge_case.role)
    who = Author("研究所" * 40, "", "Ёжик Łódź")
    data = comparison_pdf(full(left=place, made_by=who))
    text = text_of(data)
    assert "2026 " in text and "/ 3 / 3A" in text
    assert data.count(b"/SMask") >= 5, "the words are pictures"
    assert comparison_pdf(full(left=place, made_by=who)) == data


@pytest.mark.parametrize("word", ["東" * 200, "Ж" * 200, "x" * 500])
def test_words_longer_than_the_page_are_broken(word: str) -> None:
    report = full(conclusions=(concluded("identification", word),))
    data = comparison_pdf(report)
    assert pages(data) == 2
    right = max(float(x) for x in re.findall(r"1 0 0 1 ([\d.]+) [\d.]+ Tm", text_of(data)))
    assert right < 595


def test_a_verification_that_holds_no_more_is_told_on_the_first_page() -> None:
    stale = ReportVerified("", (), ("Another conclusion was recorded after it.",))
    text = text_of(comparison_pdf(full(verified=stale)))
    told = template()["stale"]
    assert text.count(told) == 2 and text.index(told) < text.index("What was compared")
    assert told not in text_of(comparison_pdf(full()))
