"""People on record: the first start, names, roles, passwords, qualifications."""

from __future__ import annotations

from pathlib import Path

import pytest
from people_parts import AUTHOR, PASSWORD, Clock, add, told

from app.casework.people import (
    NotAllowedError,
    PersonRole,
    Policy,
    Right,
    Skill,
)
from app.domain import CaseheadError
from app.workbench import Registration, Workbench
from app.workbench.people import FIRST_START
from app.workbench.signing_in import SignInError


# --- the first start -----------------------------------------------------------------------
def test_the_first_start_makes_the_first_administrator(bench: Workbench) -> None:
    me = bench.me
    assert me is not None
    assert (me.name, me.roles) == ("R. Okafor", frozenset(PersonRole))
    assert bench.author == AUTHOR
    assert bench.identity == "by password"
    assert all(bench.may(right) == "" for right in Right)
    assert {q.note for q in bench.qualifications(me.id)} == {FIRST_START}
    with pytest.raises(CaseheadError, match="already"):
        bench.set_up(AUTHOR, PASSWORD)
    assert bench.check() == ()


@pytest.mark.parametrize("password", ["", "short", "R. Okafor", "ROKAFOR"])
def test_no_first_start_with_a_bad_password(tmp_path: Path, password: str) -> None:
    workbench = Workbench(tmp_path / "new", automatic_search=False)
    try:
        with pytest.raises(CaseheadError):
            workbench.set_up(AUTHOR, password)
        assert workbench.open_bench
        assert workbench.author is None
        assert workbench._casebook.journal() == ()
    finally:
        workbench.close()


def test_by_name_only_is_a_choice_the_journal_tells(named: Workbench) -> None:
    assert named.identity == "by name"
    first = told(named, "sign in policy added")[0]
    assert (first["sign_in"], first["idle_minutes"]) == ("name", 0)
    assert told(named, "signed in")[-1] == {"by": "name"}
    with pytest.raises(SignInError, match="Nobody called Mallory"):
        named.sign_in("Mallory")
    with pytest.raises(CaseheadError, match="a password first"):
        named.set_policy(Policy("password", 10))


def test_no_password_is_in_the_journal_and_no_hash(bench: Workbench) -> None:
    add(bench, "Ada Li", PersonRole.EXAMINER)
    text = str(bench._casebook.journal())
    assert PASSWORD not in text
    assert "argon2" not in text


# --- people --------------------------------------------------------------------------------
def test_a_name_is_never_anothers(bench: Workbench) -> None:
    ada = add(bench, "Ada  Li", PersonRole.EXAMINER)
    bench.retire_person(ada.id, "left")
    with pytest.raises(CaseheadError, match="one person for ever"):
        add(bench, "ADA LI", PersonRole.EXAMINER)
    with pytest.raises(SignInError):
        bench.sign_in("Ada Li", "first password")
    assert bench.reinstate_person(ada.id, "came back").active
    assert [t["active"] for t in told(bench, "person term added")] == [True, True, False, True]


def test_roles_change_at_once_and_stay_on_the_record(bench: Workbench) -> None:
    ada = add(bench, "Ada Li", PersonRole.TECHNICIAN)
    bench.sign_in("Ada Li", "first password")
    bench.change_password("first password", "second password")
    assert bench.may(Right.ISSUE)
    hers = bench.session
    bench.sign_in("R. Okafor", PASSWORD)
    bench.set_roles(ada.id, [PersonRole.EXAMINER, PersonRole.TECHNICIAN], "trained")
    with bench.within(hers):
        assert bench.may(Right.ISSUE) == ""
    assert told(bench, "person term added")[-1]["reason"] == "trained"
    for none in ([], ["wizard"]):
        with pytest.raises(CaseheadError):
            bench.set_roles(ada.id, none)  # type: ignore[arg-type]


def test_somebody_always_administers(bench: Workbench) -> None:
    me = bench.me
    assert me is not None
    for impossible in (
        lambda: bench.retire_person(me.id),
        lambda: bench.set_roles(me.id, [PersonRole.EXAMINER]),
    ):
        with pytest.raises(CaseheadError, match="another person administrator first"):
            impossible()
    add(bench, "Ada Li", PersonRole.ADMINISTRATOR)
    assert bench.set_roles(me.id, [PersonRole.EXAMINER]).roles == {PersonRole.EXAMINER}


