"""Recorded material as sources: a real video file and a folder of frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.capture import (
    CaptureSession,
    FrameFolder,
    SessionState,
    SourceEnded,
    SourceLost,
    VideoFile,
)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five frames, red brightening from 40 to 200, at 30 frames a second."""
    path = tmp_path_factory.mktemp("video") / "bench.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (64, 48))
    for red in (40, 80, 120, 160, 200):
        writer.write(np.full((48, 64, 3), (0, 0, red), np.uint8))
    writer.release()
    return path


def test_a_video_plays_its_frames_in_order_and_ends(video: Path) -> None:
    source = VideoFile(video, loop=False, rate=0)
    source.open()
    reds = [int(source.read().pixels[10, 10, 0]) for _ in range(5)]
    assert np.abs(np.array(reds) - (40, 80, 120, 160, 200)).max() < 12
    with pytest.raises(SourceEnded, match="has ended"):
        source.read()
    source.close()


def test_a_looping_video_begins_again(video: Path) -> None:
    source = VideoFile(video, rate=0)
    source.open()
    reds = [int(source.read().pixels[10, 10, 0]) for _ in range(7)]
    source.close()
    assert abs(reds[5] - 40) < 12 and abs(reds[6] - 80) < 12


def test_a_video_plays_at_its_own_rate(video: Path) -> None:
    source = VideoFile(video)
    source.open()
    times = [source.read().monotonic for _ in range(5)]
    source.close()
    assert times[-1] - times[0] > 0.9 * 4 / 30


def test_a_session_stops_with_the_end_of_a_video(video: Path) -> None:
    session = CaptureSession(VideoFile(video, loop=False, rate=0))
    session.start()
    session._thread.join(30)  # type: ignore[union-attr]
    assert session.state is SessionState.STOPPED
    assert "has ended" in session.sentence


def test_no_video_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceLost, match="no video"):
        VideoFile(tmp_path / "none.avi").open()
    (tmp_path / "text.avi").write_text("not a video")
    with pytest.raises(SourceLost, match=r"text\.avi is no video"):
        VideoFile(tmp_path / "text.avi").open()


def _write(path: Path, value: int, dtype: type = np.uint8) -> None:
    cv2.imwrite(str(path), np.full((8, 10), value, dtype))


def test_a_folder_goes_by_natural_order_keeps_depth_and_skips_what_is_broken(
    tmp_path: Path,
) -> None:
    _write(tmp_path / "f10.png", 10)
    _write(tmp_path / "f9.tif", 40000, np.uint16)
    (tmp_path / "f1.png").write_bytes(b"\x89PNG broken")
    (tmp_path / "notes.txt").write_text("not a picture")
    source = FrameFolder(tmp_path, rate=0)
    source.open()
    frames = [source.read() for _ in range(3)]
    assert [f.settings["file"] for f in frames] == ["f9.tif", "f10.png", "f9.tif"]
    assert frames[0].pixels.dtype == np.uint16 and int(frames[0].pixels[0, 0]) == 40000
    assert source.skipped == ("f1.png",)


def test_a_folder_that_does_not_loop_ends(tmp_path: Path) -> None:
    _write(tmp_path / "a.png", 1)
    source = FrameFolder(tmp_path, rate=0, loop=False)
    source.open()
    source.read()
    with pytest.raises(SourceEnded, match="no more pictures"):
        source.read()


def test_folders_without_pictures_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceLost, match="holds no picture"):
        FrameFolder(tmp_path).open()
    with pytest.raises(SourceLost, match="no folder"):
        FrameFolder(tmp_path / "none").open()
    (tmp_path / "bad.png").write_bytes(b"")
    source = FrameFolder(tmp_path, rate=0)
    source.open()
    with pytest.raises(SourceEnded, match="can be read"):
        source.read()
