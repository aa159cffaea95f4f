"""Notices, trace requests and statistics out of a casebook whose cases are linked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from stand_in import StandIn

from app.domain import CaseheadError, Role
from app.reporting.casework import Stamp
from app.workbench import Draft, Registration, Workbench
from app.workbench.issue_case import case_summary
from app.workbench.issue_notices import hit_notice, lead_notice
from app.workbench.issue_values import Gathering
from tests.app.reporting.report_parts import text_of
from tests.linked_book import FIRST, LEADS, SECOND, LinkedBook, hit, linked_book


@pytest.fixture
def book(workbench: Workbench, library: StandIn) -> LinkedBook:
    return linked_book(workbench)


def lead_of(workbench: Workbench) -> str:
    return next(one.lead.id for one in workbench.leads() if one.state == "open")


def hit_of(workbench: Workbench, book: LinkedBook) -> str:
    """The comparison that the hit of the first case rests on."""
    case_id = book.cases["2026-0412"]
    return next(one for one in workbench.hits() if case_id in one.pair).comparisons[0]


def told(workbench: Workbench, kind: str, of: str, folder: Path) -> str:
    """What a report says; it is issued twice and must be the same."""
    one = workbench.issue(kind, of, folder / f"{kind}-a.pdf")
    other = workbench.issue(kind, of, folder / f"{kind}-b.pdf")
    assert one.path.read_bytes() == other.path.read_bytes()
    line = workbench._casebook.journal()[-1]
    assert line.detail["sha256"] == hashlib.sha256(one.path.read_bytes()).hexdigest()
    one.path.unlink()
    text = text_of(other.path.read_bytes())
    other.path.unlink()
    return text


def test_a_lead_notice_bears_all_caveats_and_who_saw_and_agreed(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    lead_id = lead_of(workbench)
    workbench.assign_lead(lead_id, SECOND.examiner)
    workbench.lead_feedback(lead_id, "under investigation", "Still looking")
    workbench.send_notice("lead", lead_id, "Det. Ruiz", "Harbor City Police", "e-mail", "by hand")
    text = told(workbench, "lead_notice", lead_id, tmp_path)
    for words in (
        "It is unconfirmed",
        "seen on screen",
        "not probable cause",
        "not for testimony",
        "investigative aid",
        FIRST.examiner,
        SECOND.examiner,
        "Striae agree.",
        "Seen too.",
        "Still looking",
        "Det. Ruiz",
        "Received by",
        *LEADS[0],
    ):
        assert words in text, words
    assert "Identification" not in text


def test_a_lead_nobody_agreed_with_cannot_be_told(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    workbench.set_author(FIRST)
    left, right = book.pictures["2026-0412"], book.pictures["2026-0600"]
    proposed = workbench.propose_lead(left, right, "Perhaps.")
    with pytest.raises(CaseheadError, match="not been agreed by a second reviewer"):
        workbench.issue("lead_notice", proposed.id, tmp_path / "a.pdf")
    with pytest.raises(CaseheadError, match="not been agreed"):
        workbench.issue_warnings("lead_notice", proposed.id)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_lead_that_was_confirmed_or_closed_is_not_told_as_open(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    open_leads = [one for one in workbench.leads() if one.state == "open"]
    first, second = open_leads
    workbench.close_lead(first.lead.id, "withdrawn", "Seen again.")
    assert "This lead is closed by now" in told(workbench, "lead_notice", first.lead.id, tmp_path)
    names = [
        workbench.provenance(p).case.number for p in (second.lead.left_id, second.lead.right_id)
    ]
    hit(workbench, book, names[0], names[1])
    with pytest.raises(CaseheadError, match="issue the hit notice"):
        workbench.issue("lead_notice", second.lead.id, tmp_path / "a.pdf")


def test_a_hit_notice_tells_cases_guns_people_and_credit(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    comparison_id = hit_of(workbench, book)
    workbench.send_notice("hit", comparison_id, "Lt. Kim", "Mill County", "telephone")
    text = told(workbench, "hit_notice", comparison_id, tmp_path)
    for words in (
        "2026-0412",
        "2026-0440",
        "fatal shooting",
        "Mill Lane",
        "Identification",
        "open",
        FIRST.examiner,
        SECOND.examiner,
        "Examined physically",
        "Link confirmed by",
        FIRST.agency,
        "It counts as one hit",
        "1A belongs to Gun A of 2026-0412",
        "Lt. Kim",
        "Receipt of the second agency",
    ):
        assert words in text, words


def test_a_hit_that_turned_stale_is_not_told_any_more(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    comparison_id = hit_of(workbench, book)
    workbench.set_author(FIRST)
    workbench.conclude(comparison_id, Draft("inconclusive-a", "Fewer than seen.", "", "", False))
    with pytest.raises(CaseheadError, match=r"no hit|confirms no link"):
        workbench.issue("hit_notice", comparison_id, tmp_path / "a.pdf")
    text = told(workbench, "comparison", comparison_id, tmp_path)
    assert comparison_id in text, "by which it is found in the journal and in a package"
    assert "The verification is stale" in text and "Another conclusion was recorded" in text
    case_id = book.cases["2026-0412"]
    assert "is no hit any more" in told(workbench, "case_summary", case_id, tmp_path)


def test_the_comparison_report_tells_every_verification(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    text = told(workbench, "comparison", hit_of(workbench, book), tmp_path)
    for words in (
        "Verification",
        "came to the same conclusion",
        "open: the first conclusion was known",
        f"by {SECOND.examiner}",
        "It was given on the conclusion of",
    ):
        assert words in text, words


def test_nothing_of_a_comparison_is_told_to_a_blind_verifier(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    workbench.set_author(FIRST)
    pair = book.pictures["2026-0502"], book.pictures["2026-0517"]
    comparison = workbench.save_comparison(workbench.open_comparison(*pair))
    secret = "The secret reasons."
    sure = Draft("identification", secret, "", "", True, FIRST.examiner, "2026-07-01")
    workbench.conclude(comparison.id, sure)
    task = workbench.ask_verification(comparison.id, "blind", SECOND.examiner)
    lead_id = next(o.lead.id for o in workbench.leads() if comparison.left_id == o.lead.left_id)
    workbench.set_author(SECOND)
    case_id = book.cases["2026-0502"]
    for kind, of in (
        ("comparison", comparison.id),
        ("defence_package", comparison.id),
        ("defence_package", case_id),
        ("hit_notice", comparison.id),
        ("lead_notice", lead_id),
    ):
        path = tmp_path / workbench.issue_file_name(kind, of)
        assert "2026-0502" in path.name  # by the numbers of its cases, not by its id
        with pytest.raises(CaseheadError, match="blind verification"):
            workbench.issue(kind, of, path)
        with pytest.raises(CaseheadError, match="blind verification"):
            workbench.issue_warnings(kind, of)
        assert not path.exists()
    with pytest.raises(CaseheadError, match="blind verification"):
        workbench.export_report(comparison, tmp_path / "a.pdf")
    text = told(workbench, "case_summary", case_id, tmp_path)
    assert secret not in text and "not shown: a blind verification" in text
    assert "The links told here are not all" in text, "none of them would be untrue"
    workbench.verify(task.id, Draft("inconclusive-a", "Too few.", "", "", False))
    text = told(workbench, "comparison", comparison.id, tmp_path)
    assert secret in text and "blind: the first conclusion and notes were hidden" in text
    assert "a third examiner is to decide" in text


def test_a_trace_request_is_told_with_its_fields(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    from dataclasses import replace

    case_id = book.cases["2026-0460"]
    exhibit = workbench._casebook.exhibits(case_id)[0]
    gun = workbench._casebook.firearms(exhibit.id)[0]
    draft = workbench.trace_draft(gun.id)
    more = {"ncic_code": "1399", "type": "P", "country": "US", "calibre": "9 mm Luger"}
    request = replace(draft, fields={**draft.fields, **more, "ori": FIRST.ori})
    kept = workbench.request_trace(request)
    text = told(workbench, "trace_request", kept.id, tmp_path)
    for words in ("Norvik", "N9", "K5521", "1399 (assault)", "P (pistol)", "Priority: ", "pending"):
        assert words in text, words
    assert "Manufacturer *" in text and "No answer has been recorded." in text
    assert "Norvik" in told(workbench, "case_summary", case_id, tmp_path)


def test_statistics_count_what_was_recorded(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    text = told(workbench, "statistics", "", tmp_path)
    for words in ("Leads proposed", "Hits counted", "Non-agreement rate", "0.0%", "confirmed"):
        assert words in text, words
    first = workbench.issue("statistics", "2020-01-01..2020-03-31", tmp_path / "old.pdf")
    assert "Nothing has run through the clock" in text_of(first.path.read_bytes())
    for span in ("2020-01-01", "yesterday..today", "2020-03-01..2020-01-01"):
        with pytest.raises(CaseheadError):
            workbench.issue("statistics", span, tmp_path / "b.pdf")


def test_the_case_tells_links_reviews_and_clock(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    workbench.note_warm_link(book.cases["2026-0440"], book.cases["2026-0600"], "A witness.")
    text = told(workbench, "case_summary", book.cases["2026-0440"], tmp_path)
    for words in (
        "warm",
        "witness.",
        "2026-0412",
        "2026-0451",
        "hit",
        "entered",
        "agreed",
        "started by",
    ):
        assert words in text, words
    assert "10:30:00" not in text, "an hour nobody recorded"
    package = tmp_path / "package.zip"
    one = workbench.issue("defence_package", book.cases["2026-0440"], package)
    other = workbench.issue("defence_package", book.cases["2026-0440"], tmp_path / "other.zip")
    assert one.digest == other.digest


class Watched(Gathering):
    """Knows what had been looked at when the moment was asked for."""

    stamped: frozenset[str] = frozenset()

    def stamp(self, as_of: str = "") -> Stamp:
        self.stamped = frozenset(self.looked_at)
        return super().stamp(as_of)


def test_a_report_stands_for_the_moment_of_the_newest_of_all_that_is_in_it(
    workbench: Workbench, book: LinkedBook
) -> None:
    made = (
        (lead_notice, lead_of(workbench)),
        (hit_notice, hit_of(workbench, book)),
        (case_summary, book.cases["2026-0412"]),
    )
    for make, of in made:
        gathering = Watched(workbench, workbench._casebook)
        make(gathering, of)
        assert gathering.looked_at and gathering.stamped == gathering.looked_at, make


def test_a_lead_notice_says_that_the_items_were_compared_and_not_what_was_concluded(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    pair = book.pictures["2026-0502"], book.pictures["2026-0517"]
    lead_id = next(o.lead.id for o in workbench.leads() if o.lead.left_id == pair[0])
    assert "Read this first" not in told(workbench, "lead_notice", lead_id, tmp_path)
    workbench.set_author(FIRST)
    comparison = workbench.save_comparison(workbench.open_comparison(*pair))
    other = Draft("inconclusive-a", "Other striae.", "", "", False)
    workbench.conclude(comparison.id, other)
    text = told(workbench, "lead_notice", lead_id, tmp_path)
    assert "An examiner recorded a conclusion on these items" in text
    assert "Inconclusive" not in text and "Other striae" not in text
    task = workbench.ask_verification(comparison.id, "open", SECOND.examiner)
    workbench.set_author(SECOND)
    workbench.verify(task.id, other)
    text = told(workbench, "lead_notice", lead_id, tmp_path)
    assert "was verified. It does not confirm this" in text and "Inconclusive" not in text


def test_statistics_of_nothing_and_of_a_record_whose_clock_was_put_back(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbench.set_author(FIRST)
    text = told(workbench, "statistics", "", tmp_path)
    assert "Nothing has run through the clock" in text and "nothing was verified" in text
    assert "Medians" not in text and "Over time" not in text
    monkeypatch.setattr("app.store.journal.now", lambda: "2019-05-06T07:08:09+00:00")
    workbench.register(Registration("2019-1", "1", "1A", Role.EVIDENCE, "9 mm Luger"))
    text = told(workbench, "statistics", "", tmp_path)
    assert "2019-05-06 to 20" in text and "Exhibits on the clock" in text
