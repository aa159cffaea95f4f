"""What a camera delivers: frames, and the sources they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.domain import CaseheadError, Light

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]


class SourceLost(CaseheadError):  # noqa: N818 - the contract's word
    """A source that stopped delivering; ``str()`` says what happened and what to do."""


class SourceEnded(SourceLost):
    """Recorded material that is over: not worth trying again by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame: ``pixels`` uint8 or uint16, rows x columns, or rows x columns x 3 (RGB).

    ``monotonic`` is the clock reading (seconds) when it came; ``settings`` are the camera's as
    told by the source; ``pixel_um`` is known only to sources with a scale of their own.
    """

    pixels: Pixels
    number: int
    captured_at: str
    monotonic: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    pixel_um: float | None = None
    light: Light = Light.UNKNOWN


@runtime_checkable
class Source(Protocol):
    """Where frames come from; opened, read and closed on one thread (the session's)."""

    @property
    def name(self) -> str:
        """What the user reads, and the capture record keeps as the camera."""
        ...

    def open(self) -> None:
        """Get ready to read. Raises SourceLost with a sentence; may be called again after close."""
        ...

    def read(self) -> Frame:
        """Block until the next frame. Raises SourceLost."""
        ...

    def close(self) -> None:
        """Let go of the device; a second call does nothing."""
        ...


@runtime_checkable
class Interruptible(Protocol):
    """A source whose waiting read can be ended from another thread."""

    def interrupt(self) -> None:
        """Make a read that waits raise SourceLost soon."""
        ...
