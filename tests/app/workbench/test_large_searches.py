"""Searches of more references than are compared in full: coarse to fine, and nothing skipped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from stand_in import Nearest, StandIn, keep
from workbench_parts import AUTHOR

from app.domain import CancelledError, Candidate, Changes, Search, SearchState
from app.jobs import Job
from app.matching import Matcher, engine, matcher
from app.matching.sweep import Depth
from app.store import Casebook
from app.workbench import Workbench
from app.workbench.reading import Reader

Open = Callable[..., Workbench]
LEVELS = range(20, 60)
SHALLOW = Depth(full=6, first=3, early=2, block=4, heads=16, few=3)


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are compared in full."""
    monkeypatch.setattr(matcher, "Depth", lambda: SHALLOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook of a query of grey 100 and references that are darker; nothing is prepared."""
    folder = tmp_path_factory.mktemp("large") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(AUTHOR)
    for level in (100, *LEVELS):
        keep(workbench, level)
    workbench.close()
    return folder


@pytest.fixture
def held(
    filled: Path, tmp_path: Path, opened: Open, library: StandIn, shallow: None
) -> tuple[Workbench, str]:
    """A copy of it, open, and the query."""
    shutil.copytree(filled, tmp_path / "casebook")
    workbench = opened()
    (query,) = (n.acquired_id for n in workbench._casebook.names() if n.label == "100")
    return workbench, query


def labels(workbench: Workbench, search: Search) -> list[str]:
    lines = workbench.candidates(search.id)
    return [line.provenance.cartridge_case.label for line in lines]


def told(listed: tuple[Candidate, ...]) -> list[tuple[str, int, Any]]:
    """What a list says, without the identifiers it got."""
    return [(c.acquired_id, c.rank, c.score) for c in listed]


def test_all_are_surveyed_and_the_best_compared_in_full(
    held: tuple[Workbench, str], library: StandIn
) -> None:
    workbench, query = held
    search = workbench.search(query)
    assert (search.planned, search.surveyed, search.refused) == (40, 40, 0)
    assert search.compared == len(labels(workbench, search)) == 6
    assert labels(workbench, search) == ["59", "58", "57", "56", "55", "54"]
    assert search.message == "All 40 were compared coarsely, the 6 best of them in full."
    assert len(library.prepared) == 41


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("block", [1, 7, 100])
def test_the_list_does_not_depend_on_threads_blocks_or_what_was_prepared(
    held: tuple[Workbench, str], workers: int, block: int
) -> None:
    workbench, query = held
    depth = replace(SHALLOW, block=block, heads=3 * block, few=block)
    read = workbench._reader.read
    first = Matcher(workbench._casebook, workers, read, depth=depth)
    try:
        fresh = first.run(Search(query), Job())
        again = first.run(Search(query), Job())
    finally:
        first.close()
    plain = workbench.search(query)
    listed = told(workbench._casebook.candidates(plain.id))
    assert told(fresh.candidates) == told(again.candidates) == listed


def test_what_the_descriptor_puts_last_is_still_found(
    held: tuple[Workbench, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Misled(Nearest):
        def order(self, heads: NDArray[np.uint8]) -> NDArray[np.float32]:
            return -self._near(heads)

    monkeypatch.setattr(engine, "Survey", Misled)
    workbench, query = held
    for _ in range(2):
        found = labels(workbench, workbench.search(query))
        assert found[:6] == ["59", "58", "57", "56", "55", "54"]
        assert found[6:] == ["22", "21", "20"], "the first by descriptor are compared too"


def test_what_cannot_be_prepared_is_counted_and_told(
    held: tuple[Workbench, str], library: StandIn
) -> None:
    workbench, query = held
    library.refused = {58, 22, 23}
    for _ in range(2):
        search = workbench.search(query)
        assert (search.planned, search.surveyed, search.refused) == (40, 40, 3)
        assert labels(workbench, search) == ["59", "57", "56", "55", "54", "53"]
        assert "Could not be compared: 3, first 2026-0412 / 22 / 22" in search.message


@pytest.mark.parametrize("part", ["records", "heads", "keys"])
@pytest.mark.parametrize("harm", ["altered", "torn", "missing"])
def test_damaged_sketches_are_drawn_anew(
    held: tuple[Workbench, str], opened: Open, part: str, harm: str
) -> None:
    workbench, query = held
    before = workbench.search(query)
    expected = told(workbench._casebook.candidates(before.id))
    workbench.close()
    (path,) = workbench.folder.glob(f"prepared/sketches/*/{part}")
    data = bytearray(path.read_bytes())
    if harm == "altered":
        data[len(data) // 2] ^= 0xFF
    path.write_bytes(b"" if harm == "missing" else data[:-7] if harm == "torn" else data)
    again = opened()
    search = again.search(query)
    assert (search.surveyed, search.refused) == (40, 0)
    assert told(again._casebook.candidates(search.id)) == expected


def test_a_lost_picture_is_told_where_it_is_needed(held: tuple[Workbench, str]) -> None:
    workbench, query = held
    lost = keep(workbench, 99, label="lost")
    digest = workbench.provenance(lost).acquired.digest
    for path in workbench.folder.glob(f"pixels/*/{digest}.*"):
        path.unlink()
    search = workbench.search(query)
    assert (search.planned, search.surveyed, search.refused) == (41, 41, 1)
    assert "first 2026-0412 / lost / lost" in search.message


def test_the_list_grows_while_the_search_runs(
    held: tuple[Workbench, str], library: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.matching.runner.TELL_EVERY_S", 0.0)
    monkeypatch.setattr("app.matching.runner.STORE_EVERY_S", 0.0)
    workbench, query = held
    workbench.search(query)
    seen: list[tuple[SearchState, int, int, list[str]]] = []

    def listen(changes: Changes) -> None:
        search = workbench.searches()[0].search
        listed = labels(workbench, search)
        if changes.candidates:
            assert len(changes.candidates) == len(listed)
        seen.append((search.state, search.surveyed, search.planned, listed))

    workbench.subscribe(listen)
    search = workbench.search(query)
    running = [one for one in seen if one[0] is SearchState.RUNNING and one[2]]
    surveyed = [one[1] for one in running]
    assert surveyed == sorted(surveyed) and len(set(surveyed)) > 5 and surveyed[-1] == 40
    first_page = next(one for one in running if len(one[3]) == 3)
    assert first_page[1] < 20 and first_page[3][0] == "59", "the order puts the nearest first"
    assert seen[-1] == (SearchState.DONE, 40, 40, labels(workbench, search))
    lists = [line for line in workbench._casebook.journal() if line.action == "candidates listed"]
    assert len(lists) == 2, "the journal has the lists that searches ended with"


def test_one_that_is_stopped_keeps_what_it_found_and_says_how_far_it_came(
    held: tuple[Workbench, str], library: StandIn
) -> None:
    workbench, query = held
    workbench.search(query)

    def listen(done: int, total: int, what: str) -> None:
        if done >= 12:
            job.cancel()

    job = Job(listen)
    with pytest.raises(CancelledError):
        workbench.search(query, job)
    stopped = workbench.searches()[0].search
    assert stopped.state is SearchState.CANCELLED
    assert 12 <= stopped.surveyed < stopped.planned == 40
    assert f"Stopped after {stopped.surveyed} of 40 references." in stopped.message
    assert labels(workbench, stopped)[0] in ("59", "58", "57")
    assert labels(workbench, workbench.search(query))[0] == "59"


def test_one_cut_off_goes_on_with_what_is_prepared(
    opened: Open, library: StandIn, held: tuple[Workbench, str]
) -> None:
    workbench, query = held
    workbench.search(query)
    for level in (61, 10):
        keep(workbench, level, label=f"new {level}")
    workbench._casebook.add_search(Search(query, SearchState.RUNNING, planned=40, surveyed=30))
    workbench.close()
    again = opened(automatic_search=True)
    assert again.wait_idle(30)
    resumed = next(line.search for line in again.searches() if line.search.acquired_id == query)
    assert resumed.state is SearchState.DONE and resumed.surveyed == resumed.planned == 42
    assert labels(again, resumed)[:2] == ["new 61", "59"]
    assert len(library.prepared) == 41 + 2


def test_a_casebook_open_elsewhere_is_searched_without_writing(
    held: tuple[Workbench, str], library: StandIn
) -> None:
    workbench, query = held
    with Casebook.open(workbench.folder, read_only=True) as casebook:
        beside = Matcher(casebook, 2, Reader(casebook).read, depth=SHALLOW)
        try:
            found = [beside.run(Search(query), Job()) for _ in range(2)]
        finally:
            beside.close()
    assert told(found[0].candidates) == told(found[1].candidates)
    assert found[1].search.surveyed == 40 and len(library.prepared) == 41
    assert not (workbench.folder / "prepared" / "sketches").exists()
    own = workbench.search(query)
    assert told(workbench._casebook.candidates(own.id)) == told(found[0].candidates)
