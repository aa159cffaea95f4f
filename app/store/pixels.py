"""Pixels as files under their SHA-256: written once, never altered, never deleted."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from threading import Lock
from uuid import uuid4

from app.domain import CaseheadError
from app.store.files import make_folder, os_errors_told, sync_folder, write_durably

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"[a-z0-9]{1,8}")
_USUAL = ("png", "x3p", "tiff", "tif", "jpeg", "jpg", "bmp")
_CHUNK = 1 << 20


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file as 64 hexadecimal characters. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


class PixelFiles:
    """The folder ``pixels``: ``ab/<sha256>.<suffix>``.

    Half-written files live in ``pixels`` itself as ``*.part`` until they are renamed, so that
    what a crash leaves is found at the next start without listing every folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()

    def set_up(self) -> None:
        """Create the folder and remove what a crash left half-written. Raises OSError."""
        make_folder(self.folder)
        for part in self.folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def keep(self, data: bytes, suffix: str) -> str:
        """Store bytes durably and return their digest; storing them twice changes nothing.

        A stored file that no longer has its digest is set aside, never overwritten.
        Raises CaseheadError when the disk refuses.
        """
        ending = suffix.lstrip(".").lower()
        if not _SUFFIX.fullmatch(ending):
            raise CaseheadError(
                f"'{suffix}' is no ending for a picture file; use png, tiff or x3p."
            )
        digest = hashlib.sha256(data).hexdigest()
        with os_errors_told(self.folder), self._lock:
            self._put(data, digest, ending)
        return digest

    def read(self, digest: str) -> bytes:
        """The stored bytes, verified. Raises CaseheadError when missing or damaged."""
        path = self.path(digest)
        with os_errors_told(path):
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise CaseheadError(
                f"The stored picture {path} has been altered or is damaged; restore that file "
                "from a backup, or import its original again."
            )
        return data

    def path(self, digest: str) -> Path:
        """The file of a digest. Raises CaseheadError when there is none."""
        if not _DIGEST.fullmatch(digest):
            raise CaseheadError(f"'{digest[:80]}' is not the digest of a stored picture.")
        found = self._find(digest)
        if found is None:
            raise CaseheadError(
                f"The stored picture {digest} is missing from {self.folder}; restore it from a "
                "backup, or import its original again."
            )
        return found

    def _put(self, data: bytes, digest: str, ending: str) -> None:
        home = self.folder / digest[:2]
        make_folder(home)
        stored = self._find(digest)
        if stored is not None and digest_of_file(stored) != digest:
            stored.rename(_free_name(stored))
            stored = None
        if stored is None:
            self._write(data, home / f"{digest}.{ending}")
        sync_folder(home)

    def _write(self, data: bytes, target: Path) -> None:
        part = self.folder / f"{uuid4().hex}.part"
        try:
            write_durably(part, data)
            if os.name != "nt":
                part.chmod(0o444)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)

    def _find(self, digest: str) -> Path | None:
        home = self.folder / digest[:2]
        usual = (home / f"{digest}.{ending}" for ending in _USUAL)
        return next((path for path in usual if path.is_file()), None) or _listed(home, digest)


def _listed(home: Path, digest: str) -> Path | None:
    if not home.is_dir():
        return None
    for path in sorted(home.iterdir()):
        name, _, ending = path.name.partition(".")
        if name == digest and _SUFFIX.fullmatch(ending):
            return path
    return None


def _free_name(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged-{uuid4().hex[:8]}")
