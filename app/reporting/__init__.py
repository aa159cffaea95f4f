"""Reports as PDF: values in, bytes out; the same values give the same bytes."""

from __future__ import annotations

from typing import Any

from app.reporting.casework import CaseworkReport
from app.reporting.values import (
    ComparisonReport,
    ReportClassLine,
    ReportConclusion,
    ReportSide,
    ReportVerification,
    ReportVerified,
    ReportView,
)

__all__ = [
    "ComparisonReport",
    "ReportClassLine",
    "ReportConclusion",
    "ReportSide",
    "ReportVerification",
    "ReportVerified",
    "ReportView",
    "casework_pdf",
    "comparison_pdf",
    "letters_told",
]


def comparison_pdf(report: ComparisonReport, words: Any | None = None) -> bytes:
    """See app.reporting.comparison; loaded when the first report is drawn, not at every start."""
    from app.reporting import comparison

    return comparison.comparison_pdf(report, words)


def casework_pdf(report: CaseworkReport, words: Any) -> bytes:
    """See app.reporting.setting; loaded as ``comparison_pdf`` is."""
    from app.reporting import setting

    return setting.casework_pdf(report, words)


def letters_told(report: Any) -> tuple[str, ...]:
    """See app.reporting.bound; loaded as ``comparison_pdf`` is."""
    from app.reporting import bound

    return bound.letters_told(report)
