"""Shootings as open data: what goes out, and what is held back so that nobody is recognised."""

from __future__ import annotations

import csv
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import resources
from io import StringIO
from math import floor

from app.casework.suppression import ALL, Cell, with_totals, withheld

WITHHELD = "withheld"
NOT_DATED, NOT_LOCATED, NOT_SAID = "not dated", "not located", "not said"
COUNTED, LINKED = "shootings.csv", "linked_shootings.csv"
DICTIONARY, RULES = "data_dictionary.csv", "privacy_rules.txt"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in degrees with a name that may be published."""

    name: str
    south: float
    west: float
    north: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a place lies in it; its northern and eastern edges are the neighbours'."""
        return self.south <= latitude < self.north and self.west <= longitude < self.east


@dataclass(frozen=True, slots=True)
class Privacy:
    """The rules as data; ``rules`` are what is told in words."""

    threshold: int
    grid_deg: float
    areas: tuple[Area, ...]
    rules: tuple[str, ...]
    dictionary: Mapping[str, Mapping[str, object]]

    def area_of(self, latitude: float | None, longitude: float | None) -> str:
        """The area or grid cell of a place."""
        if latitude is None or longitude is None:
            return NOT_LOCATED
        for area in self.areas:
            if area.holds(latitude, longitude):
                return area.name
        step = self.grid_deg
        south, west = floor(latitude / step + 1e-9) * step, floor(longitude / step + 1e-9) * step
        return f"{_corner(south, 'NS')} {_corner(west, 'EW')}"


@dataclass(frozen=True, slots=True)
class Row:
    """A shooting: ``month`` is its period, "" where not known; ``gun`` "" where no hit ties it."""

    id: str
    gun: str
    month: str
    area: str
    outcome: str


@dataclass(frozen=True, slots=True)
class OpenData:
    """The files that would be written, by name, and what to know before they are.

    ``key`` is the secret the identifiers were worked out with; it is never written.
    """

    files: tuple[tuple[str, str], ...]
    told: tuple[str, ...]
    key: str

    def text(self, name: str) -> str:
        """One file's."""
        return dict(self.files)[name]


def privacy() -> Privacy:
    """The rules shipped as ``resources/open_data.json``."""
    text = resources.files("resources").joinpath("open_data.json").read_text("utf-8")
    told = json.loads(text)
    threshold = max(int(told["threshold"]), 2)
    grid = float(told["grid_deg"])
    words = {"grid": f"{grid:g}", "threshold": threshold, "below": threshold - 1}
    return Privacy(
        threshold,
        grid,
        tuple(Area(**area) for area in told["areas"]),
        tuple(rule.format(**words) for rule in told["rules"]),
        told["dictionary"],
    )


def open_name(key: str, subject_id: str) -> str:
    """A random-looking name, the same for the same subject and key, told by neither."""
    return hmac.new(bytes.fromhex(key), subject_id.encode(), sha256).hexdigest()[:16]


def open_data(rows: Sequence[Row], rules: Privacy, key: str) -> OpenData:
    """The files made of shootings; ``id`` and ``gun`` of the rows are the casebook's own."""
    tidy = [_tidy(row) for row in rows]
    published, hidden = _counted(tidy, rules.threshold)
    linked = [row for row in tidy if row.gun]
    listed = generalised(linked, rules.threshold, hidden)
    lines = sorted(
        (open_name(key, r.id), open_name(key, r.gun), r.month, r.area, r.outcome) for r in listed
    )
    files = (
        (COUNTED, _csv(("area", "month", "outcome", "count"), published)),
        (LINKED, _csv(("shooting_id", "gun_id", "period", "area", "outcome"), lines)),
        (DICTIONARY, _csv(("file", "column", "meaning"), _dictionary(rules))),
        (RULES, "\r\n".join(rules.rules) + "\r\n"),
    )
    return OpenData(files, tuple(_told(tidy, published, linked, listed)), key)


