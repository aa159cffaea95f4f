"""Cameras: sources of frames, the session that keeps the newest, and figures for the live view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from app.capture.bench.source import BenchSource
    from app.capture.cameras import Device, OpenCVDevice, StreamSource, devices
    from app.capture.files import FrameFolder, VideoFile
    from app.capture.frame import Frame, Interruptible, Pixels, Source, SourceEnded, SourceLost
    from app.capture.measures import focus_measure, histogram, saturation
    from app.capture.png import encode_png
    from app.capture.session import CaptureSession, SessionState
    from app.capture.specs import open_source

__all__ = [
    "BenchSource",
    "CaptureSession",
    "Device",
    "Frame",
    "FrameFolder",
    "Interruptible",
    "OpenCVDevice",
    "Pixels",
    "SessionState",
    "Source",
    "SourceEnded",
    "SourceLost",
    "StreamSource",
    "VideoFile",
    "devices",
    "encode_png",
    "focus_measure",
    "histogram",
    "open_source",
    "saturation",
]
__getattr__ = later(
    __name__,
    {
        "bench.source": ("BenchSource",),
        "cameras": (
            "Device",
            "OpenCVDevice",
            "StreamSource",
            "devices",
        ),
        "files": (
            "FrameFolder",
            "VideoFile",
        ),
        "frame": (
            "Frame",
            "Interruptible",
            "Pixels",
            "Source",
            "SourceEnded",
            "SourceLost",
        ),
        "measures": (
            "focus_measure",
            "histogram",
            "saturation",
        ),
        "png": ("encode_png",),
        "session": (
            "CaptureSession",
            "SessionState",
        ),
        "specs": ("open_source",),
    },
)
