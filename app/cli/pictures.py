"""What a comparison on the command line is made of: files, and marks of the casebook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from app.cli.marks import Marks
from app.cli.options import LengthUnit
from app.domain import CaseheadError, Provenance, Score
from app.importing.decode import decode, read_bytes, surface_of
from app.importing.finding import find_files
from app.matching.scores import score_of
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.prepare import Prepared, prepare
from correlation.surface import Kind, Surface


@dataclass(frozen=True, slots=True)
class Units:
    """What the user says of scales that files do not carry or are wrong about."""

    pixel_um: float | None = None
    xy_unit: LengthUnit | None = None
    z_unit: LengthUnit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An image or scan ready to be compared; ``file`` or ``mark`` says where it is from."""

    name: str
    kind: Kind
    digest: str
    prepared: Prepared
    warnings: tuple[str, ...] = ()
    file: Path | None = None
    mark: Provenance | None = None

    @property
    def relief(self) -> bool:
        """Whether it is kept as a relief worked out from lights."""
        return self.mark is not None and self.mark.acquired.relief

    @property
    def place(self) -> dict[str, Any]:
        """The fields that name it in a result."""
        if self.mark is not None:
            return mark_place(self.mark)
        return {"file": str(self.file)}


def mark_place(picture: Provenance) -> dict[str, Any]:
    """The fields that name a picture of the casebook in a result."""
    return {
        "mark": picture.name,
        "acquired_id": picture.acquired.id,
        "mark_id": picture.mark.id,
    }


def read_file(path: Path, units: Units) -> tuple[Surface, str, tuple[str, ...]]:
    """A file's surface, digest and warnings. Raises CaseheadError with its name in front."""
    try:
        data = read_bytes(path)
        decoded = decode(path, data, path.name, xy_unit=units.xy_unit, z_unit=units.z_unit)
        surface, warnings = surface_of(decoded, units.pixel_um)
    except (CaseheadError, CorrelationError) as error:
        raise CaseheadError(f"{path.name}: {error}") from error
    return surface, hashlib.sha256(data).hexdigest(), warnings


def prepare_file(path: Path, units: Units) -> Picture:
    """A file ready to be compared. Raises CaseheadError with its name in front."""
    return prepare_read(path, *read_file(path, units))


def prepare_read(
    path: Path, surface: Surface, digest: str, warnings: tuple[str, ...] = ()
) -> Picture:
    """A file that was read, ready to be compared; raises as ``prepare_file`` does."""
    try:
        prepared = prepare(surface)
    except CorrelationError as error:
        raise CaseheadError(f"{path.name}: {error}") from error
    return Picture(path.name, surface.kind, digest, prepared, warnings, file=path)


def prepare_mark(marks: Marks, found: Provenance) -> Picture:
    """A picture of the casebook ready to be compared. Raises CaseheadError with its name."""
    try:
        prepared = marks.prepared(found.acquired.id)
    except (CaseheadError, CorrelationError) as error:
        raise CaseheadError(f"{found.name}: {error}") from error
    acquired = found.acquired
    return Picture(
        found.name, acquired.kind, acquired.digest, prepared, acquired.warnings, mark=found
    )


def score_pair(left: Picture, right: Picture) -> Score:
    """What software says of two pictures. Raises CaseheadError with both names."""
    try:
        return score_of(compare(left.prepared, right.prepared))
    except CorrelationError as error:
        raise CaseheadError(f"{left.name} and {right.name}: {error}") from error


def check_kinds(left: tuple[str, Kind], right: tuple[str, Kind]) -> None:
    """Raises CaseheadError unless two pictures, given by name and kind, are of one kind."""
    if left[1] != right[1]:
        raise CaseheadError(
            f"{left[0]} is {_article(left[1])} and {right[0]} {_article(right[1])}; "
            "an image is compared with an image, a scan with a scan."
        )


def score_facts(score: Score) -> dict[str, Any]:
    """The fields every result of a comparison has."""
    return {
        "method": score.method,
        "version": score.version,
        "score": score.score,
        "cells": score.cells,
        "congruent_cells": score.congruent_cells,
        "ccf": score.ccf,
        "rotation_deg": score.alignment.rotation_deg,
        "shift_um": list(score.alignment.shift_um),
        "rotation_sd_deg": score.rotation_sd_deg,
        "shift_sd_um": score.shift_sd_um,
        "overlap": score.overlap,
        "overlap_um2": score.overlap_um2 or None,
        "seconds": score.seconds,
    }


def picture_files(folder: Path) -> tuple[list[Path], list[str]]:
    """Images and scans under ``folder``, in order, and a sentence for each file that is neither.

    Texts and tables are passed over. Raises CaseheadError when there is no such folder.
    """
    if not folder.is_dir():
        raise CaseheadError(f"There is no folder {folder}; check its name.")
    found = find_files([folder])
    return [file.path for file in found.files], [sentence for _, sentence in found.refused]


@contextmanager
def single_threaded_opencv() -> Iterator[None]:
    """OpenCV's own threads compete with ours; off while ours work."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _article(kind: Kind) -> str:
    return "an image" if kind == "image" else "a scan"
