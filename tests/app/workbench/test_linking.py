"""Chart, timeline, counts and open data of a casebook whose cases are linked."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.casework.graph import ChartFilter, Wanted
from app.domain import CaseheadError
from app.store.backup import FILE_NAME
from app.workbench import Registration, Workbench
from tests.linked_book import LinkedBook, linked_book


@pytest.fixture
def book(workbench: Workbench) -> LinkedBook:
    return linked_book(workbench)


def _shown(workbench: Workbench, **wanted: object) -> set[str]:
    chart = workbench.link_chart(ChartFilter(**wanted)).chart  # type: ignore[arg-type]
    return {node.label for node in chart.nodes if node.kind == "case"}


def test_filters(workbench: Workbench, book: LinkedBook) -> None:
    everything = {"2026-0412", "2026-0440", "2026-0451", "2026-0460", "2026-0502", "2026-0517"}
    assert _shown(workbench) == everything
    assert _shown(workbench, wanted=Wanted.HITS) == {"2026-0412", "2026-0440", "2026-0451"}
    assert _shown(workbench, calibre=".45 Auto") == {"2026-0502", "2026-0517"}
    assert _shown(workbench, since="2026-05") == {"2026-0502", "2026-0517"}
    assert _shown(workbench, until="2026-02") == {"2026-0412", "2026-0440"}
    assert _shown(workbench, agency="Nobody") == set()
    assert _shown(workbench, number="051") == {"2026-0502", "2026-0517"}
    assert _shown(workbench, number="%") == set()
    assert _shown(workbench, case_id=book.cases["2026-0460"]) == everything - {
        *("2026-0502", "2026-0517")
    }
    assert workbench.link_chart().calibres == (".45 Auto", "9 mm Luger")


def test_a_hit_that_is_undone_is_drawn_as_what_it_is_now(
    workbench: Workbench, book: LinkedBook
) -> None:
    event = workbench.provenance(book.pictures["2026-0440"]).cartridge_case
    workbench.correct("cartridge_case", event.id, "calibre", ".40 S&W", "measured again")
    states = {edge.kind for edge in workbench.link_chart().chart.edges if edge.stale}
    assert states == {"lead"}


def test_shootings_are_counted_by_month_and_place_as_the_record_stands(
    workbench: Workbench, book: LinkedBook
) -> None:
    counts = {c.name: (c.fatal, c.non_fatal, c.unsaid) for c in workbench.shootings_by_time()}
    assert counts == {
        "2026-02": (0, 1, 0),
        "2026-03": (1, 0, 1),
        "2026-05": (1, 1, 0),
        "2026-06": (0, 1, 0),
    }
    event = workbench.provenance(book.pictures["2026-0412"]).exhibit.event_id
    assert event is not None
    workbench.correct("event", event, "place", "Pier 5", "the address was wrong")
    workbench.correct("event", event, "fatal", "yes", "the victim died")
    places = {c.name: c.fatal for c in workbench.shootings_by_place("2026-02", "2026-02")}
    assert places == {"Pier 5": 1}


def test_what_another_program_changed_in_the_counts_is_put_right(
    workbench: Workbench, book: LinkedBook
) -> None:
    before = workbench.shootings_by_time()
    with closing(sqlite3.connect(workbench.folder / FILE_NAME)) as other:
        other.execute("UPDATE event_now SET outcome = 'fatal'")
        other.commit()
    assert workbench.shootings_by_time() != before
    assert "not as their records say: 5" in " ".join(workbench.check())
    assert workbench.recount_shootings() > 0
    assert workbench.shootings_by_time() == before
    assert workbench.recount_shootings() == 0
    assert workbench.check() == ()


def test_an_export_is_journalled_with_its_hash_and_never_lands_on_another_file(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    written = workbench.export_links(ChartFilter(), tmp_path / "chart.svg")
    ((path, digest),) = written.files
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    line = workbench._casebook.journal(1)[0]
    assert (line.action, line.detail["files"]) == ("link chart exported", {"chart.svg": digest})
    with pytest.raises(CaseheadError, match="There is a file"):
        workbench.export_links(ChartFilter(), tmp_path / "chart.svg")
    with pytest.raises(CaseheadError, match=r"\.png, \.svg, \.graphml or \.csv"):
        workbench.export_links(ChartFilter(), tmp_path / "chart.docx")
    with pytest.raises(CaseheadError, match="nothing to write"):
        workbench.export_links(ChartFilter(number="nowhere"), tmp_path / "none.svg")


def test_the_same_chart_is_the_same_bytes(
    workbench: Workbench, book: LinkedBook, tmp_path: Path
) -> None:
    for name in ("chart.png", "chart.svg", "chart.graphml"):
        one = workbench.export_links(ChartFilter(), tmp_path / "1" / name)
        two = workbench.export_links(ChartFilter(), tmp_path / "2" / name)
        assert one.files[0][1] == two.files[0][1]


def test_open_data_is_written_as_it_was_shown_and_keeps_its_identifiers(
    workbench: Workbench, tmp_path: Path
) -> None:
    workbench_book = linked_book(workbench)
    for n in range(12):
        wanted = Registration(
            f"2026-1{n:03}", "1", "1A", event_kind="non-fatal shooting", event_at="2026-03-09"
        )
        workbench.register(wanted)
    shown = workbench.open_data()
    written = workbench.write_open_data(shown, tmp_path / "out")
    assert {path.name for path, _ in written.files} == {name for name, _ in shown.files}
    for path, digest in written.files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
        assert path.read_bytes().decode() == shown.text(path.name)
    assert workbench.open_data() == shown
    everything = "".join(text for _, text in shown.files)
    for secret in (*workbench_book.cases, "Mill Lane", "Okafor", "K5521", shown.key):
        assert secret not in everything
    assert workbench._casebook.journal(1)[0].action == "open data exported"
    with pytest.raises(CaseheadError, match="There is a file"):
        workbench.write_open_data(shown, tmp_path / "out")
