"""Which files an import looks at, and what it calls them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.importing.formats.magic import ACCEPTED, SUFFIXES
from app.jobs import Job

SIDE_SUFFIXES = frozenset({".csv", ".txt", ".md"})
SIDE_NAMES = frozenset({"thumbs.db", "desktop.ini"})
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to import and the folder that was given for it."""

    path: Path
    root: Path


@dataclass(slots=True)
class Found:
    """Files to import; paths refused with a sentence each; how many side files were passed over."""

    files: list[FoundFile] = field(default_factory=list)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    skipped: int = 0


def find_files(paths: Sequence[Path], recursive: bool = True, job: Job | None = None) -> Found:
    """Look through files and folders, in the order given and sorted within a folder.

    Hidden files are passed over in folders, side files everywhere; a file reached twice counts
    once. What cannot be looked at is refused with a sentence. Raises CancelledError: somebody may
    have chosen a whole disk.
    """
    found, job = Found(), job or Job()
    seen: set[Path] = set()
    for path in paths:
        if not path.is_dir():
            _sort(found, path, path.parent, seen, given=True)
            continue
        for file in _walk(path, recursive, found, job):
            _sort(found, file, path, seen, given=False)
    return found


def _walk(folder: Path, recursive: bool, found: Found, job: Job) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        where = Path(error.filename or folder)
        found.refused.append((where, f"{where.name}: The folder cannot be read: {error.strerror}."))

    for root, folders, names in os.walk(folder, onerror=refuse):
        job.report(0, 0, f"{len(found.files)} pictures found, looking in {Path(root).name}")
        folders[:] = sorted(_visible(folders)) if recursive else []
        yield from (Path(root) / name for name in sorted(_visible(names)))


def _visible(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if not name.startswith("."))


def _sort(found: Found, path: Path, root: Path, seen: set[Path], given: bool) -> None:
    suffix = path.suffix.lower()
    if suffix in SIDE_SUFFIXES or path.name.lower() in SIDE_NAMES:
        found.skipped += 1
    elif not given and suffix not in SUFFIXES:
        found.refused.append((path, f"{path.name}: This is not a picture; {ACCEPTED}."))
    elif path.resolve() not in seen:
        seen.add(path.resolve())
        found.files.append(FoundFile(path, root))


def place_of(file: FoundFile, case_number: str = "") -> tuple[str, str, str]:
    """Case number, exhibit number and label for a file, from its folder and its name.

    Under a given case number, files in sub-folders carry these in the exhibit number, for two of
    the same name are two specimens.
    """
    label = readable(file.path.stem)
    if not case_number:
        return readable(file.path.parent.resolve().name), label, label
    within = file.path.relative_to(file.root).parent.parts
    return case_number, readable("/".join((*within, file.path.stem))), label


def readable(name: str) -> str:
    """A file's or folder's name as a number: nothing unprintable, not blank, not too long."""
    name = name.encode("utf-8", "replace").decode()
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return name[-LONGEST_NAME:] or "Imported"
