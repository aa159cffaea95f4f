"""Gun groups: who is of which gun, how it came, and that lists show a gun as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from casework_parts import FIRST, UNSURE, acquired, as_person, hit
from stand_in import StandIn
from workbench_parts import AUTHOR

from app.casework.guns import letter_in, letter_of
from app.domain import CaseheadError, Role
from app.workbench import Registration, Workbench, candidate_rows
from tests.app.matching.several_marks import BREECH, build


def _register(workbench: Workbench, case: str, label: str, **more: str) -> str:
    role = Role(more.pop("role", "evidence"))
    exhibit = more.pop("exhibit", "1")
    mark = workbench.register(Registration(case, exhibit, label, role, **more))
    return mark.cartridge_case_id


def _case_id(workbench: Workbench, number: str) -> str:
    return next(node.case.id for node in workbench.tree() if node.case.number == number)


@pytest.fixture
def scene(workbench: Workbench) -> list[str]:
    """Six cartridge cases of one case."""
    return [_register(workbench, "2026-0412", f"1{letter}") for letter in "ABCDEF"]


def _of(workbench: Workbench, case: str) -> dict[str, tuple[str, ...]]:
    groups = workbench.gun_groups(_case_id(workbench, case))
    return {g.name: tuple(m.label for m in g.members) for g in groups}


def test_sorting_a_scene_makes_guns_named_by_the_case(
    workbench: Workbench, scene: list[str]
) -> None:
    case = _case_id(workbench, "2026-0412")
    letters = dict(zip(scene, ["A", "A", "B", "A", "", "B"], strict=True))
    done = workbench.sort_scene(case, letters, chosen=(scene[1], scene[2]))
    assert _of(workbench, "2026-0412") == {
        "Gun A of 2026-0412": ("1A", "1B", "1D"),
        "Gun B of 2026-0412": ("1C", "1F"),
    }
    lines = {line.member.label: line for line in workbench.scene(case)}
    assert lines["1B"].chosen and lines["1C"].chosen and not lines["1A"].chosen
    assert lines["1E"].gun_id == ""
    marks = workbench.gun_marks(scene)
    assert marks[scene[1]].words == "Gun A, entered"
    assert marks[scene[0]].words == "Gun A, another is entered"
    first = workbench.gun_history(done.groups[0].id)[0]
    assert (first.act, first.kind, first.author) == ("sorted", "joined", AUTHOR)


def test_sorting_again_moves_what_differs_and_is_taken_back_in_one_step(
    workbench: Workbench, scene: list[str]
) -> None:
    case = _case_id(workbench, "2026-0412")
    workbench.sort_scene(case, dict.fromkeys(scene[:4], "A"))
    elsewhere = _register(workbench, "2026-9999", "1A")
    with pytest.raises(CaseheadError, match="of one case"):
        workbench.sort_scene(case, {scene[4]: "A", elsewhere: "A"})
    again = workbench.sort_scene(case, {scene[0]: "A", scene[1]: "B", scene[4]: "B"})
    assert _of(workbench, "2026-0412")["Gun B of 2026-0412"] == ("1B", "1E")
    assert len([s for g in again.groups for s in workbench.gun_history(g.id)]) == 4 + 3
    workbench.undo_sorting(again.act_id)
    assert {k: set(v) for k, v in _of(workbench, "2026-0412").items()} == {
        "Gun A of 2026-0412": {"1A", "1B", "1C", "1D"}
    }
    with pytest.raises(CaseheadError, match="changed since"):
        workbench.undo_sorting(again.act_id)


def test_what_stays_as_it_is_makes_no_step(workbench: Workbench, scene: list[str]) -> None:
    case = _case_id(workbench, "2026-0412")
    workbench.sort_scene(case, dict.fromkeys(scene, "A"), chosen=scene[:1])
    lines = len(workbench._casebook.journal())
    assert workbench.sort_scene(case, dict.fromkeys(scene, "A"), chosen=scene[:1]).act_id == ""
    assert len(workbench._casebook.journal()) == lines


def test_guns_are_merged_and_split_with_history(workbench: Workbench, scene: list[str]) -> None:
    first = workbench.make_gun("Gun A", scene[:2])
    second = workbench.make_gun("Gun B", scene[2:4])
    merged = workbench.merge_guns(first.id, second.id, "same firing pin drag")
    assert [m.label for m in merged.members] == ["1A", "1B", "1C", "1D"]
    assert workbench.gun_groups() == (merged,)
    apart = workbench.split_gun(merged.id, scene[1:3], "Gun C", "seen again: another gun")
    assert [m.label for m in apart.members] == ["1B", "1C"]
    assert [m.label for m in workbench.gun_group(first.id).members] == ["1A", "1D"]
    told = [(s.act, s.kind, s.reason) for s in workbench.gun_history(apart.id)]
    assert ("split", "left", "seen again: another gun") in told
    assert ("split", "joined", "seen again: another gun") in told
    merging = [s for s in workbench.gun_history(second.id) if s.act == "merged"]
    assert {s.kind for s in merging} == {"left", "joined"}
    assert workbench.check() == ()


@pytest.mark.parametrize("what", ["merge", "split", "leave"])
def test_a_reason_is_asked_for(workbench: Workbench, scene: list[str], what: str) -> None:
    first, second = (workbench.make_gun(n, ids) for n, ids in (("A", scene[:2]), ("B", scene[2:4])))
    with pytest.raises(CaseheadError, match="Write why"):
        if what == "merge":
            workbench.merge_guns(first.id, second.id, " ")
        elif what == "split":
            workbench.split_gun(first.id, scene[:1], "C", "")
        else:
            workbench.leave_gun(scene[:1], "")
    assert len(workbench.gun_groups()) == 2


@pytest.mark.parametrize("moved", [0, 2])
def test_splitting_none_or_all_is_refused(
    workbench: Workbench, scene: list[str], moved: int
) -> None:
    gun = workbench.make_gun("Gun A", scene[:2])
    with pytest.raises(CaseheadError, match="some, but not all"):
        workbench.split_gun(gun.id, scene[:moved], "Gun B", "why")
    assert [g.name for g in workbench.gun_groups()] == ["Gun A"]


def _known(workbench: Workbench, *numbers: str) -> None:
    """Cases that earlier laboratory work had linked."""
    first, *others = (_case_id(workbench, number) for number in numbers)
    for other in others:
        workbench.note_warm_link(first, other, "compared before this casebook was begun")


def _two_firearms(workbench: Workbench) -> tuple[str, str]:
    """Test fires of two firearms, in cases known to be linked with the scene's."""
    made = (
        _register(
            workbench, "2026-0500", "T1", role="test fire", firearm_make="Sig", firearm_serial="S1"
        ),
        _register(
            workbench,
            "2026-0501",
            "T1",
            role="test fire",
            firearm_make="Glock",
            firearm_serial="G1",
        ),
    )
    _known(workbench, "2026-0412", "2026-0500", "2026-0501")
    return made


