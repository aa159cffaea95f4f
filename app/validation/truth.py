"""Which file came from which firearm, as the laboratory says it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from app.domain import CaseheadError

UNKNOWN = "unknown"
COLUMNS = ("file", "gun")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Truth:
    """The firearm of each file, None where it is not known.

    A pair is same or different only when both firearms are known: a firearm that is called
    unknown could be any, so such a pair is scored and not counted. That is the cautious reading;
    it costs pairs and never a wrong truth.
    """

    guns: Mapping[str, str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def gun(self, name: str) -> str | None:
        """The firearm of a file."""
        return self.guns.get(name)

    def same(self, first: str, second: str) -> bool | None:
        """Whether two files are of one firearm; None when that is not known."""
        a, b = self.gun(first), self.gun(second)
        return None if a is None or b is None else a == b

    @property
    def known(self) -> int:
        """How many files have a known firearm."""
        return sum(gun is not None for gun in self.guns.values())


def read_truth(path: Path, names: Sequence[str]) -> Truth:
    """Read a table with the columns file and gun for the files called ``names``.

    Names are relative to the folder, or the last part alone where that is clear. A gun that is
    empty or begins with "unknown" is not known. Raises CaseheadError with a sentence for a table
    that cannot be read, contradicts itself or names none of the files.
    """
    rows = _rows(path)
    places = _places(names)
    guns: dict[str, str | None] = {}
    missing = []
    for line, (file, gun) in rows:
        name = places.get(PurePosixPath(file.replace("\\", "/")).as_posix())
        if name is None:
            missing.append(file)
            continue
        _agree(path, line, name, guns, _known(gun))
        guns[name] = _known(gun)
    if not guns:
        raise CaseheadError(
            f"{path.name} names none of the files in the folder; its first is '{rows[0][1][0]}'. "
            "Give the names as they are in the folder."
        )
    return Truth(guns, tuple(_notes(path, missing, [n for n in names if n not in guns])))


def _rows(path: Path) -> list[tuple[int, tuple[str, str]]]:
    text = _text(path)
    first = text.split("\n", 1)[0]
    try:
        reader = csv.DictReader(
            io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ","
        )
        columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        if not set(COLUMNS) <= set(columns):
            raise CaseheadError(
                f"{path.name} is no table of the truth: its first line must name the columns "
                "file and gun (and may name note)."
            )
        rows = [
            (reader.line_num, ((row["file"] or "").strip(), (row["gun"] or "").strip()))
            for row in reader
        ]
    except csv.Error as error:
        raise CaseheadError(f"{path.name} cannot be read as a table: {error}.") from error
    rows = [row for row in rows if row[1][0]]
    if not rows:
        raise CaseheadError(f"{path.name} names no file; it needs a line for each.")
    return rows


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaseheadError(
            f"The truth {path} cannot be read: {error.strerror or error}."
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _places(names: Iterable[str]) -> dict[str, str]:
    """Every way to name a file: its whole name, and its last part where only one has it."""
    names = list(names)
    often = Counter(PurePosixPath(name).name for name in names)
    last = {PurePosixPath(name).name: name for name in names}
    return {part: name for part, name in last.items() if often[part] == 1} | {n: n for n in names}


def _known(gun: str) -> str | None:
    return None if not gun or gun.lower().startswith(UNKNOWN) else gun


def _agree(
    path: Path, line: int, name: str, guns: Mapping[str, str | None], gun: str | None
) -> None:
    if name in guns and guns[name] != gun:
        raise CaseheadError(
            f"{path.name}, line {line}: '{name}' is named twice with different guns, "
            f"'{guns[name] or 'unknown'}' and '{gun or 'unknown'}'; settle which is true."
        )


def _notes(path: Path, missing: Sequence[str], silent: Sequence[str]) -> Iterable[str]:
    if missing:
        yield f"{path.name} names {len(missing)} that the folder does not hold: {_few(missing)}."
    if silent:
        yield (
            f"{path.name} does not name {len(silent)} of the files, {_few(silent)}; their pairs "
            "are scored, not counted."
        )


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
