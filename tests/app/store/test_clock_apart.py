"""The cache of the clock made anew while others look at it: in parts, stopped, begun anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from threading import Event, RLock, Thread

import pytest
from clock_parts import make_large

from app.casework.board import BoardFilter
from app.casework.clock import Policy, Target, default_policy
from app.casework.stages import PolicyTold
from app.domain import CancelledError, Exhibit
from app.jobs import Job
from app.store import Casebook, clock_again, clock_cache, clock_fill

LATE = "2099-01-01T00:00:00+00:00"


@pytest.fixture
def large(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casebook]:
    """One that counts as large, with its clock made, in parts of seven."""
    monkeypatch.setattr(clock_cache, "_AT_ONCE", 30)
    monkeypatch.setattr(clock_again, "PART", 7)
    make_large(casebook, 60, datetime.now(UTC))
    casebook.bring_clock_up_to_date()
    yield casebook


def slower() -> Policy:
    """Everything is due in nine hundred hours."""
    usual = default_policy()
    return replace(
        usual, targets=tuple(Target(t.stage, t.starts, "hours", 900) for t in usual.targets)
    )


def due(casebook: Casebook) -> list[tuple[str, str]]:
    casebook.bring_clock_up_to_date()
    lines = casebook.clock_lines(BoardFilter(), LATE, 10_000, 0)
    return [(line.subject_id, line.due_at) for line in lines]


def test_it_is_made_in_parts_and_is_what_the_record_says(large: Casebook) -> None:
    told: list[tuple[int, int]] = []
    before = due(large)
    large.rebuild_clock(Job(lambda done, total, _: told.append((done, total))))
    assert due(large) == before and large.clock_differences() == ()
    (total,) = {total for _, total in told}
    assert [done for done, _ in told] == list(range(total)) and total > 60 // 7


def test_who_looks_meanwhile_sees_it_as_it_stood(large: Casebook) -> None:
    before = due(large)
    large.clock_made_apart = True
    assert not large.clock_to_make
    large.add_clock_policy(PolicyTold(slower(), "A trial."))
    assert large.clock_to_make and not large.bring_clock_up_to_date()
    assert due(large) == before
    large.rebuild_clock()
    assert not large.clock_to_make
    assert due(large) != before and large.clock_differences() == ()


def test_nobody_waits_while_it_is_made(large: Casebook) -> None:
    large.clock_made_apart = True
    large.add_clock_policy(PolicyTold(slower(), "A trial."))
    seen: list[bool] = []

    def look(done: int, _total: int, _what: str) -> None:
        if done == 3:
            other = Thread(target=lambda: seen.append(large.bring_clock_up_to_date()))
            other.start()
            other.join(30)

    large.rebuild_clock(Job(look))
    assert seen == [False]


class Watched:
    """The turn of the clock, telling when somebody asks for it."""

    def __init__(self) -> None:
        self.asked, self._lock = Event(), RLock()

    def acquire(self, timeout: float = -1) -> bool:
        self.asked.set()
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        self._lock.release()


def test_who_waits_for_a_turn_goes_on_when_the_rules_change(
    large: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, seen = Watched(), list[bool]()
    monkeypatch.setattr(large, "_clock_turn", turn)
    large.clock_made_apart = True
    assert turn.acquire()
    turn.asked.clear()
    other = Thread(target=lambda: seen.append(large.bring_clock_up_to_date()), daemon=True)
    other.start()
    assert turn.asked.wait(30)
    large.add_clock_policy(PolicyTold(slower(), "A trial."))
    other.join(30)
    assert seen == [False] and large.clock_to_make
    turn.release()


def test_who_gets_a_turn_looks_once_more_whether_the_rules_changed(
    large: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    large.clock_made_apart = True

    class Late(Watched):
        def acquire(self, timeout: float = -1) -> bool:
            if not self.asked.is_set():
                self.asked.set()
                large.add_clock_policy(PolicyTold(slower(), "A trial."))
            return super().acquire(timeout)

    monkeypatch.setattr(large, "_clock_turn", Late())
    assert not large.bring_clock_up_to_date() and large.clock_to_make


def test_a_new_year_leaves_it_to_the_next_start(
    large: Casebook, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody makes it in a program that runs on over New Year."""

    class NextYear(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=366)

    large.clock_made_apart = True
    for module in (clock_cache, clock_fill):
        monkeypatch.setattr(module, "datetime", NextYear, raising=False)
    large.add_exhibit(Exhibit(large.cases()[0].id, "late"))
    assert not large.clock_to_make and large.bring_clock_up_to_date()
    large.close()
    with Casebook.open(folder) as later:
        assert later.clock_to_make


def test_one_who_makes_it_alone_makes_it_at_the_first_look(large: Casebook) -> None:
    before = due(large)
    large.add_clock_policy(PolicyTold(slower(), "A trial."))
    assert large.bring_clock_up_to_date() and due(large) != before


def test_a_small_one_is_made_at_once(casebook: Casebook) -> None:
    make_large(casebook, 12, datetime.now(UTC))
    casebook.clock_made_apart = True
    casebook.add_clock_policy(PolicyTold(slower(), "A trial."))
    assert not casebook.clock_to_make and casebook.bring_clock_up_to_date()


def test_stopped_it_is_due_still_and_can_be_made(large: Casebook) -> None:
    large.clock_made_apart = True
    large.add_clock_policy(PolicyTold(slower(), "A trial."))

    def stop(done: int, _total: int, _what: str) -> None:
        if done == 2:
            job.cancel()

    job = Job(stop)
    with pytest.raises(CancelledError):
        large.rebuild_clock(job)
    assert large.clock_to_make
    large.rebuild_clock()
    assert not large.clock_to_make and large.clock_differences() == ()


def test_what_is_recorded_while_it_is_made_is_not_lost(large: Casebook) -> None:
    large.clock_made_apart = True
    large.add_clock_policy(PolicyTold(slower(), "A trial."))
    case = large.cases()[0]

    def record(done: int, _total: int, _what: str) -> None:
        if done in (0, 4):
            large.add_exhibit(Exhibit(case.id, f"late {done}"))

    large.rebuild_clock(Job(record))
    assert large.bring_clock_up_to_date() and large.clock_differences() == ()
    added = {exhibit.id for exhibit in large.exhibits() if exhibit.number.startswith("late")}
    assert len(added) == 2 and added <= {subject for subject, _ in due(large)}


def test_what_no_record_stands_behind_is_forgotten(large: Casebook) -> None:
    with large.transaction():
        for statement in (
            "INSERT INTO clock_mark VALUES ('nobody', 'entered', '2026-01-01T00:00:00+00:00', '')",
            "INSERT INTO clock_picture VALUES ('nobody', 'nothing', '2026-01-01T00:00:00+00:00')",
            "INSERT INTO clock_step (kind, subject_id, stage, exhibit_id, case_id, person, since, "
            "due_at, done_at) VALUES ('lead', 'nobody', 'lead', '', '', '', '', '', '')",
            "INSERT INTO clock_step (kind, subject_id, stage, exhibit_id, case_id, person, since, "
            "due_at, done_at) VALUES ('what', 'nobody', 'lead', '', '', '', '', '', '')",
        ):
            large._connection.run(statement)
    assert large.clock_differences() != ()
    large.rebuild_clock()
    assert large.clock_differences() == ()
    assert not any(subject == "nobody" for subject, _ in due(large))
