"""A record is corrected after the verification: it holds no more, and everybody is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from app.workbench import Workbench
from tests.tasks.casework_bench import MATE, MENSAH, OKAFOR, QUERY, CaseworkBench

REASONS = "Striae agree from three to six on the dial"
WHY = "The headstamp was misread"


def test_a_correction_unsettles_the_hit(bench: CaseworkBench) -> None:
    bench.to_hit(QUERY, MATE, REASONS)
    bench.sign_in(OKAFOR)
    assert f"hit with {MATE}" in bench.case_line(QUERY)
    (hit,) = bench.workbench.hits()
    assert hit.counted and _stages(bench.workbench, QUERY)["confirmed"]
    _correct(bench)
    bench.until(lambda: f"lead with {MATE}" in bench.case_line(QUERY))
    assert bench.workbench.hits() == ()
    assert not _stages(bench.workbench, QUERY)["confirmed"], "the clock is told"
    assert bench.on_board("verify again: changed since") is not None
    _seen_in_the_ledger(bench)
    _asked_again(bench)
    _verified_again(bench)


def _stages(workbench: Workbench, case: str) -> dict[str, str]:
    node = next(n for n in workbench.tree() if n.case.number == case)
    stages = workbench.clock(node.exhibits[0].exhibit.id)
    return {stage.name: stage.at for stage in stages}


def _correct(bench: CaseworkBench) -> None:
    """In the record of the cartridge case: what is right, and why; the earlier value stays."""
    bench.to_row(MATE, "cartridge_case")
    bench.press(Qt.Key.Key_R)
    drawer = bench.window.casebook.record
    bench.until(lambda: drawer.isVisible() and drawer.ready and bench.settled)
    pencil = "correct_cartridge_case_calibre"
    bench.tab_to(lambda: bench.focus.objectName() == pencil)
    bench.press(Qt.Key.Key_Space)
    bench.write("right_cartridge_case_calibre", ".380 Auto")
    bench.press(Qt.Key.Key_Return)
    assert bench.focus.objectName() == "correct_reason"
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: "reason" in bench.words("record_says").casefold())
    bench.type(WHY)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: "is corrected" in bench.window.toast.sentence)
    bench.until(lambda: not bench.seen(QPushButton, "correct_record"))
    drawer.tabs.setFocus()
    bench.press(Qt.Key.Key_Right)
    history = bench.find(QPlainTextEdit, "record_history").toPlainText
    bench.until(lambda: WHY in history() and "9 mm Luger" in history())
    bench.press(Qt.Key.Key_Escape)


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
    bench.open_task()
    bench.conclude("identification", "Still so, with the calibre as corrected")
    bench.until_words("verification_state", "Verified")
    workbench = bench.workbench
    assert len(workbench.hits()) == 1
    assert bench.on_board("verify again: changed since") is None
    assert _stages(workbench, QUERY)["confirmed"]
    (pair,) = workbench.comparisons()
    assert len(workbench.verification_versions(pair.id)) == 2
    assert bench.is_sound()
