"""A casebook grown to any size: every record with its line in a journal that holds.

What a laboratory would need years for is written in one transaction, by the codecs and in the
words of the workstation itself, so that the casebook check finds nothing wrong with it. Pictures
share a few pixel files: what is measured on it is the record, not the disk.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives import serialization
from sqlite_utils import Database

from app.capture import encode_png
from app.casework.record import Fact
from app.casework.reviews import (
    Lead,
    LeadStep,
    Notice,
    SearchReview,
    Verification,
    VerificationTask,
)
from app.casework.trace_form import load_form
from app.casework.traces import TraceRequest, TraceStatus, TraceStep, after_hours, prefilled
from app.domain import (
    Acquired,
    Agency,
    Alignment,
    Author,
    Candidate,
    CaptureRecord,
    CartridgeCase,
    Case,
    Comparison,
    Conclusion,
    Event,
    Exhibit,
    Firearm,
    Light,
    Mark,
    Role,
    Score,
    Search,
    SearchState,
)
from app.store import Casebook
from app.store.casework_codecs import (
    LEAD,
    LEAD_STEP,
    NOTICE,
    SEARCH_REVIEW,
    TASK,
    VERIFICATION,
)
from app.store.codecs import (
    AGENCY,
    CANDIDATE,
    CARTRIDGE_CASE,
    CASE,
    COMPARISON,
    CONCLUSION,
    EVENT,
    EXHIBIT,
    FIREARM,
    MARK,
    PICTURES,
    SEARCH,
)
from app.store.facts import FACT
from app.store.schema import STEPS, migrations
from app.store.signing import Keys, Seal, key_id
from app.store.traces import TRACE_REQUEST, TRACE_STEP
from tests.bench.ink import Ink, content_digest

PEOPLE = ("R. Okafor", "M. Lindqvist", "T. Brandt", "A. Nakamura", "S. Oyelaran", "J. Moreau")
MAKERS = (("Rovera", "R9"), ("Stahlmann", "P7"), ("Carver", "45"), ("Nordic", "N2"))
CALIBRES = ("9 mm Luger", ".40 S&W", ".45 Auto", ".380 Auto", "7.65 mm Browning")
PLACES = ("Harbor Street", "Mill Lane", "North Quay", "Station Road", "Old Market", "Hill Park")
BEGUN = datetime(2023, 1, 2, 7, 0, tzinfo=UTC)
DAYS = 3 * 365
_FILES = 64
_AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", PEOPLE[0], "XX0990100")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is, made of the number of exhibits and of journal lines."""

    exhibits: int
    lines: int

    @property
    def cases(self) -> int:
        """Two and a half exhibits a case."""
        return max(self.exhibits * 2 // 5, 2)

    @property
    def name(self) -> str:
        """Of the folder it is kept in; with other tables it is another casebook."""
        return f"casework-{self.exhibits}-{self.lines}-{_tables()}"


def _tables() -> str:
    """A short digest of all tables, indexes, views and triggers as they are made now."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrations(STEPS).apply(Database(raw))
        found = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        return hashlib.sha256(repr(found.fetchall()).encode()).hexdigest()[:8]


def grown(folder: Path, size: Size) -> Path:
    """The casebook of that size in ``folder``, made there unless it is there already."""
    made = folder / size.name
    if not (made / "whole").exists():
        shutil.rmtree(made, ignore_errors=True)
        grow(made, size)
        (made / "whole").touch()
    return made / "casebook"


def grow(folder: Path, size: Size) -> None:
    """Make one; the keys that sign it lie beside it, in ``keys``."""
    keys = Keys(folder / "keys")
    casebook = folder / "casebook"
    with Casebook.open(casebook, keys=keys) as opened:
        opened.set_author(_AUTHOR)
        own = opened.agency().id
        digests = _pixels(opened)
        last = opened.journal(1)[0]
    raw = sqlite3.connect(casebook / "casebook.sqlite", isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA cache_size = -400000")
    key = keys._private().private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    with ProcessPoolExecutor(2) as pool:
        ink = Ink(raw, random.Random(size.exhibits), key, key_id(keys.public), pool, _AUTHOR)
        ink.lines, ink.previous = last.seq, last.digest
        raw.execute("BEGIN")
        held = _without_triggers(raw)
        _Grower(ink, size, own, digests).grow()
        ink.flush()
        for sql in held:
            raw.execute(sql)
        raw.execute("COMMIT")
    first = str(raw.execute("SELECT digest FROM journal ORDER BY seq LIMIT 1").fetchone()[0])
    raw.close()
    keys.seal(first, casebook, Seal(ink.lines, ink.previous))
    _derive(casebook, keys)


def _without_triggers(raw: sqlite3.Connection) -> list[str]:
    """Take the triggers away that keep derived tables; the statements that bring them back."""
    found = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '%_never_%'"
    ).fetchall()
    for name, _ in found:
        raw.execute(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in found]


def _derive(folder: Path, keys: Keys) -> None:
    """Make anew what the triggers would have kept."""
    with Casebook.open(folder, keys=keys) as casebook:
        for name in ("rebuild_clock", "rebuild_events"):
            rebuild = getattr(casebook, name, None)
            if rebuild is not None:
                rebuild()


def _pixels(casebook: Casebook) -> list[str]:
    noise = np.random.default_rng(5)
    made = (noise.integers(0, 255, (48, 48), dtype=np.uint8) for _ in range(_FILES))
    return [casebook.keep_pixels(encode_png(one), "png") for one in made]


@dataclass(slots=True)
class _Grower:
    ink: Ink
    size: Size
    own: str
    digests: list[str]
    pictures: list[tuple[str, str]] = field(default_factory=list)
    guns: list[tuple[Firearm, str]] = field(default_factory=list)
    at: datetime = BEGUN

    def grow(self) -> None:
        partners = [self.ink.id() for _ in range(3)]
        self._moment(BEGUN)
        for number, one in enumerate(partners, 1):
            name = f"Partner Agency {number}"
            self.ink.add(AGENCY, Agency(one, name, f"YY099{number:04}"), name=name, ori="")
        span = timedelta(days=DAYS) / self.size.cases
        left = self.size.exhibits
        for number in range(self.size.cases):
            self._moment(BEGUN + span * number)
            more = 4 if number % 4 == 0 else 2
            more = left if number == self.size.cases - 1 else min(more, left)
            agency = partners[number % 3] if number % 10 == 9 else self.own
            self._case(number, agency, more)
            left -= more
        self._casework()
        while self.ink.lines < self.size.lines:
            self._moment(self.at + timedelta(seconds=31))
            picture = self.ink.random.choice(self.pictures)[0]
            self.ink.tell("image looked at", picture, {"for": "review", "seconds": 12})

    def _moment(self, at: datetime) -> None:
        self.at = at
        self.ink.at = at.isoformat(timespec="seconds")
        examiner = self.ink.random.choice(PEOPLE)
        self.ink.who = Author(_AUTHOR.agency, _AUTHOR.station, examiner, _AUTHOR.ori)

    def _case(self, number: int, agency: str, exhibits: int) -> None:
        ink, year = self.ink, self.at.year
        case = Case(f"{year}-{number:06}", agency, f"{PLACES[number % 6]}, {number}", ink.id())
        ink.add(CASE, case, number=case.number)
        self._fact("case", case.id, "agency_ori", f"XX{number % 400:07}")
        happened = (self.at - timedelta(hours=ink.random.randint(4, 90))).isoformat()
        kind = ("shooting", "shots fired", "recovery")[number % 3]
        event = Event(case.id, kind, happened, PLACES[number % 6], ink.id())
        ink.add(EVENT, event, case_id=case.id, kind=kind)
        for name, value in (
            ("latitude", f"{53.5 + ink.random.gauss(0, 0.05):.5f}"),
            ("longitude", f"{9.9 + ink.random.gauss(0, 0.08):.5f}"),
            ("fatal", "yes" if number % 7 == 0 else "no"),
        ):
            self._fact("event", event.id, name, value)
        for one in range(1, exhibits + 1):
            self._exhibit(case, event, one)

    def _exhibit(self, case: Case, event: Event, number: int) -> None:
        ink = self.ink
        exhibit = Exhibit(case.id, str(number), "cartridge case", event.id, ink.id())
        ink.add(EXHIBIT, exhibit, case_id=case.id, number=exhibit.number)
        received = (self.at - timedelta(hours=ink.random.randint(1, 70))).isoformat()
        self._fact("exhibit", exhibit.id, "collected_at", event.happened_at)
        self._fact("exhibit", exhibit.id, "received_at", received)
        gun = self._firearm(exhibit, case) if ink.random.random() < 0.15 else None
        pick = ink.random.randrange(len(CALIBRES))
        cartridge_case = CartridgeCase(
            *(exhibit.id, f"{number}A", Role.TEST_FIRE if gun else Role.EVIDENCE),
            *(CALIBRES[pick], "hemispherical", "parallel", "", gun.id if gun else None, ink.id()),
        )
        label = {"exhibit_id": exhibit.id, "label": cartridge_case.label}
        ink.add(CARTRIDGE_CASE, cartridge_case, **label)
        mark = Mark(cartridge_case.id, id=ink.id())
        ink.add(MARK, mark, cartridge_case_id=cartridge_case.id, kind=str(mark.kind))
        self._picture(mark, case)

    def _firearm(self, exhibit: Exhibit, case: Case) -> Firearm:
        ink = self.ink
        make, model = ink.random.choice(MAKERS)
        serial = f"{ink.random.randrange(10**6):06}"
        gun = Firearm(exhibit.id, make, model, serial, ink.random.choice(CALIBRES), ink.id())
        ink.add(FIREARM, gun, exhibit_id=exhibit.id, serial=serial)
        self._fact("firearm", gun.id, "type", "pistol")
        self._fact("firearm", gun.id, "country", "US")
        self.guns.append((gun, case.number))
        return gun

    def _picture(self, mark: Mark, case: Case) -> None:
        ink = self.ink
        record = CaptureRecord(ink.at, ink.who, "bench", {}, Light.RING, "4x", "casehead 1")
        picture = Acquired(
            *(mark.id, "image", ink.random.choice(self.digests), 48, 48, "png", record, 6.0),
            id=ink.id(),
        )
        ink.add(PICTURES["image"], picture, digest=picture.digest, file=picture.file_name)
        self.pictures.append((picture.id, case.id))

    def _fact(self, kind: Any, record_id: str, name: str, value: str) -> None:
        ink = self.ink
        fact = Fact(kind, record_id, name, value, "", ink.who, ink.at, ink.id())
        ink.add(FACT, fact, kind=kind, record_id=record_id, field=name, value=value)

    # --- casework --------------------------------------------------------------------------
    def _casework(self) -> None:
        """Searches of a fifth, reviewed; leads, comparisons, verifications, notices, traces."""
        ink, count = self.ink, self.size.exhibits
        for number in range(count // 5):
            self._moment(self.at + timedelta(minutes=1))
            self._search(number)
        for number in range(count // 40):
            self._moment(self.at + timedelta(minutes=3))
            self._lead(number)
        for number, (gun, case) in enumerate(islice(self.guns, count // 50)):
            self._moment(self.at + timedelta(minutes=2))
            self._trace(number, gun, case)
        ink.flush()

    def _pair(self) -> tuple[tuple[str, str], tuple[str, str]]:
        while True:
            left, right = self.ink.random.sample(self.pictures, 2)
            if left[1] != right[1]:
                return left, right

    def _search(self, number: int) -> None:
        ink = self.ink
        picture = self.pictures[number * 5 % len(self.pictures)][0]
        search = Search(
            *(picture, SearchState.DONE, "cells", "1", 900, 900, 200, 10, 0, ink.at, ink.at, ""),
            seen=True,
            id=ink.id(),
        )
        ink.put(SEARCH, search)
        ink.tell("search finished", search.id, {"compared": 200})
        for rank, (other, _) in enumerate(ink.random.sample(self.pictures, 3), 1):
            score = Score("cells", "1", 0.5 / rank, 0.4, 30, 12 // rank, Alignment(), 0.9, 0.05)
            ink.put(CANDIDATE, Candidate(search.id, other, rank, score, id=ink.id()))
        review = SearchReview(search.id, 3, 3, 0, 3, 0, "no lead", "", ink.who, ink.at, ink.id())
        ink.add(SEARCH_REVIEW, review, search_id=search.id, outcome="no lead")

    def _lead(self, number: int) -> None:
        ink = self.ink
        left, right = self._pair()
        lead = Lead(
            *(left[0], right[0], left[1], right[1], "agreement at six o'clock", None),
            *(ink.who, ink.at, ink.id()),
        )
        ink.add(LEAD, lead, reason=lead.reason)
        if number % 5 == 0:
            return
        kinds = ("agreed", "assigned", "feedback")[: 1 + number % 3]
        for kind in kinds:
            self._moment(self.at + timedelta(hours=2))
            person = PEOPLE[number % 6] if kind == "assigned" else ""
            text = "suspect named" if kind == "feedback" else ""
            step = LeadStep(lead.id, kind, person, "", text, ink.who, ink.at, ink.id())  # type: ignore[arg-type]
            ink.add(LEAD_STEP, step, lead_id=lead.id, kind=kind)
        notice = Notice(
            *("lead", lead.id, "Det. Grey", "Harbor City Police", "e-mail", "Lead notice", ""),
            *(ink.who, ink.at, ink.id()),
        )
        ink.add(NOTICE, notice, subject_id=lead.id)
        if number % 2 == 0:
            self._hit(left[0], right[0])

    def _hit(self, left: str, right: str) -> None:
        ink = self.ink
        comparison = Comparison(left, right, Alignment(), {}, None, ink.id())
        row = ink.put(COMPARISON, comparison, changed_at=ink.at)
        ink.tell("comparison added", comparison.id, {"content": content_digest(COMPARISON, row)})
        first = Conclusion(
            *(comparison.id, "AFTE", "identification", "cells agree", ink.who, ink.at),
            *("individual", "", True, ink.who.examiner, ink.at[:10], ink.id()),
        )
        ink.add(CONCLUSION, first, comparison_id=comparison.id, value=first.value)
        asked = VerificationTask(comparison.id, first.id, "blind", "", False, ink.who, ink.at)
        ink.add(TASK, asked, comparison_id=comparison.id)
        other = next(name for name in PEOPLE if name != ink.who.examiner)
        who = Author(_AUTHOR.agency, _AUTHOR.station, other, _AUTHOR.ori)
        given = Verification(
            *(asked.id, comparison.id, first.id, "AFTE", "identification", "agrees"),
            *("individual", "", True, other, ink.at[:10], "", "", 0, who, ink.at),
        )
        ink.add(VERIFICATION, given, task_id=asked.id, value=given.value)

    def _trace(self, number: int, gun: Firearm, case: str) -> None:
        ink = self.ink
        known = {
            **{f"firearm.{name}": getattr(gun, name) for name in ("make", "model", "serial")},
            **{"firearm.calibre": gun.calibre, "firearm.type": "pistol", "firearm.country": "US"},
            **{"case.number": case, "author.ori": _AUTHOR.ori, "case.ncic_code": "1399"},
        }
        due = after_hours(ink.at, 24)
        draft = prefilled(load_form(), gun.id, known)
        request = TraceRequest(
            *(gun.id, draft.fields, "", None, draft.form_version, due, ink.who, ink.at, ink.id())
        )
        ink.add(TRACE_REQUEST, request, firearm_id=gun.id, priority=request.priority)
        steps = (TraceStatus.SENT, TraceStatus.COMPLETED)[: number % 3]
        for status in steps:
            self._moment(self.at + timedelta(hours=3))
            answer = {"outcome": "purchaser"} if status is TraceStatus.COMPLETED else {}
            step = TraceStep(request.id, status, "", answer, ink.who, ink.at, ink.id())
            ink.add(TRACE_STEP, step, trace_id=request.id, status=str(status))