def test_a_given_password_is_changed_before_anything_else(bench: Workbench, clock: Clock) -> None:
    ada = add(bench, "Ada Li", PersonRole.TECHNICIAN)
    assert bench.sign_in("Ada Li", "first password").must_change
    with pytest.raises(NotAllowedError, match="change it"):
        bench.register(Registration("2026-0412", "1", "K1"))
    for old, new, why in (
        ("first password", "first password", "last 10"),
        ("first password", "ada li", "6 characters"),
        ("wrong password", "second password", "is wrong"),
        ("first password", "second password", "slowed"),
    ):
        with pytest.raises(CaseheadError, match=why):
            bench.change_password(old, new)
    clock.pass_s(1)
    bench.change_password("first password", "second password")
    assert not bench.must_change
    bench.sign_in("R. Okafor", PASSWORD)
    bench.reset_password(ada.id, "third password")
    assert bench.sign_in("Ada Li", "third password").must_change
    kinds = [p.kind for p in bench._casebook.passwords(ada.id)]
    assert kinds == ["set", "changed", "reset"]


def test_a_reset_ends_the_wait(bench: Workbench) -> None:
    ada = add(bench, "Ada Li", PersonRole.TECHNICIAN)
    for _ in range(2):
        with pytest.raises(SignInError):
            bench.sign_in("Ada Li", "guess after guess")
    bench.reset_password(ada.id, "another password")
    assert bench.sign_in("Ada Li", "another password").must_change


def test_qualifications_are_granted_and_withdrawn_with_reasons(bench: Workbench) -> None:
    ada = add(bench, "Ada Li", PersonRole.REVIEWER)
    made = bench.grant_qualification(ada.id, Skill.REVIEW, "2026-01-01", "2026-12-01", " yearly ")
    assert bench.qualified("Ada Li", Skill.REVIEW)
    welcome = bench.sign_in("Ada Li", "first password")
    assert "ends in 9 days" in welcome.warnings[0]
    bench.sign_in("R. Okafor", PASSWORD)
    with pytest.raises(CaseheadError, match="Say why"):
        bench.withdraw_qualification(made.id, " ")
    bench.withdraw_qualification(made.id, "failed the yearly test")
    assert not bench.qualified("Ada Li", Skill.REVIEW)
    with pytest.raises(CaseheadError, match="withdrawn already"):
        bench.withdraw_qualification(made.id, "again")
    with pytest.raises(CaseheadError, match="no such person"):
        bench.grant_qualification("nobody", Skill.REVIEW, "2026-01-01")
    assert bench.check() == ()


def test_who_may_sign_for_instruments_follows_the_qualifications(bench: Workbench) -> None:
    assert bench.qualified_people() == ("R. Okafor",)
    ada = add(bench, "Ada Li", PersonRole.QUALITY)
    assert bench.qualified_people() == ("R. Okafor",)
    bench.grant_qualification(ada.id, Skill.QUALITY, "2026-01-01")
    assert bench.qualified_people() == ("R. Okafor", "Ada Li")
    with pytest.raises(CaseheadError, match="Lab screen"):
        bench.set_qualified_people(["Mallory"])


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("password", "hash = 'x'", "The password"),
        ("person_term", "roles = '[\"administrator\"]'", "The person term"),
        ("qualification", "expires_on = '2099-01-01'", "The qualification"),
        ("sign_in_policy", "sign_in = 'name'", "The sign in policy"),
        ("person", "name = 'Mallory'", "The person"),
    ],
)
def test_a_change_with_other_tools_is_found(
    bench: Workbench, table: str, change: str, says: str
) -> None:
    add(bench, "Ada Li", PersonRole.EXAMINER)
    with bench._casebook.transaction(), pytest.raises(Exception, match="never changed"):
        bench._casebook._connection.run(f"UPDATE {table} SET {change}")
    with bench._casebook.transaction():
        bench._casebook._connection.run(f"DROP TRIGGER {table}_never_changed")
        bench._casebook._connection.run(f"UPDATE {table} SET {change}")
    assert any(sentence.startswith(says) for sentence in bench.check())


@pytest.mark.parametrize("name", ["R Okafor", "r.okafor", "R. Oka\u200bfor", "R.-Okafor"])
def test_one_person_does_not_come_on_record_under_two_names(bench: Workbench, name: str) -> None:
    with pytest.raises(CaseheadError, match=r"R\. Okafor is on record|at most 200 letters"):
        bench.add_person(name, [PersonRole.EXAMINER], PASSWORD)
    assert [person.name for person in bench.people()] == ["R. Okafor"]
