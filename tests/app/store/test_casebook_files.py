"""Pixels are stored once, durably, never altered; the cache may vanish at any time."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from app.domain import CaseheadError
from app.store import Casebook, files, pixels
from app.store.pixels import PixelFiles

DATA = b"what the camera saw" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


def stored(folder: Path) -> list[str]:
    """Every file below pixels."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def kept(tmp_path: Path) -> PixelFiles:
    found = PixelFiles(tmp_path / "pixels")
    found.set_up()
    return found


@pytest.mark.parametrize("suffix", ["png", ".png", "PNG"])
def test_pixels_are_found_under_their_digest(kept: PixelFiles, suffix: str) -> None:
    assert kept.keep(DATA, suffix) == DIGEST
    assert stored(kept.folder) == [f"{DIGEST[:2]}/{DIGEST}.png"]
    assert kept.read(DIGEST) == DATA


def test_an_unusual_ending_is_kept_and_found(kept: PixelFiles) -> None:
    kept.keep(DATA, "al3d")
    assert kept.path(DIGEST).name == f"{DIGEST}.al3d"


@pytest.mark.parametrize("suffix", ["", "../x", "p/g", "a" * 9])
def test_an_ending_that_is_none_is_refused(kept: PixelFiles, suffix: str) -> None:
    with pytest.raises(CaseheadError, match="no ending for a picture file"):
        kept.keep(DATA, suffix)
    assert stored(kept.folder) == []


def test_the_same_pixels_twice_are_one_file(kept: PixelFiles) -> None:
    kept.keep(DATA, "tif")
    before = kept.path(DIGEST).stat()
    assert kept.keep(DATA, "tiff") == DIGEST
    assert stored(kept.folder) == [f"{DIGEST[:2]}/{DIGEST}.tif"]
    assert kept.path(DIGEST).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.skipif(os.name == "nt", reason="permissions of files are a POSIX matter")
def test_stored_files_are_not_writable(kept: PixelFiles) -> None:
    kept.keep(DATA, "png")
    assert kept.path(DIGEST).stat().st_mode & 0o777 == 0o444


def test_everything_is_flushed_before_it_counts_as_stored(
    kept: PixelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    sync, sync_folder = files.sync_file, files.sync_folder
    rename = Path.rename

    def synced_file(descriptor: int) -> None:
        said.append("data")
        sync(descriptor)

    def synced_folder(folder: Path) -> None:
        said.append(f"folder {folder.name}")
        sync_folder(folder)

    def renamed(path: Path, target: Path) -> Path:
        said.append("rename")
        return rename(path, target)

    monkeypatch.setattr(files, "sync_file", synced_file)
    monkeypatch.setattr(files, "sync_folder", synced_folder)
    monkeypatch.setattr(pixels, "sync_folder", synced_folder)
    monkeypatch.setattr(Path, "rename", renamed)
    kept.keep(DATA, "png")
    assert said == ["folder pixels", "data", "rename", f"folder {DIGEST[:2]}"]


def test_an_altered_file_is_told_set_aside_and_healed(kept: PixelFiles) -> None:
    kept.keep(DATA, "png")
    path = kept.path(DIGEST)
    path.chmod(0o644)
    path.write_bytes(b"X" + DATA[1:])
    with pytest.raises(CaseheadError, match="altered or is damaged; restore"):
        kept.read(DIGEST)
    kept.keep(DATA, "png")
    assert kept.read(DIGEST) == DATA
    (aside,) = path.parent.glob("*.damaged-*")
    assert aside.read_bytes() == b"X" + DATA[1:]


def test_missing_pixels_and_nonsense_digests_are_told(kept: PixelFiles) -> None:
    with pytest.raises(CaseheadError, match="is missing from"):
        kept.read("0" * 64)
    for nonsense in ("", "../../etc/passwd", "A" * 64, "0" * 63):
        with pytest.raises(CaseheadError, match="not the digest"):
            kept.path(nonsense)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EACCES, "not allowed"),
        (errno.EROFS, "cannot be written"),
        (errno.EIO, "check the disk"),
    ],
)
def test_what_the_disk_refuses_is_told_and_leaves_nothing(
    kept: PixelFiles, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(files, "sync_file", refuse)
        with pytest.raises(CaseheadError, match=words):
            kept.keep(DATA, "png")
    assert stored(kept.folder) == []
    assert kept.keep(DATA, "png") == DIGEST


def test_many_threads_keep_the_same_pixels(kept: PixelFiles) -> None:
    start = Barrier(8)

    def keep() -> None:
        start.wait(30)
        kept.keep(DATA, "png")

    threads = [Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert stored(kept.folder) == [f"{DIGEST[:2]}/{DIGEST}.png"]


def test_what_a_crash_left_half_written_is_gone_at_the_next_start(
    casebook: Casebook, folder: Path
) -> None:
    digest = casebook.keep_pixels(DATA, "png")
    casebook.keep_prepared("key", b"kept")
    casebook.close()
    for place in ("pixels", "prepared"):
        (folder / place / "0a1b.part").write_bytes(b"half")
    with Casebook.open(folder) as again:
        assert not list(folder.rglob("*.part"))
        assert again.pixels(digest) == DATA
        assert again.pixels_path(digest).read_bytes() == DATA
        assert again.prepared("key") == b"kept"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("spoil", [_cut, Path.unlink, lambda p: p.write_bytes(b"")])
def test_a_spoilt_cache_file_reads_as_absent(
    casebook: Casebook, folder: Path, spoil: Callable[[Path], object]
) -> None:
    assert casebook.prepared("any key / at all") is None
    casebook.keep_prepared("any key / at all", b"numbers")
    casebook.keep_prepared("other", b"")
    assert casebook.prepared("any key / at all") == b"numbers"
    assert casebook.prepared("other") == b""
    for path in (folder / "prepared").rglob("*.bin"):
        spoil(path)
    assert casebook.prepared("any key / at all") is None
    assert casebook.check() == ()


def test_a_cache_that_cannot_be_written_disturbs_nobody(casebook: Casebook, folder: Path) -> None:
    (folder / "prepared").rmdir()
    (folder / "prepared").write_bytes(b"a file in the way")
    casebook.keep_prepared("key", b"numbers")
    assert casebook.prepared("key") is None
