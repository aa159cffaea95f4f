"""Searches: by themselves and when told, stopped, resumed, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from threading import enumerate as threads

import pytest
from stand_in import StandIn, grey, keep
from workbench_parts import Heard, png

from app.domain import (
    SEARCHED_MARKS,
    CancelledError,
    CaseheadError,
    Changes,
    Circle,
    Light,
    MarkKind,
    Review,
    Search,
    SearchState,
    now,
)
from app.jobs import Job
from app.store import Casebook
from app.workbench import ImportOptions, Workbench

Open = Callable[..., Workbench]
DONE, WAITING, CANCELLED = SearchState.DONE, SearchState.WAITING, SearchState.CANCELLED


def labels(workbench: Workbench, search: Search) -> list[str]:
    lines = workbench.candidates(search.id)
    return [line.provenance.cartridge_case.label for line in lines]


def test_a_search_ranks_the_nearest_first(workbench: Workbench, library: StandIn) -> None:
    query, *_ = (keep(workbench, level) for level in (100, 30, 90, 200, 120))
    heard = Heard(workbench)
    search = workbench.search(query)
    assert labels(workbench, search) == ["90", "120", "30", "200"]
    assert [c.candidate.rank for c in workbench.candidates(search.id)] == [1, 2, 3, 4]
    assert search.state is DONE and search.finished_at >= search.started_at > ""
    assert (search.planned, search.compared, search.left_out, search.refused) == (4, 4, 0, 0)
    assert (search.method, search.version) == ("grey", "1")
    assert search.id in heard.all.searches and len(heard.all.candidates) == 4
    assert workbench.searches()[0].search == search


def test_ties_are_ranked_by_name_whatever_the_threads(
    workbench: Workbench, library: StandIn
) -> None:
    query = keep(workbench, 100)
    for label in "DBCA":
        keep(workbench, 80, label=label)
    for _ in range(3):
        assert labels(workbench, workbench.search(query)) == ["A", "B", "C", "D"]


def test_class_characteristics_filter_unless_everything_is_wanted(
    workbench: Workbench, library: StandIn
) -> None:
    query = keep(workbench, 100, calibre="9 mm Luger")
    keep(workbench, 101, calibre=".40 S&W")
    keep(workbench, 90)
    keep(workbench, 99, light=Light.SIDE)
    filtered = workbench.search(query)
    assert labels(workbench, filtered) == ["90"] and filtered.left_out == 1
    unfiltered = workbench.search(query, everything=True)
    assert labels(workbench, unfiltered) == ["101", "90"] and unfiltered.left_out == 0
    assert "class characteristics" in unfiltered.message


def test_a_reference_that_cannot_be_prepared_is_told_and_fails_nothing(
    workbench: Workbench, library: StandIn
) -> None:
    query = keep(workbench, 100)
    keep(workbench, 90)
    keep(workbench, 60)
    library.refused = {60}
    search = workbench.search(query)
    assert search.state is DONE and search.refused == 1
    assert labels(workbench, search) == ["90"]
    assert "60" in search.message and "too small" in search.message


def test_a_query_that_cannot_be_prepared_fails_with_its_sentence(
    workbench: Workbench, library: StandIn
) -> None:
    query = keep(workbench, 100)
    library.refused = {100}
    with pytest.raises(CaseheadError, match="too small"):
        workbench.search(query)
    (line,) = workbench.searches()
    assert line.search.state is SearchState.FAILED and "too small" in line.search.message
    assert line.unseen


def test_a_missing_pixel_file_is_told_and_fails_nothing(
    workbench: Workbench, library: StandIn
) -> None:
    query, other = keep(workbench, 100), keep(workbench, 90)
    digest = workbench.provenance(other).acquired.digest
    next(workbench.folder.glob(f"pixels/*/{digest}.*")).unlink()
    search = workbench.search(query)
    assert (search.state, search.refused) == (DONE, 1) and search.message


def test_every_saved_picture_is_searched_by_itself(opened: Open, library: StandIn) -> None:
    workbench = opened(automatic_search=True)
    keep(workbench, 100)
    keep(workbench, 90)
    assert workbench.wait_idle(30)
    newest = workbench.searches()[0]
    assert newest.search.state is DONE and newest.unseen
    assert labels(workbench, newest.search) == ["100"]
    assert workbench.unseen_count() == len(workbench.searches())
    assert workbench.mark_seen(newest.search.id).seen
    assert workbench.unseen_count() == len(workbench.searches()) - 1
    workbench.close()
    again = opened(automatic_search=True)
    assert not again.searches()[0].unseen


def test_each_picture_of_an_import_is_prepared_once(
    opened: Open, library: StandIn, tmp_path: Path
) -> None:
    for level in range(10, 100, 10):
        png(tmp_path / "R-1" / f"{level}.png", grey(level))
    workbench = opened(automatic_search=True)
    workbench.import_paths([tmp_path / "R-1"], ImportOptions(pixel_um=2.5))
    assert workbench.wait_idle(60)
    assert [line.search.compared for line in workbench.searches()] == [8] * 9
    assert sorted(map(round, library.prepared)) == list(range(10, 100, 10))
    workbench.close()
    again = opened()
    again.search(workbench_first(again))
    assert len(library.prepared) == 9, "the casebook's cache was not used"


def workbench_first(workbench: Workbench) -> str:
    node = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0]
    return node.acquired[0].id


def test_a_corrected_region_is_prepared_anew_and_searched(opened: Open, library: StandIn) -> None:
    workbench = opened()
    query = keep(workbench, 100)
    keep(workbench, 90)
    workbench.search(query)
    before = len(library.prepared)
    workbench.correct_region(query, Circle(50, 50, 30), None)
    workbench.search(query)
    assert len(library.prepared) == before + 1


def test_a_search_at_work_is_stopped_and_says_how_far_it_came(
    opened: Open, library: StandIn
) -> None:
    workbench = opened()
    query = keep(workbench, 100)
    for level in range(40, 60):
        keep(workbench, level)
    library.go.clear()
    search = workbench.search_in_background(query)
    assert library.begun.wait(20)
    (running,) = workbench.running()
    assert (running.search_id, running.total) == (search.id, 20)
    assert running.name == "2026-0412 / 100 / 100"
    workbench.cancel_search(search.id)
    library.go.set()
    assert workbench.wait_idle(20)
    (line,) = workbench.searches()
    assert line.search.state is CANCELLED and not line.unseen
    stored, listed = line.search, workbench.candidates(search.id)
    assert len(listed) == stored.surveyed == stored.compared < stored.planned == 20
    assert f"Stopped after {stored.surveyed} of 20 references." in stored.message
    workbench.cancel_search(search.id)


def test_one_that_waits_is_stopped_before_it_begins(opened: Open, library: StandIn) -> None:
    workbench = opened()
    first, second = keep(workbench, 100), keep(workbench, 90)
    library.go.clear()
    workbench.search_in_background(first)
    assert library.begun.wait(20)
    waiting = workbench.search_in_background(second)
    assert workbench.search_in_background(second) == waiting
    workbench.cancel_search(waiting.id)
    library.go.set()
    assert workbench.wait_idle(20)
    states = {line.search.acquired_id: line.search.state for line in workbench.searches()}
    assert states == {first: DONE, second: CANCELLED}


def test_a_job_stops_a_search_that_runs_now(workbench: Workbench, library: StandIn) -> None:
    query = keep(workbench, 100)
    for level in range(40, 60):
        keep(workbench, level)
    heard: list[tuple[int, int]] = []

    def listen(done: int, total: int, what: str) -> None:
        heard.append((done, total))
        if done == 5:
            job.cancel()

    job = Job(listen)
    with pytest.raises(CancelledError):
        workbench.search(query, job)
    assert heard == [(done, 20) for done in range(6)]
    assert workbench.searches()[0].search.state is CANCELLED


def test_closing_leaves_searches_to_the_next_start(opened: Open, library: StandIn) -> None:
    workbench = opened()
    first, second = keep(workbench, 100), keep(workbench, 90)
    library.go.clear()
    workbench.search_in_background(first)
    assert library.begun.wait(20)
    workbench.search_in_background(second)
    closing = Thread(target=workbench.close)
    closing.start()
    library.go.set()
    closing.join(20)
    assert not [t for t in threads() if t.name.startswith(("compare", "search-queue"))]
    with Casebook.open(workbench.folder) as casebook:
        states = [search.state for search in casebook.searches()]
    assert states[0] is WAITING and states[1] in (WAITING, DONE)
    again = opened(automatic_search=True)
    assert again.wait_idle(20)
    assert {line.search.state for line in again.searches()} == {DONE}


def test_a_search_cut_off_by_a_crash_is_taken_up_again(opened: Open, library: StandIn) -> None:
    workbench = opened()
    query = keep(workbench, 100, calibre="9 mm Luger")
    keep(workbench, 90, calibre=".40 S&W")
    workbench.close()
    with Casebook.open(workbench.folder) as casebook:
        casebook.add_search(Search(query, SearchState.RUNNING, started_at=now()))
    by_hand = opened()
    assert by_hand.wait_idle(0) and by_hand.searches()[0].search.state is SearchState.RUNNING
    by_hand.close()
    again = opened(automatic_search=True)
    assert again.wait_idle(20)
    search = again.searches()[0].search
    assert search.state is DONE and search.left_out == 1


def test_progress_is_told_while_it_runs(
    workbench: Workbench, library: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.matching.runner.TELL_EVERY_S", 0.0)
    query = keep(workbench, 100)
    for level in (70, 80, 90):
        keep(workbench, level)
    states: list[SearchState] = []
    progress: list[tuple[int, int]] = []

    def listen(changes: Changes) -> None:
        states.extend(workbench.searches()[0].search.state for _ in changes.searches)
        progress.extend((r.done, r.total) for r in workbench.running() if r.total)

    workbench.subscribe(listen)
    workbench.search_in_background(query)
    assert workbench.wait_idle(20)
    assert list(dict.fromkeys(states)) == [WAITING, SearchState.RUNNING, DONE]
    assert list(dict.fromkeys(progress)) == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_review_is_kept(opened: Open, library: StandIn) -> None:
    workbench = opened()
    query = keep(workbench, 100)
    keep(workbench, 90)
    search = workbench.search(query)
    (line,) = workbench.candidates(search.id)
    heard = Heard(workbench)
    assert workbench.review(line.candidate.id, Review.LATER).review is Review.LATER
    assert heard.all.candidates == {line.candidate.id} and heard.all.searches == {search.id}
    workbench.close()
    (again,) = opened().candidates(search.id)
    assert again.candidate.review is Review.LATER


def test_a_mark_without_a_method_is_kept_and_not_searched(opened: Open, library: StandIn) -> None:
    workbench = opened(automatic_search=True)
    wall = keep(workbench, 100, mark_kind=MarkKind.CHAMBER)
    assert workbench.wait_idle(20)
    assert workbench.searches() == ()
    with pytest.raises(CaseheadError, match="of that kind are not searched"):
        workbench.search(wall)


@pytest.mark.parametrize("kind", sorted(SEARCHED_MARKS))
def test_marks_of_one_kind_are_searched_among_themselves(
    opened: Open, library: StandIn, kind: MarkKind
) -> None:
    workbench = opened()
    keep(workbench, 40, mark_kind=kind)
    keep(workbench, 60, mark_kind=_another(kind))
    query = keep(workbench, 100, mark_kind=kind)
    search = workbench.search(query)
    assert workbench.wait_idle(20)
    (line,) = workbench.candidates(search.id)
    assert line.provenance.mark.kind is kind


def _another(kind: MarkKind) -> MarkKind:
    return next(other for other in sorted(SEARCHED_MARKS) if other is not kind)
