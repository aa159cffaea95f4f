"""Two examiners disagree: a third settles it, and every version stays on the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Comparison
from app.workbench import Workbench
from tests.tasks.casework_bench import (
    LINDQVIST,
    MENSAH,
    OKAFOR,
    CaseworkBench,
    acquired_of,
)

FIRST = "Striae agree from three to six on the dial"
SECOND = "Too little is marked beside the aperture"
THIRD = "The agreement exceeds what chance explains"


@pytest.fixture
def bench(qtbot: QtBot, casework: Path) -> Iterator[CaseworkBench]:
    """A pair of two cases that R. Okafor took to the desk."""
    workbench = Workbench(casework, automatic_search=False)
    workbench.sign_in(OKAFOR)
    ids = acquired_of(workbench, "2026-0412"), acquired_of(workbench, "2025-1107")
    workbench.save_comparison(Comparison(*ids, Alignment()))
    workbench.sign_out()
    workbench.close()
    made = CaseworkBench(qtbot, casework)
    yield made
    made.close()


def test_a_disagreement_goes_to_a_third(bench: CaseworkBench) -> None:
    bench.sign_in(OKAFOR)
    bench.open_pair("2026-0412", "2025-1107")
    bench.conclude("identification", FIRST)
    bench.until_words("conclude_says", "Recorded: Identification")
    bench.ask("open", MENSAH)

    bench.sign_in(MENSAH)
    bench.to_verifications()
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.until_words("conclude_manner", "You verify this conclusion")
    assert FIRST in bench.words("earlier_conclusions"), "open: the first is seen"
    bench.conclude("inconclusive-b", SECOND)
    bench.until_words("verification_state", "another conclusion")
    assert FIRST in bench.words("first_said") and SECOND in bench.words("second_said")
    assert bench.workbench.hits() == ()

    bench.sign_in(OKAFOR)
    bench.to_verifications(Qt.Key.Key_4)
    assert [row.words for row in bench.window.leads.verify.model.lines] == [
        "disagreed, a third is to be asked"
    ]
    bench.press(Qt.Key.Key_T)
    bench.write("verify_ask_person", LINDQVIST)
    bench.submit("verify_ask", "A third examiner is asked")

    bench.sign_in(LINDQVIST)
    bench.to_verifications()
    assert [row.words for row in bench.window.leads.verify.model.lines] == [
        "a third opinion waits for you"
    ]
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.conclude("identification", THIRD)
    bench.until_words("verification_state", "settled")
    for name, said, who in (
        ("first_said", FIRST, OKAFOR),
        ("second_said", SECOND, MENSAH),
        ("third_said", THIRD, LINDQVIST),
    ):
        assert said in bench.words(name) and who in bench.words(name), "all versions are seen"
    assert not bench.seen(QWidget, "ask_verification")
    _all_is_kept(bench)


def _all_is_kept(bench: CaseworkBench) -> None:
    (hit,) = bench.workbench.hits()
    assert hit.counted
    (pair,) = bench.workbench.comparisons()
    kept = bench.workbench.verification_versions(pair.id)
    assert [one.reasons for one in kept] == [SECOND, THIRD]
    assert [one.reasons for one in bench.workbench.conclusions(pair.id)] == [FIRST]
    assert bench.is_sound()
