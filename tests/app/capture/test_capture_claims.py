"""One station to a camera; pictures that stand still; cameras that open and deliver nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.capture import CaptureSession, Frame, OpenCVDevice, SourceLost
from app.capture import cameras as cameras_module
from app.capture.claims import Claim
from tests.app.capture.capture_parts import NO_PAUSE, until
from tests.app.capture.test_capture_controls import FakeCapture


def test_a_second_station_is_told_and_gets_it_afterwards(tmp_path: Path) -> None:
    first, second = (Claim("Linux 0", "Scope", tmp_path) for _ in range(2))
    first.take()
    with pytest.raises(SourceLost, match="Scope is in use by another Casehead on this PC"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_station_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, os\n"
        "from pathlib import Path\n"
        "from app.capture.claims import Claim\n"
        "Claim('Linux 0', 'Scope', Path(sys.argv[1])).take()\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == 9
    claim = Claim("Linux 0", "Scope", tmp_path)
    claim.take()
    claim.release()


def test_where_no_claim_can_be_kept_the_driver_decides(tmp_path: Path) -> None:
    claim = Claim("Linux 0", "Scope", tmp_path / "absent" / "file")
    claim._lock.acquire = _refuse  # type: ignore[method-assign]
    claim.take()


def _refuse(*_: Any, **__: Any) -> Any:
    raise PermissionError("not here")


def test_two_devices_on_one_camera(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cameras_module.OpenCVDevice, "_connect", lambda self: FakeCapture())
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    first, second = OpenCVDevice(7, "Scope"), OpenCVDevice(7, "Scope")
    first.open()
    first.read()
    with pytest.raises(SourceLost, match="another Casehead"):
        second.open()
    first.close()
    second.open()
    second.close()


def test_a_camera_without_a_first_picture_is_likely_used_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    driver = FakeCapture()
    monkeypatch.setattr(cameras_module.OpenCVDevice, "_connect", lambda self: driver)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    device = OpenCVDevice(8, "Scope")
    device.open()
    device.read()
    driver.read = lambda: (False, None)  # type: ignore[method-assign]
    with pytest.raises(SourceLost, match="check its cable"):
        device.read()
    device.close()
    device.open()
    with pytest.raises(SourceLost, match="another program may be using it"):
        device.read()
    device.close()


class Standing:
    """A camera whose picture does not change, or does."""

    name = "Scope"

    def __init__(self, has_noise: bool) -> None:
        self.has_noise, self.number, self.moving = has_noise, 0, False

    def open(self) -> None: ...

    def close(self) -> None: ...

    def read(self) -> Frame:
        self.number += 1
        value = self.number % 250 if self.moving else 3
        return Frame(np.full((64, 64), value, np.uint8), self.number, "", 0.0)


def test_a_picture_that_stands_still_is_told_until_it_moves() -> None:
    now = [100.0]
    source = Standing(has_noise=True)
    with CaptureSession(source, pauses=NO_PAUSE, clock=lambda: now[0]) as session:
        session.wait_for_frame(30)
        assert session.warning == ""
        now[0] += 5.0
        assert until(lambda: "very same picture for 5 s" in session.warning)
        source.moving = True
        assert until(lambda: session.warning == "")


def test_recorded_material_may_stand_still() -> None:
    now = [100.0]
    with CaptureSession(Standing(False), pauses=NO_PAUSE, clock=lambda: now[0]) as session:
        session.wait_for_frame(30)
        now[0] += 50.0
        seen = session.newest()
        session.wait_for_frame(30, newer_than=seen)
        assert session.warning == ""
