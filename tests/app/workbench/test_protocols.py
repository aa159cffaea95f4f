"""What a cartridge case still needs, from what was acquired and what examiners decided."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from workbench_parts import AUTHOR

from app.capture import Frame
from app.domain import Acquired, CaseheadError, Light, MarkKind, now
from app.workbench import Registration, Workbench
from app.workbench.protocols import Needs, StepState


def frame(number: int, light: Light = Light.RING, **settings: object) -> Frame:
    pixels = np.full((40, 50), 40 + number, np.uint8)
    return Frame(pixels, number, now(), float(number), settings, 5.0, light)


def case_of(workbench: Workbench, label: str = "3A", calibre: str = "9 mm Luger") -> str:
    made = workbench.register(Registration("2026-0412", "3", label, calibre=calibre))
    return made.cartridge_case_id


def take(
    workbench: Workbench, case_id: str, kind: MarkKind, number: int, light: Light = Light.RING
) -> Acquired:
    mark = workbench.mark_of(case_id, kind)
    return workbench.capture(mark.id, frame(number, light), camera="bench")


def states(needs: Needs) -> str:
    words = {StepState.OPEN: " ", StepState.DONE: "x", StepState.SETTLED: "-"}
    return "".join(words[line.state] for line in needs.lines)


def test_pictures_tick_the_steps_of_their_mark_and_light(workbench: Workbench) -> None:
    case_id = case_of(workbench)
    assert states(workbench.needs_of(case_id)) == "     "
    take(workbench, case_id, MarkKind.BREECH_FACE, 1, Light.SIDE)
    take(workbench, case_id, MarkKind.FIRING_PIN, 2, Light.UNKNOWN)
    take(workbench, case_id, MarkKind.CHAMBER, 3)
    needs = workbench.needs_of(case_id)
    assert states(needs) == " x   "
    assert needs.settled == 1
    assert [line.step.key for line in needs.missing] == [
        "breech-face-ring",
        "firing-pin",
        "ejector",
    ]
    following = needs.next_open("breech-face-ring")
    assert following is not None and following.step.key == "firing-pin"
    round_again = needs.next_open("aperture-shear")
    assert round_again is not None and round_again.step.key == "breech-face-ring"


def test_marks_are_made_once_and_only_when_needed(workbench: Workbench) -> None:
    case_id = case_of(workbench)
    line = workbench.needs_of(case_id).line("ejector")
    assert line is not None and line.mark_id == ""
    made = workbench.mark_of(case_id, MarkKind.EJECTOR)
    assert workbench.mark_of(case_id, MarkKind.EJECTOR) == made
    line = workbench.needs_of(case_id).line("ejector")
    assert line is not None and line.mark_id == made.id
    assert workbench.mark(made.id) == made
    with pytest.raises(CaseheadError):
        workbench.mark_of("nothing", MarkKind.EJECTOR)


def test_one_to_be_taken_again_does_not_tick(workbench: Workbench) -> None:
    case_id = case_of(workbench)
    mark = workbench.mark_of(case_id, MarkKind.FIRING_PIN)
    bad = workbench.capture(mark.id, frame(1), camera="bench")
    told = dict(bad.record.settings) | {"quality": {"verdict": "redo", "reasons": ["blurred"]}}
    with workbench._casebook.transaction():
        workbench._casebook.supersede_acquired(
            bad.id, replace(bad, record=replace(bad.record, settings=told))
        )
    line = workbench.needs_of(case_id).line("firing-pin")
    assert line is not None
    assert (line.state, line.count, len(line.redo)) == (StepState.OPEN, 0, 1)
    workbench.capture(mark.id, frame(2), camera="bench")
    line = workbench.needs_of(case_id).line("firing-pin")
    assert line is not None and line.state is StepState.DONE and line.count == 1


def test_superseded_records_count_once(workbench: Workbench) -> None:
    case_id = case_of(workbench)
    bare = replace(frame(1), pixel_um=None)
    mark = workbench.mark_of(case_id, MarkKind.BREECH_FACE)
    kept = workbench.capture(mark.id, bare, camera="bench")
    workbench.settle_scale(kept.id, 5.0)
    line = workbench.needs_of(case_id).line("breech-face-ring")
    assert line is not None and line.count == 1 and len(line.pictures) == 1


def test_what_is_not_on_the_case_is_settled_with_a_reason(workbench: Workbench) -> None:
    case_id = case_of(workbench)
    with pytest.raises(CaseheadError, match="why"):
        workbench.settle_step(case_id, "ejector", "  ")
    with pytest.raises(CaseheadError, match="no step 'none'"):
        workbench.settle_step(case_id, "none", "whatever")
    needs = workbench.settle_step(case_id, "ejector", "no ejector mark: revolver")
    assert states(needs) == "   - "
    note = needs.lines[3].note
    assert note is not None and note.author == AUTHOR and note.reason == "no ejector mark: revolver"
    journal = workbench._casebook.journal(1)[0]
    assert journal.action == "protocol note added" and journal.detail["step"] == "ejector"
    assert states(workbench.reopen_step(case_id, "ejector")) == "     "
    with pytest.raises(CaseheadError, match="nothing to undo"):
        workbench.reopen_step(case_id, "ejector")
    assert workbench.check() == ()


def test_the_class_names_the_protocol_and_the_examiner_may_choose(workbench: Workbench) -> None:
    case_id = case_of(workbench, "3R", ".22 LR")
    assert workbench.needs_of(case_id).protocol.key == "rimfire"
    chosen = workbench.choose_protocol(case_id, "centerfire")
    assert (chosen.protocol.key, chosen.chosen) == ("centerfire", True)
    assert workbench.needs_of(case_id).protocol.key == "centerfire"
    assert workbench.choose_protocol(case_id, "").protocol.key == "rimfire"
    with pytest.raises(CaseheadError, match="no protocol 'none'"):
        workbench.choose_protocol(case_id, "none")


def test_a_damaged_file_of_the_laboratory_is_told(workbench: Workbench) -> None:
    folder = workbench.folder / "protocols"
    folder.mkdir()
    (folder / "centerfire.json").write_text("{", "utf-8")
    needs = workbench.needs_of(case_of(workbench))
    assert len(needs.lines) == 5
    assert len(needs.complaints) == 1 and "centerfire.json" in needs.complaints[0]


def test_every_case_of_an_exhibit(workbench: Workbench) -> None:
    first, second = case_of(workbench, "3A"), case_of(workbench, "3B")
    take(workbench, second, MarkKind.EJECTOR, 1)
    exhibit = workbench.needs_of(first).cartridge_case.exhibit_id
    assert [states(n) for n in workbench.needs_of_exhibit(exhibit)] == ["     ", "   x "]


def test_the_picture_before_is_of_the_same_exhibit_first(workbench: Workbench) -> None:
    own = case_of(workbench, "3A")
    kind, light = MarkKind.FIRING_PIN, Light.RING
    assert workbench.picture_before(own, kind, light) is None
    take(workbench, own, kind, 1)
    assert workbench.picture_before(own, kind, light) is None
    other = workbench.register(Registration("2026-0500", "1", "1A")).cartridge_case_id
    elsewhere = take(workbench, other, kind, 2)
    assert workbench.picture_before(own, kind, light) == elsewhere.id
    sister = case_of(workbench, "3B")
    near = take(workbench, sister, kind, 3)
    take(workbench, other, kind, 4)
    take(workbench, sister, kind, 5, Light.SIDE)
    assert workbench.picture_before(own, kind, light) == near.id
