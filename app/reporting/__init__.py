"""Reports as PDF: values in, bytes out; the same values give the same bytes."""

from app.reporting.comparison import comparison_pdf
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
    "comparison_pdf",
]
