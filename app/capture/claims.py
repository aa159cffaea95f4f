"""One station to a camera: a second one on this PC is told who has it."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from app.capture.frame import SourceLost


class Claim:
    """Held from ``take`` to ``release``; the operating system ends it when its process does."""

    def __init__(self, camera: str, name: str, folder: Path | None = None) -> None:
        key = re.sub(r"[^a-z0-9]+", "-", camera.lower()).strip("-")
        place = folder or Path(tempfile.gettempdir())
        self._name = name
        self._lock = FileLock(place / f"casehead-camera-{key}.lock", timeout=0, mode=0o666)

    def take(self) -> None:
        """Raises SourceLost while another station has the camera."""
        try:
            self._lock.acquire()
        except Timeout:
            raise SourceLost(
                f"{self._name} is in use by another Casehead on this PC; stop it there, "
                "or choose another camera here."
            ) from None
        except OSError:
            # where no such file can be made the driver alone decides
            return

    def release(self) -> None:
        """Let another station have it."""
        with suppress(OSError):
            self._lock.release()
