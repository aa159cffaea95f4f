"""Packs of sketches: small records of prepared marks, side by side, for searches at scale.

Nothing here is evidence: a record that is missing, torn or damaged is made again from its
prepared mark, and the folder may be thrown away at any time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.store.files import make_folder

KEY_BYTES = 32
_LINE = np.dtype([("key", f"V{KEY_BYTES}"), ("sum", "<u4")])
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Pack:
    """Records of one size under keys of 32 bytes; safe from any thread.

    Three files that only grow: ``records``, ``heads`` (the first bytes of each record, which are
    read for all before any record is read whole) and ``keys`` with a checksum of each record,
    written last. The number of records is what all three hold. What cannot be written is kept in
    memory for as long as the pack is open.
    """

    def __init__(self, folder: Path, size: int, head: int, read_only: bool) -> None:
        self._folder = folder
        self._size, self._head = size, head
        self._writable = not read_only
        self._lock = Lock()
        lines = self._lines()
        self._kept = len(lines)
        self._rows: dict[bytes, int] = dict(
            zip(lines["key"].tolist(), range(len(lines)), strict=True)
        )
        self._sums: list[int] = lines["sum"].tolist()
        self._loose: list[Bytes] = []
        self._maps: dict[str, Bytes] = {}

    def __len__(self) -> int:
        """How many records there are, those under a key that was used again too."""
        return self._kept + len(self._loose)

    def __contains__(self, key: bytes) -> bool:
        """Whether there is a record under a key."""
        return key in self._rows

    def find(self, keys: Iterable[bytes]) -> Rows:
        """The row of each key, -1 where there is none."""
        with self._lock:
            found = self._rows.get
            return np.array([found(key, -1) for key in keys], np.int64)

    def add(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Add records under keys; of two under one key the later one is found."""
        items = list(items)
        with self._lock:
            if self._loose or not self._written(items):
                self._loose += [np.frombuffer(record, np.uint8) for _, record in items]
            else:
                self._kept += len(items)
            for key, record in items:
                self._rows[key] = len(self._sums)
                self._sums.append(zlib.crc32(record))

    def heads(self, rows: Rows) -> Bytes:
        """The first bytes of the records in some rows, (n, head); not verified."""
        return self._read("heads", rows, self._head)

    def records(self, rows: Rows) -> tuple[Bytes, NDArray[np.bool_]]:
        """The records in some rows, (n, size), and which of them are sound; forgets the others."""
        found = self._read("records", rows, self._size)
        sums = [self._sums[row] for row in rows.tolist()]
        sound = np.array(
            [zlib.crc32(record) == told for record, told in zip(found, sums, strict=True)], np.bool_
        )
        if not sound.all():
            self._forget(set(rows[~sound].tolist()))
        return found, sound

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._maps.clear()

    def _forget(self, damaged: set[int]) -> None:
        with self._lock:
            for key in [key for key, row in self._rows.items() if row in damaged]:
                del self._rows[key]

    def _read(self, name: str, rows: Rows, width: int) -> Bytes:
        with self._lock:
            kept, loose = self._kept, self._loose
            mapped = self._mapped(name, width) if kept else np.zeros((0, width), np.uint8)
        if not len(rows) or int(rows.max()) < kept:
            return np.asarray(mapped[rows])
        own = [mapped[row] if row < kept else loose[row - kept][:width] for row in rows.tolist()]
        return np.stack(own)

    def _mapped(self, name: str, width: int) -> Bytes:
        found = self._maps.get(name)
        if found is None or len(found) < self._kept:
            path, shape = self._folder / name, (self._kept, width)
            found = self._maps[name] = np.memmap(path, np.uint8, "r", shape=shape)
        return found

    def _lines(self) -> NDArray[Any]:
        """Key and checksum of each record that all three files hold."""
        try:
            data = (self._folder / "keys").read_bytes()
            heads, records = (
                (self._folder / name).stat().st_size // width
                for name, width in (("heads", self._head), ("records", self._size))
            )
        except OSError:
            return np.zeros(0, _LINE)
        count = min(len(data) // _LINE.itemsize, heads, records)
        return np.frombuffer(data[: count * _LINE.itemsize], _LINE)

    def _written(self, items: list[tuple[bytes, bytes]]) -> bool:
        if not self._writable:
            return False
        lines = np.zeros(len(items), _LINE)
        for line, (key, record) in zip(lines, items, strict=True):
            line["key"], line["sum"] = np.void(key), zlib.crc32(record)
        parts = (
            ("records", self._size, b"".join(record for _, record in items)),
            ("heads", self._head, b"".join(record[: self._head] for _, record in items)),
            ("keys", _LINE.itemsize, lines.tobytes()),
        )
        with suppress(OSError):
            make_folder(self._folder)
            for name, width, data in parts:
                _put(self._folder / name, self._kept * width, data)
            return True
        self._writable = False
        return False


class Packs:
    """The packs of a casebook, opened when they are first asked for."""

    def __init__(self, folder: Path, read_only: bool) -> None:
        self._folder = folder
        self._read_only = read_only
        self._open: dict[str, Pack] = {}
        self._lock = Lock()

    def get(self, name: str, size: int, head: int) -> Pack:
        """The pack of that name (letters and digits), whose records have that size."""
        with self._lock:
            if name not in self._open:
                self._open[name] = Pack(self._folder / name, size, head, self._read_only)
            return self._open[name]

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            for pack in self._open.values():
                pack.close()


def _put(path: Path, at: int, data: bytes) -> None:
    """Write at a place, over what a crash may have left there."""
    with path.open("r+b" if path.exists() else "xb") as file:
        file.seek(at)
        file.write(data)
