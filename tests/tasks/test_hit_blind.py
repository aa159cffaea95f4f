"""From an exhibit to a hit: entered by one, agreed to by a second, verified blind by a third."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.app.cli.cli_parts import casehead
from tests.tasks.casework_bench import (
    LINDQVIST,
    MATE,
    MENSAH,
    OKAFOR,
    QUERY,
    CaseworkBench,
    texts_in,
)
from tests.window_bench import SHIFT

SEEN = "Parallel striae in four places agree beside the aperture"
WHY = "Congruent striae from three to six on both specimens"
NOTE = "First list of the quarter"
OWN = "Agreement throughout the breech face, seen for myself"


@pytest.mark.qt_log_ignore("This plugin does not support")  # a dialog, without a display
def test_from_an_exhibit_to_a_hit_verified_blind(bench: CaseworkBench, tmp_path: Path) -> None:
    bench.sign_in(OKAFOR)
    _review(bench)
    bench.sign_in(MENSAH)
    _agree(bench)
    bench.sign_in(OKAFOR)
    _conclude_and_ask(bench)
    bench.sign_in(LINDQVIST)
    _verify_blind(bench)
    _see_the_hit(bench)
    _write_it_all_down(bench, tmp_path)
    folder = bench.folder
    assert bench.is_sound()
    bench.close()
    checked = casehead("audit", "verify", "--casebook", folder)
    assert checked.code == 0, checked


def _review(bench: CaseworkBench) -> None:
    bench.to_candidates(QUERY)
    lists = bench.window.candidates
    assert lists.model.lines[0].provenance.case.number == MATE
    bench.press(Qt.Key.Key_P)
    assert "Keep the candidate first" in bench.window.toast.sentence
    bench.review(QUERY, MATE, SEEN, NOTE)
    bench.until_words("list_reviewed", "Reviewed by R. Okafor")
    assert "(1 kept, 2 dismissed, 0 put off): lead" in bench.words("list_reviewed")
    item = lists.searches.currentItem()
    assert "(1 kept, 2 dismissed, 0 put off): lead" in str(item.toolTip())


def _agree(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_1)
    assert [row.cases for row in ledger.model.lines] == [f"{QUERY} and {MATE}"]
    bench.until(lambda: SEEN in bench.words("ledger_detail_history"))
    bench.agree(QUERY)
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["open"])
    bench.until_words("ledger_detail_history", "Agreed\nK. Mensah")


def _conclude_and_ask(bench: CaseworkBench) -> None:
    bench.open_lead(QUERY)
    bench.conclude("identification", WHY)
    bench.until_words("conclude_says", "Recorded: Identification")
    bench.ask("blind", LINDQVIST)
    bench.to_verifications(Qt.Key.Key_2)
    assert [row.who for row in bench.window.leads.verify.model.lines] == [LINDQVIST]


def _verify_blind(bench: CaseworkBench) -> None:
    bench.to_verifications()
    page = bench.window.leads.verify
    assert [row.words for row in page.model.lines] == ["waits for you"]
    assert OKAFOR not in " ".join(texts_in(page))
    bench.open_task()
    bench.until_words("conclude_manner", "blind")
    _nothing_of_the_first(bench)
    bench.open_task()
    bench.conclude("identification", OWN)
    bench.until_words("verification_state", "Verified")
    assert WHY in bench.words("first_said") and OKAFOR in bench.words("first_said")
    assert OWN in bench.words("second_said") and LINDQVIST in bench.words("second_said")


def _nothing_of_the_first(bench: CaseworkBench) -> None:
    """On no screen, in no widget, seen or not; on the desk not even who it was."""
    assert OKAFOR not in " ".join(texts_in(bench.window.compare))
    bench.to_candidates(QUERY)
    assert bench.window.candidates.model.lines[0].candidate.review == "new"
    bench.turn_pages(Qt.Key.Key_5, bench.window.leads)
    bench.turn_pages(Qt.Key.Key_7, bench.window.lab)
    bench.to_ledger(Qt.Key.Key_6)
    everything = "\n".join(texts_in(bench.place))
    for said in (WHY, SEEN, NOTE, "Recorded: Identification", f"lead: {OKAFOR}"):
        assert said not in everything, said


def _see_the_hit(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_3)
    (row,) = ledger.model.lines
    assert (row.state, row.heard) == ("hit", "Counted as a hit")
    assert {QUERY, MATE} == set(row.cases.split(" and "))
    bench.to_casebook()
    assert f"hit with {MATE}" in bench.case_line(QUERY)
    assert f"hit with {QUERY}" in bench.case_line(MATE)


def _write_it_all_down(bench: CaseworkBench, folder: Path) -> None:
    """The notice, who was told and that it was received; the report, the case, the package."""
    bench.to_ledger(Qt.Key.Key_3)
    bench.press(Qt.Key.Key_P)
    written = [bench.issue("ledger_issue", folder / "hit.pdf")]
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_N)
    bench.write("ledger_ask_recipient", "Det. M. Alvarez")
    bench.submit("ledger_ask", "on the record")
    bench.until_words("ledger_detail_history", "Told Det. M. Alvarez")
    bench.press(Qt.Key.Key_T)
    bench.write("ledger_ask_by", "Det. M. Alvarez")
    bench.submit("ledger_ask", "The receipt is noted")
    bench.until_words("ledger_detail_history", "Received by Det. M. Alvarez")
    report = folder / "comparison.pdf"
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.canvas.setFocus()
    bench.save_as(report, lambda: bench.press(Qt.Key.Key_E, SHIFT))
    bench.until(report.is_file)
    bench.until(lambda: "comparison.pdf" in bench.window.toast.sentence)
    bench.to_row(QUERY, "case")
    bench.press(Qt.Key.Key_P)
    for kind, name in (("summary", "case.pdf"), ("custody", "custody.pdf"), ("package", "d.zip")):
        written.append(bench.issue("casebook_issue", folder / name, kind))
    for path in (*(folder / name for name in ("hit.pdf", "case.pdf", "custody.pdf")), report):
        assert path.read_bytes().startswith(b"%PDF-"), path
    told = {line.detail.get("sha256") for line in bench.workbench._casebook.journal()}
    assert set(written) <= told, "the journal tells every issue with its digest"
    (notice,) = bench.workbench.notices("hit")
    assert notice.notice.digest == written[0] and notice.receipt is not None
