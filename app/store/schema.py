"""The tables of the casebook, as migrations that are never edited once published."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.store.database import Database
from app.store.examination import m008_examination
from app.store.schema_calibrations import m010_calibrations
from app.store.schema_casework import m020_casework
from app.store.schema_clock import m021_clock, m024_clock_of_traces
from app.store.schema_facts import m018_facts
from app.store.schema_guns import m019_guns
from app.store.schema_instrument import m011_instrument_checks
from app.store.schema_journal import m023_journal_lists
from app.store.schema_lights import m009_light_rigs
from app.store.schema_notes import m007_annotations
from app.store.schema_parts import AUTHOR as _AUTHOR
from app.store.schema_parts import frozen as _frozen
from app.store.schema_parts import kept as _kept
from app.store.schema_people import m017_people
from app.store.schema_protocol import m013_protocol_notes
from app.store.schema_remarks import m015_remarks
from app.store.schema_shading import m014_shading_references
from app.store.schema_signatures import m016_signatures
from app.store.schema_traces import m022_traces

if TYPE_CHECKING:
    from sqlite_utils.migrations import Migrations

Step = Callable[[Database], None]

APPLICATION_ID = 0x43534844  # "CSHD" in the file's header says whose file it is
SET_NAME = "casebook"

_SETTINGS_AND_JOURNAL = """
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    examiner TEXT NOT NULL,
    station TEXT NOT NULL,
    agency TEXT NOT NULL,
    ori TEXT NOT NULL,
    "action" TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE
) STRICT;
"""

_REGISTRATION = f"""
CREATE TABLE agency (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    ori TEXT NOT NULL,
    created_at TEXT NOT NULL,
    examiner TEXT NOT NULL,
    station TEXT NOT NULL,
    agency TEXT NOT NULL
) STRICT;

CREATE TABLE "case" (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    number TEXT NOT NULL CHECK (number <> ''),
    title TEXT NOT NULL,{_AUTHOR},
    UNIQUE (agency_id, number)
) STRICT;

CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    kind TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    place TEXT NOT NULL,{_AUTHOR}
) STRICT;
CREATE INDEX event_case ON event (case_id);

CREATE TABLE exhibit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    number TEXT NOT NULL CHECK (number <> ''),
    description TEXT NOT NULL,
    event_id TEXT REFERENCES event (id),{_AUTHOR},
    UNIQUE (case_id, number)
) STRICT;
CREATE INDEX exhibit_event ON exhibit (event_id);

CREATE TABLE firearm (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    exhibit_id TEXT NOT NULL REFERENCES exhibit (id),
    make TEXT NOT NULL,
    model TEXT NOT NULL,
    serial TEXT NOT NULL,
    calibre TEXT NOT NULL,{_AUTHOR}
) STRICT;
CREATE INDEX firearm_exhibit ON firearm (exhibit_id);

CREATE TABLE cartridge_case (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    exhibit_id TEXT NOT NULL REFERENCES exhibit (id),
    label TEXT NOT NULL CHECK (label <> ''),
    role TEXT NOT NULL,
    calibre TEXT NOT NULL,
    firing_pin_shape TEXT NOT NULL,
    breech_face_class TEXT NOT NULL,
    headstamp TEXT NOT NULL,
    firearm_id TEXT REFERENCES firearm (id),{_AUTHOR},
    UNIQUE (exhibit_id, label)
) STRICT;
CREATE INDEX cartridge_case_firearm ON cartridge_case (firearm_id);

