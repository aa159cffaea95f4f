"""Recorded material as if it came from a camera: a video file, a folder of frames."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.capture.cameras import as_rgb
from app.capture.frame import Frame, Pixels, SourceEnded, SourceLost
from app.capture.opencv import cv2
from app.capture.pace import Pace
from app.domain import now

PICTURES = frozenset({".png", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg"})


class VideoFile:
    """A video played at its own rate (``rate`` overrides; 0 is as fast as asked)."""

    def __init__(self, path: Path, *, loop: bool = True, rate: float | None = None) -> None:
        self.path = path
        self.name = f"Video {path.name}"
        self._loop = loop
        self._rate = rate
        self._pace = Pace(rate or 0.0)
        self._capture: cv2.VideoCapture | None = None
        self._number = 0

    def open(self) -> None:
        """Raises SourceLost when the file is absent or is no video."""
        self.close()
        if not self.path.is_file():
            raise SourceLost(f"There is no video {self.path}; check the path.")
        capture = cv2.VideoCapture(str(self.path))
        if not capture.isOpened():
            raise SourceLost(f"{self.path.name} is no video that can be read; choose another file.")
        self._capture = capture
        told = float(capture.get(cv2.CAP_PROP_FPS))
        usual = told if np.isfinite(told) and 0 < told <= 1000 else 25.0
        self._pace.rate = usual if self._rate is None else self._rate
        self._pace.begin()

    def read(self) -> Frame:
        """The next frame when due. Raises SourceEnded at the end unless it loops."""
        if self._capture is None or not self._pace.wait():
            raise SourceLost(f"{self.name} is not open; open it first.")
        pixels = self._next(self._capture)
        self._number += 1
        settings = {"file": self.path.name, "frames_per_second": self._pace.rate}
        return Frame(as_rgb(pixels), self._number, now(), time.monotonic(), settings)

    def _next(self, capture: cv2.VideoCapture) -> NDArray[Any]:
        came, pixels = capture.read()
        if not came and self._loop and self._number:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            came, pixels = capture.read()
        if came:
            return pixels
        if self._number == 0:
            raise SourceEnded(f"{self.path.name} holds no frame that can be read.")
        raise SourceEnded(f"{self.name} has ended; start it again to see it once more.")

    def interrupt(self) -> None:
        """End a read that waits; safe from any thread."""
        self._pace.end()

    def close(self) -> None:
        """Let go of the file."""
        self._pace.end()
        if self._capture is not None:
            self._capture.release()
            self._capture = None


class FrameFolder:
    """The pictures of a folder in the order of their names (10 after 9), ``rate`` a second."""

    def __init__(self, folder: Path, *, rate: float = 5.0, loop: bool = True) -> None:
        self.folder = folder
        self.name = f"Folder {folder.name}"
        self.skipped: tuple[str, ...] = ()
        self._loop = loop
        self._pace = Pace(rate)
        self._files: list[Path] = []
        self._next = 0
        self._number = 0

    def open(self) -> None:
        """Raises SourceLost when the folder is absent or holds no picture."""
        if not self.folder.is_dir():
            raise SourceLost(f"There is no folder {self.folder}; check the path.")
        found = [path for path in self.folder.iterdir() if path.suffix.lower() in PICTURES]
        if not found:
            raise SourceLost(
                f"The folder {self.folder.name} holds no picture (PNG, TIFF, BMP or JPEG)."
            )
        self._files = sorted(found, key=lambda path: _natural(path.name))
        self._next = 0
        self._pace.begin()

    def read(self) -> Frame:
        """The next readable picture when due; raises SourceEnded at the end unless it loops."""
        if not self._files or not self._pace.wait():
            raise SourceLost(f"{self.name} is not open; open it first.")
        path, pixels = self._readable()
        self._number += 1
        return Frame(pixels, self._number, now(), time.monotonic(), {"file": path.name})

    def _readable(self) -> tuple[Path, Pixels]:
        for _ in range(len(self._files)):
            if self._next == len(self._files):
                if not self._loop:
                    raise SourceEnded(f"{self.name} has no more pictures; start it again.")
                self._next = 0
            path = self._files[self._next]
            self._next += 1
            pixels = _picture(path)
            if pixels is not None:
                return path, pixels
            if path.name not in self.skipped:
                self.skipped = (*self.skipped, path.name)
        raise SourceEnded(f"No picture in the folder {self.folder.name} can be read.")

    def interrupt(self) -> None:
        """End a read that waits; safe from any thread."""
        self._pace.end()

    def close(self) -> None:
        """Forget the list of pictures."""
        self._pace.end()
        self._files = []


def _picture(path: Path) -> Pixels | None:
    """Pixels as they are (8 or 16 bit), or None when the file cannot be read as such."""
    try:
        data = np.fromfile(path, np.uint8)
        pixels = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    except (OSError, cv2.error):
        return None
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
        return None
    return as_rgb(pixels)


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    parts = re.split(r"(\d+)", name.lower())
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
