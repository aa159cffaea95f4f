"""Damaged and forged entries: a sentence each, nothing half received, nothing else stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain import CaseheadError
from app.exchange import EntryState, Exchange
from app.exchange.folder import read_entry
from app.store import Casebook
from tests.app.exchange.exchange_parts import counts, entry_of, fill, rewritten

Document = dict[str, Any]
Spoil = Callable[[Path], Path]
Case = tuple[str, Spoil, str]


def _picture(entry: Path) -> Path:
    return sorted(entry.glob("*.png"))[0]


def _acquired(document: Document) -> Document:
    found: Document = document["cartridge_cases"][0]["marks"][0]["acquired"][0]
    return found


def _changed_document(entry: Path) -> Path:
    path = entry / "entry.json"
    path.write_bytes(path.read_bytes().replace(b"NK-1", b"NK-2"))
    return entry


def _changed_pixels(entry: Path) -> Path:
    _picture(entry).write_bytes(b"another picture")
    return entry


def _missing_pixels(entry: Path) -> Path:
    _picture(entry).unlink()
    return entry


def _missing_document(entry: Path) -> Path:
    (entry / "entry.json").unlink()
    return entry


def _linked(entry: Path) -> Path:
    picture = _picture(entry)
    elsewhere = picture.rename(entry.parent.parent / f"{entry.name}.elsewhere")
    picture.symlink_to(elsewhere)
    return entry


def _piped(entry: Path) -> Path:
    picture = _picture(entry)
    picture.unlink()
    os.mkfifo(picture)
    return entry


def _named_otherwise(entry: Path) -> Path:
    return entry.rename(entry.with_name("2026-7"))


def _document_of(data: bytes) -> Spoil:
    def spoil(entry: Path) -> Path:
        (entry / "entry.json").write_bytes(data)
        return entry.rename(entry.with_name(hashlib.sha256(data).hexdigest()))

    return spoil


def _with(change: Callable[[Document], object]) -> Spoil:
    return lambda entry: rewritten(entry, change)


def _fact(key: str, value: object) -> Case:
    return f"{key}={value!r}"[:40], _with(lambda d: _acquired(d).update({key: value})), key


def _number(value: object) -> Case:
    spoil = _with(lambda d: d["exhibit"].update(number=value))
    return f"number={value!r}"[:40], spoil, "exhibit.number"


def _twice(document: Document) -> None:
    document["cartridge_cases"][0]["id"] = document["exhibit"]["id"]


SPOILT: list[Case] = [
    ("changed document", _changed_document, "digest disagrees"),
    ("changed pixels", _changed_pixels, "digest disagrees"),
    ("missing pixels", _missing_pixels, "missing"),
    ("missing document", _missing_document, "entry.json is missing"),
    ("named otherwise", _named_otherwise, "digest disagrees"),
    ("newer", _with(lambda d: d.update(version=2)), "newer Casehead"),
    ("no firearm", _with(lambda d: d.update(firearms=[])), "does not carry"),
    ("one identifier twice", _with(_twice), "identifier twice"),
    *(
        (f"document {data[:12]!r}", _document_of(data), "entry.json")
        for data in (b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b"[" * 100_000, b'"\\ud800"')
    ),
    ("another program's", _document_of(b'{"format": "other"}'), "not an entry of Casehead"),
    *(
        _fact("digest", name)
        for name in ("../../etc/passwd", "0" * 63 + "/", "A" * 64, "..", "", "0" * 64 + "\n")
    ),
    _fact("file_format", "../x"),
    _fact("file_format", "exe"),
    _fact("id", "x" * 32),
    *(_fact("pixel_um", value) for value in (-1, 1e9, float("nan"), "2.53", True)),
    *(_fact("width", value) for value in (0, 10**12, 1.5)),
    _fact("kind", "film"),
    _fact("record", {}),
    _fact("surprise", 1),
    *(_number(value) for value in ("", "   ", "a\nb", "a\x00b", "x" * 201, 7, None)),
]
if os.name != "nt":
    SPOILT += [("linked", _linked, "missing"), ("piped", _piped, "missing")]


def test_spoilt_entries_get_a_sentence_and_stop_nothing(
    harbor: Casebook, lake: Casebook, folder: Path, tmp_path: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    whole = entry_of(folder).rename(tmp_path / entry_of(folder).name)
    sound = Exchange(harbor).send(fill(harbor, label="SOUND").id, folder).entry
    expected: dict[Path, tuple[str, str]] = {}
    for place, (name, spoil, words) in enumerate(SPOILT):
        entry = folder / f"agency-{place:03}" / "entries" / whole.name
        shutil.copytree(whole, entry)
        expected[spoil(entry)] = (name, words)

    report = Exchange(lake).receive(folder)
    outcomes = {outcome.path: outcome for outcome in report.outcomes}

    assert len(expected) == len(SPOILT)
    for path, (name, words) in expected.items():
        assert outcomes[path].state is EntryState.REFUSED, name
        assert words in outcomes[path].sentence, (name, outcomes[path].sentence)
        assert len(outcomes[path].sentence) < 300 and "\n" not in outcomes[path].sentence
    assert sound is not None and outcomes[sound].state is EntryState.RECEIVED
    assert {p.cartridge_case.label for p in lake.provenances()} == {"SOUND"}
    assert counts(lake)[:6] == (2, 1, 1, 1, 1, 2)
    assert lake.check() == ()


def test_an_identifier_that_is_somebody_elses(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    """A forged entry cannot put its picture over one that is here."""
    own = fill(lake, label="OWN")
    target = lake.provenances()[0].acquired
    before = counts(lake)
    Exchange(harbor).send(fill(harbor).id, folder)
    rewritten(entry_of(folder), lambda d: _acquired(d).update(id=target.id))
    (outcome,) = Exchange(lake).receive(folder).outcomes

    assert outcome.state is EntryState.REFUSED
    assert counts(lake) == before
    assert lake.acquired(target.id) == target
    assert own in lake.exhibits()


def test_what_others_leave_in_the_folder_is_passed_over(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    entry = entry_of(folder)
    (entry.parent / ".writing-abc").mkdir()
    (entry.parent / "readme.txt").write_text("hello")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "holiday" / "2025").mkdir(parents=True)
    (entry / "notes.txt").write_text("left here by a curious person")
    assert [o.state for o in Exchange(lake).receive(folder).outcomes] == [EntryState.RECEIVED]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_linked_document_is_not_read(harbor: Casebook, lake: Casebook, folder: Path) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    document = entry_of(folder) / "entry.json"
    document.rename(folder / "moved.json")
    document.symlink_to(folder / "moved.json")
    (outcome,) = Exchange(lake).receive(folder).outcomes
    assert outcome.state is EntryState.REFUSED and "missing" in outcome.sentence


def test_what_the_disk_will_not_even_look_at_is_refused_in_words(folder: Path) -> None:
    with pytest.raises(CaseheadError, match="cannot be read"):
        read_entry(folder / ("x" * 300))
