"""Cameras through OpenCV, on a real MJPEG stream over loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.capture import (
    CaptureSession,
    OpenCVDevice,
    SessionState,
    SourceLost,
    StreamSource,
    devices,
)
from app.capture import cameras as cameras_module
from app.capture.cameras import as_rgb
from tests.app.capture.capture_parts import NO_PAUSE, until
from tests.mjpeg import MjpegServer

RED_TOP = np.zeros((120, 160, 3), np.uint8)
RED_TOP[:60, :, 0] = 220
RED_TOP[60:, :, 2] = 120


def test_frames_of_a_stream_arrive_in_true_colours() -> None:
    with MjpegServer([RED_TOP]) as server:
        source = StreamSource(server.address)
        source.open()
        frame = source.read()
        source.close()
    assert frame.pixels.shape == (120, 160, 3)
    assert np.abs(frame.pixels[20, 20].astype(int) - (220, 0, 0)).max() < 12
    assert np.abs(frame.pixels[100, 20].astype(int) - (0, 0, 120)).max() < 12
    assert frame.settings["width"] == 160
    assert frame.number == 1 and frame.captured_at


def test_a_dropped_stream_is_told_and_resumes_by_itself() -> None:
    with (
        MjpegServer([RED_TOP], rate=60) as server,
        CaptureSession(StreamSource(server.address), pauses=NO_PAUSE) as session,
    ):
        session.wait_for_frame(30)
        server.drop()
        assert until(lambda: session.state is SessionState.LOST)
        assert "127.0.0.1" in session.sentence and "check" in session.sentence
        last = session.newest()
        server.resume()
        session.wait_for_frame(30, newer_than=last)
        assert session.state is SessionState.LIVE


def test_a_silent_stream_is_a_loss_within_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras_module, "READ_TIMEOUT_MS", 300)
    with MjpegServer([RED_TOP], rate=60) as server:
        source = StreamSource(server.address)
        source.open()
        source.read()
        server.hold()
        with pytest.raises(SourceLost, match="broke off"):
            for _ in range(500):
                source.read()
        source.close()


def test_an_address_where_nobody_answers_is_a_sentence_without_the_password() -> None:
    source = StreamSource("http://anna:secret@127.0.0.1:9/none")
    assert "secret" not in source.name
    with pytest.raises(SourceLost, match="check the address") as refused:
        source.open()
    assert "secret" not in str(refused.value)


def test_reading_before_opening_is_a_sentence() -> None:
    with pytest.raises(SourceLost, match="not open"):
        StreamSource("http://127.0.0.1:9/none").read()


def test_a_camera_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(SourceLost, match="Camera 63"):
        OpenCVDevice(63).open()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="device files are Linux's")
def test_no_permission_and_busy_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not connected" in cameras_module._linux_refusal("Cam", Path("/dev/video63"))
    assert "another program" in cameras_module._linux_refusal("Cam", Path(os.devnull))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "may not use it" in cameras_module._linux_refusal("Cam", Path(os.devnull))


def test_devices_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras_module, "_enumerated", lambda: [(0, "Scope"), (2, "Scope")])
    assert [(d.name, d.spec) for d in devices()] == [
        ("Scope", "device:0"),
        ("Scope (2)", "device:2"),
    ]


def test_where_names_are_not_told_cameras_have_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> list[tuple[int, str]]:
        raise OSError("no enumeration here")

    monkeypatch.setattr(cameras_module, "_enumerated", refuse)
    monkeypatch.setattr("platform.system", lambda: "Elsewhere")
    assert [(d.name, d.spec) for d in devices()] == [("Camera 0", "device:0")]


def test_colour_order_grey_and_alpha() -> None:
    bgr = np.array([[[1, 2, 3]]], np.uint16)
    assert as_rgb(bgr).tolist() == [[[3, 2, 1]]] and as_rgb(bgr).dtype == np.uint16
    assert as_rgb(np.array([[[1, 2, 3, 9]]], np.uint8)).tolist() == [[[3, 2, 1]]]
    assert as_rgb(np.array([[[7]]], np.uint8)).tolist() == [[7]]


def test_importing_capture_leaves_qt_alone_and_the_terminal_clean() -> None:
    code = (
        "import os\n"
        "from app.capture import OpenCVDevice, SourceLost, StreamSource\n"
        "for source in (OpenCVDevice(61), StreamSource('http://127.0.0.1:9/x')):\n"
        "    try: source.open()\n"
        "    except SourceLost: pass\n"
        "print([name for name in os.environ if name.startswith('QT_QPA_')])\n"
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=clean,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
