"""Signing in and out, wrong passwords slowed, sessions kept behind a lock."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from people_parts import AUTHOR, PASSWORD, Clock, add, rules_off, told

from app.casework.people import (
    NOBODY,
    NotAllowedError,
    PersonRole,
)
from app.domain import Author, CaseheadError
from app.workbench import Registration, Workbench
from app.workbench.signing_in import SignInError


# --- signing in ----------------------------------------------------------------------------
def test_wrong_passwords_are_slowed_and_told(bench: Workbench, clock: Clock) -> None:
    bench.sign_out()
    waits = []
    for _ in range(6):
        with pytest.raises(SignInError) as caught:
            bench.sign_in("R. Okafor", "guess after guess")
        waits.append(caught.value.wait_s)
        with pytest.raises(SignInError, match="slowed"):
            bench.sign_in("r. okafor", PASSWORD)  # not even the right one is looked at
        clock.pass_s(caught.value.wait_s)
    assert waits == [1, 2, 4, 8, 16, 32]
    lines = told(bench, "sign-in refused")
    assert [line["wrong_in_a_row"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert {line["name"] for line in lines} == {"R. Okafor"}
    assert bench._casebook.journal()[-1].author.examiner == NOBODY
    welcome = bench.sign_in("R. Okafor", PASSWORD)
    assert "6 wrong passwords were given for R. Okafor" in welcome.warnings[0]
    bench.sign_out()
    assert bench.sign_in("R. Okafor", PASSWORD).warnings == ()


def test_a_restart_does_not_shorten_the_wait(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "casebook"
    workbench = Workbench(folder, automatic_search=False, moment=clock)
    workbench.set_up(AUTHOR, PASSWORD)
    for _ in range(4):
        with pytest.raises(SignInError):
            workbench.sign_in("R. Okafor", "guess after guess")
        clock.pass_s(8)
    with pytest.raises(SignInError):
        workbench.sign_in("R. Okafor", "guess after guess")
    workbench.close()
    again = Workbench(folder, automatic_search=False, moment=clock)
    try:
        assert again.me is None
        with pytest.raises(SignInError) as caught:
            again.sign_in("R. Okafor", PASSWORD)
        assert caught.value.wait_s == 16
        clock.pass_s(16)
        assert again.sign_in("R. Okafor", PASSWORD).name == "R. Okafor"
        assert again.check() == ()
    finally:
        again.close()


def test_unknown_names_take_as_long_and_wait_together(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    from app.workbench import signing_in

    real = signing_in.agrees
    monkeypatch.setattr(
        signing_in, "agrees", lambda held, given: (looked_at.append(held), real(held, given))[1]
    )
    with pytest.raises(SignInError) as known:
        bench.sign_in("R. Okafor", "guess after guess")
    with pytest.raises(SignInError) as unknown:
        bench.sign_in("Mallory", "guess after guess")
    assert str(known.value) == str(unknown.value)
    assert len(looked_at) == 2
    assert looked_at[1].split("$")[3] == looked_at[0].split("$")[3]
    with pytest.raises(SignInError, match="slowed"):
        bench.sign_in("Trudy", "guess after guess")
    assert "Mallory" not in str(bench._casebook.journal())


def test_many_at_once_gain_nothing(bench: Workbench) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            bench.sign_in("R. Okafor", "guess after guess")
        except SignInError as error:
            outcomes.append(str(error)[:9])

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["The name "] + ["Wrong pas"] * 5


def test_a_lock_keeps_the_session_and_signing_out_ends_it(bench: Workbench) -> None:
    before = bench.session
    bench.lock()
    assert bench.session is None
    assert bench.sign_in("R. Okafor", PASSWORD).session == before
    bench.sign_out()
    assert bench.sign_in("R. Okafor", PASSWORD).session != before
    actions = [line.action for line in bench._casebook.journal()]
    assert actions[-4:] == ["locked", "unlocked", "signed out", "signed in"]


def test_records_carry_the_name_of_who_is_signed_in(bench: Workbench) -> None:
    ada = add(bench, "Ada Li", PersonRole.EXAMINER)
    bench.sign_in("Ada Li", "first password")
    bench.change_password("first password", "second password")
    rules_off(bench)
    bench.register(Registration("2026-0412", "1", "K1"))
    line = next(x for x in bench._casebook.journal() if x.action == "case added")
    assert line.author == Author(AUTHOR.agency, AUTHOR.station, "Ada Li", AUTHOR.ori)
    assert bench.me == bench.person("Ada Li")
    assert ada.id in {s.person_id for s in bench.sessions}
    with pytest.raises(NotAllowedError):
        bench.set_author(AUTHOR)


def test_what_was_begun_goes_on_in_its_session(bench: Workbench) -> None:
    first = bench.session
    add(bench, "Ada Li", PersonRole.REVIEWER)
    bench.lock()
    bench.sign_in("Ada Li", "first password")
    with bench.within(first):
        me = bench.me
        assert me is not None
        assert me.name == "R. Okafor"
        assert bench.author == AUTHOR
        rules_off(bench)
        bench.register(Registration("2026-0412", "1", "K1"))
    me = bench.me
    assert me is not None
    assert me.name == "Ada Li"
    line = next(x for x in bench._casebook.journal() if x.action == "case added")
    assert line.author.examiner == "R. Okafor"


def test_an_ended_session_does_nothing_more(bench: Workbench) -> None:
    admin = bench.session
    ada = add(bench, "Ada Li", PersonRole.TECHNICIAN)
    assert admin is not None
    bench.sign_in("Ada Li", "first password")
    bench.change_password("first password", "second password")
    hers = bench.session
    assert hers is not None
    with pytest.raises(NotAllowedError):
        bench.end_session(admin.id)
    bench.lock()
    bench.sign_in("R. Okafor", PASSWORD)
    with pytest.raises(CaseheadError, match="sign out instead"):
        bench.end_session(admin.id)
    bench.end_session(hers.id)
    with bench.within(hers), pytest.raises(NotAllowedError, match="session of Ada Li was ended"):
        bench.register(Registration("2026-0412", "1", "K1"))
    assert told(bench, "session ended") == [{"person": ada.name}]
    with pytest.raises(CaseheadError, match="ended already"):
        bench.end_session(hers.id)


def test_a_casebook_for_reading_only_asks_for_the_password_too(
    tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "casebook"
    writer = Workbench(folder, automatic_search=False, moment=clock)
    writer.set_up(AUTHOR, PASSWORD)
    reader = Workbench(folder, automatic_search=False, moment=clock)
    try:
        assert reader.read_only
        with pytest.raises(SignInError):
            reader.sign_in("R. Okafor", "guess after guess")
        with pytest.raises(SignInError, match="slowed"):
            reader.sign_in("R. Okafor", PASSWORD)
        clock.pass_s(1)
        assert reader.sign_in("R. Okafor", PASSWORD).name == "R. Okafor"
        assert reader.me is not None
    finally:
        reader.close()
        writer.close()
