"""A fused list as rows to be read: what each says, in which order, what is folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from app.domain import Provenance, Review, Search, SearchState
from app.matching.area import area_told
from app.matching.fusion import (
    Column,
    Finding,
    FusedList,
    Gun,
    Missing,
    Specimen,
    review_of,
)


class Grouping(StrEnum):
    """By what the candidates are listed."""

    MARK = "mark"
    CARTRIDGE_CASE = "cartridge case"
    GUN = "gun"


@dataclass(frozen=True, slots=True)
class FusedRow:
    """One row: a cartridge case, or a gun with the scores of its highest specimen.

    ``depth`` is 1 for a specimen under its gun. ``specimens`` are all it stands for; its
    ``findings`` are those of the first. A gun of several can be opened: ``folded`` is then True or
    False, otherwise None.
    """

    id: str
    depth: int
    rank: int
    name: str
    about: str
    value: float
    specimens: tuple[Specimen, ...]
    folded: bool | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One for each column of the list."""
        return self.specimens[0].findings

    @property
    def best(self) -> Finding | None:
        """The most telling score; None where every search still has to say something."""
        return next(iter(self.specimens[0].compared), None)

    @property
    def place(self) -> Provenance:
        """Where its first specimen sits."""
        return self.specimens[0].provenance

    @property
    def candidate_ids(self) -> tuple[str, ...]:
        """All candidates a review of the row is about."""
        return tuple(c.id for specimen in self.specimens for c in specimen.candidates)

    @property
    def review(self) -> Review:
        """What was said of them, in one word."""
        return review_of(self.specimens)


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are sorted: by rank, name, value or state, or by the mark of a column's number."""

    by: Literal["rank", "name", "value", "state"] | int = "rank"
    falling: bool = False


def fused_rows(
    fused: FusedList,
    grouping: Grouping,
    opened: frozenset[str] = frozenset(),
    order: Order = Order(),
) -> tuple[FusedRow, ...]:
    """The rows of a list in an order; guns in ``opened`` show their specimens below them.

    Specimens stay with their gun, best first; rows without a score come last either way.
    """
    own = fused.query.agency.id
    if grouping is Grouping.CARTRIDGE_CASE:
        groups = [[_case_row(specimen, specimen.rank, own)] for specimen in fused.specimens]
    else:
        groups = [list(_gun_rows(gun, opened, own)) for gun in fused.guns]
    groups.sort(key=lambda rows: _key(rows[0], order), reverse=order.falling)
    groups.sort(key=lambda rows: _unknown(rows[0], order))
    return tuple(row for rows in groups for row in rows)


def _key(row: FusedRow, order: Order) -> Any:
    match order.by:
        case "rank":
            return row.rank
        case "name":
            return row.name
        case "value":
            return row.value
        case "state":
            return list(Review).index(row.review)
        case number:
            candidate = row.findings[number].candidate
            return candidate.score.score if candidate else 0.0


def _unknown(row: FusedRow, order: Order) -> bool:
    return isinstance(order.by, int) and row.findings[order.by].candidate is None


def _gun_rows(gun: Gun, opened: frozenset[str], own: str) -> Iterable[FusedRow]:
    known = gun.name != gun.specimens[0].provenance.name
    if len(gun.specimens) == 1 and not known:
        yield _case_row(gun.specimens[0], gun.rank, own)
        return
    several = len(gun.specimens) > 1
    row_id = f"gun {gun.id}"
    folded = (row_id not in opened) if several else None
    about = gun.specimens[0].provenance.name
    if several:
        told, first = gun.gathered, gun.specimens[0].provenance.cartridge_case.label
        about = f"{told.specimens} cartridge cases\n{told.supporting} above 0, first {first}"
    yield FusedRow(row_id, 0, gun.rank, gun.name, about, gun.gathered.value, gun.specimens, folded)
    if several and not folded:
        for specimen in gun.specimens:
            yield _case_row(specimen, specimen.rank, own, depth=1)


