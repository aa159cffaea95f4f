"""Quality is measured with every capture; what is to be redone waits until an examiner speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from stand_in import StandIn
from workbench_parts import Heard, frame, picture, png, registration

from app.capture import Frame
from app.capture.combine import average
from app.domain import Acquired, CaseheadError, Circle, SearchState, now
from app.store import Casebook
from app.workbench import ImportOptions, Workbench
from app.workbench import quality as quality_module
from app.workbench.combining import Circumstances

PIXEL_UM = 2.5


def blurred(seed: int = 5, pixel_um: float | None = PIXEL_UM, side: int = 400) -> Frame:
    """A close-up too far out of focus to be used."""
    pixels = cv2.GaussianBlur(picture(seed, side), (0, 0), 8)
    spread = cv2.normalize(pixels, None, 20, 230, cv2.NORM_MINMAX)
    return Frame(np.asarray(spread, np.uint8), 1, now(), 0.0, {"gain": 2}, pixel_um)


def sharp(seed: int = 6, side: int = 400) -> Frame:
    """A close-up with as much of the fine as of the coarse."""
    made = np.zeros((side, side), np.float32)
    random = np.random.default_rng(seed)
    for sigma in (2, 4, 8, 16):
        noise = cv2.GaussianBlur(random.normal(size=made.shape).astype(np.float32), (0, 0), sigma)
        made += noise / noise.std()
    grey = np.clip(120 + 25 * made, 5, 250).astype(np.uint8)
    return Frame(grey, 1, now(), 0.0, {}, PIXEL_UM)


def captured(workbench: Workbench, taken: Frame, label: str = "3A") -> Acquired:
    return workbench.capture(workbench.register(registration(label)).id, taken)


def test_a_capture_carries_what_was_measured(workbench: Workbench) -> None:
    kept = captured(workbench, sharp())
    quality = workbench.quality_of(kept.id)
    assert quality is not None and quality.verdict == "good" and quality.focus is not None
    assert kept.record.settings["quality"]["method"] == "picture quality"
    assert kept.record.settings["quality"]["limits"]["focus"]["redo"] > 0
    assert kept.searchable


def test_what_is_to_be_redone_is_kept_but_neither_searched_nor_found(
    opened: Callable[..., Workbench], library: StandIn
) -> None:
    workbench = opened(automatic_search=True)
    bad = captured(workbench, blurred())
    assert bad.held_back and not bad.searchable
    assert (workbench.folder / "pixels").is_dir() and workbench.thumbnail(bad.id, 40).size
    assert workbench.searches() == ()
    with pytest.raises(CaseheadError, match="asks for another one"):
        workbench.search(bad.id)
    with pytest.raises(CaseheadError, match="asks for another one"):
        workbench.correct_region(bad.id, Circle(500, 500, 300), None)
        workbench.search(bad.id)
    good = captured(workbench, sharp(), "3B")
    assert workbench.wait_idle(30)
    (line,) = workbench.searches()
    assert line.search.acquired_id == good.id and line.search.planned == 0
    assert "to be captured again: 1" in line.search.message


def test_used_all_the_same_it_is_searched_and_everything_is_on_record(
    opened: Callable[..., Workbench], library: StandIn
) -> None:
    workbench = opened(automatic_search=True)
    bad = captured(workbench, blurred())
    workbench.correct_region(bad.id, Circle(500, 480, 300), None)
    heard = Heard(workbench)
    used = workbench.use_all_the_same(bad.id, "  the case went\nback ")
    assert used.searchable and used.id != bad.id and used.digest == bad.digest
    assert workbench.wait_idle(30)
    (line,) = workbench.searches()
    assert line.search.acquired_id == used.id and line.search.state is SearchState.DONE
    assert heard.all.acquired >= {bad.id, used.id} and heard.all.cases
    quality = workbench.quality_of(used.id)
    assert quality is not None and quality.verdict == "usable" and quality.used is not None
    assert quality.used["reason"] == "the case went back" and quality.used["measured"] == "redo"
    assert quality.used["examiner"] == "J. Doe" and quality.used["at"][:4].isdigit()
    assert quality.reasons[0].startswith("The picture is out of focus")
    assert workbench.region(used.id).outer == Circle(500, 480, 300)
    old = workbench.quality_of(bad.id)
    assert old is not None and old.verdict == "redo" and old.used is None
    with Casebook.open(workbench.folder, read_only=True) as book:
        (said,) = [x for x in book.journal() if x.action == "image superseded"]
        assert said.detail == {"by": used.id, "reason": "the case went back"}
        assert said.subject == bad.id and said.author.examiner == "J. Doe"
        assert book.check() == ()


def test_it_needs_a_reason_and_only_what_is_held_back(workbench: Workbench) -> None:
    bad, good = captured(workbench, blurred()), captured(workbench, sharp(), "3B")
    for blank in ("", " \n"):
        with pytest.raises(CaseheadError, match="Write why"):
            workbench.use_all_the_same(bad.id, blank)
    assert workbench.use_all_the_same(good.id, "why not") == good
    used = workbench.use_all_the_same(bad.id, "the only one")
    assert workbench.use_all_the_same(used.id, "once more") == used
    with pytest.raises(CaseheadError, match="replaced by a newer one"):
        workbench.use_all_the_same(bad.id, "again")


def test_the_same_frame_captured_again_stays_what_was_said_of_it(workbench: Workbench) -> None:
    taken = blurred()
    bad = captured(workbench, taken)
    used = workbench.use_all_the_same(bad.id, "the only one")
    assert workbench.capture(bad.mark_id, taken) == used


def test_a_scale_given_afterwards_is_judged_by(workbench: Workbench) -> None:
    kept = captured(workbench, replace(blurred(), pixel_um=None))
    before = workbench.quality_of(kept.id)
    assert before is not None and before.verdict == "usable"
    assert any("scale is not known" in reason for reason in before.reasons)
    settled = workbench.settle_scale(kept.id, PIXEL_UM)
    after = workbench.quality_of(settled.id)
    assert after is not None and after.verdict == "redo" and settled.held_back


def test_combined_pictures_are_measured_as_they_are_kept(workbench: Workbench) -> None:
    mark = workbench.register(registration())
    frames = [replace(sharp(), number=number) for number in (1, 2)]
    kept = workbench.keep_combined(
        mark.id, frames, average([f.pixels for f in frames]), Circumstances(pixel_um=PIXEL_UM)
    )
    quality = workbench.quality_of(kept.id)
    assert quality is not None and quality.verdict == "good"
    assert workbench.check_combined(kept.id) == ""


def test_an_imported_image_is_measured_but_never_held_back(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = png(tmp_path / "in" / "old.png", blurred().pixels)
    (outcome,) = workbench.import_paths([path], ImportOptions(pixel_um=PIXEL_UM)).outcomes
    (node,) = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].acquired
    assert node.id == outcome.acquired_id and node.searchable and not node.held_back
    quality = workbench.quality_of(node.id)
    assert quality is not None and quality.verdict == "redo"
    monkeypatch.setattr(quality_module, "assess", None)  # measured once, then remembered
    assert workbench.quality_of(node.id) == replace(
        quality, **_rounded(quality, workbench, node.id)
    )


def _rounded(quality: object, workbench: Workbench, acquired_id: str) -> dict[str, object]:
    """Figures are kept with four digits."""
    again = workbench.quality_of(acquired_id)
    names = ("focus", "saturated", "black", "noise", "contrast", "coverage", "level", "blurred")
    for name in (*names, "inside"):
        assert getattr(again, name) == pytest.approx(getattr(quality, name), rel=1e-3, abs=1e-9)
    return {name: getattr(again, name) for name in (*names, "inside", "found", "limits")}


def test_damaged_limits_lose_nothing_and_are_told(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise CaseheadError("The limits are damaged: mend the file.")

    monkeypatch.setattr(quality_module, "load_thresholds", damaged)
    kept = captured(workbench, blurred())
    quality = workbench.quality_of(kept.id)
    assert quality is not None and quality.verdict == "usable" and kept.searchable
    assert quality.reasons == ("The limits are damaged: mend the file.",)
    assert quality.focus is not None and quality.focus < 0.13


def test_a_fault_in_measuring_loses_no_capture(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(quality_module, "assess", broken)
    kept = captured(workbench, frame(1))
    assert "quality" not in kept.record.settings and kept.searchable
    assert "quality of a picture" in caplog.text


def test_a_frame_is_judged_as_it_would_be_if_captured(workbench: Workbench) -> None:
    mark = workbench.register(registration())
    live = workbench.judge(blurred(), mark.id)
    kept = workbench.quality_of(workbench.capture(mark.id, blurred()).id)
    assert live is not None and kept is not None
    assert (live.verdict, live.reasons) == (kept.verdict, kept.reasons)
    assert workbench.judge(sharp()) is not None


def test_how_the_case_lies_is_told_with_it(workbench: Workbench) -> None:
    taken = replace(sharp(), settings={"orientation": {"by": "ejector", "deg": 91.5}})
    quality = workbench.quality_of(captured(workbench, taken).id)
    assert quality is not None and quality.orientation_deg == 91.5
    for odd in ({}, {"orientation": "north"}, {"orientation": {"deg": None}}):
        judged = workbench.judge(replace(sharp(), settings=odd))
        assert judged is not None and judged.orientation_deg is None
