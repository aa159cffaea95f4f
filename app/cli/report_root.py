"""The ``report`` command and its options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import CasebookOption, ExaminerOption, JsonOption, OverwriteOption
from app.cli.places import default_casebook
from app.cli.voice import Voice


class Kind(StrEnum):
    """What can be issued, as it is typed."""

    COMPARISON = "comparison"
    LEAD_NOTICE = "lead-notice"
    HIT_NOTICE = "hit-notice"
    TRACE_REQUEST = "trace-request"
    CASE_SUMMARY = "case-summary"
    CUSTODY = "custody"
    STATISTICS = "statistics"
    DEFENCE_PACKAGE = "defence-package"


def report(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help=", ".join(Kind))],
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT",
            help="An identifier; a case's number; case/exhibit for custody; for statistics "
            "2026-01-01..2026-03-31, or 'all'.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="REPORT.pdf, or PACKAGE.zip for a package.")
    ],
    casebook: CasebookOption = None,
    overwrite: OverwriteOption = False,
    examiner: ExaminerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Issue a report or a defence package; the journal tells it with the file's SHA-256.

    The same record gives the same bytes. What should be worded otherwise is told on stderr.
    """
    with Voice(as_json) as voice:
        from app.cli.report import Wanted, report_command

        wanted = Wanted(kind.value.replace("-", "_"), subject, out, overwrite, examiner)
        issued = report_command(voice, casebook or default_casebook(), wanted)
        for warning in issued.warnings:
            voice.note(warning)
        document = {
            "file": issued.path,
            "sha256": issued.digest,
            "kind": issued.kind,
            "subject": issued.subject_id,
            "warnings": list(issued.warnings),
        }
        voice.result(document, lambda: [issued.sentence])
