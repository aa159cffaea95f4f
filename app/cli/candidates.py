"""``casehead candidates``: what the stored searches of one cartridge case found, joined."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from app.cli.books import looking
from app.cli.places import require_casebook
from app.cli.voice import table
from app.domain import CaseheadError
from app.matching.fusion import Finding, FusedList, Gun, Specimen
from app.store import Casebook, Named
from app.workbench import column_words, fused_extent, support_words


def candidates_command(folder: Path, name: str) -> FusedList:
    """The fused list of the cartridge case called ``name``.

    Without what a blind verification hides from who works with the casebook. Raises CaseheadError
    when there is no such casebook or case, or nothing of it was searched.
    """
    require_casebook(folder)
    with Casebook.open(folder, read_only=True) as casebook:
        case_id = _find(casebook.names(), name)
    with looking(folder) as workbench:
        return workbench.fused(case_id)


def candidates_document(fused: FusedList) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "query": fused.query.name,
        "searched": [
            {
                "mark": column_words(column, fused.columns),
                "state": str(search.state),
                "planned": search.planned,
                "surveyed": search.surveyed,
                "left_out": search.left_out,
            }
            for column in fused.columns
            for search in column.searches
        ],
        "guns": [_gun(gun, fused) for gun in fused.guns],
    }


def candidates_lines(fused: FusedList) -> list[str]:
    """The list for people: guns best first, their cartridge cases below them."""
    marks = [column_words(column, fused.columns) for column in fused.columns]
    rows: list[tuple[object, ...]] = []
    for gun in fused.guns:
        several = len(gun.specimens) > 1
        if several:
            empty = ("",) * len(marks)
            rows.append(
                (
                    gun.rank,
                    f"{gun.name} ({support_words(gun)})",
                    *empty,
                    f"{gun.gathered.value:+.2f}",
                )
            )
        for specimen in gun.specimens:
            name = f"  {_name(specimen)}" if several else _name(specimen)
            cells = map(_cell, specimen.findings)
            rows.append(("" if several else gun.rank, name, *cells, f"{specimen.value:+.2f}"))
    return [
        f"Candidates for {fused.query.name} by all marks together, best first "
        "(aids for the examiner, no conclusion):",
        *table(("rank", "candidate", *marks, "together"), rows),
        fused_extent(fused),
    ]


def _gun(gun: Gun, fused: FusedList) -> dict[str, Any]:
    return {
        "rank": gun.rank,
        "name": gun.name,
        "together": gun.gathered.value,
        "supporting": gun.gathered.supporting,
        "specimens": [
            {
                "rank": specimen.rank,
                "name": _name(specimen),
                "together": specimen.value,
                "review": str(specimen.review),
                "marks": [
                    {"mark": column_words(finding.column, fused.columns), **_finding(finding)}
                    for finding in specimen.findings
                ],
            }
            for specimen in gun.specimens
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    found = finding.candidate
    facts: dict[str, Any] = {"query": finding.query_id, "adds": finding.log_odds or 0.0}
    if found is None:
        return {**facts, "missing": str(finding.missing)}
    return {
        **facts,
        "reference": found.acquired_id,
        "rank": found.rank,
        "score": found.score.score,
        "ccf": found.score.ccf,
        "cells": found.score.cells,
        "congruent_cells": found.score.congruent_cells,
    }


def _cell(finding: Finding) -> str:
    return f"{finding.candidate.score.score:.3f}" if finding.candidate else str(finding.missing)


def _name(specimen: Specimen) -> str:
    return specimen.provenance.name


def _find(names: tuple[Named, ...], text: str) -> str:
    wanted = _plain(text)
    found = {
        one.cartridge_case_id
        for one in names
        if wanted in (one.cartridge_case_id, one.mark_id, one.acquired_id, _plain(one.name))
    }
    if len(found) != 1:
        raise CaseheadError(
            f"'{text}' names {'several cartridge cases' if found else 'no cartridge case'} of this "
            "casebook; name one by its identifier or as case/exhibit/label."
        )
    return found.pop()


def _plain(name: str) -> str:
    return re.sub(r"\s*/\s*", "/", name.strip()).casefold()
