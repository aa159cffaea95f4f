"""The scores of a run on disk: a row a pair, kept when the run is stopped and taken up again."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from app.domain import CaseheadError
from app.validation.truth import Truth

SCORES = "scores.csv"
MANIFEST = "manifest.json"
EARLIER = "scores-earlier.csv"
COLUMNS = (
    "file_a",
    "file_b",
    "gun_a",
    "gun_b",
    "same",
    "score",
    "cells",
    "congruent_cells",
    "ccf",
    "rotation_deg",
    "log10_lr",
)
BASELINE_COLUMNS = ("baseline_ccf", "baseline_rotation_deg")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What software says of one pair; ``file_a`` sorts before ``file_b``."""

    file_a: str
    file_b: str
    score: float
    cells: int
    congruent_cells: int
    ccf: float
    rotation_deg: float

    @property
    def pair(self) -> Pair:
        """The two files."""
        return self.file_a, self.file_b


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a run knows of one file: ``kind`` is "" until it was prepared, ``refused`` says why
    it could not be; ``defect`` that it is the software's fault, so the next run tries again."""

    digest: str
    kind: str = ""
    refused: str = ""
    warnings: tuple[str, ...] = ()
    defect: bool = False


@dataclass(slots=True)
class Ledger:
    """The table and the manifest of one folder.

    The manifest tells how the rows were made. A row is kept when it was made the same way from
    the same files; nothing is trusted that does not end with its line.
    """

    folder: Path
    identity: Mapping[str, Any]
    files: dict[str, FileFacts]
    rows: dict[Pair, Row] = field(default_factory=dict)
    sentence: str = ""
    _stream: TextIO | None = None

    @classmethod
    def open(cls, folder: Path, identity: Mapping[str, Any], digests: Mapping[str, str]) -> Ledger:
        """Take up what is there. Raises CaseheadError when the folder cannot be written."""
        ledger = cls(folder, _plain(identity), {n: FileFacts(d) for n, d in digests.items()})
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            ledger._take_up()
            ledger._write_rows(ledger._lines(Truth(), {}))
            ledger.write_manifest()
        return ledger

    def __enter__(self) -> Ledger:
        with writing(self.folder):
            self._stream = (self.folder / SCORES).open("a", encoding="utf-8", newline="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def add(self, row: Row) -> None:
        """Keep a row; it is in the file when this returns. Raises CaseheadError."""
        assert self._stream is not None
        self.rows[row.pair] = row
        with writing(self.folder):
            self._stream.write(_line(_cells(row, Truth(), {})))
            self._stream.flush()

    def finish(
        self,
        truth: Truth,
        log10_lr: Mapping[Pair, float],
        baseline: Mapping[Pair, Row] | None = None,
    ) -> None:
        """Write the table anew: sorted, with firearms, likelihood ratios and the baseline's say.

        The baseline has columns of its own, after the others, where it was asked for.
        """
        lines = self._lines(truth, log10_lr)
        with writing(self.folder):
            self._write_rows(lines if baseline is None else self._beside(lines, baseline))

    def write_manifest(self) -> None:
        """Write how the rows are made and what is known of the files."""
        files = {name: asdict(facts) for name, facts in sorted(self.files.items())}
        text = json.dumps({**self.identity, "files": files}, indent=1, ensure_ascii=False)
        with writing(self.folder):
            write_atomically(self.folder / MANIFEST, text.encode())

    def _take_up(self) -> None:
        stored = _stored(self.folder / MANIFEST)
        before = _read_rows(self.folder / SCORES)
        if stored is None:
            if before:
                self._anew(f"{self._name} has no {MANIFEST} that fits")
            return
        old_files = stored.pop("files", {})
        changed = sorted(k for k in self.identity if stored.get(k) != self.identity[k])
        if changed and not before:
            return
        if changed:
            self._anew(f"{self._name} was made otherwise ({', '.join(changed)} changed)")
            return
        for name, facts in self.files.items():
            old = old_files.get(name, {})
            if old.get("digest") == facts.digest and not old.get("defect"):
                self.files[name] = _facts(old)
        held = {name for name, facts in self.files.items() if facts.kind}
        self.rows = {p: row for p, row in before.items() if held.issuperset(p)}
        if before:
            gone = len(before) - len(self.rows)
            fallen = f"; {gone} of files that changed or went are left out" if gone else ""
            self.sentence = f"{len(self.rows)} pairs are kept from {self._name}{fallen}."

    def _anew(self, why: str) -> None:
        """Put the old table aside; nothing that took hours goes because of a slip."""
        (self.folder / SCORES).replace(self.folder / EARLIER)
        self.sentence = f"{why}; it starts anew, and the old table is kept as {EARLIER}."

    @property
    def _name(self) -> str:
        return f"{self.folder.name}/{SCORES}"

    def _lines(self, truth: Truth, log10_lr: Mapping[Pair, float]) -> Iterable[list[str]]:
        yield list(COLUMNS)
        for pair in sorted(self.rows):
            yield _cells(self.rows[pair], truth, log10_lr)

    def _beside(
        self, lines: Iterable[list[str]], baseline: Mapping[Pair, Row]
    ) -> Iterator[list[str]]:
        for cells in lines:
            row = baseline.get((cells[0], cells[1]))
            if tuple(cells) == COLUMNS:
                yield [*cells, *BASELINE_COLUMNS]
            elif row is None:
                yield [*cells, "", ""]
            else:
                yield [*cells, f"{row.ccf:.6f}", f"{row.rotation_deg:.4f}"]

    def _write_rows(self, lines: Iterable[list[str]]) -> None:
        write_atomically(self.folder / SCORES, "".join(map(_line, lines)).encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns an OSError into a sentence about the folder: raises CaseheadError."""
    try:
        yield
    except OSError as error:
        raise CaseheadError(
            f"{folder} cannot be written: {error.strerror or error}. What is there is "
            "kept; make room or name another folder, and run it again."
        ) from error


def _cells(row: Row, truth: Truth, log10_lr: Mapping[Pair, float]) -> list[str]:
    same, ratio = truth.same(*row.pair), log10_lr.get(row.pair)
    return [
        row.file_a,
        row.file_b,
        truth.gun(row.file_a) or "",
        truth.gun(row.file_b) or "",
        "" if same is None else str(int(same)),
        f"{row.score:.6f}",
        str(row.cells),
        str(row.congruent_cells),
        f"{row.ccf:.6f}",
        f"{row.rotation_deg:.4f}",
        "" if ratio is None else f"{ratio:.4f}",
    ]


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _read_rows(path: Path) -> dict[Pair, Row]:
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return {}
    whole = text[: text.rfind("\n") + 1]
    reader = csv.reader(io.StringIO(whole, newline=""))
    found: dict[Pair, Row] = {}
    try:
        header = tuple(next(reader, ()))
        if header not in (COLUMNS, COLUMNS + BASELINE_COLUMNS):
            return {}
        for cells in reader:
            row = _row(cells) if len(cells) == len(header) else None
            if row is not None:
                found[row.pair] = row
    except csv.Error:
        pass
    return found


def _row(cells: list[str]) -> Row | None:
    named = dict(zip(COLUMNS, cells, strict=False))
    try:
        return Row(
            named["file_a"],
            named["file_b"],
            float(named["score"]),
            int(named["cells"]),
            int(named["congruent_cells"]),
            float(named["ccf"]),
            float(named["rotation_deg"]),
        )
    except ValueError:
        return None


def _stored(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("files"), dict) else None


def _facts(stored: Mapping[str, Any]) -> FileFacts:
    return FileFacts(
        str(stored["digest"]),
        str(stored.get("kind", "")),
        str(stored.get("refused", "")),
        tuple(map(str, stored.get("warnings", ()))),
    )


def _plain(identity: Mapping[str, Any]) -> dict[str, Any]:
    """As it reads back from JSON, so that it can be compared."""
    found: dict[str, Any] = json.loads(json.dumps(identity, default=dict))
    return found
