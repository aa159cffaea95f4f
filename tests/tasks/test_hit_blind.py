"""From an exhibit to a hit: reviewed, agreed by a second person, verified blind by a third."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.tasks.casework_bench import (
    LINDQVIST,
    MENSAH,
    OKAFOR,
    CaseworkBench,
    texts_in,
)

SEEN = "Parallel striae in four places agree beside the aperture"
WHY = "Congruent striae from three to six on both specimens"
NOTE = "First list of the quarter"
OWN = "Agreement throughout the breech face, seen for myself"


@pytest.fixture
def bench(qtbot: QtBot, casework: Path) -> Iterator[CaseworkBench]:
    made = CaseworkBench(qtbot, casework)
    yield made
    made.close()


def test_from_an_exhibit_to_a_hit_verified_blind(bench: CaseworkBench) -> None:
    bench.sign_in(OKAFOR)
    bench.search("2026-0412")
    _review(bench)
    bench.sign_in(MENSAH)
    _agree(bench)
    bench.sign_in(OKAFOR)
    _conclude_and_ask(bench)
    bench.sign_in(LINDQVIST)
    _verify_blind(bench)
    _see_the_hit(bench)


def _review(bench: CaseworkBench) -> None:
    lists = bench.window.candidates
    first = lists.model.lines[0].candidate.id
    assert lists.model.lines[0].provenance.case.number == "2025-1107"
    bench.press(Qt.Key.Key_P)
    assert "Keep the candidate first" in bench.window.toast.sentence
    for key in (Qt.Key.Key_K, Qt.Key.Key_D, Qt.Key.Key_D):
        bench.press(key)
    bench.until(lambda: not any(line.candidate.review == "new" for line in lists.model.lines))
    lists.lists.stand(first)
    bench.press(Qt.Key.Key_P)
    bench.type(SEEN)
    bench.submit("review_drawer", "The lead is proposed")
    bench.press(Qt.Key.Key_R)
    assert "3 of 3 candidates, down to rank 3" in bench.words("review_drawer_facts")
    bench.write("review_drawer_note", NOTE)
    bench.submit("review_drawer", "on the record")
    bench.until_words("list_reviewed", "Reviewed by R. Okafor")
    assert "(1 kept, 2 dismissed, 0 put off): lead" in bench.words("list_reviewed")
    item = lists.searches.item(0)
    assert "(1 kept, 2 dismissed, 0 put off): lead" in str(item.toolTip())


def _agree(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_1)
    assert [row.cases for row in ledger.model.lines] == ["2026-0412 and 2025-1107"]
    assert SEEN in bench.words("ledger_detail_history")
    bench.press(Qt.Key.Key_A)
    bench.submit("ledger_ask", "It is a lead now")
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["open"])
    bench.until_words("ledger_detail_history", "Agreed\nK. Mensah")


def _conclude_and_ask(bench: CaseworkBench) -> None:
    bench.to_ledger(Qt.Key.Key_2)
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.conclude("identification", WHY)
    bench.until_words("conclude_says", "Recorded: Identification")
    bench.canvas.setFocus()
    bench.press(Qt.Key.Key_Y)
    bench.until_words("verification_state", "Not verified")
    bench.ask("blind", LINDQVIST)
    bench.to_verifications(Qt.Key.Key_2)
    assert [row.who for row in bench.window.leads.verify.model.lines] == [LINDQVIST]


def _verify_blind(bench: CaseworkBench) -> None:
    bench.to_verifications()
    page = bench.window.leads.verify
    assert [row.words for row in page.model.lines] == ["waits for you"]
    assert OKAFOR not in " ".join(texts_in(page))
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.until_words("conclude_manner", "blind")
    _nothing_of_the_first(bench)
    bench.conclude("identification", OWN)
    bench.until_words("verification_state", "Verified")
    assert WHY in bench.words("first_said") and OKAFOR in bench.words("first_said")
    assert OWN in bench.words("second_said") and LINDQVIST in bench.words("second_said")


def _nothing_of_the_first(bench: CaseworkBench) -> None:
    """On no screen, in no widget, seen or not; on the desk not even who it was."""
    assert OKAFOR not in " ".join(texts_in(bench.window.compare))
    bench.window.show_candidates()
    bench.until(lambda: bench.window.candidates.ready)
    assert bench.window.candidates.model.lines[0].candidate.review == "new"
    for page in bench.window.leads.pages:
        bench.window.show_leads(page)
        bench.until(lambda: bench.window.leads.ready and not bench.place.bridge.busy)
    for page in bench.window.lab.pages:
        bench.window.show_lab(page)
        bench.until(lambda: bench.window.lab.ready and not bench.place.bridge.busy)
    bench.to_ledger(Qt.Key.Key_6)
    everything = "\n".join(texts_in(bench.place))
    for said in (WHY, SEEN, "Recorded: Identification"):
        assert said not in everything, said
    bench.to_verifications()
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()


def _see_the_hit(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_3)
    (row,) = ledger.model.lines
    assert (row.state, row.heard) == ("hit", "Counted as a hit")
    assert {"2026-0412", "2025-1107"} == set(row.cases.split(" and "))
    bench.press(Qt.Key.Key_N)
    bench.write("ledger_ask_recipient", "Det. M. Alvarez")
    bench.submit("ledger_ask", "on the record")
    bench.until_words("ledger_detail_history", "Told Det. M. Alvarez")
    bench.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    bench.until(lambda: bench.window.casebook.ready)
    assert "hit with 2025-1107" in bench.case_line("2026-0412")
    assert "hit with 2026-0412" in bench.case_line("2025-1107")
    assert bench.is_sound()
