"""What an import is told and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain import Light, Role
from correlation.x3p import Unit


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What holds for all files of one import.

    ``pixel_um`` is for images (it wins over a file's own scale); ``xy_unit`` and ``z_unit`` settle
    scans in unclear units. Without ``case_number`` a file's folder names its case. ``facts`` are
    fields of the record by ``Field.name``, such as "event.kind".
    """

    pixel_um: float | None = None
    xy_unit: Unit | None = None
    z_unit: Unit | None = None
    light: Light = Light.UNKNOWN
    case_number: str = ""
    role: Role = Role.EVIDENCE
    calibre: str = ""
    recursive: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file; a duplicate is ok and names the record that was there."""

    path: Path
    ok: bool
    sentence: str
    acquired_id: str | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All files looked at, in order; ``skipped`` counts side files (texts, tables) passed over."""

    outcomes: tuple[FileOutcome, ...]
    skipped: int = 0
    cancelled: bool = False

    @property
    def acquired_ids(self) -> tuple[str, ...]:
        """The records made, without duplicates."""
        return tuple(o.acquired_id for o in self.outcomes if o.acquired_id and not o.duplicate)

    @property
    def duplicates(self) -> int:
        """How many were there already."""
        return sum(o.duplicate for o in self.outcomes)

    @property
    def refused(self) -> tuple[FileOutcome, ...]:
        """The files nothing was kept of."""
        return tuple(o for o in self.outcomes if not o.ok)

    @property
    def sentence(self) -> str:
        """The report in short."""
        if not self.outcomes and not self.cancelled:
            return f"Nothing to import was found ({self.skipped} side files passed over)."
        parts = [f"{len(self.acquired_ids)} imported"]
        if self.duplicates:
            parts.append(f"{self.duplicates} here already")
        if self.refused:
            parts.append(f"{len(self.refused)} refused")
        if self.skipped:
            parts.append(f"{self.skipped} side files passed over")
        said = ", ".join(parts) + "."
        return f"{said} Stopped as asked; what was finished is kept." if self.cancelled else said
