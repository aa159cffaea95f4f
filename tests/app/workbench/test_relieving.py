"""Relief from the lights of a set: kept with its sources, checked, exported, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from workbench_parts import Heard, frame, png, registration

from app.capture.relief import NOT_CALIBRATED, RELIEF
from app.domain import Alignment, CaseheadError, Circle, Light, Score
from app.workbench import Workbench
from app.workbench.lights import LIGHT_AZIMUTH
from app.workbench.relieving import LIGHT_NAME, LIGHT_SET
from correlation.x3p import Record2, read_x3p, write_x3p
from tests.relit import around, ball, exposed, lit

PIXEL_UM = 10.0
LIGHTS = {f"side {a:.0f}": (a, 30.0) for a in around(4, 0.0)}


def heights(seed: int = 4, side: int = 320) -> np.ndarray:
    """A breech face of 3.2 mm with a hole, relief of 60 to 250 um."""
    noise = np.random.default_rng(seed).normal(size=(side, side)).astype(np.float32)
    rough = cv2.GaussianBlur(noise, (0, 0), 2.0)
    y, x = (np.mgrid[:side, :side] - (side - 1) / 2) * PIXEL_UM
    face = rough * (2.0 / rough.std())
    return np.where((np.hypot(x, y) < 1500) & (np.hypot(x - 50, y) > 500), face, np.nan)


def capture_set(
    workbench: Workbench, mark_id: str, key: str = "set", set_id: str = "a"
) -> list[str]:
    """Four lights of one mark; ``key`` says how their records tell the light."""
    made = []
    pictures = exposed([lit(heights(), PIXEL_UM, *at) for at in LIGHTS.values()])
    for (name, at), picture in zip(LIGHTS.items(), pictures, strict=True):
        told = {LIGHT_NAME: name} if key == "set" else {LIGHT_AZIMUTH: at[0] + 0.7}
        pixels = np.rint(picture * 255).astype(np.uint8)
        taken = replace(
            frame(1),
            pixels=pixels,
            pixel_um=PIXEL_UM,
            light=Light.SIDE,
            settings={LIGHT_SET: set_id, **told},
        )
        made.append(workbench.capture(mark_id, taken, camera="bench").id)
    return made


def measured(workbench: Workbench, tmp_path: Path, mark_id: str) -> str:
    """The truth as a scan of the same mark."""
    about = Record2(
        "2026-03-31", "J. Doe", "M", "m", "1", "1", "2026-03-01", "NonContacting", "10x"
    )
    path = tmp_path / "truth.x3p"
    path.write_bytes(write_x3p(heights().astype(np.float32), PIXEL_UM, about))
    report = workbench.import_paths([path])
    imported = workbench._casebook.acquired(report.acquired_ids[0])
    own = replace(imported, mark_id=mark_id, id="f" * 32)
    return workbench._casebook.add_acquired(own).id


@pytest.mark.parametrize("key", ["set", "azimuth"])
def test_a_set_becomes_a_scan_with_its_sources_and_recipe(workbench: Workbench, key: str) -> None:
    mark = workbench.register(registration()).id
    images = capture_set(workbench, mark, key)
    workbench.correct_region(images[0], Circle(1600.0, 1590.0, 1450.0), None)
    rig = workbench.enter_light_rig("stand 1", LIGHTS)
    heard = Heard(workbench)
    relief = workbench.relief(images[0], form_um=600.0)
    assert heard.all.acquired == {relief.id} and not heard.all.searches
    assert (relief.kind, relief.mark_id, relief.pixel_um) == ("scan", mark, PIXEL_UM)
    assert relief.warnings[0] == NOT_CALIBRATED
    score = Score("method", "1", 0.5, 0.5, 20, 10, Alignment(), 0.9, 0.1, {})
    assert "measured heights" in workbench.meaning(score, relief.id, images[0]).refusal
    recipe = relief.record.settings[RELIEF]
    assert recipe["rig"]["id"] == rig.id and recipe["rig"]["by"] == "J. Doe"
    digests = {workbench._casebook.acquired(i).digest for i in images}
    assert {one["digest"] for one in recipe["sources"]} == digests
    assert {one["name"] for one in recipe["sources"]} == set(LIGHTS)
    region = workbench.region(relief.id)
    assert (region.outer.radius_um, region.source) == (1450.0, "examiner")
    surface = workbench.surface(relief.id)
    known = np.isfinite(surface.values) & np.isfinite(heights())
    assert np.corrcoef(surface.values[known], heights()[known])[0, 1] > 0.95
    assert workbench.thumbnail(relief.id, 64).shape == (64, 64, 3)  # the desk can light it
    assert workbench.relief(images[1], form_um=600.0) == relief
    assert workbench.relief(images[1], form_um=500.0).id != relief.id
    assert workbench._casebook.check() == ()


def test_another_set_of_the_mark_is_left_out_and_lights_can_be_named(
    workbench: Workbench,
) -> None:
    mark = workbench.register(registration()).id
    images = capture_set(workbench, mark)
    rig = workbench.enter_light_rig("stand 1", LIGHTS)
    stray = replace(frame(9), pixels=frame(9, PIXEL_UM).pixels[:96, :96], settings={LIGHT_SET: "b"})
    workbench.capture(mark, stray, camera="bench")
    assert workbench.lit_set(images[0], rig) == dict(zip(LIGHTS, images, strict=True))
    other = workbench.enter_light_rig("stand 2", {n.upper() + " b": at for n, at in LIGHTS.items()})
    assert workbench.light_rig("STAND 2") == other == workbench.light_rig()
    named = {f"{n.upper()} b": i for n, i in zip(LIGHTS, images, strict=True)}
    assert workbench.relief(images[0], other, named).kind == "scan"
    with pytest.raises(CaseheadError, match="no light called 'side 0'"):
        workbench.relief(images[0], other, dict(zip(LIGHTS, images, strict=True)))
    elsewhere = workbench.register(registration("3B")).id
    alien = workbench.capture(elsewhere, frame(3), camera="bench").id
    with pytest.raises(CaseheadError, match="of one mark"):
        workbench.relief(images[0], other, {**named, "SIDE 0 b": alien})


def test_a_relief_is_checked_against_a_scan_and_says_so_in_the_file(
    workbench: Workbench, tmp_path: Path
) -> None:
    mark = workbench.register(registration()).id
    images = capture_set(workbench, mark)
    workbench.enter_light_rig("stand 1", LIGHTS)
    relief = workbench.relief(images[0])
    plain = workbench.export_relief(relief.id, tmp_path / "plain.x3p")
    assert "Verified" not in read_x3p(plain).metadata["comment"]
    scan_id = measured(workbench, tmp_path, mark)
    check = workbench.check_relief(relief.id, scan_id)
    print(check.figures)
    assert check.figures["correlation"] > 0.97
    assert check.figures["gain"] == pytest.approx(1.0, abs=0.1)
    assert check.figures["rms_um"] < 0.25 * check.figures["scan_rms_um"]
    assert abs(check.figures["rotation_deg"]) < 0.5
    assert workbench.relief_checks(relief.id) == (check,)
    comment = read_x3p(workbench.export_relief(relief.id, tmp_path / "r.x3p")).metadata["comment"]
    assert comment.startswith(NOT_CALIBRATED)
    assert f"against the measured scan {scan_id}" in comment and '"digest"' in comment
    assert workbench._casebook.journal(1)[0].action == "relief exported"
    with pytest.raises(CaseheadError, match=r"a file .* already"):
        workbench.export_relief(relief.id, tmp_path / "r.x3p")
    with pytest.raises(CaseheadError, match=r"end in \.x3p"):
        workbench.export_relief(relief.id, tmp_path / "r.tif")
    for one in (relief.id, images[0]):
        with pytest.raises(CaseheadError, match="against a measured scan of the same mark"):
            workbench.check_relief(relief.id, one)
    with pytest.raises(CaseheadError, match="no relief made from lights"):
        workbench.export_relief(scan_id, tmp_path / "s.x3p")
    assert workbench._casebook.check() == ()


def test_lights_are_calibrated_with_a_ball_whose_pictures_are_kept(
    workbench: Workbench, tmp_path: Path
) -> None:
    files = {
        name: png(tmp_path / f"{k}.png", np.rint(ball(*at, seed=k) * 255).astype(np.uint8))
        for k, (name, at) in enumerate(LIGHTS.items())
    }
    rig = workbench.calibrate_light_rig("stand 1", files)
    for light in rig.lights:
        azimuth, elevation = LIGHTS[light.name]
        assert (light.azimuth_deg - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=0.5)
        assert light.elevation_deg == pytest.approx(elevation, abs=0.5)
    assert len(rig.sources) == 4
    assert workbench._casebook.pixels(rig.sources[0]) == files["side 0"].read_bytes()
    with pytest.raises(CaseheadError, match=r"none\.png: The file is not there"):
        workbench.calibrate_light_rig("stand 1", {**files, "side 0": tmp_path / "none.png"})
    with pytest.raises(CaseheadError, match="at least three lights"):
        workbench.calibrate_light_rig("stand 1", {"side 0": files["side 0"]})
    assert workbench.light_rigs() == (rig,)


def test_a_stand_nobody_calibrated_and_lights_on_one_side_are_told(workbench: Workbench) -> None:
    with pytest.raises(CaseheadError, match="No light rig is known yet"):
        workbench.light_rig()
    with pytest.raises(CaseheadError, match="on one side"):
        workbench.enter_light_rig("s", {"a": (0.0, 30.0), "b": (20.0, 30.0), "c": (40.0, 30.0)})
    with pytest.raises(CaseheadError, match="at or below"):
        workbench.enter_light_rig("s", {"a": (0.0, -3.0), "b": (120.0, 30.0), "c": (240.0, 30.0)})
    mark = workbench.register(registration()).id
    image = workbench.capture(mark, frame(1), camera="bench").id
    workbench.enter_light_rig("stand 1", LIGHTS)
    with pytest.raises(CaseheadError, match="at least three lights of known direction, not 0"):
        workbench.relief(image)
