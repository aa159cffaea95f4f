"""Reference populations on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.cli.books import recording
from app.cli.places import require_casebook
from app.cli.voice import Voice, table
from app.domain import CaseheadError
from app.matching.populations import known
from app.store import Casebook
from app.store.populations import ReferencePopulation


def add_command(voice: Voice, folder: Path, found: Path, name: str) -> None:
    """Do what ``casehead population add`` says."""
    with recording(voice, folder) as workbench:
        kept = workbench.add_populations(found, name)
    for population in kept:
        refusal = known(population).refusal()
        if refusal:
            voice.note(f"{population.name}: {refusal}")
    voice.result([_facts(p) for p in kept], lambda: ["Kept in the casebook:", *_lines(kept)])


def list_command(voice: Voice, folder: Path, everything: bool) -> None:
    """Do what ``casehead population list`` says; also while the window is open."""
    require_casebook(folder)
    with Casebook.open(folder, read_only=True) as casebook:
        found = casebook.populations(withdrawn=everything)
    none = ["No reference populations: see casehead population add --help."]
    voice.result([_facts(p) for p in found], lambda: _lines(found) if found else none)


def remove_command(voice: Voice, folder: Path, which: str) -> None:
    """Do what ``casehead population remove`` says."""
    with recording(voice, folder) as workbench:
        chosen = _chosen(workbench.populations(), which)
        withdrawn = workbench.withdraw_population(chosen.id)
    words = f"{withdrawn.name} is out of use; it stays on the record."
    voice.result(_facts(withdrawn), lambda: [words])


def _chosen(populations: Sequence[ReferencePopulation], which: str) -> ReferencePopulation:
    wanted = which.strip().casefold()
    found = [p for p in populations if wanted in (p.id, p.name.casefold())]
    if not found:
        names = ", ".join(f"'{p.name}'" for p in populations) or "none"
        raise CaseheadError(
            f"There is no reference population called '{which}' in use; there is: {names}."
        )
    return found[0]


def _facts(population: ReferencePopulation) -> dict[str, Any]:
    return {
        "id": population.id,
        "name": population.name,
        "mark": str(population.mark),
        "modality": population.kind,
        "method": population.method,
        "version": population.version,
        "firearms": population.firearms,
        "same_pairs": population.same_pairs,
        "different_pairs": population.different_pairs,
        "origin": population.origin,
        "digest": population.digest,
        "added_at": population.added_at,
        "added_by": population.added_by,
        "withdrawn_at": population.withdrawn_at or None,
        "refusal": known(population).refusal() or None,
    }


def _lines(populations: Sequence[ReferencePopulation]) -> list[str]:
    heads = ("name", "mark", "modality", "version", "firearms", "same", "different", "added", "by")
    rows = [
        (
            p.name,
            p.mark,
            p.kind,
            p.version,
            p.firearms,
            p.same_pairs,
            p.different_pairs,
            p.added_at[:10],
            f"{p.added_by}{', removed ' + p.withdrawn_at[:10] if p.withdrawn_at else ''}",
        )
        for p in populations
    ]
    return table(heads, rows)
