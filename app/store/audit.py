"""Whether the journal is what its stations signed; what is not is told by its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.jobs import Job
from app.store import journal
from app.store.connection import Connection
from app.store.signing import Keys, Seal, key_id, signed_by

Seen = Callable[[tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class Break:
    """A line of the journal that is not as it was written; ``what`` completes "line 7 ..."."""

    seq: int
    what: str


@dataclass(slots=True)
class Signer:
    """A key of the journal: the lines from ``first`` to ``last`` that it signed."""

    id: str
    public: str
    station: str
    known: bool
    first: int = 0
    last: int = 0
    lines: int = 0


@dataclass(slots=True)
class Audit:
    """What was found: the journal is as written when there are no ``breaks``, and by those whose
    keys are known when there are no ``strangers``."""

    lines: int = 0
    signed: int = 0
    unsigned_to: int = 0
    head: str = journal.FIRST
    signers: dict[str, Signer] = field(default_factory=dict)
    lost: list[Break] = field(default_factory=list)
    """Where the journal itself tells that lines signed before are gone: a backup was put back."""
    breaks: list[Break] = field(default_factory=list)

    @property
    def strangers(self) -> tuple[Signer, ...]:
        """Those who signed lines and whose keys this computer does not know."""
        return tuple(s for s in self.signers.values() if s.lines and not s.known)


def audit(
    connection: Connection,
    keys: Keys,
    seal: Seal | None,
    job: Job | None = None,
    seen: Seen = lambda _row: None,
) -> Audit:
    """Look at every line: its number, its digest, the one before it, its signature, its key.

    ``seal`` is what this computer remembers having signed here; ``seen`` gets every row. Lines
    before the first signature (of an older version) are vouched for by it. Raises CancelledError.
    """
    job, found = job or Job(), Audit()
    found.signers = {signer.id: signer for signer in _signers(connection, keys)}
    total = journal.head(connection)[0]
    expected, previous = 1, journal.FIRST
    at_seal = ""
    for row in journal.raw_rows(connection):
        if found.lines % 500 == 0:
            job.report(found.lines, max(total, 1), "journal")
        found.breaks.extend(_of_line(row, expected, previous, found))
        if seal is not None and row[0] == seal.seq:
            at_seal = str(row[10])
        found.lines += 1
        expected, previous = row[0] + 1, row[10]
        seen(row)
    found.head = previous
    if seal is not None:
        found.breaks.extend(_of_seal(seal.seq, seal.digest, at_seal, expected - 1))
    found.breaks.extend(_of_keys(found))
    job.report(found.lines, max(found.lines, 1), "journal")
    return found


def _of_line(row: tuple[Any, ...], expected: int, previous: str, found: Audit) -> Iterator[Break]:
    seq, name, signature = row[0], row[11], row[12]
    if seq < 1:
        yield Break(seq, "was put in by another program")
    elif seq > expected:
        yield Break(expected, _missing(expected, seq - 1))
    if journal.digest_of(row[:10]) != row[10]:
        yield Break(seq, "was changed")
    elif row[9] != previous and seq == expected:
        yield Break(seq, "does not follow the line before it: that one was replaced")
    if row[6] == journal.LINES_LOST:
        found.lost.append(Break(seq, f"tells that signed lines were gone then: {row[8]}"))
    if name:
        yield from _of_signature(seq, row[10], found.signers.get(name), signature)
        found.signed += 1
        _count(found.signers.get(name), seq)
    elif found.signed:
        yield Break(seq, "is not signed, though lines before it are")
    else:
        found.unsigned_to = seq


def _of_signature(seq: int, digest: str, signer: Signer | None, signature: str) -> Iterator[Break]:
    if signer is None:
        yield Break(seq, "is signed with a key that the casebook does not hold")
        return
    if not signed_by(_bytes(signer.public), digest, _bytes(signature)):
        yield Break(seq, f"was not signed by its station, {signer.station}")


def _count(signer: Signer | None, seq: int) -> None:
    if signer is not None:
        signer.first = signer.first or seq
        signer.last = seq
        signer.lines += 1


def _of_seal(seq: int, digest: str, found: str, last: int) -> Iterator[Break]:
    """What this computer remembers of the journal's end, which the chain cannot show."""
    if last < seq:
        yield Break(last + 1, _missing(last + 1, seq) + " at the end; this computer signed them")
    elif found != digest:
        yield Break(seq, "is not the line that this computer signed")


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"to line {last} are missing"


def _of_keys(found: Audit) -> Iterator[Break]:
    for signer in found.signers.values():
        if key_id(_bytes(signer.public)) != signer.id:
            yield Break(signer.first, f"begins lines under a key that was replaced ({signer.id})")


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _signers(connection: Connection, keys: Keys) -> Iterator[Signer]:
    trusted = keys.trusted()
    sql = "SELECT id, public, station FROM station_key ORDER BY seq"
    for name, public, station in connection.rows(sql):
        yield Signer(name, public, station, name in trusted)
