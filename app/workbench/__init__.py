"""What an examiner can do: one small method per operation."""

from app.importing.importer import FileOutcome, ImportOptions, ImportReport
from app.matching import Running
from app.matching.fusion import Column, Finding, FusedList, Gun, Missing, Specimen
from app.matching.meaning import Meaning, Standing
from app.matching.wording import brief, ratio_sentence, standing_sentence
from app.store.populations import ReferencePopulation
from app.workbench.fused import (
    FusedRow,
    Grouping,
    Order,
    column_words,
    finding_tip,
    finding_words,
    fused_extent,
    fused_rows,
    row_words,
    searched_count,
    share_words,
    support_words,
)
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
    "Column",
    "ConclusionScale",
    "ExhibitNode",
    "FileOutcome",
    "Finding",
    "FusedList",
    "FusedRow",
    "Grouping",
    "Gun",
    "ImportOptions",
    "ImportReport",
    "MarkNode",
    "Meaning",
    "Missing",
    "Order",
    "ReferencePopulation",
    "Registration",
    "Running",
    "ScaleValue",
    "SearchLine",
    "Specimen",
    "Standing",
    "Workbench",
    "brief",
    "column_words",
    "finding_tip",
    "finding_words",
    "fused_extent",
    "fused_rows",
    "ratio_sentence",
    "row_words",
    "searched_count",
    "share_words",
    "standing_sentence",
    "support_words",
]