def test_recorded_firearms_contradict_a_gun(workbench: Workbench, scene: list[str]) -> None:
    sig, glock = _two_firearms(workbench)
    with pytest.raises(CaseheadError, match=r"Sig S1 and .* of Glock G1; one gun cannot be both"):
        workbench.make_gun("Gun A", [scene[0], sig, glock])
    one = workbench.make_gun("Gun A", [scene[0], sig])
    two = workbench.make_gun("Gun B", [scene[1], glock])
    with pytest.raises(CaseheadError, match="one gun cannot be both"):
        workbench.merge_guns(one.id, two.id, "look the same")
    with pytest.raises(CaseheadError, match="is of Gun A already"):
        workbench.join_gun(two.id, [sig])
    assert [len(g.members) for g in workbench.gun_groups()] == [2, 2]


def test_what_is_recorded_of_a_gun_s_firearm_is_of_the_gun(
    workbench: Workbench, scene: list[str]
) -> None:
    sig, _ = _two_firearms(workbench)
    more = _register(
        workbench, "2026-0500", "T2", role="test fire", firearm_make="Sig", firearm_serial="S1"
    )
    gun = workbench.make_gun("Gun A", [scene[0], sig])
    found = workbench.gun_of(more)
    assert found is not None and found.id == gun.id
    assert workbench.gun_of(scene[1]) is None
    with pytest.raises(CaseheadError, match="is of Gun A already"):
        workbench.make_gun("Gun B", [more])


def test_the_one_that_stands_for_a_gun_is_of_it(workbench: Workbench, scene: list[str]) -> None:
    gun = workbench.make_gun("Gun A", scene[:2])
    assert workbench.choose_for_entry(gun.id, scene[1]).chosen_id == scene[1]
    with pytest.raises(CaseheadError, match="not of Gun A"):
        workbench.choose_for_entry(gun.id, scene[2])
    workbench.leave_gun(scene[1:2], "of another gun after all")
    assert workbench.gun_group(gun.id).chosen_id == ""


