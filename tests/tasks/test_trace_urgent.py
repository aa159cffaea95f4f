"""The gun of a hit is traced: urgent by itself, on the board, answered, and written down."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.casework.traces import TraceLine
from tests.tasks.casework_bench import MATE, OKAFOR, QUERY, CaseworkBench
from tests.window_bench import CONTROL

WHY = "Congruent striae from three to six on both specimens"
SENT = "By e-mail to the tracing centre, J. Doe"
ANSWER = "Answered by telephone, then in writing"
ASKED = {
    "trace_country": "Norland",
    "trace_importer": "Fjord Arms",
}
CHOSEN = {
    "trace_ncic_code": "1299",
    "trace_project_code": "crime-gun intelligence",
    "trace_requester": "police or laboratory",
    "trace_obliterated": "no",
}


@pytest.mark.qt_log_ignore("This plugin does not support")  # a dialog, without a display
def test_a_hit_makes_the_trace_of_its_gun_urgent(bench: CaseworkBench, tmp_path: Path) -> None:
    bench.to_hit(QUERY, MATE, WHY)
    bench.sign_in(OKAFOR)
    _ask(bench)
    _on_the_board(bench)
    _sent(bench)
    _answered(bench)
    _write_it_down(bench, tmp_path)
    assert bench.is_sound()


def _ask(bench: CaseworkBench) -> None:
    page = bench.to_traces(Qt.Key.Key_4)
    (gun,) = page.guns.rows.lines
    assert (gun.gun, gun.case) == ("Norvik NK-2 N 24117", f"{MATE} / 1")
    bench.press(Qt.Key.Key_N)
    raised = "The gun is tied to a hit"
    bench.until_words("trace_form_raised", raised)
    filled = page.form.values
    assert (filled["manufacturer"], filled["serial"]) == ("Norvik", "N 24117")
    assert (filled["ori"], filled["priority"]) == ("XX0990100", "urgent")
    assert raised in filled["justification"]
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until(lambda: bench.words("trace_form_says"))
    assert bench.workbench.trace_lines() == (), "what is required is enforced"
    for name, words in CHOSEN.items():
        bench.choose(name, words)
    bench.fill(ASKED)
    assert "Still needed" not in bench.words("trace_form_lacks")
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until(lambda: "The trace request is recorded" in bench.window.toast.sentence)
    bench.until(lambda: page.ready and page.line is not None)
    line = _line(bench)
    assert line.urgent and line.status == "pending" and raised in line.raised_by
    bench.until_words("trace_detail_says", raised)


def _line(bench: CaseworkBench) -> TraceLine:
    (line,) = bench.workbench.trace_lines()
    return line


def _on_the_board(bench: CaseworkBench) -> None:
    """It is to be sent within 24 hours, and stands there until it is."""
    line = _line(bench)
    asked, due = (datetime.fromisoformat(at) for at in (line.request.requested_at, line.due_at))
    assert due - asked == timedelta(hours=24)
    waits = bench.on_board("send the trace request")
    assert waits is not None and waits.due_at == line.due_at
    assert "Norvik NK-2 N 24117" in waits.what


def _sent(bench: CaseworkBench) -> None:
    page = bench.to_traces(Qt.Key.Key_1)
    bench.press(Qt.Key.Key_S)
    bench.choose("trace_ask_status", "sent")
    bench.write("trace_ask_text", SENT)
    bench.submit("trace_ask", "Recorded")
    bench.until(lambda: page.ready and page.line is not None and page.line.status == "sent")
    bench.until_words("trace_step_0", SENT)
    assert bench.on_board("send the trace request") is None
    waits = bench.on_board("follow the trace up")
    assert waits is not None and waits.due_at == _line(bench).due_at, "one clock, on both pages"


def _answered(bench: CaseworkBench) -> None:
    page = bench.to_traces(Qt.Key.Key_1)
    bench.press(Qt.Key.Key_S)
    bench.choose("trace_ask_status", "completed")
    bench.write("trace_ask_text", ANSWER)
    bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until_words("trace_ask_says", "utcome")
    bench.choose("trace_ask_answer_outcome", "traced to a purchaser")
    bench.fill({"trace_ask_answer_dealer": "Quay Sports", "trace_ask_answer_reference": "T-881"})
    bench.submit("trace_ask", "Recorded")
    bench.until(lambda: page.ready)
    page = bench.to_traces(Qt.Key.Key_2)
    bench.until_words("trace_step_0", "Quay Sports")
    assert _line(bench).status == "completed"
    assert bench.on_board("follow the trace up") is None


def _write_it_down(bench: CaseworkBench, folder: Path) -> None:
    bench.to_traces(Qt.Key.Key_2)
    paths = folder / "trace.json", folder / "trace.pdf"
    for path, key in zip(paths, (Qt.Key.Key_J, Qt.Key.Key_P), strict=True):
        bench.save_as(path, lambda key=key: bench.press(key))  # type: ignore[misc]
        bench.until(path.is_file)
        bench.until(lambda path=path: str(path) in bench.window.toast.sentence)  # type: ignore[misc]
    told = json.loads(paths[0].read_text())
    assert told["priority"]["value"] == "urgent" and "hit" in told["priority"]["raised_by"]
    assert "Quay Sports" in paths[0].read_text()
    assert paths[1].read_bytes().startswith(b"%PDF-")
    journal = str([line.detail for line in bench.workbench._casebook.journal()])
    for path in paths:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in journal, path
