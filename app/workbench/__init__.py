"""What an examiner can do: one small method per operation."""

from app.importing.importer import FileOutcome, ImportOptions, ImportReport
from app.matching import Running
from app.matching.fusion import Column, Finding, FusedList, Gun, Missing, Specimen
from app.matching.meaning import Meaning, Standing
from app.matching.wording import brief, ratio_sentence, standing_sentence
from app.store.populations import ReferencePopulation
from app.workbench.aligning import Aligned, by_landmarks
from app.workbench.exporting import Exported, Shown
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
from app.workbench.lights import LightChoice
from app.workbench.phrases import language_warnings
from app.workbench.reviewing import Listed
from app.workbench.rows import (
    CandidateRow,
    Wanted,
    candidate_rows,
    counts,
    group_name,
    left_words,
    wanted_rows,
)
from app.workbench.scale import Basis, BasisOption, ConclusionScale, Draft, ScaleValue
from app.workbench.values import (
    CandidateLine,
    CartridgeCaseNode,
    CaseNode,
    ExhibitNode,
    MarkNode,
    Registration,
    SearchLine,
)
from app.workbench.workbench import Workbench

__all__ = [
    "Aligned",
    "Basis",
    "BasisOption",
    "CandidateLine",
    "CandidateRow",
    "CartridgeCaseNode",
    "CaseNode",
    "Column",
    "ConclusionScale",
    "Draft",
    "ExhibitNode",
    "Exported",
    "FileOutcome",
    "Finding",
    "FusedList",
    "FusedRow",
    "Grouping",
    "Gun",
    "ImportOptions",
    "ImportReport",
    "LightChoice",
    "Listed",
    "MarkNode",
    "Meaning",
    "Missing",
    "Order",
    "ReferencePopulation",
    "Registration",
    "Running",
    "ScaleValue",
    "SearchLine",
    "Shown",
    "Specimen",
    "Standing",
    "Wanted",
    "Workbench",
    "brief",
    "by_landmarks",
    "candidate_rows",
    "column_words",
    "counts",
    "finding_tip",
    "finding_words",
    "fused_extent",
    "fused_rows",
    "group_name",
    "language_warnings",
    "left_words",
    "ratio_sentence",
    "row_words",
    "searched_count",
    "share_words",
    "standing_sentence",
    "support_words",
    "wanted_rows",
]
