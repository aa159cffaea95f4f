"""A lead that comes to nothing: it is silent, that is seen, and it is closed with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.workbench import ledgering
from tests.tasks.casework_bench import MATE, MENSAH, OKAFOR, OTHER, QUERY, CaseworkBench
from tests.window_bench import CONTROL
from widgets import theme

SEEN = "Parallel striae beside the aperture"
SAID = "The detective asked for another week"


def _later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Time goes by: what is late is judged by the clock of this computer."""
    moment = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
    monkeypatch.setattr(ledgering, "now", lambda: moment)


def test_a_lead_dies_with_a_reason(
    bench: CaseworkBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sign_in(OKAFOR)
    bench.propose(QUERY, (MATE, OTHER), SEEN)
    bench.to_ledger(Qt.Key.Key_1)
    bench.press(Qt.Key.Key_A)
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until_words("ledger_ask_says", "another reviewer has to decide")
    bench.press(Qt.Key.Key_Escape)

    bench.sign_in(MENSAH)
    _decide(bench)
    _follow(bench, tmp_path / "lead.pdf")
    _later(monkeypatch, 60)
    _silent(bench)
    _close(bench)
    assert bench.is_sound()


def _decide(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.to_ledger(Qt.Key.Key_1)
    assert len(ledger.model.lines) == 2
    bench.to_lead(OTHER)
    bench.press(Qt.Key.Key_D)
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until_words("ledger_ask_says", "Say why it is no lead")
    bench.write("ledger_ask_reason", "The aperture differs in form")
    bench.submit("ledger_ask", "The lead is declined")
    bench.until(lambda: len(ledger.model.lines) == 1 and ledger.ready)
    bench.press(Qt.Key.Key_A)
    bench.submit("ledger_ask", "It is a lead now")
    bench.until(lambda: not ledger.model.lines and ledger.ready)
    bench.press(Qt.Key.Key_4)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["declined"])
    bench.until_words("ledger_detail_history", "The aperture differs in form")


def _follow(bench: CaseworkBench, notice: Path) -> None:
    ledger = bench.window.leads.ledger
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["open"] and ledger.ready)
    bench.press(Qt.Key.Key_O)
    bench.write("ledger_ask_person", MENSAH)
    bench.submit("ledger_ask", "another owner")
    bench.until(lambda: ledger.model.lines[0].owner == MENSAH and ledger.ready)
    bench.press(Qt.Key.Key_P)
    digest = bench.issue("ledger_issue", notice)
    assert sha256(notice.read_bytes()).hexdigest() == digest
    bench.press(Qt.Key.Key_Escape)
    bench.press(Qt.Key.Key_N)
    bench.write("ledger_ask_recipient", "Det. M. Alvarez")
    bench.submit("ledger_ask", "on the record")
    bench.until_words("ledger_detail_history", "Its receipt is not noted yet")
    (sent,) = bench.workbench.notices("lead")
    assert sent.notice.digest == digest, "what was sent is what was written"
    bench.press(Qt.Key.Key_T)
    bench.write("ledger_ask_by", "Det. M. Alvarez")
    bench.submit("ledger_ask", "The receipt is noted")
    bench.until_words("ledger_detail_history", "Received by Det. M. Alvarez")
    bench.press(Qt.Key.Key_F)
    bench.choose("ledger_ask_outcome", "Still under investigation")
    bench.write("ledger_ask_text", SAID)
    bench.submit("ledger_ask", "The feedback is noted")
    bench.until(lambda: "Still under investigation" in ledger.model.lines[0].heard)
    bench.until_words("ledger_detail_history", SAID)


def _silent(bench: CaseworkBench) -> None:
    """Weeks later: it is said in amber, and found by its own filter."""
    ledger = bench.window.leads.ledger
    assert ledger.model.lines[0].attention == ""
    bench.press(Qt.Key.Key_S)
    bench.until(lambda: len(ledger.model.lines) == 1 and ledger.ready)
    assert "Nothing more was heard for 4" in ledger.model.lines[0].attention
    bench.until_words("ledger_detail_attention", "Nothing more was heard")
    index = ledger.model.index(0, ledger.model.columnCount() - 1)
    colour = index.data(Qt.ItemDataRole.ForegroundRole)
    assert QColor(colour).name() == QColor(theme.colours().amber).name()


def _close(bench: CaseworkBench) -> None:
    ledger = bench.window.leads.ledger
    bench.press(Qt.Key.Key_C)
    bench.choose("ledger_ask_reason", "do not follow it up")
    bench.submit("ledger_ask", "The lead is closed")
    bench.until(lambda: not ledger.model.lines and ledger.ready)
    bench.press(Qt.Key.Key_S)
    bench.press(Qt.Key.Key_5)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["closed"] and ledger.ready)
    bench.until_words("ledger_detail_history", "Closed: The investigators do not follow it up")
    assert bench.workbench.links() == (), "nothing links the cases any more"
    bench.press(Qt.Key.Key_R)
    bench.write("ledger_ask_reason", "A witness came forward")
    bench.submit("ledger_ask", "open again")
    bench.press(Qt.Key.Key_2)
    bench.until(lambda: [row.state for row in ledger.model.lines] == ["open"])
