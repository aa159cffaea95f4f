"""``casehead run``: the window, or without a display the main job on the demo casebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.casework.record import MissingError
from app.cli.acquire import Setting, acquire, candidate_table, search_facts
from app.cli.books import has_author, recording, wait_for_searches
from app.cli.bring import bring
from app.cli.demo import NAMES, build_demo, held
from app.cli.demo_cases import AUTHOR, BROUGHT_FACTS, QUERY
from app.cli.voice import Voice
from app.domain import CancelledError, CaseheadError, Light, Provenance, Search, SearchState
from app.workbench import CandidateLine, ImportOptions, ImportReport, Workbench

PICTURES = "comparison-pictures"
SEARCHES_TOLD = 10


def run_headless(voice: Voice, folder: Path, brought: Path | None, options: ImportOptions) -> None:
    """Acquire from the bench, import, search and compare, telling each step.

    Raises CaseheadError when ``folder`` holds somebody's real casebook.
    """
    voice.note("There is no display: doing the main job on the demo casebook instead.")
    build_demo(voice, folder)
    with recording(voice, folder, NAMES, create=True, automatic_search=True) as workbench:
        fresh = held(workbench, QUERY) is None
        queries = [_acquired(voice, workbench)]
        if brought is not None:
            report = _imported(voice, workbench, brought, options)
            queries += [workbench.provenance(i) for i in report.acquired_ids]
        wait_for_searches(voice, workbench)
        outdated = not fresh or brought is not None
        found = [
            _searched(voice, workbench, query, anew=i == 0 and outdated)
            for i, query in enumerate(queries)
        ]
        pictures = [
            _pictured(workbench, query, lines) if i < SEARCHES_TOLD else None
            for i, (query, _, lines) in enumerate(found)
        ]
    told = [_document(*result, picture) for result, picture in zip(found, pictures, strict=True)]
    document = {"casebook": folder, "searches": told, "picture": pictures[0]}
    voice.result(document, lambda: _lines(found, pictures))


def bring_first(voice: Voice, folder: Path, brought: Path, options: ImportOptions) -> None:
    """Bring a folder in before the window opens, which then searches it in the background.

    Where nobody has said yet who works here, the window has to ask that first.
    """
    if not has_author(folder):
        voice.refuse(
            f"{brought} was not imported: the window asks first who works here; import it there, "
            "or run this once more afterwards."
        )
        return
    with recording(voice, folder, automatic_search=True) as workbench:
        try:
            voice.note(bring(voice, workbench, [brought], options).sentence)
        except MissingError as error:
            voice.refuse(f"{brought} was not imported; import it in the window. {error}")


Found = tuple[Provenance, Search | None, tuple[CandidateLine, ...]]


def _acquired(voice: Voice, workbench: Workbench) -> Provenance:
    """The run's query: acquired live, and kept when no earlier run has kept it."""
    known = held(workbench, QUERY)
    if known is not None:
        voice.note(f"{known.name} was acquired in an earlier run; its picture is used again.")
        return known
    voice.note(f"Acquiring from the synthetic bench as {AUTHOR.examiner}, {AUTHOR.agency} ...")
    setting = Setting(QUERY.source, light=Light(QUERY.light), objective="4x")
    return workbench.provenance(acquire(voice, workbench, QUERY.registration, setting)[0].id)


def _imported(
    voice: Voice, workbench: Workbench, folder: Path, options: ImportOptions
) -> ImportReport:
    voice.note(f"Importing {folder} ...")
    options = replace(options, facts={**BROUGHT_FACTS, **options.facts})
    voice.note("Fields of their record that were not given are invented, as all of the demo is.")
    report = bring(voice, workbench, [folder], options)
    voice.note(report.sentence)
    return report


def _searched(voice: Voice, workbench: Workbench, query: Provenance, anew: bool) -> Found:
    """The search that its saving started, or one done now: for ``anew`` and where none ended."""
    if not query.acquired.searchable:
        why = "has no scale, so it was not searched; give --pixel-um."
        if query.acquired.held_back:
            why = "was not searched, because its quality asks for another picture."
        voice.refuse(f"{query.name} {why}")
        return query, None, ()
    search = None if anew else _ended(workbench, query)
    if search is None:
        try:
            search = workbench.search(query.acquired.id, voice.job)
        except CancelledError:
            raise
        except CaseheadError as error:
            voice.refuse(f"{query.name}: {error}")
            return query, None, ()
    return query, search, workbench.candidates(search.id)


def _ended(workbench: Workbench, query: Provenance) -> Search | None:
    for line in workbench.searches():
        if line.search.acquired_id == query.acquired.id:
            return line.search if line.search.state is SearchState.DONE else None
    return None


def _pictured(
    workbench: Workbench, query: Provenance, candidates: tuple[CandidateLine, ...]
) -> Path | None:
    """The query with its first candidate in split field, written as PNG."""
    if not candidates:
        return None
    best = candidates[0]
    comparison = workbench.open_comparison(
        query.acquired.id, best.provenance.acquired.id, best.candidate.id
    )
    name = f"{query.name}-with-{best.provenance.name}.png".replace(" / ", "-")
    plain = "".join(c if c.isalnum() or c in "-._" else "_" for c in name)
    return workbench.export_picture(comparison, workbench.folder / PICTURES / plain)


def _document(
    query: Provenance,
    search: Search | None,
    candidates: tuple[CandidateLine, ...],
    picture: Path | None,
) -> dict[str, Any]:
    found = None if search is None else search_facts(search, candidates)
    return {"query": query.name, "search": found, "picture": picture}


def _lines(found: list[Found], pictures: list[Path | None]) -> Iterable[str]:
    for (query, _, candidates), picture in list(zip(found, pictures, strict=True))[:SEARCHES_TOLD]:
        yield f"Candidates for {query.name}, best first (aids for the examiner, no conclusion):"
        yield from candidate_table(candidates)
        if picture is not None:
            yield f"Comparison picture with the first candidate: {picture}"
        yield ""
    if len(found) > SEARCHES_TOLD:
        yield f"... and {len(found) - SEARCHES_TOLD} more searches; open the casebook to see them."
