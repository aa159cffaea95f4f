"""The journal as a list to look through: filtered, page by page, however long it is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import Author, JournalLine
from app.store import journal
from app.store.records import Records
from app.store.several import escaped

_BATCH = 2000
_FEW, _SHORT = 20_000, 100_000
_BY_TIME = "journal_at"
_IN_TIME = f"FROM journal INDEXED BY {_BY_TIME}"
# What a line may be about, and the picture (or pair) that shows it: table, words, target.
_PICTURE_OF_MARK = (
    "(SELECT coalesce((SELECT i.id FROM image i WHERE i.mark_id = m.id ORDER BY i.seq DESC "
    "LIMIT 1), (SELECT i.id FROM scan i WHERE i.mark_id = m.id ORDER BY i.seq DESC LIMIT 1)) "
    "FROM mark m {of} LIMIT 1)"
)
_CASES = "JOIN cartridge_case c ON c.id = m.cartridge_case_id"
_EXHIBITS = f"{_CASES} JOIN exhibit e ON e.id = c.exhibit_id"
_TARGETS = {
    "image": "t.id",
    "scan": "t.id",
    "region": "t.acquired_id",
    "mark": _PICTURE_OF_MARK.format(of="WHERE m.id = t.id"),
    "cartridge_case": _PICTURE_OF_MARK.format(of="WHERE m.cartridge_case_id = t.id"),
    "exhibit": _PICTURE_OF_MARK.format(of=f"{_CASES} WHERE c.exhibit_id = t.id"),
    "firearm": _PICTURE_OF_MARK.format(of=f"{_CASES} WHERE c.firearm_id = t.id"),
    "case": _PICTURE_OF_MARK.format(of=f"{_EXHIBITS} WHERE e.case_id = t.id"),
    "event": _PICTURE_OF_MARK.format(of=f"{_EXHIBITS} WHERE e.event_id = t.id"),
    "search": "t.id",
    "comparison": "t.left_id || ' ' || t.right_id",
    "conclusion": "(SELECT n.left_id || ' ' || n.right_id FROM comparison n "
    "WHERE n.id = t.comparison_id)",
    "verification_task": "(SELECT n.left_id || ' ' || n.right_id FROM comparison n "
    "WHERE n.id = t.comparison_id)",
    "verification": "(SELECT n.left_id || ' ' || n.right_id FROM comparison n "
    "WHERE n.id = t.comparison_id)",
    "lead": "t.id",
    "lead_step": "t.lead_id",
    "trace_request": "t.id",
    "trace_step": "t.trace_id",
}


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which lines; "" does not filter. ``since`` and ``until`` are days or moments, ISO 8601, UTC,
    the last one excluded. ``text`` is looked for in the action, subject, person and detail."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    text: str = ""

    @property
    def all(self) -> bool:
        """Whether every line is wanted."""
        return self == JournalFilter()


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A line with the key that signed it, "" where it is older than signing."""

    line: JournalLine
    signed_by: str
    signature: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about: the kind of record, and the id(s) of what shows it, "" for nothing."""

    kind: str
    target: str = ""


class JournalList(Records):
    """Reading only."""

    def journal_last(self) -> int:
        """The number of the last line; 0 while there is none."""
        return journal.head(self._connection)[0]

    def journal_seqs(
        self,
        wanted: JournalFilter,
        below: int | None = None,
        limit: int = 200,
        least: int | None = None,
        without: Collection[str] = (),
    ) -> tuple[int, ...]:
        """Numbers of the lines that are wanted, the newest first: of those below a number, and
        from ``least`` on, where that is given; ``without`` those about some subjects."""
        where, parameters = _where(wanted)
        if without:
            where.append("subject NOT IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(sorted(without)))
        if least is not None:
            where.append("seq >= ?")
            parameters.append(least)
        if below is not None:
            where.append("seq < ?")
            parameters.append(below)
        by = self._by(wanted)
        if wanted.until and not by.startswith("INDEXED"):
            clauses, moments = _indexed(wanted)[_BY_TIME]
            where.append(f"seq <= (SELECT max(seq) {_IN_TIME} WHERE {' AND '.join(clauses)})")
            parameters += moments
        found = f"SELECT seq FROM journal {by} WHERE {' AND '.join(where)}"
        sql = f"{found} ORDER BY seq DESC LIMIT ?"
        return tuple(seq for (seq,) in self._connection.rows(sql, (*parameters, limit)))

    def _by(self, wanted: JournalFilter) -> str:
        """The index of whichever filter leaves few lines, which are soon put in order; of a long
        period alone none, for its lines come in order anyway; else SQLite chooses."""
        narrow: list[tuple[int, str]] = []
        given = _indexed(wanted)
        only_time = [*given] == [_BY_TIME]
        few = _SHORT if only_time else _FEW
        for index, (clauses, parameters) in given.items():
            sql = (
                f"SELECT count(*) FROM (SELECT 1 FROM journal INDEXED BY {index} "
                f"WHERE {' AND '.join(clauses)} LIMIT {few})"
            )
            narrow.append((int(self._connection.rows(sql, parameters)[0][0]), index))
        fewest, index = min(narrow, default=(few, ""))
        if fewest < few:
            return f"INDEXED BY {index}"
        return "NOT INDEXED" if only_time else ""

    def journal_page(self, seqs: Sequence[int]) -> tuple[JournalLine, ...]:
        """The lines of these numbers, the newest first; those that are not there are left out."""
        return tuple(one.line for one in self.signed_lines(seqs))

    def signed_lines(self, seqs: Sequence[int]) -> tuple[SignedLine, ...]:
        """The same with their signatures."""
        marks = ", ".join("?" * len(seqs))
        sql = f"SELECT {journal.EVERY_COLUMN} FROM journal WHERE seq IN ({marks}) ORDER BY seq DESC"
        return tuple(map(_signed, self._connection.rows(sql, tuple(seqs))))

    def journal_each(self, wanted: JournalFilter) -> Iterator[SignedLine]:
        """All that are wanted, the newest first, a batch in memory at a time."""
        below: int | None = None
        while seqs := self.journal_seqs(wanted, below, _BATCH):
            for start in range(0, len(seqs), 500):
                yield from self.signed_lines(seqs[start : start + 500])
            below = seqs[-1]

    def journal_count(self, wanted: JournalFilter) -> int:
        """How many lines are wanted; of a text in a long journal that takes its time."""
        if wanted.all:
            return int(self._connection.rows("SELECT count(*) FROM journal")[0][0])
        where, parameters = _where(wanted)
        sql = f"SELECT count(*) FROM journal WHERE {' AND '.join(where)}"
        return int(self._connection.rows(sql, parameters)[0][0])

    def journal_words(self, column: str) -> tuple[str, ...]:
        """Every ``action`` or ``examiner`` there is, in order: a look at each, not at each line."""
        assert column in ("action", "examiner")
        sql = (
            f'WITH RECURSIVE t(w) AS (SELECT min("{column}") FROM journal UNION ALL '
            f'SELECT (SELECT min("{column}") FROM journal WHERE "{column}" > w) FROM t '
            "WHERE w IS NOT NULL) SELECT w FROM t WHERE w IS NOT NULL"
        )
        return tuple(word for (word,) in self._connection.rows(sql))

    def journal_subject(self, subject: str) -> Subject:
        """What record an id of a line is of."""
        for table, target in _TARGETS.items():
            sql = f'SELECT {target} FROM "{table}" t WHERE t.id = ?'
            found = self._connection.row(sql, (subject,))
            if found is not None:
                return Subject(table.replace("_", " "), str(found[0] or ""))
        return Subject("")

    def station_keys(self) -> tuple[tuple[str, str, str, str], ...]:
        """Every key of the journal: its name, public part, station, since when."""
        sql = "SELECT id, public, station, created_at FROM station_key ORDER BY seq"
        return tuple((*map(str, row),) for row in self._connection.rows(sql))  # type: ignore[misc]


def _indexed(wanted: JournalFilter) -> dict[str, tuple[list[str], list[str]]]:
    """Clauses and parameters of the filters that have an index, by its name."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    exact = {"examiner": wanted.who, "action": wanted.action, "subject": wanted.subject}
    for column, value in exact.items():
        if value:
            found[f"journal_{column}"] = ([f'"{column}" = ?'], [value])
    moments = [(sign, at) for sign, at in ((">=", wanted.since), ("<", wanted.until)) if at]
    if moments:
        found[_BY_TIME] = ([f"at {sign} ?" for sign, _ in moments], [at for _, at in moments])
    return found


def _where(wanted: JournalFilter) -> tuple[list[str], list[Any]]:
    where, parameters = ["1"], list[Any]()
    for clauses, values in _indexed(wanted).values():
        where += clauses
        parameters += values
    if wanted.text:
        columns = ("detail", '"action"', "subject", "examiner")
        like = " OR ".join(f"{column} LIKE ? ESCAPE '~'" for column in columns)
        where.append(f"({like})")
        parameters += [f"%{escaped(wanted.text)}%"] * len(columns)
    return where, parameters


def _signed(row: Sequence[Any]) -> SignedLine:
    author = Author(row[2], row[3], row[4], row[5])
    try:
        detail = json.loads(row[8])
    except ValueError:  # a line that another program changed is still shown
        detail = {"": row[8]}
    detail = detail if isinstance(detail, dict) else {"": detail}
    line = JournalLine(row[0], row[1], author, row[6], row[7], detail, row[9], row[10])
    return SignedLine(line, row[11], row[12])
