"""A line of text to a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.capture import BenchSource, FrameFolder, OpenCVDevice, StreamSource, VideoFile, open_source
from app.capture.bench import StandardSource
from app.domain import CaseheadError, Light


def test_every_form_gives_its_source(tmp_path: Path) -> None:
    (tmp_path / "v.avi").write_bytes(b"x")
    assert isinstance(open_source("device:3"), OpenCVDevice)
    assert isinstance(open_source("rtsp://scope.lab/1"), StreamSource)
    assert isinstance(open_source(f"video:{tmp_path / 'v.avi'}"), VideoFile)
    assert isinstance(open_source(f"folder:{tmp_path}"), FrameFolder)
    bench = open_source("bench:gun=2, shot=3, light=side, machining=cast")
    assert isinstance(bench, BenchSource)
    assert (bench.specimen.firearm.seed, bench.specimen.shot) == (2, 3)
    assert (bench.specimen.firearm.machining, bench.light) == ("cast", Light.SIDE)
    assert bench.tells_scale and bench.pixel_um == 5.06
    standard = open_source("bench:show=ruling, step=10, um=2.53, turn=-12.5")
    assert isinstance(standard, StandardSource)
    assert (standard.kind, standard.step_um) == ("ruling", 10)
    assert (standard.seen.pixel_um, standard.seen.turn_deg) == ((2.53, 2.53), -12.5)
    untold = open_source("bench:gun=2,scale=untold")
    assert isinstance(untold, BenchSource) and not untold.tells_scale
    assert untold.name == standard.name


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("", "names no camera"),
        ("webcam", "names no camera"),
        ("device:first", "device:0"),
        ("device:-1", "device:0"),
        ("video:nowhere.avi", "no video"),
        ("folder:nowhere", "no folder"),
        ("folder:", "no folder"),
        ("http://", "no host"),
        ("bench:gun=0", "from 1"),
        ("bench:gun", "does not understand"),
        ("bench:colour=red", "does not understand"),
        ("bench:light=blue", "ring or side"),
        ("bench:machining=carved", "milled, filed"),
        ("bench:machining=carved,gun=²", "will not do"),
        ("bench:show=ruler", "ruling, crossed"),
        ("bench:show=ruling,turn=left", "use a number"),
        ("bench:um=nan", "micrometres"),
    ],
)
def test_a_wrong_line_is_a_sentence(spec: str, says: str) -> None:
    with pytest.raises(CaseheadError, match=says):
        open_source(spec)
