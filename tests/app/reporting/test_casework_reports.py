"""Reports of casework as pages: whatever is written in them, the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from app.reporting.casework import KINDS, Stamp
from app.reporting.layout import SMALL, paragraph
from app.reporting.setting import casework_pdf
from app.reporting.templates import shipped
from app.terms import Author
from tests.app.reporting.casework_parts import AT, STAMP, empty, filled
from tests.app.reporting.report_parts import pages, text_of

LONG = "x" * 5000
SCRIPTS = {
    "arabic": "قضية رقم ١٢٣",
    "chinese": "北京市公安局 案件",
    "cyrillic": "Дело №7 Ёжик",
    "emoji": "🔫 case 👩🏽‍🔬",
    "markup": "<b>&amp; {case} %s </para>",
    "controls": "a\x00b\x07c\r\nd\te\u2028f\ufeff",
    "mixed": "Łódź Ж 東京 ไทย עברית",
}


@pytest.mark.parametrize("kind", KINDS)
def test_everything_empty_is_said_to_be(kind: str) -> None:
    text = text_of(casework_pdf(empty(kind), shipped(kind)))
    words = shipped(kind)
    assert words["title"] in text and "Issued by unknown" in text and "an unknown day" in text
    for section in words["sections"].values():
        if "empty" in section and "courses" not in section:
            start = re.split(r"[:;,]", section["empty"])[0][:30]
            assert start in text, section["empty"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_values_give_the_same_bytes(kind: str) -> None:
    first = casework_pdf(filled(kind, "a text"), shipped(kind))
    assert casework_pdf(filled(kind, "a text"), shipped(kind)) == first
    assert casework_pdf(filled(kind, "a text!"), shipped(kind)) != first
    later = replace(STAMP, as_of="2026-04-01T00:00:00+00:00")
    assert casework_pdf(filled(kind, "a text", stamp=later), shipped(kind)) != first
    assert b"/CreationDate (D:2000" in first


@pytest.mark.parametrize("kind", KINDS)
def test_five_thousand_letters_without_a_space_lose_nothing(kind: str) -> None:
    report = filled(kind, "x" * 400, rows=1)
    key, rows = next(iter(report.tables.items()))
    tables = {**report.tables, key: ((LONG, *rows[0][1:]),)}
    name, of = next((name, of) for name, of in report.facts.items() if of)
    facts = {**report.facts, name: {**of, next(iter(of)): LONG}}
    long = replace(report, tables=tables, facts=facts, flags=(LONG,))
    data = casework_pdf(long, shipped(kind))
    text = text_of(data)
    cells = sum(len(rows[0]) for rows in tables.values()) + sum(map(len, facts.values()))
    assert text.count("x") >= 5000 * 3 + 400 * (cells - 2) and pages(data) > 1
    right = max(float(x) for x in re.findall(r"1 0 0 1 ([\d.]+) [\d.]+ Tm", text))
    assert right < 595


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_script_is_set(kind: str, script: str) -> None:
    told = SCRIPTS[script]
    who = Stamp(Author(told, told, told, told), AT, "Casehead")
    data = casework_pdf(filled(kind, told, rows=1, stamp=who), shipped(kind))
    assert pages(data) >= 1 and (
        script != "mixed"
        or data == casework_pdf(filled(kind, told, rows=1, stamp=who), shipped(kind))
    )
    if script == "markup":
        assert told in text_of(data)
    if script in ("chinese", "cyrillic", "mixed"):
        assert data.count(b"/SMask") >= 2, "the words are pictures"


@pytest.mark.parametrize("width", [24.0, 60.0, 200.0])
def test_long_words_of_another_script_stay_in_their_columns(width: float) -> None:
    made = paragraph("東" * 300, SMALL, width)
    drawn = [frag.cbDefn.width for frag in made.frags if hasattr(frag, "cbDefn")]
    assert drawn and max(drawn) <= width


def test_facts_tables_and_caveats_are_where_the_template_says() -> None:
    report = filled("lead_notice", "seen")
    text = text_of(casework_pdf(report, shipped("lead_notice")))
    order = ("This is a LEAD", "The lead", "The two cases", "Which marks", "Receipt")
    places = [text.index(words) for words in order]
    assert all(one < other for one, other in pairwise(places))
    # the last side is not known of
    facts = dict(report.facts) | {"cases.right": {}}
    bare = text_of(casework_pdf(replace(report, facts=facts), shipped("lead_notice")))
    assert bare.count("not recorded") >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_many_rows_run_over_pages(kind: str) -> None:
    data = casework_pdf(filled(kind, "a row", rows=45), shipped(kind))
    told = text_of(data)
    assert pages(data) > 2 and f"page {pages(data)} of {pages(data)}" in told
