"""The table of a run at a glance, and the pairs that fail, as files a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.validation.figures import MEASURES, Pairs, wrong_side
from app.validation.ledger import Row
from app.validation.truth import Truth

COLUMNS: Final = (
    "method", "set", "kind", "pairs", "same", "different", "not_compared", "auc", "auc_low",
    "auc_high", "gap_score", "gap_ccf", "gap_congruent_cells", "eer", "eer_low", "eer_high",
    "top1", "mate_first", "queries", "cllr", "cllr_low", "cllr_high", "cllr_min", "cllr_cal",
    "misleading_same_rate", "misleading_same_rate_low", "misleading_same_rate_high",
    "misleading_different_rate", "misleading_different_rate_low", "misleading_different_rate_high",
    "seconds_a_pair", "cpu_seconds_a_pair",
)  # fmt: skip
FAILING_COLUMNS: Final = (
    "measure", "kind", "sort", "file_a", "file_b", "gun_a", "gun_b", "value", "score",
    "congruent_cells", "cells", "ccf", "rotation_deg",
)  # fmt: skip


def overview_rows(
    name: str,
    populations: Sequence[Mapping[str, Any]],
    timing: Mapping[str, Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """A row for Casehead and one for the baseline, for each kind of picture that can be judged."""
    for one in populations:
        measures = one.get("measures")
        if not measures:
            continue
        score = measures["score"]
        own = _row(name, one, score, timing["casehead"]) | {
            "method": "Casehead",
            "not_compared": one["not_compared"],
            "gap_score": score["gap"],
            "gap_ccf": measures["ccf"]["gap"],
            "gap_congruent_cells": measures["congruent_cells"]["gap"],
            **_ratios(one["likelihood"]),
        }
        yield {column: own.get(column) for column in COLUMNS}
        if "baseline" in measures:
            plain = measures["baseline"]
            beside = _row(name, one, plain, timing["baseline"]) | {
                "method": "plain baseline",
                "not_compared": one["baseline_not_compared"],
                "gap_ccf": plain["gap"],
            }
            yield {column: beside.get(column) for column in COLUMNS}


def _row(
    name: str,
    one: Mapping[str, Any],
    figures: Mapping[str, Any],
    timing: Mapping[str, Any],
) -> dict[str, Any]:
    found = {"set": name, "kind": one["kind"], "pairs": figures["same"] + figures["different"]}
    found |= {key: figures[key] for key in ("same", "different", "auc", "eer", "top1")}
    found |= {key: figures[key] for key in ("mate_first", "queries")}
    for key in ("auc", "eer"):
        low, high = figures[f"{key}_interval"] or (None, None)
        found |= {f"{key}_low": low, f"{key}_high": high}
    found["seconds_a_pair"] = timing.get("median_seconds")
    found["cpu_seconds_a_pair"] = timing.get("median_cpu_seconds")
    return found


def _ratios(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the likelihood ratios cost and how often they mislead; nothing where there are none."""
    if found["sentence"]:
        return {}
    told = {key: found[key] for key in ("cllr_min", "cllr_cal")}
    for key in ("cllr", "misleading_same_rate", "misleading_different_rate"):
        low, high = found[f"{key}_interval"] or (None, None)
        told |= {key: found[key], f"{key}_low": low, f"{key}_high": high}
    return told


def failing_rows(
    kind: str, pairs: Pairs, baseline: Pairs | None, truth: Truth
) -> Iterator[list[str]]:
    """Every pair on the wrong side, by each measure, the furthest first."""
    sets = [(measure, measure, pairs) for measure in MEASURES]
    if baseline is not None:
        sets.append(("baseline", "ccf", baseline))
    for name, measure, whole in sets:
        for sort, rows in zip(("same", "different"), wrong_side(whole, measure), strict=True):
            for row in rows:
                yield [name, kind, sort, *_told(row, measure, truth)]


def _told(row: Row, measure: str, truth: Truth) -> list[str]:
    return [
        row.file_a,
        row.file_b,
        truth.gun(row.file_a) or "",
        truth.gun(row.file_b) or "",
        f"{getattr(row, measure):.6g}",
        f"{row.score:.6f}",
        str(row.congruent_cells),
        str(row.cells),
        f"{row.ccf:.6f}",
        f"{row.rotation_deg:.4f}",
    ]


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """A table with its head in the first row; None is an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def overview_table(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The rows as a table for a file, its head first."""
    return [list(COLUMNS), *([row[column] for column in COLUMNS] for row in rows)]
