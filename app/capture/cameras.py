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

from app.capture.claims import Claim
from app.capture.controls import Change, Controls, DialName, Reformat, Resize, Turn
from app.capture.device_controls import DeviceControls, as_told
from app.capture.frame import Frame, Pixels, SourceLost
from app.capture.mjpeg import BrokenOffError, MjpegReader, NotMjpegError, Part, decoded
from app.capture.opencv import cv2
from app.domain import now

OPEN_TIMEOUT_MS = 3000
READ_TIMEOUT_MS = 2500
DAMAGED_AT_MOST = 30
"""Pictures of a stream, one after the other, that cannot be decoded before it counts as lost."""


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
    """What a device and a stream have in common: an OpenCV capture read frame by frame.

    ``has_noise``: no two pictures are alike, or it stands still.
    """

    has_noise = True

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
        self._let_go()
        try:
            capture = self._connect()
        except cv2.error as error:
            raise SourceLost(self._refusal()) from error
        if not capture.isOpened():
            capture.release()
            raise SourceLost(self._refusal())
        self._capture = capture
        self._settings = _settings_of(capture)
        self._opened(capture)

    def _opened(self, capture: cv2.VideoCapture) -> None:
        """Another capture is in use."""

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
        self._let_go()

    def _let_go(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def _settings_of(capture: cv2.VideoCapture) -> dict[str, Any]:
    """What the driver tells of itself; properties it does not know are left out."""
    asked = {
        "width": cv2.CAP_PROP_FRAME_WIDTH,
        "height": cv2.CAP_PROP_FRAME_HEIGHT,
        "frames_per_second": cv2.CAP_PROP_FPS,
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
        self._format = ""
        self._set: DeviceControls | None = None
        self._turned: dict[DialName, Turn] = {}
        self._claim = Claim(f"{platform.system()} {index}", self.name)
        self._came = False

    def open(self) -> None:
        """Raises SourceLost, saying why: absent, not allowed, or used by another program."""
        self.close()
        self._claim.take()
        try:
            super().open()
        except SourceLost:
            self._claim.release()
            raise

    def read(self) -> Frame:
        """The next frame. Raises SourceLost; without a first one another program has the camera."""
        frame = super().read()
        self._came = True
        return frame

    def controls(self) -> Controls:
        """As the driver tells them; nothing is offered while it is closed."""
        return self._set.controls() if self._set else Controls()

    def apply(self, change: Change) -> Controls:
        """Set the camera; what it took is set again when it is opened anew."""
        if self._set is None:
            return Controls(said=f"{self.name} is not open; open it first.")
        told = self._set.apply(change)
        match change:
            case Turn(dial) if not told.said:
                self._turned[dial] = change
            case Resize(size) if not told.said:
                self._size = size
            case Reformat(asked) if not told.said:
                self._format = asked
        if self._capture is not None:
            self._settings = _settings_of(self._capture) | as_told(told)
        return told

    def close(self) -> None:
        """Let go of the device."""
        self._set, self._came = None, False
        super().close()
        self._claim.release()

    def _opened(self, capture: cv2.VideoCapture) -> None:
        self._set = DeviceControls(capture)
        for turn in self._turned.values():
            self._set.apply(turn)
        self._settings = _settings_of(capture) | as_told(self._set.controls())

    def _connect(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(self.index)
        if capture.isOpened():
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            if self._format:
                capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*self._format))
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
        if not self._came:
            return (
                f"{self.name} opens but delivers no picture; another program may be using it: "
                "close that first, or choose another size or format."
            )
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
    """A camera at an address (MJPEG or the like over http, RTSP); silence of 3 s is a loss.

    JPEG pictures over HTTP are read by our own reader, which never falls behind; all else by
    OpenCV.
    """

    def __init__(self, address: str, name: str | None = None) -> None:
        super().__init__(name or f"Stream {_shown(address)}")
        self.address = address
        self._reader: MjpegReader | None = None

    def open(self) -> None:
        """Raises SourceLost, saying why, when there is nothing to open."""
        self.close()
        if not self.address.lower().startswith(("http://", "https://")):
            super().open()
            return
        try:
            self._reader = MjpegReader(
                self.address, connect_s=OPEN_TIMEOUT_MS / 1000, timeout=READ_TIMEOUT_MS / 1000
            )
        except NotMjpegError:
            super().open()
        except BrokenOffError as error:
            raise SourceLost(self._refusal()) from error

    def read(self) -> Frame:
        """The next frame. Raises SourceLost when none comes or nothing that came is a picture."""
        reader = self._reader
        if reader is None:
            return super().read()
        for _ in range(DAMAGED_AT_MOST):
            try:
                part = reader.next()
            except BrokenOffError as error:
                raise SourceLost(self._loss()) from error
            pixels = decoded(part.data)
            if pixels is not None:
                self._number += 1
                settings = self._told(part, pixels)
                return Frame(pixels, self._number, now(), part.came_at, settings)
        raise SourceLost(
            f"What comes from {_shown(self.address)} is no picture that can be shown, or damaged; "
            "check the camera's format and the network."
        )

    def interrupt(self) -> None:
        """End a read that waits; safe from any thread."""
        reader = self._reader
        if reader is not None:
            reader.interrupt()

    def close(self) -> None:
        """Hang up."""
        super().close()
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _told(self, part: Part, pixels: Pixels) -> dict[str, Any]:
        rows, columns = pixels.shape[:2]
        told = {"width": columns, "height": rows, "interface": "JPEG over HTTP"}
        stamp = part.headers.get("x-timestamp")
        return told | ({"camera_time": stamp[:64]} if stamp else {})

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
