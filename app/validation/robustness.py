"""What degraded inputs cost, for Casehead and for the plain baseline side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.validation.degrading import described
from app.validation.figures import Pairs, measure_figures, ranking, values
from app.validation.ledger import Pair, Row
from app.validation.study import Scored
from app.validation.truth import Truth
from correlation.statistics import wilson

NONE: Final = "none"
LOWEST: Final = -1.0
SIDES: Final = ("casehead", "baseline")
COLUMNS: Final = ("kind", "condition", "what", "pairs", "same", "different")
FIGURES: Final = (
    "auc", "auc_low", "auc_high", "eer", "eer_low", "eer_high", "top1", "mate_first", "queries",
    "gap", "gap_congruent_cells", "not_compared",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Harmed:
    """The pairs after one harm ("" for none), by Casehead and by the baseline where asked for."""

    harm: str
    casehead: Scored
    baseline: Scored | None = None

    @property
    def scored(self) -> tuple[Scored, ...]:
        """Both, as far as there are both."""
        return (self.casehead,) if self.baseline is None else (self.casehead, self.baseline)


def harm_rows(
    kind: str, wanted: frozenset[Pair], truth: Truth, conditions: Iterable[Harmed]
) -> Iterator[dict[str, Any]]:
    """One row a condition over the pairs of ``wanted``, which are of one kind.

    A pair that could not be compared, because a file could not be prepared or for another
    reason, counts as the lowest score there is: of one firearm it is missed.
    """
    for one in conditions:
        pairs = completed(wanted, one.casehead.ledger.rows, truth)
        row: dict[str, Any] = {
            "kind": kind,
            "condition": one.harm or NONE,
            "what": described(one.harm) if one.harm else "the files as they are",
            "pairs": len(wanted),
            "same": len(pairs.same),
            "different": len(pairs.different),
        }
        if pairs.judged:
            row["casehead"] = _figures(pairs, "score", one.casehead, wanted)
            row["casehead"]["gap_congruent_cells"] = _gap(pairs, "congruent_cells")
            if one.baseline is not None:
                plain = completed(wanted, one.baseline.ledger.rows, truth)
                row["baseline"] = _figures(plain, "ccf", one.baseline, wanted)
        yield row


def completed(wanted: frozenset[Pair], rows: Mapping[Pair, Row], truth: Truth) -> Pairs:
    """The wanted pairs; one that is missing gets the lowest score."""
    names = sorted({name for pair in wanted for name in pair})
    whole = {p: rows.get(p, Row(*p, LOWEST, 0, -1, LOWEST, 0.0)) for p in wanted}
    return Pairs.of(whole, names, truth)


def worse_than_baseline(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each condition in which the baseline is ahead."""
    found = []
    for row in rows:
        own, plain = row.get("casehead"), row.get("baseline")
        if own is None or plain is None:
            continue
        lost = [
            f"{words} {own[name]:.4f} against {plain[name]:.4f}"
            for name, words in (("auc", "AUC"), ("top1", "mates first"))
            if own[name] < plain[name]
        ]
        if lost:
            found.append(f"{row['kind']}s, {row['condition']}: {', '.join(lost)}.")
    return found


def harm_table(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The rows as a table for a file, its head first."""
    head = [*COLUMNS, *(f"{side}_{name}" for side in SIDES for name in FIGURES)]
    return [head, *([*_plain_cells(row), *_side_cells(row)] for row in rows)]


def _plain_cells(row: Mapping[str, Any]) -> list[str]:
    return [str(row[name]) for name in COLUMNS]


def _side_cells(row: Mapping[str, Any]) -> list[str]:
    found = []
    for side in SIDES:
        own = dict(row.get(side) or {})
        for name in ("auc", "eer"):
            low, high = own.get(f"{name}_interval") or ("", "")
            own |= {f"{name}_low": low, f"{name}_high": high}
        found += ["" if own.get(name) is None else str(own[name]) for name in FIGURES]
    return found


_KEPT: Final = ("auc", "auc_interval", "eer", "eer_interval")


def _figures(pairs: Pairs, measure: str, scored: Scored, wanted: frozenset[Pair]) -> dict[str, Any]:
    whole = measure_figures(pairs, measure)
    first, queries = _first(pairs, measure), whole["queries"]
    interval = wilson(first, queries)
    return {name: whole[name] for name in _KEPT} | {
        "mate_first": first,
        "queries": queries,
        "top1": round(first / queries, 6),
        "top1_interval": [round(interval.low, 6), round(interval.high, 6)],
        "gap": _gap(pairs, measure),
        "not_compared": len(wanted - scored.ledger.rows.keys()),
    }


def _first(pairs: Pairs, measure: str) -> int:
    """Queries whose mate comes first, and was compared: a draw may leave a query no rival."""
    found = {n for row in pairs.same for n in row.pair if getattr(row, measure) > LOWEST}
    return sum(rank == 1 and n in found for n, rank in ranking(pairs, measure).ranks.items())


def _gap(pairs: Pairs, measure: str) -> float | None:
    """None where a pair of one firearm could not be compared: there is no lowest then."""
    same, different = values(pairs.same, measure), values(pairs.different, measure)
    if same.min() <= LOWEST:
        return None
    return round(float(same.min() - different.max()), 6)
