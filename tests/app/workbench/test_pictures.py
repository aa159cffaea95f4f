"""Pictures captured, imported, settled, outlined and looked at through the workbench."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from stand_in import StandIn
from workbench_parts import AUTHOR, Heard, frame, picture, png, registration

from app.capture import Frame
from app.domain import CaseheadError, Circle, Light, SearchState, now
from app.store import Casebook
from app.workbench import ImportOptions, Workbench
from tests.damaged import relief, x3p_bytes


def stored(workbench: Workbench, digest: str) -> bytes:
    return next(workbench.folder.glob(f"pixels/*/{digest}.*")).read_bytes()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_capture_is_lossless_and_says_how_it_came_to_be(
    workbench: Workbench, dtype: type[np.generic]
) -> None:
    mark = workbench.register(registration())
    pixels = (picture(1).astype(np.uint32) * np.iinfo(dtype).max // 255).astype(dtype)
    taken = Frame(pixels, 7, now(), 0.0, {"exposure_ms": 12.0}, light=Light.RING)
    kept = workbench.capture(mark.id, taken, objective="4x", pixel_um=2.53, camera="USB camera")
    data = stored(workbench, kept.digest)
    assert hashlib.sha256(data).hexdigest() == kept.digest
    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert back.dtype == dtype and np.array_equal(back, pixels)
    assert (kept.file_format, kept.bits, kept.lossy) == ("png", pixels.dtype.itemsize * 8, False)
    assert (kept.width, kept.height, kept.pixel_um) == (96, 96, 2.53)
    record = kept.record
    assert record.captured_at == taken.captured_at and record.author == AUTHOR
    assert (record.camera, record.objective, record.light) == ("USB camera", "4x", Light.RING)
    (typed,) = workbench.calibrations()
    assert (typed.method, typed.pixel_um, typed.optics.camera) == ("typed", 2.53, "USB camera")
    told = dict(record.settings)
    assert told.pop("quality")["verdict"] == "usable"  # too small to be judged
    assert told == {"exposure_ms": 12.0, "calibration": typed.id}
    assert record.software == "Casehead 0.1.0"


def test_a_frozen_frame_captured_twice_is_one_record(workbench: Workbench) -> None:
    mark = workbench.register(registration())
    heard = Heard(workbench)
    assert workbench.capture(mark.id, frame(1)) == workbench.capture(mark.id, frame(1))
    assert len(heard.all.acquired) == 1 and len(heard.all.cases) == 1


def test_a_capture_without_scale_is_kept_but_not_searched(
    opened: Callable[..., Workbench],
) -> None:
    workbench = opened(automatic_search=True)
    kept = workbench.capture(workbench.register(registration()).id, frame(1, None))
    assert not kept.searchable and workbench.searches() == ()
    with pytest.raises(CaseheadError, match="scale"):
        workbench.search(kept.id)
    with pytest.raises(CaseheadError, match="scale"):
        workbench.surface(kept.id)
    assert workbench.thumbnail(kept.id, 48).shape == (48, 48, 3)


@pytest.mark.parametrize("pixel_um", [0.0, -1.0, 1e6, float("nan")])
def test_an_implausible_scale_is_refused(workbench: Workbench, pixel_um: float) -> None:
    mark = workbench.register(registration())
    with pytest.raises(CaseheadError, match="plausible"):
        workbench.capture(mark.id, frame(1), pixel_um=pixel_um)
    with pytest.raises(CaseheadError, match="plausible"):
        workbench.import_paths([], ImportOptions(pixel_um=pixel_um))
    kept = workbench.capture(mark.id, frame(1))
    with pytest.raises(CaseheadError, match="plausible"):
        workbench.settle_scale(kept.id, pixel_um)


def test_a_settled_scale_supersedes_and_begins_a_search(
    opened: Callable[..., Workbench], library: StandIn
) -> None:
    workbench = opened(automatic_search=True)
    old = workbench.capture(workbench.register(registration()).id, frame(1, None))
    heard = Heard(workbench)
    new = workbench.settle_scale(old.id, 2.5)
    assert new.id != old.id and new.digest == old.digest and new.pixel_um == 2.5
    assert heard.all.acquired == {old.id, new.id}
    assert workbench.surface(new.id).pixel_um == 2.5
    mark_node = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0]
    assert mark_node.acquired == (new,)
    assert workbench.wait_idle(30)
    (line,) = workbench.searches()
    assert line.search.acquired_id == new.id and line.search.state is SearchState.DONE
    with pytest.raises(CaseheadError):
        workbench.settle_scale(old.id, 3.0)


def test_the_units_of_a_scan_are_settled_by_the_distance_of_its_points(
    workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "scans" / "odd.x3p"
    path.parent.mkdir()
    heights = (relief() * 1e-3).astype(np.float64)
    path.write_bytes(x3p_bytes(heights, increments=("6.25e-3", "6.25e-3", "1")))
    report = workbench.import_paths([path])
    (outcome,) = report.outcomes
    assert outcome.ok and outcome.acquired_id
    old = workbench.provenance(outcome.acquired_id).acquired
    assert old.pixel_um is None and old.units["sure"] == "no"
    assert "unit" in outcome.sentence
    assert workbench.thumbnail(old.id, 16).shape[1] == 16
    with pytest.raises(CaseheadError, match="any unit"):
        workbench.settle_scale(old.id, 4.4)
    new = workbench.settle_scale(old.id, 6.25, z_unit="mm")
    assert new.pixel_um == pytest.approx(6.25)
    assert (new.units["xy_unit"], new.units["z_unit"], new.units["sure"]) == ("mm", "mm", "yes")
    surface = workbench.surface(new.id)
    assert np.ptp(surface.values) == pytest.approx(np.ptp(relief()), rel=1e-3)


def test_a_region_is_found_once_and_the_examiners_beats_it(
    workbench: Workbench, library: StandIn
) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    heard = Heard(workbench)
    found = workbench.region(kept.id)
    assert (found.source, found.outer) == ("automatic", Circle(120, 120, 120))
    assert workbench.region(kept.id) == found and heard.all.regions == {kept.id}
    corrected = workbench.correct_region(kept.id, Circle(120, 120, 80), Circle(110, 120, 30))
    assert workbench.region(kept.id) == corrected
    assert (corrected.source, corrected.confidence) == ("examiner", 1.0)
    assert workbench.side(kept.id).focus == corrected.outer


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (Circle(120, 120, 0), None),
        (Circle(500, 120, 50), None),
        (Circle(120, 120, 50), Circle(120, 120, 50)),
        (Circle(120, 120, 50), Circle(160, 120, 20)),
    ],
)
def test_circles_that_bear_no_mark_are_refused(
    workbench: Workbench, outer: Circle, inner: Circle | None
) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    with pytest.raises(CaseheadError, match="circle"):
        workbench.correct_region(kept.id, outer, inner)


def test_a_thumbnail_is_the_picture_made_small_and_is_kept(workbench: Workbench) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    first = workbench.thumbnail(kept.id, 24)
    expected = cv2.resize(picture(1), (24, 24), interpolation=cv2.INTER_AREA)
    assert first.dtype == np.uint8 and np.array_equal(first[..., 0], expected)
    next(workbench.folder.glob("pixels/*/*.png")).unlink()
    assert np.array_equal(workbench.thumbnail(kept.id, 24), first)


def test_damaged_pixels_are_told(workbench: Workbench) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    file = next(workbench.folder.glob("pixels/*/*.png"))
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(CaseheadError):
        workbench.surface(kept.id)
    assert any(kept.digest[:8] in problem for problem in workbench.check())


def test_an_import_tells_its_changes_and_its_searches_begin_after_it(
    opened: Callable[..., Workbench], library: StandIn, tmp_path: Path
) -> None:
    workbench = opened(automatic_search=True)
    for seed in range(3):
        png(tmp_path / "R-1" / f"{seed}.png", picture(seed))
    heard = Heard(workbench)
    seen_by_search: set[int] = set()

    def note(changes: object) -> None:
        if workbench.running():
            seen_by_search.add(len(workbench.tree()[0].exhibits))

    workbench.subscribe(note)
    report = workbench.import_paths([tmp_path / "R-1"], ImportOptions(pixel_um=2.5))
    assert len(report.acquired_ids) == 3
    assert workbench.wait_idle(60)
    assert seen_by_search == {3}
    assert heard.all.acquired == set(report.acquired_ids)
    assert [line.search.planned for line in workbench.searches()] == [2, 2, 2]
    assert workbench.unseen_count() == 3


def test_what_an_import_kept_is_on_the_disk(workbench: Workbench, tmp_path: Path) -> None:
    source = png(tmp_path / "R-1" / "a.png", picture(1))
    (acquired_id,) = workbench.import_paths([source], ImportOptions(pixel_um=2.5)).acquired_ids
    workbench.close()
    with Casebook.open(workbench.folder) as casebook:
        kept = casebook.acquired(acquired_id)
        assert casebook.pixels(kept.digest) == source.read_bytes()
        assert casebook.check() == ()
