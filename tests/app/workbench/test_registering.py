"""Registering cases, exhibits, cartridge cases and marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from workbench_parts import AUTHOR, Heard, frame, registration

from app.domain import Author, CaseheadError, MarkKind, Role
from app.workbench import Registration, Workbench

FULL = Registration(
    "2026-0412",
    "3",
    "3A",
    Role.TEST_FIRE,
    calibre="9 mm Luger",
    firing_pin_shape="circular",
    breech_face_class="parallel",
    title="River Road",
    event_kind="test fire",
    event_at="2026-01-12",
    event_place="laboratory",
    firearm_make="Ruger",
    firearm_model="P95",
    firearm_serial="314-00001",
)


def test_everything_named_is_made_once(workbench: Workbench) -> None:
    first = workbench.register(FULL)
    again = workbench.register(FULL)
    (case,) = workbench.tree()
    (exhibit,) = case.exhibits
    (cartridge_case,) = exhibit.cartridge_cases
    (mark,) = cartridge_case.marks
    assert first == again == mark.mark
    assert (case.case.number, case.case.title) == ("2026-0412", "River Road")
    assert exhibit.exhibit.number == "3" and exhibit.exhibit.event_id
    assert cartridge_case.cartridge_case.role is Role.TEST_FIRE
    assert cartridge_case.cartridge_case.calibre == "9 mm Luger"
    assert cartridge_case.cartridge_case.firearm_id


def test_another_mark_of_the_same_cartridge_case(workbench: Workbench) -> None:
    breech_face = workbench.register(registration())
    pin = workbench.register(registration(mark_kind=MarkKind.FIRING_PIN))
    assert breech_face.cartridge_case_id == pin.cartridge_case_id
    assert breech_face.id != pin.id


def test_changes_name_the_case_once_committed(workbench: Workbench) -> None:
    heard = Heard(workbench)
    mark = workbench.register(registration())
    (case,) = workbench.tree()
    assert heard.all.cases == {case.case.id}
    assert case.exhibits[0].cartridge_cases[0].marks[0].mark == mark
    heard.leave()
    workbench.register(registration("4A"))
    assert heard.all.cases == {case.case.id}


def test_a_listener_that_fails_stops_nothing(workbench: Workbench) -> None:
    heard = Heard(workbench)

    def fail(_: object) -> None:
        raise RuntimeError("a view")

    workbench.subscribe(fail)
    workbench.register(registration())
    assert heard.all.cases and workbench.tree()


@pytest.mark.parametrize(
    ("refused", "word"),
    [
        (Registration(" ", "3", "3A"), "case number"),
        (Registration("2026-0412", "", "3A"), "exhibit number"),
        (Registration("2026-0412", "3", "\t"), "label"),
        (Registration("2026-0412", "3", "3A", event_at="yesterday"), "not a date"),
        (Registration("2026-0412", "3", "3A", event_at="2999-01-01"), "future"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    workbench: Workbench, refused: Registration, word: str
) -> None:
    with pytest.raises(CaseheadError, match=word):
        workbench.register(refused)
    assert workbench.tree() == ()
    assert workbench.last_registration() is None


@pytest.mark.parametrize(
    ("contradiction", "sentence"),
    [
        ({"calibre": ".40 S&W"}, r"9 mm Luger.*\.40 S&W"),
        ({"role": Role.EVIDENCE}, "test fire.*evidence"),
        ({"firearm_serial": "314-00002"}, "without this firearm"),
        ({}, "Exhibit 3 is recorded with another event .test fire, 2026-01-12, laboratory"),
    ],
)
def test_a_contradiction_is_refused_and_nothing_changed(
    workbench: Workbench, contradiction: dict[str, Any], sentence: str
) -> None:
    workbench.register(FULL)
    tree = workbench.tree()
    with pytest.raises(CaseheadError, match=sentence):
        workbench.register(replace(FULL, event_kind="recovery", **contradiction))
    assert workbench.last_registration() == FULL and workbench.tree() == tree


def test_another_event_of_an_exhibit_leaves_none_behind(workbench: Workbench) -> None:
    mark = workbench.register(replace(FULL, event_at="", event_place=""))
    workbench.register(replace(FULL, event_place=""))
    with pytest.raises(CaseheadError, match="another event"):
        workbench.register(replace(FULL, event_at="2026-02-01"))
    own = workbench._casebook.cartridge_case(mark.cartridge_case_id)
    (event,) = workbench._casebook.events(workbench._casebook.exhibit(own.exhibit_id).case_id)
    assert (event.kind, event.happened_at, event.place) == ("test fire", "2026-01-12", "")


def test_a_partner_s_record_of_the_same_gun_stays_as_they_sent_it(workbench: Workbench) -> None:
    workbench.set_author(replace(AUTHOR, agency="South Lab", ori="SO1"))
    theirs = workbench.register(FULL)
    workbench.set_author(AUTHOR)
    own = workbench.register(replace(FULL, facts={"firearm.country": "US"}))
    guns = [
        str(workbench._casebook.cartridge_case(one.cartridge_case_id).firearm_id)
        for one in (theirs, own)
    ]
    told = [workbench.facts("firearm", gun).get("country") for gun in guns]
    assert told == [None, "US"]
    assert workbench.register(replace(FULL, label="3B")) and len(set(guns)) == 2
    assert len(workbench._casebook.firearms_of_serial(FULL.firearm_serial)) == 2


def test_what_is_left_empty_contradicts_nothing(workbench: Workbench) -> None:
    mark = workbench.register(FULL)
    sparse = Registration("2026-0412", "3", "3A", Role.TEST_FIRE)
    assert workbench.register(sparse) == mark


def test_the_last_registration_is_carried_over_a_restart(
    opened: Callable[..., Workbench],
) -> None:
    first = opened()
    first.register(FULL)
    first.close()
    assert opened().last_registration() == FULL


def test_blanks_around_numbers_make_no_other_case(workbench: Workbench) -> None:
    workbench.register(Registration("2026-0412", "3", "3A"))
    workbench.register(Registration(" 2026-0412 ", "3  ", " 3A"))
    assert len(workbench.tree()) == 1


def test_nothing_can_be_recorded_before_the_author_is_known(
    opened: Callable[..., Workbench],
) -> None:
    workbench = opened(author=False)
    assert workbench.author is None
    with pytest.raises(CaseheadError, match="agency"):
        workbench.register(registration())
    with pytest.raises(CaseheadError, match="examiner"):
        workbench.set_author(Author("Laboratory", "bench", " "))
    workbench.set_author(AUTHOR)
    assert workbench.author == AUTHOR
    workbench.register(registration())


def test_pick_lists_offer_what_the_form_asks_for(workbench: Workbench) -> None:
    lists = workbench.pick_lists()
    assert "9 mm Luger" in lists["calibres"]
    assert set(lists) > {"calibres", "firing_pin_shapes", "breech_face_classes", "event_kinds"}
    assert all(entries and len(set(entries)) == len(entries) for entries in lists.values())


def test_a_second_program_reads_only(opened: Callable[..., Workbench]) -> None:
    first = opened()
    mark = first.register(registration())
    kept = first.capture(mark.id, frame(1))
    second = opened()
    assert second.read_only and second.notice
    assert second.tree() == first.tree()
    assert second.thumbnail(kept.id, 32).shape == (32, 32, 3)
    for refused in (
        lambda: second.register(registration("4A")),
        lambda: second.capture(mark.id, frame(2)),
        lambda: second.search(kept.id),
        lambda: second.search_in_background(kept.id),
        lambda: second.settle_scale(kept.id, 3.0),
    ):
        with pytest.raises(CaseheadError, match="reading only"):
            refused()
    assert second.searches() == ()
