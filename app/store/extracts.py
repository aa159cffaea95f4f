"""Lines of the journal that concern some records, as they are stored, with their signatures."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.store.casebook import Casebook
from app.store.checks import VOUCHED
from app.store.guard import ACKNOWLEDGED, CHECKED, THINNED, WRITTEN
from app.store.journal import EVERY_COLUMN

_CODECS = {codec.table: codec for codec in VOUCHED}
_NO_CHANGE = (
    *(WRITTEN, THINNED, "signed in", "signed out", "locked", "unlocked"),
    *("session ended", "sign-in refused", "entry queued", "entry sent", CHECKED, ACKNOWLEDGED),
)
LEFT = (" exported", " issued")
"""How the action of a line ends that tells of something written out."""


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A line of the journal, every column as stored; ``detail`` is its JSON text."""

    seq: int
    at: str
    agency: str
    station: str
    examiner: str
    ori: str
    action: str
    subject: str
    detail: str
    previous: str
    digest: str
    signed_by: str
    signature: str

    @property
    def told(self) -> Mapping[str, Any]:
        """What the line says besides."""
        found: Mapping[str, Any] = json.loads(self.detail)
        return found

    @property
    def written_out(self) -> bool:
        """Whether it tells of a file that was written, and so of nothing in the record."""
        return self.action.endswith(LEFT)


@dataclass(frozen=True, slots=True)
class StationKey:
    """A public key that lines are signed with, 64 hexadecimal digits."""

    id: str
    public: str
    station: str
    agency: str


def lines_about(casebook: Casebook, subjects: Collection[str]) -> tuple[SignedLine, ...]:
    """The lines whose subject is one of these, oldest first."""
    sql = (
        f"SELECT {EVERY_COLUMN} FROM journal WHERE subject IN (SELECT value FROM json_each(?)) "
        "ORDER BY seq"
    )
    rows = casebook._connection.rows(sql, (json.dumps(sorted(subjects)),))
    return tuple(SignedLine(*row) for row in rows)


def newest_moment(casebook: Casebook, subjects: Collection[str] | None = None) -> str:
    """When the record of these subjects (of all, where None) last changed; "" where nothing is.

    Lines that tell of files written out change nothing.
    """
    where = "1" if subjects is None else "subject IN (SELECT value FROM json_each(?))"
    own = () if subjects is None else (json.dumps(sorted(subjects)),)
    found = casebook._connection.row(
        f"SELECT at FROM journal WHERE {where} AND \"action\" NOT LIKE '% exported' "
        'AND "action" NOT LIKE \'% issued\' AND "action" NOT IN '
        "(SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT 1",
        (*own, json.dumps(_NO_CHANGE)),
    )
    return str(found[0]) if found else ""


def station_keys(casebook: Casebook, ids: Collection[str]) -> tuple[StationKey, ...]:
    """The public keys of these names that the casebook holds."""
    rows = casebook._connection.rows(
        "SELECT id, public, station, agency FROM station_key "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq",
        (json.dumps(sorted(ids)),),
    )
    return tuple(StationKey(*row) for row in rows)


def all_of(
    casebook: Casebook, table: str, column: str, ids: Collection[str]
) -> list[dict[str, Any]]:
    """Whole rows of a table, every column, where ``column`` is one of ``ids``; oldest first.

    ``table`` and ``column`` are names of the schema, never a user's words.
    """
    names = [row[1] for row in casebook._connection.rows(f'PRAGMA table_info("{table}")')]
    listed = ", ".join(f'"{name}"' for name in names)
    rows = casebook._connection.rows(
        f'SELECT {listed} FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(?)) '
        "ORDER BY seq",
        (json.dumps(sorted(ids)),),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def told_by_journal(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as ``words`` (what the journal calls it), ``content`` and ``besides``.

    The SHA-256 of the content as canonical JSON is what the journal keeps of the record; what
    stands besides may change (who made it and when, a list's counts). A table that the journal
    does not vouch for has no content.
    """
    codec = _CODECS.get(table)
    content = {} if codec is None else codec.content(row)
    besides = {key: value for key, value in row.items() if key not in content}
    words = table.replace("_", " ") if codec is None else codec.words
    return {"words": words, "content": content, "besides": besides}


def begun(casebook: Casebook) -> str:
    """The earliest moment in the journal, which a clock put back makes another than that of its
    first line; "" while there is none.
    """
    found = casebook._connection.row("SELECT min(at) FROM journal")
    return str(found[0] or "") if found else ""


def review_outcomes(casebook: Casebook, since: str, until: str) -> dict[str, int]:
    """How many searches were first reviewed between two days, by the outcome of that review."""
    rows = casebook._connection.rows(
        "SELECT outcome, count(*) FROM search_review r WHERE substr(reviewed_at, 1, 10) "
        "BETWEEN ? AND ? AND seq = (SELECT min(seq) FROM search_review o "
        "WHERE o.search_id = r.search_id) GROUP BY outcome",
        (since, until),
    )
    return {str(outcome): int(count) for outcome, count in rows}


def verification_modes(casebook: Casebook, since: str, until: str) -> dict[tuple[str, bool], int]:
    """How many verifications were entered between two days, by mode and whether of a third."""
    rows = casebook._connection.rows(
        "SELECT t.mode, t.third, count(*) FROM verification v JOIN verification_task t "
        "ON t.id = v.task_id WHERE substr(v.verified_at, 1, 10) BETWEEN ? AND ? "
        "GROUP BY t.mode, t.third",
        (since, until),
    )
    return {(str(mode), bool(third)): int(count) for mode, third, count in rows}


def compared_with(casebook: Casebook, pictures: Collection[str]) -> tuple[str, ...]:
    """The ids of the comparisons of any of these pictures, oldest first."""
    rows = casebook._connection.rows(
        "SELECT id, seq FROM comparison WHERE left_id IN (SELECT value FROM json_each(?1)) "
        "UNION SELECT id, seq FROM comparison WHERE right_id IN "
        "(SELECT value FROM json_each(?1)) ORDER BY seq",
        (json.dumps(sorted(pictures)),),
    )
    return tuple(str(row[0]) for row in rows)


def is_comparison(casebook: Casebook, record_id: str) -> bool:
    """Whether it is the id of a comparison on record."""
    found = casebook._connection.row("SELECT 1 FROM comparison WHERE id = ?", (record_id,))
    return found is not None


def is_case(casebook: Casebook, record_id: str) -> bool:
    """Whether it is the id of a case."""
    return casebook._connection.row('SELECT 1 FROM "case" WHERE id = ?', (record_id,)) is not None


def exhibits_counted(casebook: Casebook) -> int:
    """How many exhibits there are."""
    found = casebook._connection.row("SELECT count(*) FROM exhibit")
    return int(found[0]) if found else 0
