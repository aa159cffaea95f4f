"""What an examiner can do: one small method per operation."""

from app.importing.importer import FileOutcome, ImportOptions, ImportReport
from app.matching import Running
from app.workbench.values import (
    CandidateLine,
    CartridgeCaseNode,
    CaseNode,
    ConclusionScale,
    ExhibitNode,
    MarkNode,
    Registration,
    ScaleValue,
    SearchLine,
)
from app.workbench.workbench import Workbench

__all__ = [
    "CandidateLine",
    "CartridgeCaseNode",
    "CaseNode",
    "ConclusionScale",
    "ExhibitNode",
    "FileOutcome",
    "ImportOptions",
    "ImportReport",
    "MarkNode",
    "Registration",
    "Running",
    "ScaleValue",
    "SearchLine",
    "Workbench",
]
