"""Whether a casebook is sound: file, references, journal, contents, every digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.domain import CancelledError, CaseheadError
from app.jobs import Job
from app.store.annotations import VOUCHED as DRAWN
from app.store.audit import Audit, Seen
from app.store.calibrations import VOUCHED as CALIBRATED
from app.store.casework import VOUCHED as CASEWORK
from app.store.clock_codecs import VOUCHED as CLOCK
from app.store.codecs import VOUCHED as RECORDS
from app.store.connection import Connection
from app.store.facts import VOUCHED as FACTS
from app.store.guns import VOUCHED as GUNS
from app.store.instruments import VOUCHED as CHECKED
from app.store.light_rigs import VOUCHED as LIT
from app.store.people import VOUCHED as PEOPLE
from app.store.pixels import PixelFiles, digest_of_file
from app.store.populations import POPULATION
from app.store.protocol_notes import VOUCHED as NOTED
from app.store.schema_places import STANDING
from app.store.shading_references import VOUCHED as SHADED
from app.store.told_settings import ToldSettings
from app.store.traces import VOUCHED as TRACES
from app.store.vouching import MADE_COLUMNS, Vouching

_PICTURES = (
    "SELECT digest, min(name) FROM (SELECT digest, file_name AS name FROM image "
    "UNION ALL SELECT digest, file_name FROM scan "
    "UNION ALL SELECT digest, name FROM reference_case "
    "UNION ALL SELECT digest, '' FROM instrument_check "
    "UNION ALL SELECT json_extract(s.value, '$.digest'), 'a frame of a combined picture' "
    "FROM image, json_each(image.settings, '$.combined.sources') s "
    "UNION ALL SELECT s.value, 'a reference of uneven light' "
    "FROM image, json_each(image.settings, '$.combined.shading') s "
    "UNION ALL SELECT s.value, 'a reference of uneven light' "
    "FROM image, json_each(image.units) s WHERE s.key IN ('flat', 'dark') "
    "UNION ALL SELECT s.value, 'a picture of the mirror ball' "
    "FROM light_rig, json_each(light_rig.sources) s "
    "UNION ALL SELECT picture, 'the picture of a calibration' FROM calibration "
    "UNION ALL SELECT digest, kind || ' reference' FROM shading_reference) "
    "WHERE digest <> '' GROUP BY digest ORDER BY digest"
)
"""Everything stored under a digest that a record names."""

_OF_CASEWORK = (*PEOPLE, *FACTS, *GUNS, *CASEWORK, *CLOCK, *TRACES)
VOUCHED = (
    *RECORDS,
    POPULATION,
    *DRAWN,
    *LIT,
    *CALIBRATED,
    *CHECKED,
    *NOTED,
    *SHADED,
    *_OF_CASEWORK,
)
_TOLD = 50
_BETWEEN = 500
Auditing = Callable[[Job, Seen], Audit]


def problems(
    connection: Connection, pixels: PixelFiles, audit: Auditing, job: Job
) -> tuple[Audit, tuple[str, ...]]:
    """What ``audit`` found in the journal, and a sentence for each thing that is wrong anywhere;
    none when all is sound.

    Pixel files that no record names are no problem: they are what a crash between the keeping
    of pixels and of their record leaves. Raises CancelledError.
    """
    job.report(0, 0, "database")
    told = Audit()
    vouched, settings = Vouching(VOUCHED), ToldSettings()

    def hear(row: Sequence[Any]) -> None:
        vouched.hear(row)
        settings.hear(row)

    try:
        found = [*_file(connection), *_references(connection)]
        told = audit(job, hear)
        found.extend(_journal(told))
        found.extend(settings.problems(connection))
        found.extend(_contents(connection, vouched, job))
        found.extend(_events(connection))
        pictures = connection.rows(_PICTURES)
    except CancelledError:
        raise
    except CaseheadError as error:
        return told, (str(error),)
    for done, (digest, name) in enumerate(pictures):
        job.report(done, len(pictures), "pictures")
        found.extend(_picture(pixels, digest, name))
    job.report(len(pictures), len(pictures), "pictures")
    return told, tuple(found)


def _events(connection: Connection) -> Iterator[str]:
    """What is counted by place and time only repeats records; it is held against them."""
    wrong = connection.row(
        f"SELECT count(*) FROM (SELECT * FROM ({STANDING}) EXCEPT SELECT * FROM event_now)"
    )
    more = connection.row(
        "SELECT count(*) FROM event_now WHERE event_id NOT IN (SELECT id FROM event)"
    )
    count = (wrong[0] if wrong else 0) + (more[0] if more else 0)
    if count:
        yield (
            f"Events by place and time that are not as their records say: {count}; another "
            "program changed them. They are made anew when open data is looked through."
        )


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


def _journal(found: Audit) -> Iterator[str]:
    for one in found.breaks[:_TOLD]:
        yield (
            f"The journal is broken at line {one.seq}: it {one.what}; restore the casebook file "
            "from a backup."
        )
    if len(found.breaks) > _TOLD:
        yield f"The journal is broken at {len(found.breaks) - _TOLD} more lines."


def _contents(connection: Connection, vouched: Vouching, job: Job) -> Iterator[str]:
    done, total = 0, max(len(vouched), 1)
    made = ", ".join(MADE_COLUMNS)
    for codec in VOUCHED:
        width = len(codec.columns)
        for row in connection.each(f'SELECT {codec.select()}, {made} FROM "{codec.table}"'):
            if done % _BETWEEN == 0:
                job.report(min(done, total), total, "records")
            done += 1
            record = dict(zip(codec.columns, row, strict=False))
            wrong = vouched.look(codec, record, row[width:])
            if wrong:
                yield (
                    f"The {codec.words} {record['id']} {wrong}; it was changed by another "
                    "program, restore the file from a backup."
                )
    for words, record_id in vouched.left():
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