def test_keys_name_guns() -> None:
    assert [letter_of(key) for key in ("1", "9", "a", "Z", "0", "", "ab")] == [
        *("A", "I", "A", "Z"),
        *("", "", ""),
    ]
    assert letter_in("Gun B of 2026-0412", "2026-0412") == "B"
    assert letter_in("Gun B of 2026-0412", "2026-0413") == ""


def test_the_tree_says_of_which_gun_a_cartridge_case_is(
    workbench: Workbench, scene: list[str]
) -> None:
    workbench.make_gun("Gun A", scene[:1])
    (exhibit,) = workbench.tree()[0].exhibits
    assert [node.gun for node in exhibit.cartridge_cases[:2]] == ["Gun A", ""]


def test_specimens_of_a_gun_are_shown_as_one_in_every_list(tmp_path: Path) -> None:
    story = build(tmp_path / "story")
    workbench = Workbench(story.folder, automatic_search=False)
    lines = workbench.candidates(story.searches[BREECH])
    alone = [rows[0] for rows in candidate_rows(lines) if rows[0].size == 1]
    first, second = alone[0].line, alone[1].line
    ids = [line.provenance.cartridge_case.id for line in (first, second)]
    numbers = {line.provenance.case.number for line in (first, second)}
    if len(numbers) > 1:
        _known(workbench, *numbers)
    gun = workbench.make_gun("Gun A", ids)
    after = candidate_rows(workbench.candidates(story.searches[BREECH]))
    (folded,) = [r[0] for r in after if r[0].line.gun == gun.id]
    assert folded.size == 2 and folded.others == "1 of 2 specimens of this gun"
    assert len(after) == len(candidate_rows(lines)) - 1
    fused = workbench.fused(story.query_case_id)
    (joined,) = [one for one in fused.guns if one.id == gun.id]
    assert joined.name == "Gun A" and len(joined.specimens) == 2
    workbench.close()


def test_merging_with_a_firearm_makes_a_gun_of_all_recorded_of_it(
    workbench: Workbench, scene: list[str]
) -> None:
    sig, _ = _two_firearms(workbench)
    gun = workbench.make_gun("Gun A", scene[:2])
    ((key, words),) = workbench.find_guns("S1")
    assert key.startswith("firearm ") and words == "Sig S1, exhibit 1 of 2026-0500"
    merged = workbench.merge_with(gun.id, key, "test fires agree")
    assert {m.cartridge_case_id for m in merged.members} == {*scene[:2], sig}
    assert merged.name == "Sig S1" and merged.record.firearm_id
    assert [words for _, words in workbench.find_guns("Sig")] == ["Sig S1"]
    assert workbench.check() == ()


def test_a_gun_of_two_cases_needs_a_link_that_was_verified(
    workbench: Workbench, scene: list[str]
) -> None:
    other = _register(workbench, "2026-0600", "1A")
    with pytest.raises(CaseheadError, match="2026-0412 and 2026-0600 are not linked by a hit"):
        workbench.make_gun("Gun A", [scene[0], other])
    gun, more = workbench.make_gun("Gun A", scene[:1]), workbench.make_gun("Gun B", [other])
    with pytest.raises(CaseheadError, match="not linked by a hit"):
        workbench.merge_guns(gun.id, more.id, "look the same")
    assert len(workbench.gun_groups()) == 2
    _known(workbench, "2026-0412", "2026-0600")
    assert len(workbench.merge_guns(gun.id, more.id, "known before").members) == 2


def test_a_gun_of_two_cases_whose_hit_holds_no_more_says_so(
    workbench: Workbench, library: StandIn
) -> None:
    pair = acquired(workbench, "2026-1", 100), acquired(workbench, "2026-2", 90)
    comparison = hit(workbench, *pair)
    cases = [workbench.provenance(one).cartridge_case.id for one in pair]
    gun = workbench.make_gun("Gun A", cases)
    assert not gun.doubt and not workbench.gun_groups()[0].doubt
    as_person(workbench, FIRST)
    workbench.conclude(comparison.id, UNSURE)
    (left,) = workbench.gun_groups()
    assert "No hit links cases 2026-1 and 2026-2 any more" in left.doubt
    assert workbench.gun_group(gun.id).words.endswith("no hit bears it out now")
    found = workbench.gun_of(cases[0])
    assert found is not None and found.doubt
    workbench.split_gun(gun.id, cases[1:], "Gun B", "The identification was taken back.")
    assert not any(one.doubt for one in workbench.gun_groups())
