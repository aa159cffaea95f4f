"""Settings of cameras: what is offered is set, what reads back unchanged is told in words."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from app.capture import BenchSource, CaptureSession, OpenCVDevice
from app.capture import cameras as cameras_module
from app.capture.bench import firearm_number
from app.capture.controls import Controllable, Controls, Reformat, Resize, Turn
from app.capture.device_controls import DeviceControls
from tests.app.capture.capture_parts import NO_PAUSE, until


class FakeCapture:
    """A driver: ``values`` it tells, ``fixed`` it does not let be set, sizes it has."""

    def __init__(self, backend: str = "V4L2", fixed: frozenset[int] = frozenset()) -> None:
        self.backend, self.fixed = backend, fixed
        self.values: dict[int, float] = {
            cv2.CAP_PROP_EXPOSURE: 157.0,
            cv2.CAP_PROP_AUTO_EXPOSURE: 3.0,
            cv2.CAP_PROP_GAIN: 10.0,
            cv2.CAP_PROP_WB_TEMPERATURE: 4600.0,
            cv2.CAP_PROP_AUTO_WB: 1.0,
            cv2.CAP_PROP_FRAME_WIDTH: 640.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 480.0,
            cv2.CAP_PROP_FOURCC: float(cv2.VideoWriter.fourcc(*"YUYV")),
        }
        self.sizes = ((640, 480), (1280, 720))
        self._asked_width = 640

    def getBackendName(self) -> str:
        return self.backend

    def isOpened(self) -> bool:
        return True

    def get(self, key: int) -> float:
        return self.values.get(key, 0.0 if self.backend == "V4L2" else -1.0)

    def set(self, key: int, value: float) -> bool:
        if key == cv2.CAP_PROP_FRAME_WIDTH:
            self._asked_width = int(value)
            return True
        if key == cv2.CAP_PROP_FRAME_HEIGHT:
            nearest = min(self.sizes, key=lambda s: abs(s[0] - self._asked_width))
            self.values[cv2.CAP_PROP_FRAME_WIDTH] = float(nearest[0])
            self.values[cv2.CAP_PROP_FRAME_HEIGHT] = float(nearest[1])
            return True
        if key in self.fixed or key not in self.values:
            return False
        self.values[key] = value
        return True

    def read(self) -> tuple[bool, Any]:
        return True, np.zeros((48, 64, 3), np.uint8)

    def release(self) -> None: ...


def controls_of(capture: FakeCapture) -> DeviceControls:
    made: Any = capture
    return DeviceControls(made)


def test_times_are_in_milliseconds_whatever_the_driver_counts() -> None:
    assert controls_of(FakeCapture()).controls().exposure.value == pytest.approx(15.7)
    windows = FakeCapture("DSHOW")
    windows.values |= {cv2.CAP_PROP_EXPOSURE: -6.0, cv2.CAP_PROP_AUTO_EXPOSURE: 0.75}
    told = controls_of(windows).apply(Turn("exposure", value=62.5))
    assert windows.values[cv2.CAP_PROP_EXPOSURE] == -4.0
    assert told.exposure.value == pytest.approx(62.5) and told.said == ""
    assert told.exposure.auto is False


def test_a_time_set_by_hand_ends_the_automatic() -> None:
    driver = FakeCapture()
    made = controls_of(driver)
    assert made.controls().exposure.auto is True
    told = made.apply(Turn("exposure", value=25.0))
    assert driver.values[cv2.CAP_PROP_EXPOSURE] == 250.0
    assert told.exposure.auto is False and told.exposure.offered and told.said == ""
    assert made.apply(Turn("exposure", auto=True)).exposure.auto is True


def test_what_reads_back_unchanged_is_not_offered_and_told() -> None:
    driver = FakeCapture(fixed=frozenset({cv2.CAP_PROP_GAIN, cv2.CAP_PROP_AUTO_WB}))
    made = controls_of(driver)
    told = made.apply(Turn("gain", value=40.0))
    assert not told.gain.offered and told.gain.value == 10.0
    assert "does not offer its gain" in told.said
    assert "automatic white balance" in made.apply(Turn("white_balance", auto=False)).said


def test_a_driver_that_says_yes_and_does_nothing_is_seen_through() -> None:
    driver = FakeCapture()
    driver.set = lambda key, value: True  # type: ignore[method-assign]
    told = controls_of(driver).apply(Turn("gain", value=40.0))
    assert not told.gain.offered and "stays at 10" in told.said


def test_what_the_driver_does_not_tell_is_not_offered() -> None:
    driver = FakeCapture("MSMF")
    driver.values = {cv2.CAP_PROP_FRAME_WIDTH: 640.0, cv2.CAP_PROP_FRAME_HEIGHT: 480.0}
    told = controls_of(driver).controls()
    assert not (told.exposure.offered or told.gain.offered or told.white_balance.offered)
    assert told.exposure.auto is None and told.formats == ()


def test_a_size_the_camera_lacks_is_told_and_not_asked_for_again() -> None:
    made = controls_of(FakeCapture())
    assert made.apply(Resize((1280, 720))).size == (1280, 720)
    told = made.apply(Resize((2592, 1944)))
    assert told.size == (1280, 720) and (2592, 1944) not in told.sizes
    assert told.said == ("The camera does not offer 2592 x 1944 as size; it stays at 1280 x 720.")


def test_a_format_is_asked_for_by_its_letters() -> None:
    driver = FakeCapture()
    made = controls_of(driver)
    assert made.controls().format == "YUYV"
    assert made.apply(Reformat("MJPG")).format == "MJPG"
    driver.fixed = frozenset({cv2.CAP_PROP_FOURCC})
    told = made.apply(Reformat("GREY"))
    assert told.format == "MJPG" and "GREY" not in told.formats and "format" in told.said


def test_a_device_keeps_its_settings_when_it_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    drivers: list[FakeCapture] = []

    def opened(self: OpenCVDevice) -> FakeCapture:
        drivers.append(FakeCapture())
        return drivers[-1]

    monkeypatch.setattr(cameras_module.OpenCVDevice, "_connect", opened)
    device = OpenCVDevice(0)
    assert isinstance(device, Controllable)
    assert device.apply(Turn("gain", value=4)).said.endswith("open it first.")
    assert device.controls() == Controls()
    device.open()
    device.apply(Turn("exposure", value=30.0))
    device.close()
    device.open()
    assert len(drivers) == 2 and drivers[1].values[cv2.CAP_PROP_EXPOSURE] == 300.0
    assert device.read().settings["exposure_ms"] == 30.0
    assert device.read().settings["exposure_automatic"] is False
    device.close()


def test_changes_reach_the_camera_through_the_session_the_last_of_each_dial() -> None:
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=20.0)
    with CaptureSession(source, pauses=NO_PAUSE) as session:
        session.wait_for_frame(30)
        first = session.controls
        assert first is not None and first.exposure.auto is True
        for value in (20.0, 30.0, 40.0):
            session.change(Turn("exposure", value=value))
        assert until(lambda: session.controls.exposure.value == 40.0)
        assert until(lambda: session.newest().settings["exposure_ms"] == 40.0)


def test_the_bench_gets_brighter_with_time_and_gain() -> None:
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=20.0)
    source.open()
    automatic = source.read().pixels
    source.apply(Turn("exposure", value=10.0))
    assert abs(float(source.read().pixels.mean()) - float(automatic.mean())) < 1.0
    source.apply(Turn("exposure", value=5.0))
    darker = float(source.read().pixels.mean())
    source.apply(Turn("gain", value=6.02))
    again = float(source.read().pixels.mean())
    source.close()
    assert darker < 0.7 * automatic.mean() and again == pytest.approx(automatic.mean(), rel=0.03)


def test_the_bench_has_fewer_pixels_and_colours_on_demand() -> None:
    source = BenchSource(firearm_number(1), 1, rate=0, pixel_um=20.0)
    source.open()
    before = source.read()
    told = source.apply(Resize(source.controls().sizes[1]))
    smaller = source.read()
    assert told.size == smaller.pixels.shape[::-1]
    assert smaller.pixel_um == 40.0 and before.pixel_um == 20.0
    assert "does not offer 7 x 7" in source.apply(Resize((7, 7))).said
    assert not source.controls().white_balance.offered
    source.apply(Reformat("RGB3"))
    source.apply(Turn("white_balance", value=6400.0))
    coloured = source.read().pixels
    source.apply(Turn("white_balance", value=3200.0))
    balanced = source.read().pixels
    source.close()
    assert coloured.shape[2] == 3
    assert coloured[..., 0].mean() > 1.3 * coloured[..., 2].mean()
    assert balanced[..., 0].mean() == pytest.approx(balanced[..., 2].mean(), rel=0.01)
