"""The cache of prepared pictures: files that may be thrown away at any time."""

from __future__ import annotations

import hashlib
import zlib
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from app.store.files import make_folder


class PreparedFiles:
    """The folder ``prepared``: one file a key, with a checksum before the data.

    Nothing here is evidence, so nothing is fsynced, and a file a power cut damaged
    reads as absent.
    """

    def __init__(self, folder: Path, read_only: bool) -> None:
        self.folder = folder
        self._read_only = read_only

    def set_up(self) -> None:
        """Create the folder and remove what a crash left half-written. Raises OSError."""
        make_folder(self.folder)
        for part in self.folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def read(self, key: str) -> bytes | None:
        """What was kept under a key, or None."""
        try:
            stored = self._path(key).read_bytes()
        except OSError:
            return None
        sound = len(stored) >= 4 and int.from_bytes(stored[:4], "big") == zlib.crc32(stored[4:])
        return stored[4:] if sound else None

    def keep(self, key: str, data: bytes) -> None:
        """Keep data under a key; does nothing where that is not possible, it is only a cache."""
        if self._read_only:
            return
        path = self._path(key)
        part = self.folder / f"{uuid4().hex}.part"
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / f"{name}.bin"
