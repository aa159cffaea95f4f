"""Frames of combined pictures and references of shaded ones travel with their entry."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from app.domain import Acquired, CaptureRecord, CartridgeCase, Case, Exhibit, Mark, now
from app.exchange import Exchange
from app.exchange.exchange import EntryState
from app.exchange.gather import gather
from app.exchange.sources import source_digests
from app.store import Casebook
from tests.app.exchange.exchange_parts import HARBOR


def png(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (24, 32), np.uint8)
    return cv2.imencode(".png", pixels)[1].tobytes()


def exhibit_with(casebook: Casebook, **more: object) -> tuple[str, Acquired]:
    """An exhibit whose one picture was combined of two frames and is read with a flat."""
    case = casebook.add_case(Case("2026-0412", casebook.agency().id))
    exhibit = casebook.add_exhibit(Exhibit(case.id, "3"))
    cartridge_case = casebook.add_cartridge_case(CartridgeCase(exhibit.id, "3A"))
    mark = casebook.add_mark(Mark(cartridge_case.id))
    frames = [casebook.keep_pixels(png(n), ".png") for n in (1, 2)]
    flat = casebook.keep_pixels(png(3), ".png")
    combined = {"sources": [{"digest": one} for one in frames], "shading": {}}
    record = CaptureRecord(now(), HARBOR, settings={"combined": combined})
    picture = casebook.keep_pixels(png(4), ".png")
    kept = Acquired(mark.id, "image", picture, 32, 24, "png", record, 2.5, units={"flat": flat})
    return exhibit.id, casebook.add_acquired(replace(kept, **more))


def test_sources_go_with_the_entry_and_are_received(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit_id, kept = exhibit_with(harbor)
    digests = source_digests(gather(harbor, exhibit_id))
    assert len(digests) == 3 and kept.units["flat"] in digests
    sent = Exchange(harbor).send(exhibit_id, folder)
    assert sent.entry is not None and len(list(sent.entry.iterdir())) == 5
    report = Exchange(lake).receive(folder)
    assert report.acquired_ids == (kept.id,)
    for digest in digests:
        assert hashlib.sha256(lake.pixels(digest)).hexdigest() == digest
    assert lake.check() == ()


def test_an_entry_of_a_station_without_them_is_received_all_the_same(
    harbor: Casebook, lake: Casebook, folder: Path
) -> None:
    exhibit_id, kept = exhibit_with(harbor)
    sent = Exchange(harbor).send(exhibit_id, folder)
    assert sent.entry is not None
    for digest in source_digests(gather(harbor, exhibit_id)):
        (sent.entry / f"{digest}.png").unlink()
    assert Exchange(lake).receive(folder).acquired_ids == (kept.id,)
    assert len(lake.check()) == 3  # and the check says what cannot be made again


def test_a_damaged_source_is_refused(harbor: Casebook, lake: Casebook, folder: Path) -> None:
    exhibit_id, _ = exhibit_with(harbor)
    sent = Exchange(harbor).send(exhibit_id, folder)
    assert sent.entry is not None
    digest = source_digests(gather(harbor, exhibit_id))[0]
    path = sent.entry / f"{digest}.png"
    path.chmod(0o644)
    path.write_bytes(png(9))
    (outcome,) = Exchange(lake).receive(folder).outcomes
    assert outcome.state is EntryState.REFUSED and "changed or damaged" in outcome.sentence


def test_what_the_sender_lacks_stays_away(harbor: Casebook, folder: Path) -> None:
    exhibit_id, kept = exhibit_with(harbor)
    harbor.pixels_path(kept.units["flat"]).unlink()
    sent = Exchange(harbor).send(exhibit_id, folder)
    assert sent.sent and sent.entry is not None and len(list(sent.entry.iterdir())) == 4


def test_only_what_can_be_a_digest_is_ever_looked_for(harbor: Casebook) -> None:
    told = {"sources": [{"digest": "../../etc"}, {"digest": 7}, "x"], "shading": {"dark": "a" * 63}}
    record = CaptureRecord(now(), HARBOR, settings={"combined": told})
    exhibit_id, _ = exhibit_with(harbor, record=record, units={"flat": "b" * 64, "dark": "C" * 64})
    assert source_digests(gather(harbor, exhibit_id)) == ("b" * 64,)
