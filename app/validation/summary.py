"""The summary of a validation: plain values for JSON, the screen and the PDF alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.validation.degrading import described
from app.validation.figures import (
    BASELINE,
    MEASURES,
    Pairs,
    counts,
    measure_figures,
    overlaps,
    ranking,
    values,
)
from app.validation.ratios import Ratios, ratios_of
from app.validation.study import Inputs, Scored
from app.validation.truth import Truth
from correlation.method import METHOD, VERSION, settings_for
from correlation.statistics import auc

AID: Final = (
    "Scores and likelihood ratios are aids for the examiner; the software never concludes whether "
    "two cartridge cases were fired in one firearm."
)
BASELINE_WORDS: Final = (
    "The baseline ranks by the areal correlation alone (column ccf): a plain masked correlation "
    "over the full circle, as this software computes it on its way to the score."
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The files of one kind: their pairs and what comes of them."""

    kind: str
    names: tuple[str, ...]
    pairs: Pairs
    ratios: Ratios
    figures: dict[str, Any]


def parts_of(scored: Scored, truth: Truth) -> tuple[Part, ...]:
    """One part for images, one for scans, as far as there are any."""
    return tuple(
        _part(kind, names, Pairs.of(scored.ledger.rows, names, truth))
        for kind, names in scored.kinds().items()
    )


def _part(kind: str, names: Sequence[str], pairs: Pairs) -> Part:
    ratios = ratios_of(pairs)
    figures: dict[str, Any] = {"kind": kind, "marks": len(names), **counts(pairs)}
    if pairs.judged:
        figures["measures"] = {name: measure_figures(pairs, name) for name in MEASURES}
        figures["errors"] = overlaps(pairs)
        figures["likelihood"] = ratios.figures()
    return Part(kind, tuple(names), pairs, ratios, figures)


def summarise(
    inputs: Inputs,
    truth: Truth,
    plain: Scored,
    parts: Sequence[Part],
    degraded: Sequence[Scored],
    earlier: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Everything that is told of the run; ``earlier`` is the summary it takes up, if any."""
    return {
        "method": METHOD,
        "version": VERSION,
        "casehead": metadata.version("casehead"),
        "note": AID,
        "data": _data(inputs),
        "truth": truth.known > 0,
        "parameters": {part.kind: dict(settings_for(_kind(part)).as_dict()) for part in parts},
        "scale": dict(inputs.scale),
        "populations": [part.figures for part in parts],
        "pairs_of_other_kinds": plain.other_kinds,
        "refused": plain.refused,
        "failed_pairs": list(plain.failures),
        "warnings": [w for _, f in sorted(plain.ledger.files.items()) for w in f.warnings],
        "degradations": _degradations(parts, degraded, truth),
        "timing": _timing(plain, earlier),
    }


def _kind(part: Part) -> Any:
    return part.kind


def _data(inputs: Inputs) -> dict[str, Any]:
    whole = hashlib.sha256(json.dumps(sorted(inputs.digests.items())).encode()).hexdigest()
    return {"files": len(inputs.digests), "digest": whole, "changed": _changed(inputs)}


def _changed(inputs: Inputs) -> str:
    """The day the newest of the files was written, so that a report has the data's date."""
    moments = [path.stat().st_mtime for path in inputs.paths.values() if path.exists()]
    return datetime.fromtimestamp(max(moments), UTC).date().isoformat() if moments else ""


def _degradations(
    parts: Sequence[Part], degraded: Sequence[Scored], truth: Truth
) -> list[dict[str, Any]]:
    found = []
    for part in parts:
        if not (part.pairs.judged and degraded):
            continue
        asked = len(ranking(part.pairs, "score").ranks)
        found.append(_harm_figures(part.kind, "", part.pairs, 0, asked))
        for scored in degraded:
            pairs = Pairs.of(scored.ledger.rows, part.names, truth)
            lost = sum(name in scored.refused for name in part.names)
            found.append(_harm_figures(part.kind, scored.harm, pairs, lost, asked))
    return found


def _harm_figures(kind: str, harm: str, pairs: Pairs, lost: int, asked: int) -> dict[str, Any]:
    """Figures of one condition; a query that could not be prepared is one that found nothing."""
    found: dict[str, Any] = {
        "kind": kind,
        "degradation": harm or "none",
        "what": described(harm) if harm else "the files as they are",
        "same": len(pairs.same),
        "different": len(pairs.different),
        "not_prepared": lost,
        "queries": asked,
    }
    if pairs.judged:
        for name, measure in (("score", "score"), ("baseline", BASELINE)):
            same, different = values(pairs.same, measure), values(pairs.different, measure)
            found[f"auc_{name}"] = round(auc(same, different), 6)
            found[f"top1_{name}"] = round(ranking(pairs, measure).first / asked, 6)
    return found


def _timing(plain: Scored, earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    """Seconds a pair, of the pairs compared in this run; else those of the run before."""
    if plain.seconds:
        seconds = np.array(plain.seconds)
        return {
            "pairs": len(seconds),
            "mean_seconds": round(float(seconds.mean()), 4),
            "median_seconds": round(float(np.median(seconds)), 4),
        }
    before = (earlier or {}).get("timing")
    return before if isinstance(before, dict) else {"pairs": 0}


def earlier_summary(path: Path) -> dict[str, Any] | None:
    """The summary a folder holds already, if it can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
