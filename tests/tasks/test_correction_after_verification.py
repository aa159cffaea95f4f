"""A record is corrected after the verification: it holds no more, and everybody is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Comparison
from app.workbench import Draft, Workbench
from tests.tasks.casework_bench import (
    LINDQVIST,
    MENSAH,
    OKAFOR,
    CaseworkBench,
    acquired_of,
)

REASONS = "Striae agree from three to six on the dial"


def _draft(who: str) -> Draft:
    return Draft(
        "identification",
        REASONS,
        examined_physically=True,
        examined_by=who,
        examined_at="2026-11-02",
    )


@pytest.fixture
def bench(qtbot: QtBot, casework: Path) -> Iterator[CaseworkBench]:
    """A hit, proposed by one, agreed to and verified by others."""
    workbench = Workbench(casework, automatic_search=False)
    workbench.sign_in(OKAFOR)
    ids = acquired_of(workbench, "2026-0412"), acquired_of(workbench, "2025-1107")
    lead = workbench.propose_lead(*ids, "Striae agree")
    pair = workbench.save_comparison(Comparison(*ids, Alignment()))
    workbench.conclude(pair.id, _draft(OKAFOR))
    task = workbench.ask_verification(pair.id, "blind", LINDQVIST)
    workbench.sign_in(MENSAH)
    workbench.agree_lead(lead.id)
    workbench.sign_in(LINDQVIST)
    workbench.verify(task.id, _draft(LINDQVIST))
    workbench.sign_out()
    workbench.close()
    made = CaseworkBench(qtbot, casework)
    yield made
    made.close()


def _stages(workbench: Workbench, case: str) -> dict[str, str]:
    node = next(n for n in workbench.tree() if n.case.number == case)
    stages = workbench.clock(node.exhibits[0].exhibit.id)
    return {stage.name: stage.at for stage in stages}


def test_a_correction_unsettles_the_hit(bench: CaseworkBench) -> None:
    workbench = bench.workbench
    bench.sign_in(OKAFOR)
    assert "hit with 2025-1107" in bench.case_line("2026-0412")
    (hit,) = workbench.hits()
    assert hit.counted and _stages(workbench, "2026-0412")["confirmed"]

    node = next(n for n in workbench.tree() if n.case.number == "2025-1107")
    cartridge_case = node.exhibits[0].cartridge_cases[0].cartridge_case
    workbench.correct(
        "cartridge_case", cartridge_case.id, "calibre", ".380 Auto", "The headstamp was misread"
    )
    bench.until(lambda: "lead with 2025-1107" in bench.case_line("2026-0412"))
    assert workbench.hits() == ()
    assert not _stages(workbench, "2026-0412")["confirmed"], "the clock is told"
    _seen_in_the_ledger(bench)
    _asked_again(bench)
    _verified_again(bench)


def _seen_in_the_ledger(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_3)
    (row,) = ledger.model.lines
    assert row.state == "lead again" and row.attention
    bench.until_words("ledger_detail_attention", row.attention)
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: len(ledger.model.lines) == 1 and ledger.ready)
    bench.press(Qt.Key.Key_Return)


def _asked_again(bench: CaseworkBench) -> None:
    bench.at_desk()
    bench.canvas.setFocus()
    bench.press(Qt.Key.Key_Y)
    bench.until_words("verification_state", "does not hold any more")
    assert bench.words("verification_why"), "and what was changed"
    assert REASONS in bench.words("first_said"), "what was said before stays"
    bench.ask("open", MENSAH)


def _verified_again(bench: CaseworkBench) -> None:
    bench.sign_in(MENSAH)
    bench.to_verifications()
    bench.press(Qt.Key.Key_Return)
    bench.at_desk()
    bench.conclude("identification", "Still so, with the calibre as corrected")
    bench.until_words("verification_state", "Verified")
    workbench = bench.workbench
    assert len(workbench.hits()) == 1
    assert _stages(workbench, "2026-0412")["confirmed"]
    (pair,) = workbench.comparisons()
    assert len(workbench.verification_versions(pair.id)) == 2
    assert bench.is_sound()
