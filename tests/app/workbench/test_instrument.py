"""Instruments: declared, checked, locked, signed for; what a lock refuses and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from workbench_parts import Heard, registration

from app.capture import Frame
from app.capture.bench import BenchSource, firearm_number
from app.capture.combine import average
from app.domain import CaseheadError, Light, Optics, ReadOnlyError, now
from app.instruments import InstrumentCheck, ReferenceCase, Schedule
from app.workbench import Workbench
from app.workbench.combining import Circumstances
from app.workbench.instrument_words import (
    check_sentence,
    instrument_sentence,
    limits_words,
    list_words,
    schedule_words,
)

OPTICS = Optics("USB camera", "4x", "1.5")
HOW = {"camera": "USB camera", "objective": "4x", "zoom": "1.5"}
PIXEL_UM = 12.0
Open = Callable[..., Workbench]


@pytest.fixture(scope="module")
def source() -> BenchSource:
    made = BenchSource(firearm_number(1), 1, rate=0, pixel_um=PIXEL_UM, tells_scale=False)
    made.open()
    return made


def frame(source: BenchSource, exposure: float = 1.0) -> Frame:
    source.expose(exposure)
    return source.read()


@pytest.fixture
def reference(workbench: Workbench, source: BenchSource) -> ReferenceCase:
    workbench.type_calibration(OPTICS, PIXEL_UM)
    return workbench.declare_reference_case(OPTICS, " SRM  2461 ", frame(source), note="drawer 3")


def state(workbench: Workbench, at: str = "") -> str:
    return workbench.instrument_state(*OPTICS.key, at).condition


def locked(workbench: Workbench, source: BenchSource) -> InstrumentCheck:
    """A check out of limits."""
    return workbench.run_check(OPTICS, frame(source, 0.7))


def test_an_instrument_without_a_reference_case_is_used_freely(
    workbench: Workbench, source: BenchSource
) -> None:
    assert workbench.instruments() == ()
    assert workbench.instrument_state("USB camera").condition == "ok"
    mark = workbench.register(registration())
    assert workbench.capture(mark.id, frame(source), **HOW).id
    with pytest.raises(CaseheadError, match="no reference case"):
        workbench.run_check(OPTICS, frame(source))
    workbench.type_calibration(OPTICS, PIXEL_UM)
    (one,) = workbench.instruments()
    assert one.reference is None and "no reference case" in list_words(one)
    assert "not checked" in instrument_sentence(one)[0]


def test_declared_with_its_scale_and_never_searched(
    workbench: Workbench, reference: ReferenceCase
) -> None:
    assert (reference.name, reference.pixel_um, reference.light) == ("SRM 2461", 12.0, Light.RING)
    assert reference.figures["radius_um"] == pytest.approx(1850, rel=0.03)
    assert workbench.reference_case_for(Optics("usb  CAMERA", "4X", "1.5")) == reference
    assert workbench.tree() == () and workbench._casebook.provenances() == ()
    assert workbench.check_picture(reference.digest).shape == (reference.height, reference.width)
    (one,) = workbench.instruments()
    assert one.state.condition == "due" and "Due today" in one.state.sentence


@pytest.mark.parametrize(
    ("optics", "name", "says"),
    [
        (Optics(" "), "SRM", "which camera"),
        (OPTICS, "  ", "a name"),
        (Optics("another camera"), "SRM", "needs its scale"),
    ],
)
def test_a_bad_declaration_is_refused(
    workbench: Workbench, source: BenchSource, optics: Optics, name: str, says: str
) -> None:
    workbench.type_calibration(OPTICS, PIXEL_UM)
    with pytest.raises(CaseheadError, match=says):
        workbench.declare_reference_case(optics, name, frame(source))
    assert workbench._casebook.reference_cases() == ()


def test_a_sound_check_is_kept_with_what_it_was_held_against(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    heard = Heard(workbench)
    check = workbench.run_check(OPTICS, frame(source))
    assert heard.all.instruments
    assert check.outcome == "within" and check.reasons == ()
    assert check.figures["correlation"] > 0.95
    assert check.figures["scale"] == pytest.approx(1, abs=1e-3)
    assert check.facts["pixel_um_from"] == "the calibration in force"
    assert check.facts["congruent_cells"] >= 0.9 * check.facts["cells"] > 20
    assert check.limits["correlation"].act_low == 0.8
    assert workbench.instrument_checks(reference.id) == (check,)
    assert state(workbench) == "ok" and check_sentence(check).startswith("The instrument is within")
    (one,) = workbench.instruments()
    assert one.last == check and "next check is due on" in instrument_sentence(one)[0]
    assert workbench.check() == ()


def test_out_of_limits_locks_everything_that_acquires(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    mark = workbench.register(registration())
    check = locked(workbench, source)
    assert check.outcome == "out" and check.reasons[0].startswith("Brightness")
    assert "locked" in check_sentence(check)
    frames = [frame(source) for _ in range(3)]
    combined = average([one.pixels for one in frames])
    attempts = (
        lambda: workbench.capture(mark.id, frames[0], **HOW),
        lambda: workbench.keep_combined(mark.id, frames, combined, Circumstances(**HOW)),
        lambda: workbench.declare_reference_case(OPTICS, "another", frames[0]),
        lambda: workbench.withdraw_reference_case(OPTICS, "to be rid of it"),
    )
    for attempt in attempts:
        with pytest.raises(CaseheadError, match=r"is locked.*Brightness.*qualified person signs"):
            attempt()
    assert workbench._casebook.acquired_of(mark.id) == ()
    # other instruments, imports and calibrations are not held up
    assert workbench.capture(mark.id, frames[0], camera="USB camera", objective="10x").id
    assert workbench.keep_combined(mark.id, frames, combined).id
    workbench.type_calibration(OPTICS, 12.1)


def test_only_a_qualified_person_unlocks(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    with pytest.raises(CaseheadError, match="not locked"):
        workbench.sign_instrument(OPTICS, "A. Mbeki", "quality manager", "nothing")
    first = locked(workbench, source)
    good = workbench.run_check(OPTICS, frame(source))
    assert good.outcome == "within" and state(workbench) == "locked"
    assert "was within limits" in workbench.instrument_state(*OPTICS.key).sentence
    workbench.set_qualified_people(["A. Mbeki"])
    for told, says in (
        ((" ", "quality manager", "set back"), "without a name"),
        (("J. Doe", "examiner", "set back"), "J. Doe is not named.*A. Mbeki may sign"),
        (("a. mbeki", "", "set back"), "what qualifies"),
        (("a. mbeki", "quality manager", "\n"), "found and done"),
    ):
        with pytest.raises(CaseheadError, match=says):
            workbench.sign_instrument(OPTICS, *told)
    assert state(workbench) == "locked"
    release = workbench.sign_instrument(OPTICS, "a. mbeki", "quality manager", "set back")
    assert release.check_id == first.id and state(workbench) == "ok"
    assert workbench.instrument_releases(reference.id) == (release,)
    actions = [line.action for line in workbench._casebook.journal()]
    assert actions[-1] == "instrument release added"
    mark = workbench.register(registration())
    assert workbench.capture(mark.id, frame(source), **HOW).id
    locked(workbench, source)
    assert state(workbench) == "locked"


def test_a_picture_of_another_size_or_light_is_no_check(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    whole = frame(source)
    smaller = replace(whole, pixels=np.ascontiguousarray(whole.pixels[::2, ::2]))
    with pytest.raises(CaseheadError, match=r"540 x 405|set the camera back"):
        workbench.run_check(OPTICS, smaller)
    with pytest.raises(CaseheadError, match="ring light, this one with side"):
        workbench.run_check(OPTICS, whole, light=Light.SIDE)
    assert workbench.instrument_checks(reference.id) == ()


def test_nothing_on_the_picture_is_kept_as_out_of_limits(
    workbench: Workbench, reference: ReferenceCase
) -> None:
    black: NDArray[np.uint8] = np.zeros((reference.height, reference.width), np.uint8)
    check = workbench.run_check(OPTICS, Frame(black, 1, now(), 0.0))
    assert check.outcome == "out" and check.figures == {} and len(check.reasons) > 1
    assert state(workbench) == "locked"


def test_without_a_calibration_the_golden_scale_counts(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    workbench.withdraw_calibration(workbench.calibrations()[0].id)
    check = workbench.run_check(OPTICS, frame(source))
    assert check.facts["pixel_um_from"] == "the golden picture" and check.outcome == "within"


def test_a_wrong_calibration_is_seen_as_a_scale_out_of_limits(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    workbench.withdraw_calibration(workbench.calibrations()[0].id)
    workbench.type_calibration(OPTICS, PIXEL_UM * 1.01)
    check = workbench.run_check(OPTICS, frame(source))
    assert check.outcome_of("scale") == "out"
    assert check.figures["scale"] == pytest.approx(1.01, abs=1e-3)


def test_declared_anew_begins_a_new_chart(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    workbench.run_check(OPTICS, frame(source))
    other = workbench.declare_reference_case(OPTICS, "SRM 2461 b", frame(source))
    assert workbench.reference_case_for(OPTICS) == other
    assert workbench.instrument_checks(other.id) == ()
    assert len(workbench.instrument_checks(reference.id)) == 1
    assert [one.id for one in workbench.reference_cases(OPTICS)] == [reference.id, other.id]
    gone = workbench.withdraw_reference_case(OPTICS, "case lost")
    assert gone.id == other.id and workbench.reference_case_for(OPTICS) is None
    assert state(workbench) == "ok"


def test_schedules(workbench: Workbench, reference: ReferenceCase, source: BenchSource) -> None:
    kept = workbench.reschedule_checks(OPTICS, Schedule(7, (0, 3), False))
    assert kept.schedule == Schedule(7, (0, 3), False) and kept.id == reference.id
    assert schedule_words(kept.schedule) == "every 7 days, Monday and Thursday"
    assert schedule_words(Schedule(1)) == "every day, Monday to Friday, and after a calibration"
    assert schedule_words(Schedule(1, (), False)) == "every day, all week"
    for bad in (Schedule(0), Schedule(1, ()), Schedule(400)):
        with pytest.raises(CaseheadError):
            workbench.reschedule_checks(OPTICS, bad)
    workbench.run_check(OPTICS, frame(source))
    assert state(workbench) == "ok" and state(workbench, "2099-01-01T00:00:00+00:00") == "due"
    words = workbench.instrument_state(*OPTICS.key, "2099-01-01T00:00:00+00:00").sentence
    assert words.startswith("Overdue by")


def test_a_reader_sees_it_and_changes_nothing(
    opened: Open, workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    locked(workbench, source)
    reader = opened()
    assert reader.read_only and reader.instrument_state(*OPTICS.key).locked
    for attempt in (
        lambda: reader.run_check(OPTICS, frame(source)),
        lambda: reader.sign_instrument(OPTICS, "A. Mbeki", "quality manager", "set back"),
        lambda: reader.set_qualified_people(["A. Mbeki"]),
        lambda: reader.reschedule_checks(OPTICS, Schedule()),
    ):
        with pytest.raises(ReadOnlyError):
            attempt()


def test_limits_in_words(
    workbench: Workbench, reference: ReferenceCase, source: BenchSource
) -> None:
    check = workbench.run_check(OPTICS, frame(source))
    assert limits_words("correlation", check.limits["correlation"]).startswith("at least 0.800")
    assert limits_words("scale", check.limits["scale"]).startswith("-0.50 % to +0.50 %, fixed")