def generalised(
    rows: Sequence[Row], threshold: int, hidden: Iterable[tuple[str, str, str]] = ()
) -> tuple[Row, ...]:
    """Rows with what they may keep: each stands with at least ``threshold`` that read the same.

    ``hidden`` are (area, month, outcome) whose counts are withheld elsewhere; nothing is said as
    finely as that of them. A kind of outcome alone in its month and area is not told by the
    others, as either all rows of a month and area keep their outcome or none does.
    """
    dark = {(month, area) for area, month, _ in hidden}
    kept: list[Row] = []
    coarse: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for (month, area), group in _by(rows, "month", "area").items():
        sizes = Counter(row.outcome for row in group)
        if len(group) < threshold or (month, area) in dark:
            coarse[month[:4], area] += group
        elif min(sizes.values()) < threshold:
            kept += [replace(row, outcome=WITHHELD) for row in group]
        else:
            kept += group
    broad: dict[str, list[Row]] = defaultdict(list)
    for (year, _), group in coarse.items():
        if len(group) >= threshold:
            kept += [replace(r, month=_year(year), outcome=WITHHELD) for r in group]
        else:
            broad[year] += group
    for year, group in broad.items():
        if len(group) >= threshold:
            said = {"month": _year(year), "area": WITHHELD, "outcome": WITHHELD}
            kept += [replace(row, **said) for row in group]
    return tuple(kept)


def _counted(
    rows: Iterable[Row], threshold: int
) -> tuple[list[tuple[str, str, str, str]], set[tuple[str, str, str]]]:
    """The published lines, and which (area, month, outcome) are withheld; outcome by outcome."""
    lines: list[tuple[str, str, str, str]] = []
    dark: set[tuple[str, str, str]] = set()
    for outcome, group in sorted(_by(rows, "outcome").items()):
        counts: Counter[Cell] = Counter((row.area, row.month) for row in group)
        hidden = withheld(counts, threshold)
        for (area, month), count in sorted(with_totals(counts).items()):
            shown = WITHHELD if (area, month) in hidden else str(count)
            lines.append((_total(area, "areas"), _total(month, "months"), outcome[0], shown))
        dark |= {(area, month, outcome[0]) for area, month in hidden}
    return lines, dark


def _tidy(row: Row) -> Row:
    month = row.month if len(row.month) == 7 else NOT_DATED
    return replace(row, month=month, outcome=row.outcome or NOT_SAID)


def _by(rows: Iterable[Row], *names: str) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(getattr(row, name) for name in names)].append(row)
    return groups


def _told(
    rows: Sequence[Row],
    published: Sequence[Sequence[str]],
    linked: Sequence[Row],
    listed: Sequence[Row],
) -> Iterable[str]:
    dark = sum(line[3] == WITHHELD for line in published)
    yield f"{len(rows)} shootings are counted in {len(published)} lines; {dark} are withheld."
    left = len(linked) - len(listed)
    coarse = sum(WITHHELD in (row.area, row.outcome) for row in listed)
    yield (
        f"{len(listed)} of {len(linked)} shootings that hits tie to others are listed, {coarse} of "
        f"them with less said; {left} are left out."
    )
    if rows and dark == len(published):
        yield "Every count is withheld; there are too few shootings for anything to go out."


def _dictionary(rules: Privacy) -> Iterable[tuple[str, str, str]]:
    for name, told in rules.dictionary.items():
        yield name, "", str(told["about"])
        columns = told["columns"]
        if isinstance(columns, Mapping):
            for column, words in columns.items():
                yield name, str(column), str(words)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _year(year: str) -> str:
    return year if year.isdigit() else NOT_DATED


def _total(name: str, what: str) -> str:
    return f"all {what}" if name == ALL else name


def _corner(value: float, signs: str) -> str:
    return f"{abs(round(value, 6)):g}{signs[0] if value >= -1e-9 else signs[1]}"