CREATE TABLE mark (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    cartridge_case_id TEXT NOT NULL REFERENCES cartridge_case (id),
    kind TEXT NOT NULL,{_AUTHOR},
    UNIQUE (cartridge_case_id, kind)
) STRICT;
"""

# An image or a scan is first known by its id in "acquired", to which all others refer.
_ACQUIRED = """
CREATE TABLE acquired (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'scan'))
) STRICT;
"""

_PICTURE = """
CREATE TABLE {table} (
    seq INTEGER PRIMARY KEY REFERENCES acquired (seq),
    id TEXT NOT NULL UNIQUE REFERENCES acquired (id),
    mark_id TEXT NOT NULL REFERENCES mark (id),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    file_format TEXT NOT NULL,
    pixel_um REAL CHECK (pixel_um > 0),
    bits INTEGER NOT NULL,
    lossy INTEGER NOT NULL CHECK (lossy IN (0, 1)),
    file_name TEXT NOT NULL,
    units TEXT NOT NULL CHECK (json_valid(units)),
    warnings TEXT NOT NULL CHECK (json_valid(warnings)),
    captured_at TEXT NOT NULL,
    captured_agency TEXT NOT NULL,
    captured_station TEXT NOT NULL,
    captured_examiner TEXT NOT NULL,
    captured_ori TEXT NOT NULL,
    camera TEXT NOT NULL,
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    light TEXT NOT NULL,
    objective TEXT NOT NULL,
    software TEXT NOT NULL,
    origin TEXT NOT NULL,
    superseded_by TEXT REFERENCES acquired (id) DEFERRABLE INITIALLY DEFERRED,{author}
) STRICT;
CREATE INDEX {table}_mark ON {table} (mark_id);
CREATE INDEX {table}_digest ON {table} (digest);
CREATE INDEX {table}_superseded_by ON {table} (superseded_by);
"""
_PICTURE_FIXED = (
    "seq, id, mark_id, digest, width, height, file_format, pixel_um, bits, lossy, file_name, "
    "units, warnings, captured_at, captured_agency, captured_station, captured_examiner, "
    "captured_ori, camera, settings, light, objective, software, origin, created_at, examiner, "
    "station, agency"
)

_REGION = f"""
CREATE TABLE region (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    acquired_id TEXT NOT NULL REFERENCES acquired (id),
    outer_x_um REAL NOT NULL,
    outer_y_um REAL NOT NULL,
    outer_radius_um REAL NOT NULL,
    inner_x_um REAL,
    inner_y_um REAL,
    inner_radius_um REAL,
    confidence REAL NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('automatic', 'examiner')),{_AUTHOR}
) STRICT;
CREATE INDEX region_acquired ON region (acquired_id);
"""

_SEARCHES = f"""
CREATE TABLE search (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    acquired_id TEXT NOT NULL REFERENCES acquired (id),
    state TEXT NOT NULL,
    method TEXT NOT NULL,
    version TEXT NOT NULL,
    planned INTEGER NOT NULL,
    compared INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    message TEXT NOT NULL,
    seen INTEGER NOT NULL CHECK (seen IN (0, 1)),{_AUTHOR}
) STRICT;
CREATE INDEX search_acquired ON search (acquired_id);

CREATE TABLE candidate (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    search_id TEXT NOT NULL REFERENCES search (id),
    acquired_id TEXT NOT NULL REFERENCES acquired (id),
    rank INTEGER NOT NULL,
    review TEXT NOT NULL,
    method TEXT NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    ccf REAL NOT NULL,
    cells INTEGER NOT NULL,
    congruent_cells INTEGER NOT NULL,
    rotation_deg REAL NOT NULL,
    shift_x_um REAL NOT NULL,
    shift_y_um REAL NOT NULL,
    overlap REAL NOT NULL,
    seconds REAL NOT NULL,
    parameters TEXT NOT NULL,
    cell_list TEXT NOT NULL,{_AUTHOR},
    UNIQUE (search_id, acquired_id)
) STRICT;
CREATE INDEX candidate_rank ON candidate (search_id, rank);
CREATE INDEX candidate_acquired ON candidate (acquired_id);
"""

_COMPARISONS = f"""
CREATE TABLE comparison (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    left_id TEXT NOT NULL REFERENCES acquired (id),
    right_id TEXT NOT NULL REFERENCES acquired (id),
    rotation_deg REAL NOT NULL,
    shift_x_um REAL NOT NULL,
    shift_y_um REAL NOT NULL,
    view TEXT NOT NULL CHECK (json_valid(view)),
    candidate_id TEXT REFERENCES candidate (id),{_AUTHOR},
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX comparison_pair ON comparison (left_id, right_id);
CREATE INDEX comparison_right ON comparison (right_id);
CREATE INDEX comparison_candidate ON comparison (candidate_id);

CREATE TABLE conclusion (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    scale TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value <> ''),
    reasons TEXT NOT NULL,
    concluded_agency TEXT NOT NULL,
    concluded_station TEXT NOT NULL,
    concluded_examiner TEXT NOT NULL,
    concluded_ori TEXT NOT NULL,
    recorded_at TEXT NOT NULL,{_AUTHOR}
) STRICT;
CREATE INDEX conclusion_comparison ON conclusion (comparison_id);
"""

_OUTBOX = f"""
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    folder TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent')),
    tries INTEGER NOT NULL,
    message TEXT NOT NULL,{_AUTHOR}
) STRICT;
CREATE INDEX outbox_state ON outbox (state);
"""

_POPULATION = f"""
CREATE TABLE population (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    mark TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'scan')),
    method TEXT NOT NULL,
    version TEXT NOT NULL,
    parameters TEXT NOT NULL CHECK (json_valid(parameters)),
    origin TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    firearms INTEGER NOT NULL,
    same_pairs INTEGER NOT NULL,
    different_pairs INTEGER NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files)),
    pairs TEXT NOT NULL CHECK (json_valid(pairs)),
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL,{_AUTHOR}
) STRICT
"""
_POPULATION_FIXED = (
    "seq, id, name, mark, kind, method, version, parameters, origin, digest, firearms, "
    "same_pairs, different_pairs, files, pairs, added_at, added_by, created_at, examiner, "
    "station, agency"
)


def _superseded_once(table: str) -> str:
    return f"""