def _case_row(specimen: Specimen, rank: int, own: str, depth: int = 0) -> FusedRow:
    place = specimen.provenance
    case = place.cartridge_case
    about = "\n".join(
        filter(
            None,
            (
                place.case.title,
                place.agency.name if place.agency.id != own else "",
                " ".join(filter(None, (str(case.role), case.calibre))),
            ),
        )
    )
    return FusedRow(case.id, depth, rank, place.name, about, specimen.value, (specimen,))


def row_words(row: FusedRow) -> str:
    """A row in one sentence."""
    several = len(row.specimens)
    told = f", {several} cartridge cases" if several > 1 else ""
    return f"Rank {row.rank}: {row.name}{told}, together {row.value:+.2f}, {row.review}"


def support_words(gun: Gun) -> str:
    """How the other specimens stand to the best."""
    told = gun.gathered
    return f"{told.specimens} cartridge cases, {told.supporting} above 0"


def column_words(column: Column, columns: Iterable[Column]) -> str:
    """The head of a column: the mark, and how it was pictured where there are several."""
    alike = [c for c in columns if c.mark == column.mark]
    words = column.mark.value.capitalize()
    if len({c.kind for c in alike}) > 1 or (len(alike) > 1 and column.kind == "scan"):
        words += f", {column.kind}"
    if len({c.light for c in alike if c.kind == column.kind}) > 1:
        words += f", {column.light} light"
    return words


def finding_words(finding: Finding) -> str:
    """A cell: score and cells, or why there is none."""
    candidate = finding.candidate
    if candidate is None:
        return str(finding.missing or Missing.NOT_COMPARED)
    score = candidate.score
    return f"{score.score:.3f}\n{score.congruent_cells} of {score.cells}"


def finding_tip(finding: Finding) -> str:
    """A cell in one sentence."""
    candidate, mark = finding.candidate, finding.column.mark
    if candidate is None:
        return f"{mark.value.capitalize()}: {_WHY[finding.missing or Missing.NOT_COMPARED]}"
    score = candidate.score
    worth = (
        f"adds {finding.log_odds:+.2f}"
        if finding.log_odds is not None
        else "adds nothing, for it is of another version of the method; search again"
    )
    return (
        f"{mark.value.capitalize()}: rank {candidate.rank}, score {score.score:.3f}, "
        f"CCF {score.ccf:.2f}, {score.congruent_cells} of {score.cells} cells agree; {worth}."
    )


_WHY = {
    Missing.NO_PICTURE: "there is no picture of it made alike; adds 0.",
    Missing.NO_SCALE: "its picture has no scale; adds 0 until that is settled.",
    Missing.NOT_YET: "its search has not come to it yet; adds 0 so far.",
    Missing.NOT_COMPARED: "not in the list of its search; adds 0 until it is compared.",
}


def fused_extent(fused: FusedList) -> str:
    """How far the searches behind a list went."""
    parts = [
        f"{column_words(column, fused.columns)}: {_column_extent(column)}"
        for column in fused.columns
    ]
    improving = any(column.running for column in fused.columns)
    return "; ".join(parts) + ("; the list improves until 100 %." if improving else ".")


def _column_extent(column: Column) -> str:
    states = {search.state for search in column.searches}
    if SearchState.RUNNING in states:
        running = next(s for s in column.searches if s.state is SearchState.RUNNING)
        return f"searched {share_words(running.surveyed, running.planned)}"
    if SearchState.WAITING in states:
        return "waits for its turn"
    if states == {SearchState.DONE}:
        areas = dict.fromkeys(filter(None, (area_told(s.message) for s in column.searches)))
        return ", ".join((f"searched {max(map(searched_count, column.searches)):,}", *areas))
    if SearchState.CANCELLED in states:
        return "cancelled before its end"
    return "not possible"


def searched_count(search: Search) -> int:
    """How many references a search has dealt with, without those that could not be compared."""
    return max(search.surveyed - search.refused, search.compared)


def share_words(surveyed: int, planned: int) -> str:
    """For example ``43 % of 10,000``; 100 % only when all is done."""
    share = 0 if planned <= 0 else min(100 * surveyed // planned, 100)
    return f"{share} % of {planned:,}" if planned else "0 %"
