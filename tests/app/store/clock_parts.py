"""A large casebook made by plain SQL: exhibits, pictures, searches, reviews and leads."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain import new_id
from app.store import Casebook

WHO = ("Jane Doe", "Bench 1", "Lab North")
PERSON = ("Lab North", "Bench 1", "Jane Doe", "OR0010000")
_AUTHOR = "created_at, examiner, station, agency"


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def name(kind: int, number: int) -> str:
    """An identifier that tells what it is of."""
    return f"{kind:08x}{number:024x}"


class Rows:
    """What is put into one table, columns by name."""

    def __init__(self, table: str, columns: str) -> None:
        self.table, self.columns = table, columns
        self.rows: list[Sequence[Any]] = []

    def add(self, *values: Any) -> None:
        self.rows.append(values)

    def put(self, casebook: Casebook) -> None:
        marks = ", ".join("?" * len(self.columns.split(",")))
        sql = f'INSERT INTO "{self.table}" ({self.columns}) VALUES ({marks})'
        casebook._connection.run_many(sql, self.rows)


def _who(verb: str) -> str:
    return f"{verb}_agency, {verb}_station, {verb}_examiner, {verb}_ori, {verb}_at"


class Made:
    """The tables, in the order in which they refer to each other."""

    def __init__(self) -> None:
        self.case = Rows("case", f"id, agency_id, number, title, {_AUTHOR}")
        self.exhibit = Rows("exhibit", f"id, case_id, number, description, event_id, {_AUTHOR}")
        self.cartridge_case = Rows(
            "cartridge_case",
            "id, exhibit_id, label, role, calibre, firing_pin_shape, breech_face_class, "
            f"headstamp, firearm_id, {_AUTHOR}",
        )
        self.mark = Rows("mark", f"id, cartridge_case_id, kind, {_AUTHOR}")
        self.acquired = Rows("acquired", "id, kind")
        self.image = Rows(
            "image",
            "id, mark_id, digest, width, height, file_format, pixel_um, bits, lossy, file_name, "
            "units, warnings, captured_at, captured_agency, captured_station, captured_examiner, "
            "captured_ori, camera, settings, light, objective, software, origin, superseded_by, "
            f"{_AUTHOR}",
        )
        self.search = Rows(
            "search",
            "id, acquired_id, state, method, version, planned, compared, left_out, refused, "
            f"started_at, finished_at, message, seen, surveyed, {_AUTHOR}",
        )
        self.review = Rows(
            "search_review",
            "id, search_id, deepest_rank, looked_at, kept, dismissed, later, outcome, note, "
            f"{_who('reviewed')}, {_AUTHOR}",
        )
        self.lead = Rows(
            "lead",
            "id, left_id, right_id, candidate_id, case_a, case_b, reason, "
            f"{_who('proposed')}, {_AUTHOR}",
        )
        self.lead_step = Rows(
            "lead_step", f"id, lead_id, kind, person, outcome, text, {_who('stepped')}, {_AUTHOR}"
        )

    def all(self) -> Iterable[Rows]:
        return vars(self).values()


def make_large(casebook: Casebook, exhibits: int, now: datetime) -> None:
    """Two years of casework: nine in ten are entered and searched, most of these reviewed."""
    rng, made, agency = random.Random(1), Made(), casebook.agency().id
    for number in range(exhibits):
        at = now - timedelta(days=730 * (1 - number / exhibits)) + timedelta(hours=rng.random())
        _exhibit(made, rng, number, at, now, agency)
    pictures = [row[0] for row in made.acquired.rows]
    for number in range(exhibits // 50):
        _lead(made, rng, number, pictures, now)
    with casebook.transaction():
        for rows in made.all():
            rows.put(casebook)


def _exhibit(
    made: Made, rng: random.Random, number: int, at: datetime, now: datetime, agency: str
) -> None:
    by = (iso(at), *WHO)
    case = name(1, number - number % 3)
    if number % 3 == 0:
        made.case.add(case, agency, f"2025-{number:06}", "", *by)
    made.exhibit.add(name(2, number), case, str(number % 3 + 1), "", None, *by)
    facts = ("A", "evidence", "9 mm", "", "", "", None)
    made.cartridge_case.add(name(3, number), name(2, number), *facts, *by)
    made.mark.add(name(4, number), name(3, number), "breech face", *by)
    entered = at + timedelta(hours=rng.expovariate(1 / 40))
    if rng.random() < 0.9 and entered < now:
        _picture(made, rng, number, entered, now)


def _picture(made: Made, rng: random.Random, number: int, at: datetime, now: datetime) -> None:
    by, done = (iso(at), *WHO), at + timedelta(minutes=20)
    made.acquired.add(name(5, number), "image")
    facts = ("0" * 64, 10, 10, "png", 2.0, 8, 0, "", "{}", "[]", iso(at), *PERSON)
    more = ("", "{}", "ring", "", "", "", None)
    made.image.add(name(5, number), name(4, number), *facts, *more, *by)
    told = ("done", "m", "1", 1, 1, 0, 0, iso(at), iso(done), "", 0, 1)
    made.search.add(name(6, number), name(5, number), *told, *by)
    reviewed = done + timedelta(hours=rng.expovariate(1 / 30))
    if rng.random() < 0.9 and reviewed < now:
        counts = (20, 20, 1, 19, 0, "no lead", "")
        who = (*PERSON, iso(reviewed))
        made.review.add(name(7, number), name(6, number), *counts, *who, *by)


def _lead(made: Made, rng: random.Random, number: int, pictures: list[str], now: datetime) -> None:
    left, right = rng.sample(pictures, 2)
    cases = [name(1, int(one[8:], 16) - int(one[8:], 16) % 3) for one in (left, right)]
    if cases[0] == cases[1]:
        return
    at = now - timedelta(days=rng.uniform(0, 300))
    by = (iso(at), *WHO)
    made.lead.add(name(20, number), left, right, None, *cases, "seen", *PERSON, iso(at), *by)
    for kind, chance in (("agreed", 0.8), ("feedback", 0.4)):
        if rng.random() < chance:
            step = (name(21 if kind == "agreed" else 22, number), name(20, number), kind)
            who = (*PERSON, iso(at + timedelta(hours=5)))
            made.lead_step.add(*step, "", "other", "x", *who, *by)


def put(casebook: Casebook, table: str, **given: Any) -> str:
    """One row with an identifier of its own, empty where nothing is given; the identifier."""
    known = casebook._connection.rows(f'PRAGMA table_info("{table}")')
    empty = {"TEXT": "", "INTEGER": 0, "REAL": 0.0}
    row: dict[str, Any] = {}
    for _, column, kind, needed, default, _ in known:
        if column not in ("seq", *given) and needed and default is None:
            moment = kind == "TEXT" and column.endswith("_at")
            row[column] = iso(datetime.now(UTC)) if moment else empty[kind]
    row |= {"id": new_id(), **given}
    names, marks = ", ".join(f'"{one}"' for one in row), ", ".join("?" * len(row))
    with casebook.transaction():
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        casebook._connection.run(sql, tuple(row.values()))
    return str(row["id"])


class Hands:
    """Somebody who records whatever comes to mind in a casebook made by ``make_large``."""

    def __init__(self, casebook: Casebook, seed: int, now: datetime) -> None:
        self.casebook, self.rng, self.now = casebook, random.Random(seed), now
        self.pairs: list[str] = []

    def act(self) -> None:
        """Anything."""
        self.rng.choice(
            (
                *(self.fact, self.correction, self.picture, self.searched, self.reviewed),
                *(self.lead, self.lead_step, self.lead_step, self.told, self.note),
                *(self.concluded, self.concluded, self.asked, self.verified, self.verified),
                *(self.drawn, self.gun, self.traced, self.trace_step),
            )
        )()

    def at(self) -> str:
        return iso(self.now - timedelta(hours=self.rng.uniform(0, 400)))

    def any(self, table: str) -> str:
        rows = self.casebook._connection.rows(f'SELECT id FROM "{table}" ORDER BY seq')
        return str(self.rng.choice(rows)[0]) if rows else ""

    def put(self, table: str, **given: Any) -> None:
        """Only where all that it refers to is there."""
        if all(value != "" or not key.endswith("_id") for key, value in given.items()):
            put(self.casebook, table, **given)

    def fact(self) -> None:
        field = self.rng.choice(("collected_at", "submitted_at", "received_at"))
        value = self.rng.choice((self.at(), self.at()[:10], ""))
        self.put("fact", kind="exhibit", record_id=self.any("exhibit"), field=field, value=value)

    def correction(self) -> None:
        kind = self.rng.choice(("exhibit", "cartridge_case", "case"))
        field = self.rng.choice(("calibre", "title", "number"))
        self.put("correction", kind=kind, record_id=self.any(kind), field=field, reason="so")

    def picture(self) -> None:
        picture = new_id()
        seq = self.casebook._connection.row("SELECT max(seq) FROM acquired")
        self.put("acquired", id=picture, kind="image")
        assert seq is not None
        facts = {"width": 1, "height": 1, "units": "{}", "warnings": "[]", "settings": "{}"}
        mark = self.any("mark")
        self.put("image", id=picture, mark_id=mark, seq=seq[0] + 1, digest="0" * 64, **facts)

    def searched(self) -> None:
        done = self.rng.choice(("done", "running"))
        self.put("search", acquired_id=self.any("acquired"), state=done, finished_at=self.at())

    def reviewed(self) -> None:
        search = self.any("search")
        self.put("search_review", search_id=search, outcome="no lead", reviewed_at=self.at())

    def lead(self) -> None:
        left, right = self.any("acquired"), self.any("acquired")
        cases = [self._case_of(left), self._case_of(right)]
        if cases[0] != cases[1]:
            sides = {"left_id": left, "right_id": right, "case_a": cases[0], "case_b": cases[1]}
            put(self.casebook, "lead", reason="so", proposed_at=self.at(), **sides)

    def lead_step(self) -> None:
        kinds = ("agreed", "declined", "assigned", "feedback", "closed", "reopened")
        kind, at = self.rng.choice(kinds), self.at()
        self.put("lead_step", lead_id=self.any("lead"), kind=kind, stepped_at=at, person="P")

    def told(self) -> None:
        kind = self.rng.choice(("lead", "hit"))
        subject = self.any("lead" if kind == "lead" else "comparison")
        if subject:
            told = {"recipient": "Det.", "means": "letter", "sent_at": self.at()}
            put(self.casebook, "notice", kind=kind, subject_id=subject, **told)

    def note(self) -> None:
        stage, kind = (
            self.rng.choice(("entered", "reviewed")),
            self.rng.choice(("settled", "reopened")),
        )
        exhibit = self.any("exhibit")
        self.put("clock_note", exhibit_id=exhibit, stage=stage, kind=kind, reason="so")

    def concluded(self) -> None:
        if self.rng.random() < 0.8 or not self.pairs:
            left, right = self.any("acquired"), self.any("acquired")
            more = {"view": "{}", "left_id": left, "right_id": right}
            self.pairs.append(put(self.casebook, "comparison", **more))
        told = {"scale": "AFTE", "value": self._value()}
        who = {"concluded_examiner": "A. B.", "examined_by": "a. b.", "examined_physically": 1}
        put(self.casebook, "conclusion", comparison_id=self._pair(), **told, **who)

    def asked(self) -> None:
        comparison = self._pair()
        conclusion = self._newest("conclusion", comparison)
        third, mode = int(self.rng.random() < 0.3), "open"
        more = {"comparison_id": comparison, "third": third, "mode": mode, "verifier": "V"}
        self.put("verification_task", conclusion_id=conclusion, **more)

    def verified(self) -> None:
        sql = (
            "SELECT id, comparison_id, conclusion_id FROM verification_task t WHERE NOT EXISTS "
            "(SELECT 1 FROM verification v WHERE v.task_id = t.id) ORDER BY seq DESC LIMIT 1"
        )
        row = self.casebook._connection.row(sql)
        if row is None:
            self.asked()
            return
        seen = self.casebook._connection.row("SELECT coalesce(max(seq), 0) FROM correction")
        assert seen is not None
        told = {"scale": "AFTE", "value": self._value()}
        of = dict(zip(("task_id", "comparison_id", "conclusion_id"), row, strict=True))
        rests = {"annotation_id": self._newest("annotation_set", row[1])}
        more = {**of, **told, "corrections_seen": seen[0], "verified_at": self.at()}
        put(self.casebook, "verification", **rests, **more)

    def drawn(self) -> None:
        self.put("annotation_set", comparison_id=self._pair(), annotations="[]")

    def gun(self) -> None:
        self.put("firearm", exhibit_id=self.any("exhibit"))

    def traced(self) -> None:
        replaces = self.any("trace_request") if self.rng.random() < 0.3 else ""
        taken = self.casebook._connection.row(
            "SELECT 1 FROM trace_request WHERE replaces = ?", (replaces,)
        )
        of = {"firearm_id": self.any("firearm"), "replaces": None if taken else replaces or None}
        self.put("trace_request", priority="routine", fields="{}", due_at=self.at(), **of)

    def trace_step(self) -> None:
        status = self.rng.choice(("sent", "in process", "completed", "closed", "cancelled"))
        self.put("trace_step", trace_id=self.any("trace_request"), status=status, answer="{}")

    def _pair(self) -> str:
        """One of the comparisons that are worked on."""
        return self.rng.choice(self.pairs[-4:]) if self.pairs else ""

    def _value(self) -> str:
        return "elimination" if self.rng.random() < 0.2 else "identification"

    def _newest(self, table: str, comparison: str) -> str:
        sql = f'SELECT id FROM "{table}" WHERE comparison_id = ? ORDER BY seq DESC LIMIT 1'
        row = self.casebook._connection.row(sql, (comparison,))
        return str(row[0]) if row else ""

    def _case_of(self, picture: str) -> str:
        row = self.casebook._connection.row(
            "SELECT e.case_id FROM image i JOIN mark m ON m.id = i.mark_id JOIN cartridge_case c "
            "ON c.id = m.cartridge_case_id JOIN exhibit e ON e.id = c.exhibit_id WHERE i.id = ?",
            (picture,),
        )
        return str(row[0]) if row else ""
