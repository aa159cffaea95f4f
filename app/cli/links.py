"""``casehead links`` and ``casehead open-data``: what is linked, and what may go out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.casework.graph import ChartFilter
from app.cli.books import looking, recording
from app.cli.voice import Voice
from app.workbench.linking import Written

Told = tuple[dict[str, Any], list[str]]


def links_command(
    voice: Voice, folder: Path, wanted: ChartFilter, export: Path | None, *, overwrite: bool
) -> Told:
    """Write the chart, or list the links that would be in it.

    Raises CaseheadError with a sentence.
    """
    if export is not None:
        with recording(voice, folder) as workbench:
            written = workbench.export_links(wanted, export, overwrite=overwrite)
        return _files(written), [written.sentence]
    with looking(folder) as workbench:
        chart = workbench.linked_events(wanted).chart
    listed = [
        {
            "case_a": chart.cases[link.case_a].number,
            "case_b": chart.cases[link.case_b].number,
            "state": link.state,
            "since": link.since,
            "counted": link.counted,
            "stale": link.stale,
        }
        for link in chart.links
    ]
    lines = [
        f"{one['case_a']}  {one['case_b']}  {one['state']} since {str(one['since'])[:10]}"
        for one in listed
    ]
    said = [chart.told] if chart.told else []
    return {"links": listed, "told": chart.told}, (lines or ["No cases are linked."]) + said


def open_data_command(voice: Voice, folder: Path, out: Path, *, overwrite: bool) -> Told:
    """Write the open data. Raises CaseheadError with a sentence."""
    with recording(voice, folder) as workbench:
        shown = workbench.open_data()
        written = workbench.write_open_data(shown, out, overwrite=overwrite)
    document = _files(written) | {"told": list(shown.told)}
    return document, [*shown.told, written.sentence]


def _files(written: Written) -> dict[str, Any]:
    return {"files": [{"file": str(path), "sha256": digest} for path, digest in written.files]}
