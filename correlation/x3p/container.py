"""The zip archive around an x3p file, opened without trusting anything it says."""

from __future__ import annotations

import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from correlation.errors import CorrelationError
from correlation.x3p.model import MAX_BYTES

MAX_MEMBERS = 10_000
COMPRESSIONS = {0, 8, 12, 14}
MAGIC = b"PK"
ZIP_ERRORS = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)
INCOMPLETE = (
    "The file is damaged or incomplete: its zip archive cannot be read; copy or export it again."
)


class Container:
    """The members of an opened archive, found by the links inside main.xml."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._members = {_normal(i.filename): i for i in archive.infolist() if not i.is_dir()}
        self.main = self._find_main()
        self._root = PurePosixPath(self.main).parent

    def _find_main(self) -> str:
        found = [n for n in self._members if _is_content(n) and _base(n) == "main.xml"]
        if not found:
            raise CorrelationError(
                "The file is a zip archive but holds no main.xml, so it is not an x3p file."
            )
        return min(found, key=lambda name: (name.count("/"), len(name), name))

    def find(self, link: str) -> str | None:
        """The member a link of main.xml means: beside main.xml, else the only one so named."""
        wanted = str(self._root / _normal(link).lstrip("/")).casefold()
        same = [name for name in self._members if name.casefold() == wanted]
        if not same:
            inside = [n for n in self._members if _is_content(n)]
            same = [n for n in inside if _base(n) == _base(link)]
        return same[0] if len(same) == 1 else None

    def size(self, name: str) -> int:
        """Bytes of a member once unpacked, as the archive states them."""
        return self._members[name].file_size

    def read(self, name: str, at_most: int) -> bytes:
        """Unpack one member. Raises CorrelationError when damaged, protected or too large."""
        info = self._members[name]
        if info.file_size > at_most:
            raise CorrelationError(
                f"{_base(name)} inside the file claims {info.file_size:,} bytes, more than the "
                f"{at_most:,} that can belong there; the file was not read."
            )
        if info.flag_bits & 1:
            raise CorrelationError("The file is protected with a password; save it without one.")
        if info.compress_type not in COMPRESSIONS:
            raise CorrelationError(
                "The file is packed by a method not known here; save it again as a plain x3p file."
            )
        try:
            data = self._archive.read(info)
        except ZIP_ERRORS as error:
            raise CorrelationError(
                f"The file is damaged: {_base(name)} inside it cannot be unpacked; "
                "copy or export it again."
            ) from error
        if len(data) != info.file_size:
            raise CorrelationError(f"The file is damaged: {_base(name)} inside it ends too early.")
        return data


@contextmanager
def open_container(source: Path | bytes) -> Iterator[Container]:
    """Open an x3p archive. Raises CorrelationError for anything that is not a sound one."""
    _check_magic(source)
    try:
        archive = ZipFile(BytesIO(source) if isinstance(source, bytes) else source)
    except ZIP_ERRORS as error:
        raise CorrelationError(INCOMPLETE) from error
    with archive:
        _check_members(archive.infolist())
        yield Container(archive)


def _check_magic(source: Path | bytes) -> None:
    try:
        if isinstance(source, bytes):
            head = source[:4]
        else:
            with source.open("rb") as file:
                head = file.read(4)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CorrelationError(f"The file cannot be opened: {why}.") from error
    except ValueError as error:
        raise CorrelationError("The file cannot be opened: its name is not valid.") from error
    if not head:
        raise CorrelationError("The file is empty (zero bytes).")
    if not head.startswith(MAGIC):
        raise CorrelationError("The file is not an x3p file: it does not begin as a zip archive.")


def _check_members(members: list[ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise CorrelationError(
            f"The file holds {len(members):,} entries; an x3p file has a handful."
        )
    for info in members:
        if _leaves(info.filename):
            raise CorrelationError(
                f"The file holds an entry with a path outside itself ({info.filename[:80]!r}); "
                "it was refused."
            )
    total = sum(info.file_size for info in members)
    if total > MAX_BYTES:
        raise CorrelationError(
            f"The file would unpack to {total:,} bytes, more than the {MAX_BYTES:,} allowed; "
            "it was not read."
        )


def _leaves(name: str) -> bool:
    normal = _normal(name)
    return (
        normal.startswith("/") or bool(re.match("[A-Za-z]:", normal)) or ".." in normal.split("/")
    )


def _normal(name: str) -> str:
    return name.strip().replace("\\", "/")


def _base(name: str) -> str:
    return _normal(name).rsplit("/", 1)[-1].casefold()


def _is_content(name: str) -> bool:
    return not name.startswith("__MACOSX/") and not _base(name).startswith("._")
