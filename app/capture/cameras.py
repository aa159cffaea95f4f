"""Cameras through OpenCV: devices of this PC by name, and streams by address."""

from __future__ import annotations

import os
import platform
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Frame, Pixels, SourceLost
from app.capture.opencv import cv2
from app.domain import now

OPEN_TIMEOUT_MS = 3000
READ_TIMEOUT_MS = 2500


@dataclass(frozen=True, slots=True)
class Device:
    """A camera of this PC: what to show, and the spec ``open_source`` takes."""

    name: str
    spec: str


def devices() -> tuple[Device, ...]:
    """The cameras connected now, by name; by number where the system does not tell names."""
    try:
        found = _enumerated()
    except Exception:  # the enumeration reaches into three operating systems
        found = _numbered()
    times: Counter[str] = Counter()
    told = []
    for index, name in found:
        times[name] += 1
        again = f" ({times[name]})" if times[name] > 1 else ""
        told.append(Device(f"{name}{again}", f"device:{index}"))
    return tuple(told)


def _enumerated() -> list[tuple[int, str]]:
    """Index as ``cv2.VideoCapture`` takes it (from 100 up it names the interface too), and name."""
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends  # slow to import

    if platform.system() == "Linux":
        found = enumerate_cameras(cv2.CAP_V4L2)
        return sorted((camera.index, camera.name or "Camera") for camera in found)
    found = enumerate_cameras(supported_backends[0])
    return [(camera.index + camera.backend, camera.name or "Camera") for camera in found]


def _numbered() -> list[tuple[int, str]]:
    if platform.system() == "Linux":
        numbers = sorted(int(path.name[5:]) for path in Path("/dev").glob("video[0-9]*"))
        return [(number, f"Camera {number}") for number in numbers]
    return [(0, "Camera 0")]


def as_rgb(pixels: NDArray[Any]) -> Pixels:
    """OpenCV's order of colours turned to RGB; grey stays grey, an alpha channel is left out."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] == 1:
        return pixels[:, :, 0]
    code = cv2.COLOR_BGRA2RGB if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(pixels, code), pixels.dtype)


class _Capture:
    """What a device and a stream have in common: an OpenCV capture read frame by frame."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._capture: cv2.VideoCapture | None = None
        self._settings: Mapping[str, Any] = {}
        self._number = 0

    def _connect(self) -> cv2.VideoCapture:
        raise NotImplementedError

    def _refusal(self) -> str:
        """Why it did not open, and what to do."""
        raise NotImplementedError

    def _loss(self) -> str:
        """What to say when it stops delivering."""
        raise NotImplementedError

    def open(self) -> None:
        """Raises SourceLost, saying why, when there is nothing to open."""
        self.close()
        try:
            capture = self._connect()
        except cv2.error as error:
            raise SourceLost(self._refusal()) from error
        if not capture.isOpened():
            capture.release()
            raise SourceLost(self._refusal())
        self._capture = capture
        self._settings = _settings_of(capture)

    def read(self) -> Frame:
        """The next frame. Raises SourceLost when none comes."""
        if self._capture is None:
            raise SourceLost(f"{self.name} is not open; open it first.")
        try:
            came, pixels = self._capture.read()
        except cv2.error as error:
            raise SourceLost(self._loss()) from error
        if not came or pixels is None or pixels.size == 0:
            raise SourceLost(self._loss())
        self._number += 1
        return Frame(as_rgb(pixels), self._number, now(), time.monotonic(), self._settings)

    def close(self) -> None:
        """Let go of the device or connection."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _settings_of(capture: cv2.VideoCapture) -> dict[str, Any]:
    """What the driver tells of itself; properties it does not know are left out."""
    asked = {
        "width": cv2.CAP_PROP_FRAME_WIDTH,
        "height": cv2.CAP_PROP_FRAME_HEIGHT,
        "frames_per_second": cv2.CAP_PROP_FPS,
        "exposure": cv2.CAP_PROP_EXPOSURE,
        "gain": cv2.CAP_PROP_GAIN,
    }
    told = {name: capture.get(key) for name, key in asked.items()}
    settings: dict[str, Any] = {
        k: v for k, v in told.items() if np.isfinite(v) and v not in (0, -1)
    }
    settings["interface"] = capture.getBackendName()
    return settings


class OpenCVDevice(_Capture):
    """A camera of this PC by its OpenCV index, asked for its largest picture of ``size``."""

    def __init__(
        self, index: int, name: str | None = None, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(name or f"Camera {index}")
        self.index = index
        self._size = size

    def _connect(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(self.index)
        if capture.isOpened():
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            if self._size is not None:
                capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
                capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
        return capture

    def _refusal(self) -> str:
        if platform.system() == "Linux":
            return _linux_refusal(self.name, Path(f"/dev/video{self.index % 100}"))
        return (
            f"{self.name} could not be opened: it is not connected, another program is using it, "
            "or the system's privacy settings keep this program from cameras."
        )

    def _loss(self) -> str:
        return f"{self.name} stopped delivering; check its cable. It is taken up again by itself."


def _linux_refusal(name: str, node: Path) -> str:
    if not node.exists():
        return f"{name} is not connected ({node} is not there); plug it in or choose another."
    if not os.access(node, os.R_OK | os.W_OK):
        return (
            f"{name} is there, but this user may not use it; "
            f"have the user added to the group that owns {node} (usually video)."
        )
    return f"{name} could not be opened; another program may be using it: close that first."


class StreamSource(_Capture):
    """A camera at an address (MJPEG or the like over http, RTSP); silence of 3 s is a loss."""

    def __init__(self, address: str, name: str | None = None) -> None:
        super().__init__(name or f"Stream {_shown(address)}")
        self.address = address

    def _connect(self) -> cv2.VideoCapture:
        timeouts = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            OPEN_TIMEOUT_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            READ_TIMEOUT_MS,
        ]
        return cv2.VideoCapture(self.address, cv2.CAP_FFMPEG, timeouts)

    def _refusal(self) -> str:
        return (
            f"Nothing that can be shown comes from {_shown(self.address)}; "
            "check the address, the network and that the camera is on."
        )

    def _loss(self) -> str:
        return (
            f"The stream from {_shown(self.address)} broke off; check the network and the camera. "
            "It is taken up again by itself."
        )


def _shown(address: str) -> str:
    """The address without a user's name and password, which belong in no record."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
