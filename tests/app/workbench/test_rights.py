"""Who may do what: every operation as every role, in the workbench and not in widgets."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from people_parts import AUTHOR, PASSWORD, ROLES, Clock, rules_off

from app.casework.people import (
    WAYS,
    NotAllowedError,
    PersonRole,
    Policy,
    Right,
    Skill,
)
from app.domain import Author, CaseheadError, Changes
from app.workbench import Registration, Workbench
from app.workbench.rights import READING, RIGHTS


# --- who may do what -----------------------------------------------------------------------
def test_every_operation_is_in_the_table_once() -> None:
    public = {name for name in dir(Workbench) if not name.startswith("_")}
    assert public - set(RIGHTS) - READING == set()
    assert (set(RIGHTS) | READING) - public == set()
    assert set(RIGHTS) & READING == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_as_every_role(named: Workbench, role: PersonRole) -> None:
    named.sign_in(f"The {role}")
    before = len(named._casebook.journal())
    heard: list[Changes] = []
    named.subscribe(heard.append)
    refused = 0
    for name, right in RIGHTS.items():
        if any(way[0] is role for way in WAYS[right]):
            continue
        refused += 1
        # without its arguments: a refusal comes before they are looked at
        with pytest.raises(NotAllowedError, match=f"The {role} is {role}"):
            getattr(named, name)()
    assert refused
    assert len(named._casebook.journal()) == before
    assert heard == []


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do_is_not_refused(named: Workbench, role: PersonRole) -> None:
    named.sign_in(f"The {role}")
    for name, right in RIGHTS.items():
        if any(way[0] is role for way in WAYS[right]):
            assert named.may(right) == ""
            with pytest.raises((TypeError, CaseheadError)) as caught:
                getattr(named, name)("no", "such", "thing", nothing="at all")
            assert not isinstance(caught.value, NotAllowedError)


@pytest.mark.parametrize("state", ["signed out", "locked", "must change"])
def test_nothing_is_done_by_nobody(named: Workbench, state: str) -> None:
    if state == "signed out":
        named.sign_out()
    elif state == "locked":
        named.lock()
    else:
        me = named.me
        assert me is not None
        named.reset_password(me.id, "given by another")
        named.set_policy(Policy("password"))
    for name, right in RIGHTS.items():
        if right is Right.OWN and state == "must change":
            continue
        with pytest.raises(NotAllowedError):
            getattr(named, name)()


def test_reading_asks_nobody(bench: Workbench) -> None:
    bench.sign_out()
    assert bench.me is None
    assert bench.author is None
    assert bench.tree() == ()
    assert bench.check() == ()


def test_a_lapsed_qualification_stops_acquiring_and_reviewing(
    named: Workbench, clock: Clock
) -> None:
    named.sign_in("The examiner")
    assert named.may(Right.ACQUIRE) == named.may(Right.REVIEW) == ""
    clock.at = datetime(2027, 1, 1, 12, tzinfo=UTC)
    for operation in ("capture", "import_paths", "review", "conclude"):
        with pytest.raises(NotAllowedError, match="lapsed on 2026-12-31"):
            getattr(named, operation)()
    assert not named.qualified("the EXAMINER", Skill.REVIEW)
    assert named.may(Right.RECORD) == ""


def test_an_operation_is_one_whole_and_belongs_to_who_began_it(bench: Workbench) -> None:
    """Locked half-way, it goes on to its end in the name of who began it."""
    register = Registration("2026-0412", "1", "K1")
    real = bench._casebook.add_case

    def locked_half_way(case):  # type: ignore[no-untyped-def]
        thread = threading.Thread(target=bench.lock)
        bench._sessions.leave(bench.session)  # type: ignore[arg-type]
        thread.start()
        thread.join()
        return real(case)

    bench._casebook.add_case = locked_half_way  # type: ignore[method-assign]
    rules_off(bench)
    bench.register(register)
    assert bench.session is None
    added = [line for line in bench._casebook.journal() if line.action == "case added"]
    assert added[0].author == AUTHOR


def test_an_operation_keeps_its_author_to_its_end_whoever_signs_out(bench: Workbench) -> None:
    session, real, seen = bench.session, bench._casebook.add_case, []
    assert session is not None

    def signed_out_half_way(case):  # type: ignore[no-untyped-def]
        bench._sessions.end(session)
        seen.append(bench.author)
        return real(case)

    bench._casebook.add_case = signed_out_half_way  # type: ignore[method-assign]
    rules_off(bench)
    bench.register(Registration("2026-0412", "1", "K1"))
    assert seen == [AUTHOR] and bench.author is None


def test_who_is_asked_for_the_right_is_who_does_it(bench: Workbench) -> None:
    """Locked between the two, the operation is not done by nobody."""
    sessions, session, seen = bench._sessions, bench.session, []
    may, add = sessions.why_not, bench._casebook.add_case
    assert session is not None
    rules_off(bench)

    def locked_then(right: Right) -> str:
        why = may(right)
        sessions.leave(session)
        return why

    def added(case):  # type: ignore[no-untyped-def]
        seen.append(bench.author)
        return add(case)

    sessions.why_not, bench._casebook.add_case = locked_then, added  # type: ignore[method-assign]
    bench.register(Registration("2026-0412", "1", "K1"))
    assert seen == [AUTHOR] and bench.author is None


# --- an open bench -------------------------------------------------------------------------
def test_an_open_bench_is_as_before(empty_workbench: Workbench) -> None:
    bench = empty_workbench
    assert bench.open_bench
    assert bench.me is None
    assert bench.identity == "by name"
    assert all(bench.may(right) == "" for right in Right)
    assert bench.qualified("Anybody", Skill.EXAMINE)
    bench.register(Registration("2026-0412", "1", "K1"))
    bench.sign_in("Ada Li")
    assert bench.author == Author("Harbor City Police Laboratory", "Bench 1", "Ada Li", "XX0990100")
    assert bench.policy() == Policy("name", 0)
    with pytest.raises(CaseheadError, match="first administrator"):
        bench.add_person("Ada Li", [PersonRole.EXAMINER], PASSWORD)
    with pytest.raises(CaseheadError, match="open bench"):
        bench.change_password("", PASSWORD)
