"""The cache of the review clock: made of the record, brought up to date, checked, fast."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clock_parts import Hands, iso, make_large, name
from store_parts import JANE, Planted, candidate, plant, save

from app.casework.board import BoardFilter
from app.casework.clock import Calendar, default_policy, due
from app.casework.stages import ClockNote, Mark, PolicyTold
from app.casework.wording import casework_words
from app.domain import (
    CancelledError,
    CaseheadError,
    Event,
    Exhibit,
    ReadOnlyError,
    Search,
    SearchState,
)
from app.jobs import Job
from app.store import Casebook
from app.store.schema import STEPS

EXHIBITS = 20_000


def marks(casebook: Casebook, planted: Planted) -> dict[str, Mark]:
    casebook.bring_clock_up_to_date()
    return casebook.clock_marks((planted.exhibit.id,))[planted.exhibit.id]


def owed(casebook: Casebook) -> set[str]:
    casebook.bring_clock_up_to_date()
    found = casebook.clock_lines(BoardFilter(), "2099-01-01T00:00:00+00:00", 100, 0)
    return {line.stage for line in found}


def searched(casebook: Casebook, acquired_id: str, at: str) -> Search:
    search = casebook.add_search(Search(acquired_id))
    return casebook.update_search(replace(search, state=SearchState.DONE, finished_at=at))


def test_marks_come_of_themselves_and_the_first_time_wins(
    casebook: Casebook, planted: Planted
) -> None:
    assert set(marks(casebook, planted)) == {"received"} and owed(casebook) == {"entered"}
    first = save(casebook, planted.mark.id)
    at = marks(casebook, planted)["entered"]
    assert at.source == first.id and owed(casebook) == {"searched"}
    second = save(casebook, planted.mark.id, b"other")
    assert marks(casebook, planted)["entered"].at == at.at
    searched(casebook, second.id, "2026-11-03T10:00:00+00:00")
    searched(casebook, first.id, "2026-11-02T10:00:00+00:00")
    assert marks(casebook, planted)["searched"].at == "2026-11-02T10:00:00+00:00"
    assert owed(casebook) == {"reviewed"}
    assert not casebook.bring_clock_up_to_date()  # nothing is looked at twice
    assert casebook.clock_differences() == ()


def test_a_search_that_is_not_done_is_no_mark(casebook: Casebook, planted: Planted) -> None:
    acquired = save(casebook, planted.mark.id)
    search = casebook.add_search(Search(acquired.id))
    casebook.update_search(replace(search, state=SearchState.CANCELLED, finished_at="2026-11-02"))
    casebook.replace_candidates(search.id, (candidate(search.id, acquired.id, 1),))
    assert "searched" not in marks(casebook, planted)


def test_what_happened_is_known_of_its_event(casebook: Casebook, planted: Planted) -> None:
    event = casebook.add_event(Event(planted.case.id, "shooting", "2026-11-01T22:15:00+00:00"))
    exhibit = casebook.add_exhibit(Exhibit(planted.case.id, "9", event_id=event.id))
    casebook.bring_clock_up_to_date()
    found = casebook.clock_marks((exhibit.id,))[exhibit.id]
    assert found["happened"] == Mark("2026-11-01T22:15:00+00:00", "event")


def test_due_by_sql_is_due_by_the_calendar(casebook: Casebook, planted: Planted) -> None:
    policy = replace(default_policy(), calendar=Calendar("America/Chicago", closes="16:30"))
    casebook.add_clock_policy(PolicyTold(policy, "Ours."))
    save(casebook, planted.mark.id)
    casebook.bring_clock_up_to_date()
    rows = casebook._connection.rows("SELECT stage, since, due_at FROM clock_step")
    assert {row[0] for row in rows} == {"entered", "searched"}
    for stage, since, due_at in rows:
        target = policy.target(stage)
        assert target is not None and due_at == due(policy.calendar, target, since)


@pytest.mark.parametrize(
    ("statement", "of"),
    [
        ("UPDATE clock_mark SET at = '2020-01-01T00:00:00+00:00' WHERE stage = 'entered'", "marks"),
        ("DELETE FROM clock_mark WHERE stage = 'received'", "marks received"),
        ("UPDATE clock_step SET due_at = '2090-01-01T00:00:00+00:00'", "owed"),
        ("DELETE FROM clock_picture", "pictures"),
        ("INSERT INTO clock_link VALUES ('c', 'a', 'b', '2020', '')", "confirmed"),
        ("UPDATE clock_target SET amount = 900 WHERE stage = 'entered'", "targets"),
        ("DELETE FROM clock_calm", "corrections that leave a verification"),
        ("DELETE FROM clock_day WHERE begins_at > datetime('now', '+1 year')", "business days"),
    ],
)
def test_a_cache_that_was_touched_is_told_and_made_anew(
    casebook: Casebook, planted: Planted, statement: str, of: str
) -> None:
    save(casebook, planted.mark.id)
    assert casebook.clock_differences() == ()
    with casebook.transaction():
        casebook._connection.run(statement)
    found = casebook.clock_differences()
    assert any(of in sentence and "rebuild" in sentence for sentence in found)
    assert casebook.check() == found  # whoever checks the casebook is told
    casebook.rebuild_clock()
    assert casebook.clock_differences() == ()
    assert casebook.check() == ()


def test_a_reader_sees_what_was_worked_out_and_changes_nothing(
    casebook: Casebook, planted: Planted, reopened: Callable[[], Casebook]
) -> None:
    assert owed(casebook) == {"entered"}
    with reopened() as reader:
        assert owed(reader) == {"entered"} and not reader.bring_clock_up_to_date()
        note = ClockNote(planted.exhibit.id, "entered", "settled", "Not fired.")
        with pytest.raises(ReadOnlyError):
            reader.add_clock_note(note)


def test_what_is_still_to_be_looked_at_is_no_difference(
    casebook: Casebook, planted: Planted, folder: Path
) -> None:
    """Another program may have recorded something just now."""
    casebook.bring_clock_up_to_date()
    save(casebook, planted.mark.id)
    with Casebook.open(folder) as reader:
        assert reader.read_only and reader.check() == ()
        with pytest.raises(CaseheadError, match="not up to date"):
            reader.clock_differences()
        casebook.bring_clock_up_to_date()
        assert reader.clock_differences() == ()


def test_what_is_wrong_is_told_though_the_clock_cannot_be_looked_at(
    casebook: Casebook, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = save(casebook, planted.mark.id)
    casebook.pixels_path(kept.digest).unlink()

    def refuse(*_given: object) -> None:
        raise CaseheadError("The disk refuses.")

    monkeypatch.setattr(casebook, "_clock_differences_in", refuse)
    found, told = casebook.verify()
    assert found.lines and any(kept.digest in sentence for sentence in told)


def test_what_the_lab_says_is_vouched_for(casebook: Casebook, planted: Planted) -> None:
    casebook.add_clock_policy(PolicyTold(default_policy(), "As installed."))
    note = casebook.add_clock_note(
        ClockNote(planted.exhibit.id, "entered", "settled", "A live cartridge.")
    )
    assert note.author == JANE and casebook.clock_notes(planted.exhibit.id) == (note,)
    assert owed(casebook) == set()
    with pytest.raises(sqlite3.IntegrityError, match="never changed"), casebook.transaction():
        casebook._connection.run("UPDATE clock_note SET reason = 'x'")
    with casebook.transaction():
        casebook._connection.run("DROP TRIGGER clock_policy_never_changed")
        casebook._connection.run("UPDATE clock_policy SET reason = 'x'")
    assert any("clock policy" in sentence for sentence in casebook.check())


def test_a_casebook_of_before_is_filled_at_the_first_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tuple(step for step in STEPS if "clock" not in step.__name__)
    from app.store import migrate

    with monkeypatch.context() as before:
        before.setattr(migrate.bring_up_to_date, "__defaults__", (older,))
        with Casebook.open(folder) as casebook:
            casebook.set_author(JANE)
            planted = plant(casebook)
            save(casebook, planted.mark.id)
    with Casebook.open(folder) as casebook:
        assert set(marks(casebook, planted)) == {"received", "entered"}
        assert owed(casebook) == {"searched"}
        assert casebook.clock_differences() == () and casebook.check() == ()


def test_a_rebuild_that_was_cut_short_is_done_at_the_next_look(
    casebook: Casebook, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owed(casebook) == {"entered"}
    with monkeypatch.context() as cut:
        parts = (("DELETE FROM clock_mark",), ("DELETE FROM nowhere",))
        cut.setattr("app.store.clock_again.everything", lambda _last: parts)
        with pytest.raises(sqlite3.OperationalError):
            casebook.rebuild_clock()
    assert casebook.clock_marks((planted.exhibit.id,))[planted.exhibit.id] == {}
    assert owed(casebook) == {"entered"} and casebook.clock_differences() == ()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_recorded_the_cache_follows(casebook: Casebook, seed: int) -> None:
    """And what it takes for confirmed is what links are derived from."""
    now, words, held = datetime.now(UTC), casework_words(), 0
    make_large(casebook, 24, now)
    hands = Hands(casebook, seed, now)
    for _ in range(40):
        for _ in range(hands.rng.randrange(1, 8)):
            hands.act()
        casebook.bring_clock_up_to_date()
        found = casebook.link_facts(words).confirmations
        linked = casebook._connection.rows(
            "SELECT comparison_id, at FROM clock_link WHERE stale_since = ''"
        )
        holding = {(c.comparison_id, c.at) for c in found if not c.why_not}
        assert set(linked) == holding
        held += len(holding)
    assert held and casebook.clock_differences() == ()


class Work:
    """How much SQLite does, in thousands of its own instructions: the same on any machine."""

    def __init__(self, casebook: Casebook) -> None:
        self._raw = casebook._connection._raw
        self._done = 0

    def of(self, look: Callable[[], object]) -> int:
        self._done = 0
        self._raw.set_progress_handler(self._count, 1000)
        try:
            look()
        finally:
            self._raw.set_progress_handler(None, 0)
        return self._done

    def _count(self) -> int:
        self._done += 1
        return 0


def test_twenty_thousand_exhibits(casebook: Casebook) -> None:
    """Looks at the board cost what is shown, not what there is; a change costs what changed."""
    now = datetime.now(UTC)
    make_large(casebook, EXHIBITS, now)
    work, at = Work(casebook), iso(now)
    everything = work.of(casebook.bring_clock_up_to_date)
    assert everything > 10_000  # the measure sees what is done
    assert casebook.clock_differences() == ()
    page = everything / 100
    for wanted in (BoardFilter(), BoardFilter(overdue_only=True), BoardFilter(("reviewed",))):
        found = casebook.clock_lines(wanted, at, 200, 0)
        assert len(found) == 200 and [x.due_at for x in found] == sorted(x.due_at for x in found)
        assert work.of(lambda w=wanted: casebook.clock_lines(w, at, 200, 0)) < page
        assert work.of(lambda w=wanted: casebook.clock_lines(w, at, 200, 1000)) < page
    for wanted in (
        BoardFilter(case="99"),
        BoardFilter(person="Jane Doe"),
        BoardFilter(("reviewed",), True, "2025", "Jane Doe"),
    ):
        assert casebook.clock_total(wanted, at) > 0
        assert work.of(lambda w=wanted: casebook.clock_lines(w, at, 200, 0)) < everything / 20
        assert work.of(lambda w=wanted: casebook.clock_total(w, at)) < everything / 20
    assert work.of(lambda: casebook.clock_counts(at)) < page
    assert work.of(casebook.clock_people) < page
    year = iso(now - timedelta(days=365))
    done = casebook.clock_done("entered", year, at)
    assert len(done) > EXHIBITS / 3 and (done[:, 1] >= done[:, 0]).all()
    with casebook.transaction():
        changed = "INSERT INTO clock_changed (kind, id) VALUES ('mark', ?)"
        casebook._connection.run(changed, (name(4, 77),))
    assert work.of(casebook.bring_clock_up_to_date) < page
    assert casebook.clock_total(BoardFilter(case="99"), at) == len(
        casebook.clock_lines(BoardFilter(case="99"), at, EXHIBITS, 0)
    )


def test_the_check_tells_how_far_the_clock_is_and_can_be_stopped(
    casebook: Casebook, planted: Planted
) -> None:
    save(casebook, planted.mark.id)
    heard: list[tuple[int, int]] = []

    def listen(done: int, total: int, what: str) -> None:
        if what == "clock":
            heard.append((done, total))

    assert casebook.check(Job(listen)) == ()
    assert heard[0][0] == 0 and heard[-1][0] == heard[-1][1] == len(heard) - 1 > 10

    def stop(done: int, total: int, what: str) -> None:
        if what == "clock":
            raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        casebook.check(Job(stop))


def test_what_is_not_up_to_date_yet_is_no_fault(
    casebook: Casebook, planted: Planted, folder: Path
) -> None:
    """For reading only the cache cannot be brought up to date; the next who records does."""
    casebook.bring_clock_up_to_date()
    save(casebook, planted.mark.id)
    with Casebook.open(folder, read_only=True) as reading:
        assert reading.check() == ()