CREATE TRIGGER {table}_superseded_once BEFORE UPDATE OF superseded_by ON {table}
WHEN OLD.superseded_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a record is superseded only once'); END;
"""


def m001_records(db: Database) -> None:
    """Settings, journal, what is registered, images, scans and regions."""
    parts = [_SETTINGS_AND_JOURNAL, _REGISTRATION, _ACQUIRED, _frozen("journal")]
    registered = ("agency", "case", "event", "exhibit", "firearm", "cartridge_case", "mark")
    parts += [_kept(table) for table in registered]
    for table in ("image", "scan"):
        parts.append(_PICTURE.format(table=table, author=_AUTHOR))
        parts.append(_frozen(table, _PICTURE_FIXED) + _superseded_once(table))
    parts += [_frozen("acquired"), _REGION, _frozen("region")]
    db.executescript("".join(parts))


def m002_searches(db: Database) -> None:
    """Searches with candidates, comparisons with conclusions."""
    db.executescript(_SEARCHES + _kept("search") + _COMPARISONS)
    db.executescript(_kept("comparison") + _frozen("conclusion"))


def m003_exchange(db: Database) -> None:
    """What waits to be sent to other agencies."""
    db.executescript(_OUTBOX)


def m004_surveyed(db: Database) -> None:
    """How many references a search has dealt with; before, every one was compared in full."""
    db.execute("ALTER TABLE search ADD COLUMN surveyed INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE search SET surveyed = compared + refused")


def m005_populations(db: Database) -> None:
    """Reference populations, from which the meaning of scores is told."""
    db.execute(_POPULATION)
    never_changed, never_deleted = _frozen("population", _POPULATION_FIXED).split("END;")[:2]
    db.execute(f"{never_changed}END")
    db.execute(f"{never_deleted}END")


def m006_uncertainty(db: Database) -> None:
    """The area both marks cover and how sure the alignment is; not known of older lists."""
    for column in ("overlap_um2", "rotation_sd_deg", "shift_sd_um"):
        db.execute(f"ALTER TABLE candidate ADD COLUMN {column} REAL")


STEPS: tuple[Step, ...] = (
    m001_records,
    m002_searches,
    m003_exchange,
    m004_surveyed,
    m005_populations,
    m006_uncertainty,
    m007_annotations,
    m008_examination,
    m009_light_rigs,
    m010_calibrations,
    m011_instrument_checks,
    m013_protocol_notes,
    m014_shading_references,
    m015_remarks,
    m016_signatures,
    m017_people,
    m018_facts,
    m019_guns,
    m020_casework,
    m022_traces,
    m021_clock,  # reads the tables of all others
    m023_journal_lists,
    m024_clock_of_traces,
)


def migrations(steps: tuple[Step, ...] = STEPS) -> Migrations:
    """The migrations under the names of their functions."""
    from sqlite_utils.migrations import Migrations  # see app.store.database

    found = Migrations(SET_NAME)
    for step in steps:
        found(name=step.__name__)(step)
    return found
