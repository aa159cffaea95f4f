"""Packs of sketches: quick to open, and never wrong whatever happened to their files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from app.store import Casebook, Pack

SIZE, HEAD = 40, 8


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def record(number: int) -> bytes:
    return bytes((number * 7 + place) % 256 for place in range(SIZE))


def opened(folder: Path, read_only: bool = False) -> Pack:
    return Pack(folder / "pack", SIZE, HEAD, read_only)


def filled(folder: Path, count: int = 5) -> Pack:
    pack = opened(folder)
    pack.add((key(n), record(n)) for n in range(count))
    return pack


def sound(pack: Pack, numbers: range | list[int]) -> list[int]:
    """Which of these it holds as they were put in; anything else fails the test."""
    rows = pack.find(map(key, numbers))
    there = [n for n, row in zip(numbers, rows, strict=True) if row >= 0]
    found, good = pack.records(rows[rows >= 0])
    for n, data, is_good in zip(there, found, good, strict=True):
        assert not is_good or data.tobytes() == record(n)
    return [n for n, is_good in zip(there, good, strict=True) if is_good]


def test_what_was_added_is_there_at_once_and_after_opening_again(tmp_path: Path) -> None:
    pack = filled(tmp_path)
    pack.add([(key(9), record(9))])
    for one in (pack, opened(tmp_path), opened(tmp_path, read_only=True)):
        assert len(one) == 6 and key(9) in one and key(8) not in one
        assert sound(one, range(12)) == [0, 1, 2, 3, 4, 9]
        rows = one.find([key(4), key(8), key(0)])
        assert rows.tolist() == [4, -1, 0]
        assert [h.tobytes() for h in one.heads(rows[[0, 2]])] == [
            record(4)[:HEAD],
            record(0)[:HEAD],
        ]


def test_of_two_under_one_key_the_later_is_found(tmp_path: Path) -> None:
    pack = filled(tmp_path)
    pack.add([(key(2), record(77))])
    for one in (pack, opened(tmp_path)):
        found, good = one.records(one.find([key(2)]))
        assert found[0].tobytes() == record(77) and good.all() and len(one) == 6


@pytest.mark.parametrize("name", ["keys", "heads", "records"])
@pytest.mark.parametrize("lost", [1, 30, 90, None])
def test_a_torn_or_missing_file_loses_the_last_records_only(
    tmp_path: Path, name: str, lost: int | None
) -> None:
    filled(tmp_path).close()
    path = tmp_path / "pack" / name
    if lost is None:
        path.unlink()
    else:
        os.truncate(path, max(path.stat().st_size - lost, 0))
    pack = opened(tmp_path)
    there = sound(pack, range(5))
    assert there == list(range(len(pack))) and len(pack) < 5
    pack.add((key(n), record(n)) for n in range(len(pack), 8))
    for one in (pack, opened(tmp_path)):
        assert sound(one, range(8)) == list(range(8))


def test_a_damaged_record_is_found_out_and_made_anew(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with (tmp_path / "pack" / "records").open("r+b") as file:
        file.seek(2 * SIZE + 3)
        file.write(b"\xff\xff")
    pack = opened(tmp_path)
    assert sound(pack, range(5)) == [0, 1, 3, 4]
    assert pack.find([key(2)]).tolist() == [-1]
    pack.add([(key(2), record(2))])
    for one in (pack, opened(tmp_path)):
        assert sound(one, range(5)) == [0, 1, 2, 3, 4]


def test_a_kill_between_its_files_loses_nothing_that_was_there(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with (tmp_path / "pack" / "records").open("ab") as file:
        file.write(record(99))
    pack = opened(tmp_path)
    pack.add([(key(5), record(5))])
    for one in (pack, opened(tmp_path)):
        assert sound(one, range(7)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("why", ["read only", "refused"])
def test_what_cannot_be_written_is_kept_in_memory(tmp_path: Path, why: str) -> None:
    filled(tmp_path, 2).close()
    pack = opened(tmp_path, read_only=why == "read only")
    if why == "refused":
        (tmp_path / "pack" / "keys").unlink()
        (tmp_path / "pack" / "keys").mkdir()
    pack.add((key(n), record(n)) for n in (5, 6))
    pack.add([(key(7), record(7))])
    assert sound(pack, [0, 1, 5, 6, 7]) == [0, 1, 5, 6, 7]
    heads = pack.heads(pack.find([key(6), key(0)]))
    assert [h.tobytes() for h in heads] == [record(6)[:HEAD], record(0)[:HEAD]]
    if why == "read only":
        assert len(opened(tmp_path)) == 2


def test_nothing_is_asked_of_an_empty_one(tmp_path: Path) -> None:
    pack = opened(tmp_path)
    none = pack.find([])
    found, good = pack.records(none)
    assert found.shape == (0, SIZE) and good.shape == (0,) and pack.heads(none).shape == (0, HEAD)
    assert not (tmp_path / "pack").exists()


def test_a_casebook_has_one_of_each_name_which_may_be_thrown_away(tmp_path: Path) -> None:
    with Casebook.open(tmp_path / "casebook") as casebook:
        pack = casebook.sketches("ab", SIZE, HEAD)
        assert casebook.sketches("ab", SIZE, HEAD) is pack is not casebook.sketches("cd", 4, 2)
        pack.add([(key(1), record(1))])
        folder = casebook.folder / "prepared"
        assert (folder / "sketches" / "ab" / "records").read_bytes() == record(1)
        assert casebook.check() == ()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with Casebook.open(tmp_path / "casebook") as casebook:
        assert len(casebook.sketches("ab", SIZE, HEAD)) == 0


def test_a_large_one_is_read_a_part_at_a_time(tmp_path: Path) -> None:
    pack = filled(tmp_path, 300)
    rows = np.array([299, 0, 150, 150])
    found, good = pack.records(rows)
    assert good.all()
    assert [data.tobytes() for data in found] == [record(int(n)) for n in rows]
