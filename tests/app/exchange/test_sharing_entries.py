"""Sending and receiving: what arrives is what was sent, once."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import Author, CancelledError, Case, CaseheadError, Exhibit, ReadOnlyError
from app.exchange import EntryState, Exchange
from app.exchange import folder as entry_files
from app.exchange.gather import gather
from app.jobs import Job
from app.store import Casebook
from tests.app.exchange.exchange_parts import (
    HARBOR,
    LAKE,
    PIXELS,
    add_picture,
    counts,
    entry_of,
    fill,
)


def test_an_exhibit_arrives_as_it_was_sent(harbor: Casebook, lake: Casebook, folder: Path) -> None:
    sent = Exchange(harbor).send(fill(harbor).id, folder)
    report = Exchange(lake).receive(folder)

    assert sent.sent and sent.entry == entry_of(folder)
    assert [o.state for o in report.outcomes] == [EntryState.RECEIVED]
    ours = {p.acquired.id: p for p in harbor.provenances()}
    theirs = {p.acquired.id: p for p in lake.provenances()}
    assert theirs.keys() == ours.keys() == set(report.acquired_ids)
    for key, place in theirs.items():
        there = ours[key]
        record = replace(place.acquired.record, settings={})
        assert record == replace(there.acquired.record, settings={})
        assert replace(place.acquired, record=record) == replace(there.acquired, record=record)
        assert place.acquired.record.settings == {"gain": 1.5, "nothing": None}
        assert (place.mark, place.cartridge_case) == (there.mark, there.cartridge_case)
        assert (place.exhibit, place.case, place.agency) == (
            there.exhibit,
            there.case,
            there.agency,
        )
        assert lake.pixels(place.acquired.digest) == harbor.pixels(place.acquired.digest)
    assert lake.events() == harbor.events()
    assert lake.firearms() == harbor.firearms()
    assert lake.check() == ()


def test_twice_sent_and_twice_received_makes_no_duplicates(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit = fill(harbor)
    first = Exchange(harbor).send(exhibit.id, folder)
    stamp = (entry_of(folder) / "entry.json").stat().st_mtime_ns
    second = Exchange(harbor).send(exhibit.id, folder)
    Exchange(lake).receive(folder)
    before = counts(lake)
    report = Exchange(lake).receive(folder)

    assert first.entry == second.entry
    assert (entry_of(folder) / "entry.json").stat().st_mtime_ns == stamp
    assert [o.state for o in report.outcomes] == [EntryState.KNOWN]
    assert counts(lake) == before
    assert report.acquired_ids == ()


def test_own_entries_are_known(harbor: Casebook, folder: Path) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    before = counts(harbor)
    assert [o.state for o in Exchange(harbor).receive(folder).outcomes] == [EntryState.KNOWN]
    assert counts(harbor) == before


def test_a_later_picture_comes_as_another_entry(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit = fill(harbor)
    Exchange(harbor).send(exhibit.id, folder)
    Exchange(lake).receive(folder)
    (cartridge_case,) = harbor.cartridge_cases(exhibit.id)
    (mark,) = harbor.marks(cartridge_case.id)
    late = add_picture(harbor, mark, b"a third picture")
    Exchange(harbor).send(exhibit.id, folder)
    report = Exchange(lake).receive(folder)

    assert report.acquired_ids == (late.id,)
    assert sorted(o.state for o in report.outcomes) == [EntryState.KNOWN, EntryState.RECEIVED]
    assert len(lake.provenances()) == 3


def test_two_stations_of_one_agency_do_not_double_a_case(
    harbor: Casebook, tmp_path: Path, folder: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    with Casebook.open(tmp_path / "second") as second:
        second.set_author(replace(HARBOR, station="Bench 2"))
        case = second.add_case(Case("2026-7"))
        exhibit = second.add_exhibit(Exhibit(case.id, "x1A"))
        report = Exchange(second).receive(folder)
        assert report.count(EntryState.RECEIVED) == 1
        assert second.cases() == (case,)
        assert second.exhibits() == (exhibit,)
        assert {p.exhibit.id for p in second.provenances()} == {exhibit.id}
        assert len(second.agencies()) == 1


def test_agencies_of_one_name_are_told_apart_by_their_codes(
    harbor: Casebook, tmp_path: Path, folder: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    with Casebook.open(tmp_path / "namesake") as other:
        other.set_author(Author(HARBOR.agency, "Bench 1", "Someone", "YY0000001"))
        other.add_case(Case("2026-7", title="quite another matter"))
        Exchange(other).receive(folder)
        assert len(other.agencies()) == 2
        assert len(other.cases()) == 2


def test_a_scale_found_later_supersedes_a_partners_picture(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit = fill(harbor, pixel_um=None)
    Exchange(harbor).send(exhibit.id, folder)
    Exchange(lake).receive(folder)
    for place in harbor.provenances():
        harbor.supersede_acquired(place.acquired.id, replace(place.acquired, pixel_um=2.53))
    Exchange(harbor).send(exhibit.id, folder)
    Exchange(lake).receive(folder)

    assert [p.acquired.pixel_um for p in lake.provenances()] == [2.53, 2.53]
    assert Exchange(lake).receive(folder).count(EntryState.KNOWN) == 2


def test_several_agencies_share_one_folder(harbor: Casebook, lake: Casebook, folder: Path) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    Exchange(lake).send(fill(lake, label="9Z").id, folder)
    assert len(list(folder.iterdir())) == 2
    assert len(Exchange(harbor).receive(folder).acquired_ids) == 2
    assert len(Exchange(lake).receive(folder).acquired_ids) == 2


def test_an_absent_folder_keeps_the_entry_waiting_through_a_restart(
    harbor: Casebook, tmp_path: Path
) -> None:
    stick = tmp_path / "not plugged in"
    outcome = Exchange(harbor).send(fill(harbor).id, stick)
    again = Exchange(harbor).send(outcome.exhibit_id, stick)
    harbor.close()

    assert not outcome.sent and "not there" in outcome.sentence
    assert again.line_id == outcome.line_id
    assert not stick.exists()
    with Casebook.open(tmp_path / "harbor") as reopened:
        (line,) = reopened.outbox(only_waiting=True)
        assert (line.tries, line.message) == (2, outcome.sentence)
        (still,) = Exchange(reopened).flush()
        assert not still.sent
        stick.mkdir()
        (sent,) = Exchange(reopened).flush()
        assert sent.sent and entry_of(stick) == sent.entry
        assert reopened.outbox(only_waiting=True) == ()
        assert Exchange(reopened).flush() == ()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_that_cannot_be_written_keeps_the_entry_waiting(
    harbor: Casebook, folder: Path
) -> None:
    folder.chmod(0o500)
    outcome = Exchange(harbor).send(fill(harbor).id, folder)
    folder.chmod(0o700)
    assert not outcome.sent and "cannot be written" in outcome.sentence


def test_a_full_stick_leaves_nothing_half_written(
    harbor: Casebook, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        path.write_bytes(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(entry_files, "write_durably", full)
    outcome = Exchange(harbor).send(fill(harbor).id, folder)
    assert "No space left on device" in outcome.sentence
    assert list(folder.glob("*/entries/*")) == []
    assert len(harbor.outbox(only_waiting=True)) == 1


def test_a_damaged_entry_of_ours_is_put_aside_and_written_again(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit = fill(harbor)
    Exchange(harbor).send(exhibit.id, folder)
    picture = next(entry_of(folder).glob("*.png"))
    picture.write_bytes(b"rot")
    assert Exchange(harbor).send(exhibit.id, folder).sent
    assert Exchange(lake).receive(folder).count(EntryState.RECEIVED) == 1


def test_damaged_local_pixels_are_never_sent(harbor: Casebook, folder: Path) -> None:
    exhibit = fill(harbor)
    path = harbor.pixels_path(harbor.provenances()[0].acquired.digest)
    path.chmod(0o600)
    path.write_bytes(b"rot")
    outcome = Exchange(harbor).send(exhibit.id, folder)
    assert not outcome.sent and "damaged" in outcome.sentence
    assert list(folder.glob("*/entries/*")) == []


def test_sending_what_is_not_there_is_refused_in_words(harbor: Casebook, folder: Path) -> None:
    with pytest.raises(CaseheadError, match="no exhibit"):
        Exchange(harbor).send("0" * 32, folder)
    assert harbor.outbox() == ()


def test_receiving_from_an_absent_folder_is_refused_in_words(
    lake: Casebook, tmp_path: Path
) -> None:
    with pytest.raises(CaseheadError, match="not there"):
        Exchange(lake).receive(tmp_path / "nowhere")


def test_an_empty_folder_is_told(lake: Casebook, folder: Path) -> None:
    assert "no entries" in Exchange(lake).receive(folder).sentence


def test_receiving_needs_an_author_and_a_writable_casebook(
    harbor: Casebook, tmp_path: Path, folder: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    with Casebook.open(tmp_path / "new") as nobody, pytest.raises(CaseheadError, match="who works"):
        Exchange(nobody).receive(folder)
    with (
        Casebook.open(tmp_path / "harbor", read_only=True) as reader,
        pytest.raises(ReadOnlyError, match="reading only"),
    ):
        Exchange(reader).receive(folder)


def test_a_stop_keeps_what_was_received(harbor: Casebook, lake: Casebook, folder: Path) -> None:
    for label in ("1A", "1B", "1C"):
        Exchange(harbor).send(fill(harbor, label=label).id, folder)
    job = Job(lambda done, total, what: job.cancel() if done == 1 else None)
    with pytest.raises(CancelledError):
        Exchange(lake).receive(folder, job)
    assert 0 < len(lake.provenances()) <= 4
    assert lake.check() == ()


def test_one_prefix_or_one_entry_can_be_received_alone(
    harbor: Casebook, lake: Casebook, folder: Path, tmp_path: Path
) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    entry = entry_of(folder)
    alone = tmp_path / "mail" / entry.name
    shutil.copytree(entry, alone)
    assert Exchange(lake).receive(alone).count(EntryState.RECEIVED) == 1
    assert Exchange(lake).receive(entry.parent.parent).count(EntryState.KNOWN) == 1


def test_names_used(harbor: Casebook, folder: Path) -> None:
    Exchange(harbor).send(fill(harbor).id, folder)
    assert entry_of(folder).parent.parent.name == "agency-xx0990100"
    names = {p.name for p in entry_of(folder).iterdir()}
    digests = {p.acquired.digest for p in harbor.provenances()}
    assert names == {"entry.json"} | {f"{digest}.png" for digest in digests}
    assert len(digests) == len(PIXELS)
    assert LAKE.agency not in (entry_of(folder) / "entry.json").read_text("utf-8")


def test_what_goes_out_while_it_is_queued_is_sent_all_the_same(
    harbor: Casebook, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread flushes the queue in the moment between."""
    exchange, queue = Exchange(harbor), harbor.queue_entry

    def queued(exhibit_id: str, place: str) -> str:
        line_id = queue(exhibit_id, place)
        assert exchange.flush()[0].sent
        return line_id

    monkeypatch.setattr(harbor, "queue_entry", queued)
    assert exchange.send(fill(harbor).id, folder).sent


def test_an_entry_that_another_station_writes_sooner_is_there(
    harbor: Casebook, folder: Path
) -> None:
    entry = gather(harbor, fill(harbor).id)

    def pixels(digest: str) -> bytes:
        entry_files.write_entry(folder, entry, harbor.pixels, ())
        return harbor.pixels(digest)

    written = entry_files.write_entry(folder, entry, pixels, ())
    assert written == entry_of(folder) and [*written.parent.iterdir()] == [written]
