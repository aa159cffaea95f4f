"""The page of trace requests: from a gun to a request, further, replaced, written out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.workbench import Registration, Workbench
from widgets.casework.traces import TracesPage
from widgets.main_window import MainWindow


@pytest.fixture
def page(qtbot: QtBot, workbench: Workbench, window: MainWindow) -> TracesPage:
    """With one gun on the record, and nothing asked about it."""
    workbench.register(
        Registration(
            *("2026-0500", "1", "T1"),
            calibre="9 mm Luger",
            firearm_make="Rovera",
            firearm_model="R9",
            firearm_serial="A12345",
        )
    )
    window.show_leads("traces")
    made = window.leads.traces
    qtbot.waitUntil(lambda: made.ready)
    return made


def shown(qtbot: QtBot, page: TracesPage, what: str) -> None:
    """Turn to a list."""
    page.shown.setCurrentText(what)
    qtbot.waitUntil(lambda: page.ready)


def line_of(page: TracesPage, name: str) -> QLineEdit:
    """A field of the form."""
    found = page.form.fields[name]
    assert isinstance(found, QLineEdit)
    return found


def code(page: TracesPage, name: str, value: str) -> None:
    """Choose a code."""
    found = page.form.fields[name]
    assert isinstance(found, QComboBox)
    found.setCurrentIndex(found.findData(value))


def request(qtbot: QtBot, page: TracesPage) -> None:
    """Fill in what the record does not know, and record it."""
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: page.ready and page.guns.current is not None)
    page.guns.setFocus()
    qtbot.keyClick(page.guns, Qt.Key.Key_N)
    qtbot.waitUntil(page.form.isVisible)
    code(page, "ncic_code", "0999")
    code(page, "type", "P")
    line_of(page, "country").setText("US")
    page.form.submit()
    qtbot.waitUntil(lambda: not page.form.isVisible())
    qtbot.waitUntil(lambda: page.ready and page.line is not None)


def test_empty_list_says_how_to_begin(qtbot: QtBot, page: TracesPage) -> None:
    assert "No trace request is open" in page._empty.title.text()
    assert "press 4" in page._empty.sentence.text()


def test_form_says_what_is_missing_until_it_is_complete(qtbot: QtBot, page: TracesPage) -> None:
    shown(qtbot, page, "guns without a request")
    page.new_request()
    qtbot.waitUntil(page.form.isVisible)
    assert line_of(page, "serial").text() == "A12345"
    unchecked = page.form.findChild(QLabel, "trace_form_unchecked")
    assert isinstance(unchecked, QLabel) and "Not checked" in unchecked.text()
    assert "Country of origin" in page.form._lacks.text()
    page.form.submit()
    qtbot.waitUntil(lambda: "lacks" in page.form._says.text())
    line_of(page, "country").setText("Italy")
    assert "Importer" in page.form._lacks.text()
    page.form.close_drawer()
    page.new_request()
    qtbot.waitUntil(page.form.isVisible)
    assert line_of(page, "country").text() == "Italy"  # the unfinished form is kept


def test_request_is_recorded_taken_further_and_answered(
    qtbot: QtBot, page: TracesPage, workbench: Workbench
) -> None:
    request(qtbot, page)
    assert page.line is not None and page.line.gun == "Rovera R9 A12345"
    for told in ({"status": "sent"}, {"status": "completed", "answer_outcome": "purchaser"}):
        page.take_further()
        for key, value in told.items():
            field = page.asking._fields[key]
            assert isinstance(field, QComboBox)
            words = page.asking._choices[key]
            field.setCurrentText({v: k for k, v in words.items()}[value])
        page.asking.submit()
        if told["status"] == "sent":
            qtbot.waitUntil(lambda: page.line is not None and str(page.line.status) == "sent")
    qtbot.waitUntil(lambda: not page.asking.isVisible())
    shown(qtbot, page, "answered")
    qtbot.waitUntil(lambda: page.line is not None)
    assert str(page.line.status) == "completed"
    step = page.detail.findChild(type(page.detail.says), "trace_step_0")
    assert step is not None and "traced to a purchaser" in step.text()


def test_replacing_cancels_the_request_before(
    qtbot: QtBot, page: TracesPage, workbench: Workbench
) -> None:
    request(qtbot, page)
    page.replace_request()
    line_of(page, "serial").setText("A12346")
    page.form.submit()
    qtbot.waitUntil(lambda: not page.form.isVisible())
    newer, older = workbench.trace_lines()
    assert newer.request.fields["serial"] == "A12346"
    assert str(older.status) == "cancelled"


def test_request_is_written_as_json_and_the_journal_says_so(
    qtbot: QtBot,
    page: TracesPage,
    workbench: Workbench,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request(qtbot, page)
    path = tmp_path / "trace.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.save_json()
    qtbot.waitUntil(path.exists)
    assert json.loads(path.read_text("utf-8"))["gun"] == "Rovera R9 A12345"
    qtbot.waitUntil(lambda: workbench._casebook.journal(1)[0].action == "trace request exported")


def test_a_gun_chosen_elsewhere_opens_its_form(
    qtbot: QtBot, page: TracesPage, workbench: Workbench
) -> None:
    page.choose(workbench.untraced_guns()[0].firearm_id)
    qtbot.waitUntil(page.form.isVisible)


def many(workbench: Workbench, count: int) -> list[str]:
    """So many guns with a request each, and one without, the newest; the ids of the requests."""
    asked = []
    for number in range(count + 1):
        of = Registration(f"2027-{number:04}", "1", "T1", firearm_make="Rovera")
        workbench.register(replace(of, firearm_model="R9", firearm_serial=f"S{number}"))
        gun = workbench.untraced_guns()[0].firearm_id
        if number < count:
            draft = workbench.trace_draft(gun)
            told = {"type": "P", "country": "US", "ncic_code": "0999", "calibre": "9 mm Luger"}
            kept = workbench.request_trace(replace(draft, fields={**draft.fields, **told}))
            asked.append(kept.id)
    return asked


@pytest.fixture
def short(page: TracesPage, monkeypatch: pytest.MonkeyPatch) -> TracesPage:
    """A page that reads two rows at a time."""
    monkeypatch.setattr("widgets.casework.traces.PAGE", 2)
    page._count = 2
    return page


def test_a_request_far_down_is_found_and_kept_while_the_list_is_read_again(
    qtbot: QtBot, short: TracesPage, workbench: Workbench
) -> None:
    asked = many(workbench, 6)
    shown(qtbot, short, "all")
    qtbot.waitUntil(lambda: len(short.table.rows.lines) >= 2)
    short.choose(asked[1])
    qtbot.waitUntil(
        lambda: short.ready and short.line is not None and short.line.request.id == asked[1]
    )
    assert not short.form.isVisible(), "it is a request, not a gun to ask about"
    workbench.trace_step(asked[1], "sent", "By mail")
    qtbot.waitUntil(lambda: short.line is not None and str(short.line.status) == "sent")
    assert short.line is not None and short.line.request.id == asked[1]


def test_further_rows_are_those_of_the_list_that_is_shown(
    qtbot: QtBot, short: TracesPage, workbench: Workbench
) -> None:
    asked = many(workbench, 5)
    shown(qtbot, short, "all")
    qtbot.waitUntil(lambda: len(short.table.rows.lines) == 5)
    short._more(5)
    short._more(2)  # asked before the rows were there
    qtbot.waitUntil(lambda: not short.table.rows.canFetchMore())
    ids = [line.request.id for line in short.table.rows.lines]
    assert ids == asked[::-1] and short.counted.text() == "5 shown"
    workbench.trace_step(asked[0], "cancelled", "No longer needed")
    shown(qtbot, short, "open")
    qtbot.waitUntil(lambda: len(short.table.rows.lines) == 4)
    shown(qtbot, short, "guns without a request")
    qtbot.waitUntil(lambda: len(short.guns.rows.lines) == 2)
