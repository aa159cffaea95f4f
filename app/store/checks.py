"""Whether a casebook is sound: file, references, journal, contents, every digest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from app.domain import CaseheadError
from app.jobs import Job
from app.store import journal
from app.store.annotations import VOUCHED as DRAWN
from app.store.calibrations import VOUCHED as CALIBRATED
from app.store.codecs import VOUCHED as RECORDS
from app.store.connection import Connection
from app.store.light_rigs import VOUCHED as LIT
from app.store.pixels import PixelFiles, digest_of_file
from app.store.populations import POPULATION

_PICTURES = (
    "SELECT digest, min(file_name) FROM (SELECT digest, file_name FROM image "
    "UNION ALL SELECT digest, file_name FROM scan) GROUP BY digest ORDER BY digest"
)

VOUCHED = (*RECORDS, POPULATION, *DRAWN, *LIT, *CALIBRATED)
_VOUCHED_WORDS = {codec.words for codec in VOUCHED}


def problems(connection: Connection, pixels: PixelFiles, job: Job) -> tuple[str, ...]:
    """A sentence for each thing that is wrong; empty when all is sound.

    Pixel files that no record names are no problem: they are what a crash between the keeping
    of pixels and of their record leaves. Raises CancelledError.
    """
    job.report(0, 0, "database")
    try:
        found = [*_file(connection), *_references(connection), *_journal(connection)]
        pictures = connection.rows(_PICTURES)
    except CaseheadError as error:
        return (str(error),)
    for done, (digest, name) in enumerate(pictures):
        job.report(done, len(pictures), "pictures")
        found.extend(_picture(pixels, digest, name))
    job.report(len(pictures), len(pictures), "pictures")
    return tuple(found)


def _file(connection: Connection) -> Iterator[str]:
    for (text,) in connection.rows("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield (
                f"{connection.path} is damaged ({text}); keep a copy of the folder and restore "
                "the file from a backup."
            )


def _references(connection: Connection) -> Iterator[str]:
    missing: Counter[tuple[str, str]] = Counter()
    for table, _, parent, _ in connection.rows("PRAGMA foreign_key_check"):
        missing[table, parent] += 1
    for (table, parent), count in sorted(missing.items()):
        yield (
            f"Records of {table} that refer to a missing {parent}: {count}; the file was changed "
            "by another program, restore it from a backup."
        )


def _journal(connection: Connection) -> Iterator[str]:
    """The chain, and that the records are what the journal saw being added."""
    vouched: dict[tuple[str, str], str] = {}
    previous, expected = journal.FIRST, 1
    for row in journal.raw_rows(connection):
        seq, action, subject, detail = row[0], row[6], row[7], row[8]
        if seq != expected or row[9] != previous or journal.digest_of(row[:10]) != row[10]:
            yield (
                f"The journal is broken at line {expected}: it was changed by another program; "
                "restore the casebook file from a backup."
            )
            return
        previous, expected = row[10], seq + 1
        words = action.rsplit(" ", 1)[0]
        if words in _VOUCHED_WORDS and '"content":"' in detail:
            vouched[words, subject] = json.loads(detail)["content"]
    yield from _contents(connection, vouched)


def _contents(connection: Connection, vouched: dict[tuple[str, str], str]) -> Iterator[str]:
    seen = set()
    for codec in VOUCHED:
        for row in connection.rows(f'SELECT {codec.select()} FROM "{codec.table}"'):
            record = dict(zip(codec.columns, row, strict=True))
            key = (codec.words, record["id"])
            seen.add(key)
            if vouched.get(key) != codec.digest(record):
                yield (
                    f"The {codec.words} {record['id']} is not what the journal says was stored; "
                    "it was changed by another program, restore the file from a backup."
                )
    for words, record_id in sorted(vouched.keys() - seen):
        yield (
            f"The {words} {record_id} is in the journal but no longer in the casebook; "
            "restore the file from a backup."
        )


def _picture(pixels: PixelFiles, digest: str, name: str) -> Iterator[str]:
    called = f" ({name})" if name else ""
    try:
        path = pixels.path(digest)
        if digest_of_file(path) != digest:
            yield (
                f"The stored picture {path}{called} has been altered or is damaged; restore it "
                "from a backup, or import its original again."
            )
    except CaseheadError as error:
        yield f"{error}{called}"
    except OSError as error:
        yield (
            f"The stored picture {digest}{called} could not be read ({error.strerror}); "
            "check the disk."
        )
