"""Names, roles, qualifications and passwords, without a casebook."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.casework.passwords import (
    LONGEST_WAIT_S,
    REMEMBERED,
    Tries,
    agrees,
    check_password,
    hashed,
    outdated,
)
from app.casework.people import (
    NOBODY,
    WAYS,
    Person,
    PersonRole,
    Policy,
    Qualification,
    Right,
    Skill,
    Staff,
    check_dates,
    check_policy,
    tidy_name,
)
from app.domain import CaseheadError

TODAY = date(2026, 11, 22)
ADA = Person("Ada Li", frozenset({PersonRole.EXAMINER}))


def held(*qualifications: Qualification, person: Person = ADA) -> Staff:
    return Staff((person,), qualifications)


def granted(skill: Skill, expires: str = "", granted_on: str = "2025-01-01") -> Qualification:
    return Qualification(ADA.id, skill, granted_on, expires)


def test_a_name_is_one_person_however_it_is_written() -> None:
    staff = held()
    assert staff.find("  ada   LI ") is ADA
    assert staff.find("Ada") is None
    assert tidy_name("  Zoë \n Ōkubo ") == "Zoë Ōkubo"
    for impossible in ("", "   ", NOBODY.upper(), "x" * 201, "a\x00b"):
        with pytest.raises(CaseheadError):
            tidy_name(impossible)


def test_every_right_has_a_way_and_the_administrator_alone_does_no_casework() -> None:
    assert set(WAYS) == set(Right)
    admin = Person("Root", frozenset({PersonRole.ADMINISTRATOR}))
    staff = held(person=admin)
    may = {right for right in Right if not staff.why_not(admin, right, TODAY)}
    assert may == {Right.ADMINISTER, Right.SHARE, Right.OWN}


def test_a_lapsed_qualification_neither_acquires_nor_reviews() -> None:
    last_day = held(granted(Skill.ACQUIRE, "2026-11-22"), granted(Skill.REVIEW, "2026-11-22"))
    for right in (Right.ACQUIRE, Right.REVIEW):
        assert last_day.why_not(ADA, right, TODAY) == ""
        why = last_day.why_not(ADA, right, TODAY + timedelta(days=1))
        assert "lapsed on 2026-11-22" in why
        assert "Ada Li" in why
    assert last_day.why_not(ADA, Right.RECORD, TODAY + timedelta(days=1)) == ""
    assert "no qualification to examine" in last_day.why_not(ADA, Right.EXAMINE, TODAY)


def test_a_later_qualification_takes_the_place_of_a_lapsed_one() -> None:
    staff = held(granted(Skill.REVIEW, "2025-12-31"), granted(Skill.REVIEW, "2027-12-31"))
    assert staff.why_not(ADA, Right.REVIEW, TODAY) == ""
    assert staff.ending(ADA, TODAY) == ()


def test_how_a_qualification_stands() -> None:
    assert granted(Skill.REVIEW).standing(TODAY) == "valid"
    assert granted(Skill.REVIEW, granted_on="2026-11-23").standing(TODAY) == "not yet"
    assert granted(Skill.REVIEW, "2026-12-22").standing(TODAY) == "ending"
    assert granted(Skill.REVIEW, "2026-12-23").standing(TODAY) == "valid"
    assert granted(Skill.REVIEW, "2026-11-21").standing(TODAY) == "lapsed"
    gone = Qualification(ADA.id, Skill.REVIEW, "2025-01-01", withdrawn="failed the test")
    assert gone.standing(TODAY) == "withdrawn"
    assert "failed the test" in held(gone).why_not(ADA, Right.REVIEW, TODAY)


def test_an_end_within_thirty_days_is_told() -> None:
    (told,) = held(granted(Skill.REVIEW, "2026-11-23")).ending(ADA, TODAY)
    assert told == "Ada Li's qualification to review ends in 1 day, on 2026-11-23."
    assert held(granted(Skill.REVIEW, "2026-12-23")).ending(ADA, TODAY) == ()


def test_who_left_may_nothing() -> None:
    gone = Person("Old Hand", frozenset(PersonRole), active=False)
    staff = held(person=gone)
    assert all("any more" in staff.why_not(gone, right, TODAY) for right in Right)


@pytest.mark.parametrize(
    ("granted_on", "expires_on"),
    [
        ("", ""),
        ("yesterday", ""),
        ("2026-1-1", ""),
        ("2026-02-30", ""),
        ("2026-05-01", "2026-04-30"),
    ],
)
def test_days_that_cannot_be(granted_on: str, expires_on: str) -> None:
    with pytest.raises(CaseheadError):
        check_dates(granted_on, expires_on)


def test_policies_that_cannot_be() -> None:
    check_policy(Policy("name", 0))
    for minutes in (-1, 481):
        with pytest.raises(CaseheadError):
            check_policy(Policy(idle_minutes=minutes))


def test_password_rules() -> None:
    check_password("ten letter", "Ada Li")
    for bad, why in (
        ("", "empty"),
        ("nine lett", "9 characters; it needs 10"),
        ("x" * 1025, "at most"),
        ("ADA.li  (lab)", "the name"),
    ):
        with pytest.raises(CaseheadError, match=why.replace("(", r"\(")):
            check_password(bad, "Ada Li Lab")


def test_one_of_the_last_ten_is_refused_and_the_eleventh_is_not() -> None:
    earlier = (hashed("password the oldest"), *[hashed("another one")] * REMEMBERED)
    check_password("password the oldest", "Ada Li", earlier)
    with pytest.raises(CaseheadError, match="last 10"):
        check_password("password the oldest", "Ada Li", earlier[:-1])


def test_hashes_are_argon2id_salted_and_tell_their_parameters() -> None:
    one, other = hashed("Pässword no 1"), hashed("Pässword no 1")
    assert one.startswith("$argon2id$v=19$m=")
    assert one != other
    assert agrees(one, "Pa\u0308ssword no 1")
    assert not agrees(one, "Password no 1")
    assert not agrees("not a hash", "x")
    assert not outdated(one)
    assert outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$QUFBQUFBQUFBQUE")


def test_each_wrong_password_doubles_the_wait() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    waits = [Tries(n, at.isoformat()).wait_s(at) for n in range(13)]
    assert waits == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert Tries(200, at.isoformat()).wait_s(at) == LONGEST_WAIT_S
    tries = Tries(4, at.isoformat())
    assert tries.wait_s(at + timedelta(seconds=7.5)) == 1
    assert tries.wait_s(at + timedelta(seconds=8)) == 0
    assert tries.wait_s(at - timedelta(days=300)) == 8
