"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from app.domain import CaseheadError


def check_free(path: Path, *, overwrite: bool) -> None:
    """Raises CaseheadError when the place is a folder, or taken and not to be overwritten."""
    if path.is_dir():
        raise CaseheadError(f"{path} is a folder; name a file in it.")
    if path.exists() and not overwrite:
        raise CaseheadError(
            f"There is a file {path} already; nothing was written. Choose another name, or say "
            "that it may be overwritten."
        )


def write_whole(path: Path, data: bytes, *, overwrite: bool = False, what: str = "file") -> Path:
    """Write a file, whole or not at all. Raises CaseheadError when that cannot be.

    ``what`` is called so in the sentence.
    """
    check_free(path, overwrite=overwrite)
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise CaseheadError(
            f"The {what} could not be written to {path}: {error.strerror}. "
            "Choose another folder or free some space."
        ) from error
    return path
