"""Exports at the resolution of the evidence, and the files they become."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile

from app.domain import Alignment, CaseheadError
from app.picture import Mode, Side, ViewState, fit, render
from app.picture.adjust import Adjustment
from app.picture.exporting import LONGEST_PX, captioned, plan_export, wrapped
from app.picture.saving import Labels, check_target, picture_bytes
from app.picture.wording import adjust_words, light_words
from app.picture.writing import write_whole

RNG = np.random.default_rng(7)
FINE = Side(RNG.integers(0, 256, (700, 1000), dtype=np.uint8), 2.0, "A", "evidence")
COARSE = Side(RNG.integers(0, 256, (300, 400), dtype=np.uint8), 5.0, "B", "test fire")
LAID = Alignment(20.0, (100.0, -50.0))
LABELS = Labels(2.5, "Casehead 1", "A with B\n1 px = 2.5 µm, Ёлка")


def seen(mode: Mode = Mode.SPLIT, **changes: object) -> ViewState:
    view = fit(FINE, COARSE, LAID, (900, 600), ViewState(mode=mode))
    return replace(view, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("um_per_px", [0.9, 1.3, 7.0])
def test_one_pixel_is_one_of_the_finer_picture(um_per_px: float, whole: bool) -> None:
    view = seen(Mode.BLINK, um_per_px=um_per_px, centre_um=(33.3, -11.1), seen_px=(2000, 1500))
    plan = plan_export(FINE, COARSE, LAID, view, whole=whole)
    assert plan.um_per_px == 2.0 and "one of the finer evidence picture, 2 µm" in plan.sentence
    picture = render(FINE, COARSE, LAID, plan.view, plan.size)[..., 0]
    # the very pixels stand in it, unchanged, above the scale bar and away from the edge
    place = cv2.matchTemplate(picture, FINE.pixels[300:360, 450:550], cv2.TM_SQDIFF)
    assert place.min() == 0


def test_the_field_as_seen_is_the_field_seen() -> None:
    view = seen(um_per_px=4.0, seen_px=(900, 600))
    plan = plan_export(FINE, COARSE, LAID, view)
    assert plan.size == (1800, 1200)
    assert np.hypot(*(np.array(plan.view.centre_um) - view.centre_um)) <= 2.0
    assert plan.view.divider_at == view.divider_at


def test_both_marks_whole_are_in_the_field() -> None:
    full = (
        Side(np.full((700, 1000), 90, np.uint8), 2.0),
        Side(np.full((300, 400), 200, np.uint8), 5.0),
    )
    plan = plan_export(*full, LAID, seen(Mode.OVERLAY, opacity=1.0), whole=True)
    picture = render(*full, LAID, plan.view, plan.size)[..., 0]
    area = 300 * 400 * 25 / 4
    assert (picture > 150).sum() == pytest.approx(area, rel=0.02)
    filled = picture > 40
    for edge in (filled[:4], filled[-4:], filled[:, :4], filled[:, -4:]):
        assert edge.any(), "no room is left round them"
    side = plan_export(*full, LAID, seen(Mode.SIDE), whole=True)
    assert side.size[0] == pytest.approx(2 * plan.size[0], abs=1) and side.size[1] == plan.size[1]


@pytest.mark.parametrize("divider", ["vertical", "horizontal"])
@pytest.mark.parametrize(("slant", "turned"), [(0.0, 0.0), (0.0, 30.0), (20.0, 0.0), (-15.0, 40.0)])
def test_the_dividing_line_cuts_the_same_places(divider: str, slant: float, turned: float) -> None:
    dark = Side(np.full((700, 1000), 40, np.uint8), 2.0)
    pale = Side(np.full((700, 1000), 220, np.uint8), 2.0)
    view = ViewState(
        divider=divider,  # type: ignore[arg-type]
        divider_at=0.4,
        divider_deg=slant,
        view_rotation_deg=turned,
        um_per_px=2.0,
        centre_um=(120.0, -60.0),
        seen_px=(300, 200),
    )
    small, large = (plan_export(dark, pale, Alignment(), view, whole=w) for w in (False, True))
    assert large.size > small.size
    before, after = (render(dark, pale, Alignment(), p.view, p.size) for p in (small, large))
    found = cv2.matchTemplate(after, before[20:100, 20:280], cv2.TM_CCOEFF_NORMED)
    assert found.max() > 0.98


def test_a_field_too_large_is_drawn_coarser_and_says_so() -> None:
    view = seen(um_per_px=20.0, seen_px=(1500, 1000))
    plan = plan_export(FINE, COARSE, LAID, view, limit_px=1_000_000)
    assert plan.size[0] * plan.size[1] == pytest.approx(1_000_000, rel=0.01)
    assert "coarser than the 2 µm" in plan.sentence and "1 megapixels" in plan.sentence
    long = plan_export(FINE, COARSE, LAID, seen(um_per_px=100.0, seen_px=(2000, 10)))
    assert max(long.size) <= LONGEST_PX


def test_a_small_field_is_enlarged_by_a_whole_number() -> None:
    plan = plan_export(FINE, COARSE, LAID, seen(um_per_px=0.5, seen_px=(900, 600)))
    assert plan.um_per_px == pytest.approx(0.5) and plan.size == (900, 600)
    assert "4 x 4 pixels large" in plan.sentence


def test_a_view_never_seen_is_fitted_first() -> None:
    plan = plan_export(FINE, COARSE, LAID, ViewState())
    assert plan.um_per_px == 2.0 and min(plan.size) > 500


def test_nothing_of_a_caption_is_left_out() -> None:
    field = np.full((300, 500, 3), 99, np.uint8)
    short = captioned(field, [("A", "evidence"), ("B", "")], ["one line"])
    assert short.shape[1] == 500 and np.array_equal(short[:300], field)
    long = captioned(field, [("A" * 90, "evidence"), ("Ж" * 90, "")], ["word " * 60])
    assert long.shape[0] > short.shape[0] + 100
    assert (long[-12:] == 30).all(), "the last line is inside the band"
    lines = wrapped("a " + "b" * 300 + " c", 14, 200)
    assert "".join(lines).replace(" ", "") == "a" + "b" * 300 + "c" and len(lines) > 5


def test_a_tiff_says_its_scale_software_and_caption(tmp_path: Path) -> None:
    picture = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    data = picture_bytes(picture, "TIFF", LABELS)
    assert data == picture_bytes(picture, "TIFF", LABELS)
    with tifffile.TiffFile(write_whole(tmp_path / "a.tif", data)) as file:
        tags = file.pages[0].tags  # type: ignore[union-attr]
        assert np.array_equal(file.asarray(), picture)
        per_cm = tags["XResolution"].value
        assert per_cm[0] / per_cm[1] == pytest.approx(4000) and tags["ResolutionUnit"].value == 3
        assert tags["Software"].value == "Casehead 1"
        text = tags["ImageDescription"].value
        assert (text.decode() if isinstance(text, bytes) else text) == LABELS.caption


def test_a_png_says_its_scale_software_and_caption() -> None:
    picture = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    data = picture_bytes(picture, "PNG", LABELS)
    assert np.array_equal(cv2.imdecode(np.frombuffer(data, np.uint8), 1)[..., ::-1], picture)
    at = data.index(b"pHYs")
    assert struct.unpack(">IIB", data[at + 4 : at + 13]) == (400_000, 400_000, 1)
    assert LABELS.caption.encode() in data and b"Software\0\0\0\0\0Casehead 1" in data


def test_files_are_never_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"mine")
    for refuse in (check_target, lambda p, overwrite: write_whole(p, b"x", overwrite=overwrite)):
        with pytest.raises(CaseheadError, match="already; nothing was written"):
            refuse(path, overwrite=False)
    assert path.read_bytes() == b"mine"
    assert write_whole(path, b"new", overwrite=True).read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaseheadError, match=r"end in \.png or \.tif"):
        check_target(tmp_path / "a.jpeg", overwrite=False)
    with pytest.raises(CaseheadError, match="is a folder"):
        write_whole(tmp_path, b"x", overwrite=True)
    with pytest.raises(CaseheadError, match="could not be written"):
        write_whole(tmp_path / "file" / "a.png", b"x")


def test_recipes_are_said_by_side() -> None:
    plain, more = Adjustment(), Adjustment(contrast=20)
    assert adjust_words(ViewState()) == ""
    assert adjust_words(ViewState(adjust=(more, more))) == "both sides: contrast +20"
    assert adjust_words(ViewState(adjust=(plain, more))) == "left: as captured; right: contrast +20"
    assert light_words(ViewState(), (FINE, COARSE)) == ""
