"""Entries as folders: ``<exchange>/<agency>/entries/<digest>/`` with entry.json and pixel files.

The digest is that of entry.json, which names the digests of all pixels; so the folder's name
vouches for everything in it. A folder is written under a passing name and renamed when whole.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from app.domain import CaseheadError
from app.exchange.schema import AcquiredFacts, Entry, parse
from app.store.files import sync_folder, write_durably

DOCUMENT = "entry.json"
SOURCE_SUFFIX = ".png"
LARGEST_DOCUMENT = 32 * 1024 * 1024
LARGEST_PIXELS = 2 * 1024**3
_SUFFIXES = {
    "png": ".png",
    "tiff": ".tif",
    "bmp": ".bmp",
    "jpeg": ".jpg",
    "x3p": ".x3p",
    "al3d": ".al3d",
}


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def pixel_name(acquired: AcquiredFacts) -> str:
    """The pixel file's name in an entry, made from checked facts only."""
    return acquired.digest + _SUFFIXES[acquired.file_format]


def suffix_of(acquired: AcquiredFacts) -> str:
    """The file suffix of the stored bytes, for the casebook."""
    return _SUFFIXES[acquired.file_format]


def agency_folder(entry: Entry) -> str:
    """The prefix an agency writes under: its ORI, else its name, in plain letters."""
    plain = re.sub(r"[^a-z0-9]+", "-", (entry.agency.ori or entry.agency.name).lower()).strip("-")
    return f"agency-{plain[:60] or entry.agency.id}"


def write_entry(
    root: Path, entry: Entry, pixels: Callable[[str], bytes], sources: Sequence[str] = ()
) -> Path:
    """Write ``entry`` under ``root`` and return its folder; whole and synced, or not at all.

    ``pixels`` gives the bytes for a digest; ``sources`` are the digests of what its pictures were
    made from, which go with it. An entry that is there already and sound is left
    alone. Raises CaseheadError when the folder is not there or cannot be written.
    """
    if not root.is_dir():
        raise CaseheadError(f"The exchange folder {root} is not there; plug it in or connect it.")
    document = entry.document()
    target = root / agency_folder(entry) / "entries" / digest_of(document)
    try:
        if target.exists():
            if _sound(target, sources):
                return target
            target.rename(target.with_name(f".damaged-{target.name}-{uuid4().hex[:8]}"))
        files = {f"{digest}{SOURCE_SUFFIX}": digest for digest in sources}
        files |= {pixel_name(a): a.digest for a in entry.acquired}
        _write_whole(target, document, files, pixels)
    except OSError as error:
        if _sound(target, sources):  # another station wrote it meanwhile
            return target
        reason = error.strerror or str(error)
        raise CaseheadError(
            f"The exchange folder {root} cannot be written ({reason}); the entry waits."
        ) from error
    return target


def entry_folders(root: Path) -> Iterator[Path]:
    """Everything under ``root`` that is, or claims to be, an entry; unfinished ones left out.

    ``root`` may also be one agency's prefix or a single entry. Raises CaseheadError when it is
    not there or cannot be read.
    """
    if not root.is_dir():
        raise CaseheadError(f"The exchange folder {root} is not there; plug it in or connect it.")
    try:
        if (root / DOCUMENT).exists():
            yield root
            return
        prefixes = [root, *sorted(p for p in root.iterdir() if _visible(p))]
        for entries in (p / "entries" for p in prefixes):
            if entries.is_dir():
                yield from sorted(p for p in entries.iterdir() if _visible(p))
    except OSError as error:
        reason = error.strerror or str(error)
        raise CaseheadError(f"The exchange folder {root} cannot be read ({reason}).") from error


def read_entry(folder: Path) -> Entry:
    """The entry in ``folder``, its document's digest checked against the folder's name.

    Raises CaseheadError saying what is wrong with it.
    """
    document = _read(folder / DOCUMENT, LARGEST_DOCUMENT)
    if digest_of(document) != folder.name:
        raise CaseheadError("its entry.json was changed or damaged (the digest disagrees)")
    return parse(document)


def read_pixels(folder: Path, acquired: AcquiredFacts) -> bytes:
    """The bytes of one picture, digest checked. Raises CaseheadError saying what is wrong."""
    return _checked(folder, pixel_name(acquired), acquired.digest)


def read_source(folder: Path, digest: str) -> bytes:
    """The bytes of a frame or reference that pictures were made from; as ``read_pixels``."""
    return _checked(folder, f"{digest}{SOURCE_SUFFIX}", digest)


def _checked(folder: Path, name: str, digest: str) -> bytes:
    data = _read(folder / name, LARGEST_PIXELS)
    if digest_of(data) != digest:
        raise CaseheadError(
            f"its file {name[:12]}... was changed or damaged (the digest disagrees)"
        )
    return data


def _visible(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _read(path: Path, largest: int) -> bytes:
    """A plain file's bytes: no links, no devices, nothing beyond ``largest``."""
    name = path.name if len(path.name) < 30 else path.name[:12] + "..."
    try:
        if path.is_symlink() or not path.is_file():
            raise CaseheadError(f"its file {name} is missing")
        if path.stat().st_size > largest:
            raise CaseheadError(f"its file {name} is too large to be one of ours")
        return path.read_bytes()
    except OSError as error:
        raise CaseheadError(f"its file {name} cannot be read ({error.strerror})") from error


def _sound(folder: Path, sources: Sequence[str]) -> bool:
    try:
        entry = read_entry(folder)
        for digest in sources:
            read_source(folder, digest)
        for acquired in entry.acquired:
            read_pixels(folder, acquired)
    except CaseheadError:
        return False
    return True


def _write_whole(
    target: Path, document: bytes, files: Mapping[str, str], pixels: Callable[[str], bytes]
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_name(f".writing-{uuid4().hex}")
    try:
        passing.mkdir()
        for name, digest in files.items():
            write_durably(passing / name, pixels(digest))
        write_durably(passing / DOCUMENT, document)
        sync_folder(passing)
        passing.rename(target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(passing, ignore_errors=True)
        raise
