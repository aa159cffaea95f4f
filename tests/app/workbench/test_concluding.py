"""The rules of the scale, in words; and the words a conclusion should not use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest
from stand_in import StandIn, keep
from workbench_parts import AUTHOR, Heard

from app.domain import CaseheadError, Conclusion, Remarks
from app.workbench import Draft, Workbench, language_warnings
from app.workbench.class_notes import Flag, Noted
from app.workbench.scale import NOTHING_CHOSEN, load_scale, scale_from

TODAY = date(2026, 3, 31)
SEEN = {"examined_physically": True, "examined_by": "J. Doe", "examined_at": "2026-03-30"}
IDENTIFIED = Draft("identification", "Striae agree over the whole face.", **SEEN)  # type: ignore[arg-type]
EXCLUDED = replace(IDENTIFIED, value="elimination", basis="class")
ALONE = replace(EXCLUDED, basis="individual", basis_reason="Both were fired the same day.")
SCALE = load_scale()


@pytest.mark.parametrize("draft", [IDENTIFIED, EXCLUDED, ALONE])
def test_nothing_is_missing_when_all_is_said(draft: Draft) -> None:
    assert SCALE.missing(draft, TODAY) == ()


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (replace(IDENTIFIED, reasons=" \n"), "identification needs its reasons"),
        (replace(IDENTIFIED, examined_physically=None), "Pictures alone do not carry"),
        (replace(IDENTIFIED, examined_physically=False), "Pictures alone do not carry"),
        (replace(IDENTIFIED, examined_by=" "), "by whom"),
        (replace(IDENTIFIED, examined_at=""), "when the specimens were examined"),
        (replace(IDENTIFIED, examined_at="30 March"), "“30 March” is not a date"),
        (replace(IDENTIFIED, examined_at="2026-04-01"), "lies in the future"),
        (replace(EXCLUDED, basis=""), "class characteristics or on individual marks alone"),
        (replace(EXCLUDED, reasons=""), "elimination needs its reasons"),
        (replace(EXCLUDED, examined_physically=None), "Pictures alone do not carry"),
        (replace(ALONE, basis_reason="  "), "individual marks alone is exceptional"),
        (Draft("inconclusive-a", "", "", "", False), "Inconclusive (a) needs its reasons"),
        (Draft("inconclusive-b", "", "", "", False), "absent, too few or not reproducible"),
        (Draft("inconclusive-c", "", "", "", False), "which individual marks disagree"),
        (Draft("inconclusive-a", "few"), "examined physically: yes or no"),
        (Draft("unsuitable", "corroded", "", "", False), "which mark is unsuitable"),
        (Draft("unsuitable", "", "left", "", False), "why the mark cannot be used"),
    ],
)
def test_each_rule_says_what_it_misses(draft: Draft, words: str) -> None:
    (sentence,) = SCALE.missing(draft, TODAY)
    assert words in sentence and sentence.endswith(".")


def test_all_that_is_missing_is_told_at_once() -> None:
    assert SCALE.missing(Draft()) == (NOTHING_CHOSEN,)
    assert len(SCALE.missing(Draft("elimination"))) == 3
    assert SCALE.missing(Draft("unsuitable", "corroded", "right", "", False)) == ()


def test_what_a_value_does_not_ask_is_dropped() -> None:
    tidy = SCALE.tidied(replace(ALONE, value="identification", reasons=" a "))
    assert (tidy.basis, tidy.basis_reason, tidy.reasons) == ("", "", "a")
    unseen = SCALE.tidied(replace(IDENTIFIED, examined_physically=False))
    assert (unseen.examined_by, unseen.examined_at) == ("", "")
    assert SCALE.tidied(replace(ALONE, basis="class")).basis_reason == ""
    with pytest.raises(CaseheadError, match="cannot rest on 'feeling'"):
        SCALE.missing(replace(EXCLUDED, basis="feeling"))


def test_a_conclusion_is_said_in_sentences() -> None:
    def told(draft: Draft) -> tuple[str, ...]:
        said = (draft.basis, draft.basis_reason, draft.examined_physically)
        by = (draft.examined_by, draft.examined_at)
        return SCALE.said(Conclusion("c", "AFTE", draft.value, "r", None, "", *said, *by))

    assert told(IDENTIFIED) == ("Examined physically by J. Doe on 2026-03-30.",)
    assert told(ALONE)[:2] == (
        "The elimination rests on individual marks alone.",
        "Why on individual marks alone: Both were fired the same day.",
    )
    assert told(Draft("inconclusive-a", "r", "", "", False)) == (
        "Not examined physically; from pictures only.",
    )
    assert told(Draft("gone", "r", "odd")) == ("Basis: odd.",)
    assert SCALE.label("gone") == "gone" and SCALE.label("elimination") == "Elimination"


def test_a_laboratory_may_write_its_own_rules() -> None:
    value = {"key": "a", "label": "A", "explanation": "B."}
    rule = {"for": ["a"], "needs": "reasons", "sentence": "Say why."}
    own = scale_from({"name": "Own", "values": [value], "rules": [rule]})
    assert own.missing(Draft("a")) == ("Say why.",) and own.missing(Draft("a", "because")) == ()
    with pytest.raises(CaseheadError, match="needs 'luck'; write one of: reasons"):
        scale_from({"name": "Own", "values": [value], "rules": [rule | {"needs": "luck"}]})
    with pytest.raises(CaseheadError, match="no conclusion 'b'"):
        scale_from({"name": "Own", "values": [value], "rules": [rule | {"for": ["b"]}]})


def test_what_breaks_a_rule_is_not_recorded(workbench: Workbench, library: StandIn) -> None:
    pair = keep(workbench, 100), keep(workbench, 90)
    saved = workbench.save_comparison(workbench.open_comparison(*pair))
    heard = Heard(workbench)
    with pytest.raises(CaseheadError, match=r"Nothing was recorded. .*needs its reasons.*Pictures"):
        workbench.conclude(saved.id, "identification")
    assert workbench.conclusions(saved.id) == () and not heard.all.comparisons
    draft = replace(ALONE, examined_at="2024-01-02", reasons=" Striae differ. ")
    made = workbench.conclude(saved.id, draft)
    assert workbench.conclusions(saved.id) == (made,) and heard.all.comparisons == {saved.id}
    assert (made.reasons, made.basis, made.author) == ("Striae differ.", "individual", AUTHOR)
    assert made.examined_physically and made.examined_at == "2024-01-02"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fired in it to the exclusion of all other firearms", "to the exclusion of all other"),
        ("I am 100% sure", "100%"),
        ("I am 100 % sure", "100 %"),
        ("with a Reasonable degree of\n scientific  Certainty", "Reasonable degree of scientific"),
        ("the method has a zero-error rate", "zero-error rate"),
        ("this is a match", "is a match"),
    ],
)
def test_phrases_that_claim_too_much_are_warned_of(text: str, found: str) -> None:
    (warning,) = language_warnings("Striae agree.", text)
    assert f"“{found}" in warning and warning.endswith(".")


@pytest.mark.parametrize(
    "text", ["", "The striae match in width", "uncertainty 0.1", "2100 % enlarged", "a rematch"]
)
def test_plain_words_are_let_alone(text: str) -> None:
    assert language_warnings(text) == ()


def test_the_software_keeps_to_its_own_rules() -> None:
    folder = resources.files("resources")
    for file in ("report/comparison.json", "conclusion_scales/afte.json"):
        words = json.loads(folder.joinpath(file).read_text("utf-8"))
        assert language_warnings(*_texts(words)) == ()


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return [text for one in items for text in _texts(one)]  # type: ignore[attr-defined]


FLAGGED = Noted((Flag("the comparison", "parallel marks of one make"),))
DIFFERING = Noted((), ("Calibre (left 9 mm Luger, right .40 S&W)",))


def test_while_subclass_is_flagged_an_identification_says_why_it_is_excluded() -> None:
    (sentence,) = SCALE.missing(IDENTIFIED, TODAY, FLAGGED)
    assert "subclass influence is flagged" in sentence
    said = replace(IDENTIFIED, subclass_excluded=" No broach was used. ")
    assert SCALE.missing(said, TODAY, FLAGGED) == ()
    assert SCALE.tidied(said, FLAGGED).subclass_excluded == "No broach was used."
    assert SCALE.tidied(said).subclass_excluded == "", "nothing is flagged, nothing is asked"
    assert SCALE.missing(EXCLUDED, TODAY, FLAGGED) == (), "the rule is of identifications"
    assert SCALE.asks(IDENTIFIED, "subclass_excluded", FLAGGED)
    assert not SCALE.asks(EXCLUDED, "subclass_excluded", FLAGGED)
    told = Conclusion("c", "AFTE", "identification", subclass_excluded="No broach was used.")
    assert SCALE.said(told) == ("Why no subclass influence misleads: No broach was used.",)


def test_a_difference_of_class_is_a_caution_and_never_a_rule() -> None:
    (caution,) = SCALE.cautions(IDENTIFIED, DIFFERING)
    assert "noted as different" in caution
    assert SCALE.missing(IDENTIFIED, TODAY, DIFFERING) == ()
    assert SCALE.cautions(EXCLUDED, DIFFERING) == SCALE.cautions(IDENTIFIED) == ()
    basis = SCALE.value("elimination").basis
    assert basis is not None
    assert [option.key for option in basis.options if option.offers] == ["class"]


def test_a_rule_holds_while_something_known_is_noted() -> None:
    value = {"key": "a", "label": "A", "explanation": "B."}
    rule = {"for": ["a"], "needs": "reasons", "sentence": "Why.", "while": "class differs"}
    own = scale_from({"name": "Own", "values": [value], "rules": [rule]})
    assert own.missing(Draft("a")) == () and own.missing(Draft("a"), noted=DIFFERING) == ("Why.",)
    with pytest.raises(CaseheadError, match="holds while 'it rains'; write one of: subclass"):
        scale_from({"name": "Own", "values": [value], "rules": [rule | {"while": "it rains"}]})


def test_the_workbench_looks_at_what_is_noted(workbench: Workbench, library: StandIn) -> None:
    pair = keep(workbench, 100), keep(workbench, 90)
    saved = workbench.save_comparison(workbench.open_comparison(*pair))
    workbench.annotate(saved, (), Remarks(subclass=True, subclass_reason="parallel marks"))
    draft = replace(IDENTIFIED, examined_at="2024-01-02")
    with pytest.raises(CaseheadError, match="subclass influence is flagged"):
        workbench.conclude(saved.id, draft)
    made = workbench.conclude(saved.id, replace(draft, subclass_excluded="No broach was used."))
    assert workbench.conclusions(saved.id) == (made,)
    assert made.subclass_excluded == "No broach was used."
    assert workbench.check() == ()
