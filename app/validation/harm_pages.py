"""The pages that tell what degraded inputs cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Paragraph, Spacer

from app.validation.layout import HEAD, SMALL, TEXT, WIDTH, plain, table, wrapped
from app.validation.plain import WORDS
from app.validation.plots import degradation_charts
from app.validation.words import HARM_HEAD, harm_lines

Row = Mapping[str, Any]


def harm_pages(summary: Mapping[str, Any]) -> Iterable[Any]:
    """For each kind of picture a table, charts, and what every condition is, exactly."""
    rows: Sequence[Row] = summary["degradations"]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        yield CondPageBreak(190 * mm)
        yield Paragraph(f"What harm costs: {kind}s", HEAD)
        yield Paragraph(plain(_opening(own, summary["draw"])), TEXT)
        yield Spacer(1, 5)
        yield _table(own)
        yield Spacer(1, 5)
        for sentence in _outcome(own, summary["worse_than_baseline"]):
            yield Paragraph(plain(sentence), TEXT)
        yield Spacer(1, 8)
        for chart in degradation_charts(own):
            yield chart
            yield Spacer(1, 4)
    yield from _definitions(rows)


def _opening(rows: Sequence[Row], draw: Sequence[str]) -> str:
    baseline = WORDS if any("baseline" in row for row in rows) else ""
    sentences = (
        "Every file was degraded by itself, both of a pair, before it was prepared, and the pairs "
        "were compared again. A pair that could not be compared counts as the lowest score there "
        "is.",
        *draw,
        baseline,
    )
    return " ".join(filter(None, sentences))


def _table(rows: Sequence[Row]) -> Any:
    lines = [line for row in rows for line in harm_lines(row)]
    shares = (0.12, 0.12, 0.22, 0.2, 0.14, 0.1, 0.1)
    return table(wrapped([HARM_HEAD, *lines]), [WIDTH * share for share in shares], header=True)


def _outcome(rows: Sequence[Row], worse: Sequence[str]) -> Iterable[str]:
    if not any("baseline" in row for row in rows):
        return
    own = [sentence for sentence in worse if sentence.startswith(f"{rows[0]['kind']}s, ")]
    if own:
        yield f"The baseline is ahead here: {' '.join(own)}"
    else:
        yield "The baseline is ahead in no condition, neither in AUC nor in mates first."


def _definitions(rows: Sequence[Row]) -> Iterable[Any]:
    told = {row["condition"]: row["what"] for row in rows}
    if not told:
        return
    yield Paragraph("What was done to the files", HEAD)
    for name, what in told.items():
        yield Paragraph(plain(f"{name}: {what}."), SMALL)
    yield Paragraph(
        "Chance is drawn from the condition's name and the file's digest: the same file is always "
        "harmed in the same way. The mark's disc is the one the preparation finds in the file as "
        "it is; what lies beyond it is treated as what lies within.",
        SMALL,
    )
