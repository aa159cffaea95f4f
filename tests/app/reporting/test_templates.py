"""The wording of reports: clean as shipped, and a laboratory's own only where it is sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.reporting.casework import KINDS
from app.reporting.phrases import language_warnings
from app.reporting.setting import casework_pdf
from app.reporting.templates import sentences, shipped, template
from tests.app.reporting.casework_parts import filled
from tests.app.reporting.report_parts import text_of

ALL = (*KINDS, "comparison", "defence_package")


@pytest.mark.parametrize("kind", ALL)
def test_no_template_says_what_must_not_be_said(kind: str) -> None:
    words = list(sentences(shipped(kind)))
    assert len(words) > 20 and language_warnings(*words) == ()
    assert language_warnings(*words, "to the exclusion of all others")


def test_a_lead_notice_has_its_caveats_framed_and_first() -> None:
    words = shipped("lead_notice")
    first = next(iter(words["sections"].values()))
    told = " ".join(first["text"]).casefold()
    assert first["framed"] and list(words["must_say"]["sections.caveats.text"]) == first["text"]
    for phrase in ("unconfirmed", "on screen", "not probable cause", "not for testimony"):
        assert phrase in told
    assert "unconfirmed" in words["title"] and "unconfirmed" in words["foot"]


@pytest.mark.parametrize("kind", ALL)
def test_every_caveat_that_must_be_said_is_said_as_shipped(kind: str, tmp_path: Path) -> None:
    must = shipped(kind).get("must_say", {})
    assert must or kind == "trace_request"
    for named in must:
        *above, last = named.split(".")
        found = shipped(kind)
        for key in above:
            found = found[key]
        own: object = {last: ["-"] * len(found[last]) if isinstance(found[last], list) else "-"}
        for key in reversed(above):
            own = {key: own}
        (tmp_path / f"{kind}.json").write_text(json.dumps(own), "utf-8")
        told = template(kind, tmp_path)
        assert f"'{named}' must say" in told.told and told.words == shipped(kind)


def test_a_laboratory_may_say_more_beside_a_caveat(tmp_path: Path) -> None:
    told = shipped("lead_notice")["sections"]["caveats"]["text"]
    own = {"sections": {"caveats": {"text": [*told, "Ring us day and night."]}}}
    (tmp_path / "lead_notice.json").write_text(json.dumps(own), "utf-8")
    found = template("lead_notice", tmp_path)
    assert found.told == ""
    assert found.words["sections"]["caveats"]["text"][-1] == "Ring us day and night."


def test_a_laboratory_says_some_things_otherwise(tmp_path: Path) -> None:
    own = {
        "title": "Note sur une piste (unconfirmed)",
        "sections": {"ask": {"title": "Prière", "text": ["Écrivez-nous.", "Merci."]}},
    }
    (tmp_path / "lead_notice.json").write_text(json.dumps(own), "utf-8")
    found = template("lead_notice", tmp_path)
    assert found.told == "" and found.words["title"] == own["title"]
    assert found.words["sections"]["receipt"] == shipped("lead_notice")["sections"]["receipt"]
    text = text_of(casework_pdf(filled("lead_notice", "x"), found.words))
    assert "Note sur une piste" in text and "Écrivez-nous." in text and "LEAD" in text
    assert template("custody", tmp_path).told == "", "the others stay as shipped"
    assert template("lead_notice", None).words == shipped("lead_notice")


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ("{", "no JSON"),
        ("[]", "object with names"),
        ({"titel": "x"}, "nothing is called 'titel'"),
        ({"title": 3}, "'title' is of another kind"),
        ({"sections": {"ask": {"text": "x"}}}, "'sections.ask.text' is of another kind"),
        ({"sections": {"ask": {"text": [3]}}}, "holds other things"),
        ({"sections": {"sent": {"columns": ["To"]}}}, "needs 5 entries"),
        ({"sections": {"pairs": {"shares": [0, 0, 0]}}}, "leaves a column without room"),
        ({"sections": {"pairs": {"shares": [-1, 2, 2]}}}, "leaves a column without room"),
        ({"sections": {"ask": {"text": ["word " * 500]}}}, "longer than 2000 letters"),
        ({"sections": {"pairs": {"columns": ["word " * 50, "b", "c"]}}}, "longer than 100 letters"),
        ({"made": "Issued by {nobody}"}, "'{nobody}' that is never filled"),
        ({"made": "Issued by {who"}, "braces do not pair up"),
        ({"made": "{who.__class__}"}, "never filled"),
        ({"sections": {"caveats": {"text": ["A lead."]}}}, "must say: This is a LEAD"),
        ({"title": "Lead notice: certain"}, "'title' must say: unconfirmed"),
        ({"must_say": {}}, "cannot be changed"),
        ({"sections": {"caveats": {"framed": False}}}, "cannot be changed"),
        ({"title": "A perfect match, unconfirmed"}, "perfect match"),
    ],
)
def test_a_broken_template_is_told_and_the_shipped_one_used(
    tmp_path: Path, own: object, why: str
) -> None:
    text = own if isinstance(own, str) else json.dumps(own)
    (tmp_path / "lead_notice.json").write_text(text, "utf-8")
    found = template("lead_notice", tmp_path)
    assert found.words == shipped("lead_notice")
    assert why in found.told and "shipped wording is used" in found.told
    assert casework_pdf(filled("lead_notice", "x"), found.words)


def test_a_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "custody.json").write_bytes(b"\xff\xfe\x00")
    assert "no JSON in UTF-8" in template("custody", tmp_path).told
    (tmp_path / "custody.json").write_text(f'{{"title": "{"x" * 1_000_001}"}}')
    assert "far larger" in template("custody", tmp_path).told
    (tmp_path / "custody.json").write_text("[" * 100_000)
    assert "no JSON" in template("custody", tmp_path).told
