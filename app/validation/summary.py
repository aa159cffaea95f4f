"""The summary of a validation: plain values for JSON, the screen and the PDF alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.validation.defects import Defects
from app.validation.figures import BASELINE, MEASURES, Pairs, counts, measure_figures, overlaps
from app.validation.overview import overview_rows
from app.validation.plain import WORDS
from app.validation.ratios import Ratios, ratios_of
from app.validation.robustness import Harmed, harm_rows, worse_than_baseline
from app.validation.sample import draw_in_words, drawn
from app.validation.study import Inputs, Scored, Took
from app.validation.truth import Truth
from correlation.method import METHOD, VERSION, settings_for

AID: Final = (
    "Scores and likelihood ratios are aids for the examiner; the software never concludes whether "
    "two cartridge cases were fired in one firearm."
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The files of one kind: their pairs and what comes of them.

    ``names`` are the files Casehead could prepare; ``baseline`` has the pairs as the plain
    baseline scored them, None where it was not asked for.
    """

    kind: str
    names: tuple[str, ...]
    pairs: Pairs
    ratios: Ratios
    figures: dict[str, Any]
    baseline: Pairs | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """All passes of a run over the files."""

    plain: Scored
    baseline: Scored | None
    parts: tuple[Part, ...]
    degraded: tuple[Harmed, ...] = ()
    non_mates: int | None = None


def parts_of(scored: Scored, truth: Truth, baseline: Scored | None = None) -> tuple[Part, ...]:
    """One part for images, one for scans, as far as there are any."""
    return tuple(
        _part(kind, names, scored, truth, baseline) for kind, names in scored.kinds().items()
    )


def _part(
    kind: str, names: Sequence[str], scored: Scored, truth: Truth, baseline: Scored | None
) -> Part:
    pairs = Pairs.of(scored.ledger.rows, names, truth)
    ratios = ratios_of(pairs)
    figures: dict[str, Any] = {"kind": kind, "marks": len(names), **counts(pairs)}
    whole = sorted({*names, *(baseline.kinds().get(kind, []) if baseline else [])})
    figures["not_compared"] = _missing(whole, scored, truth)
    plain = None
    if baseline is not None:
        plain = Pairs.of(baseline.ledger.rows, whole, truth)
        figures["baseline_not_compared"] = _missing(whole, baseline, truth)
    if pairs.judged:
        figures["measures"] = {name: measure_figures(pairs, name) for name in MEASURES}
        figures["errors"] = overlaps(pairs)
        figures["likelihood"] = ratios.figures()
        if plain is not None and plain.judged:
            figures["measures"][BASELINE] = measure_figures(plain, "ccf")
            figures["baseline_errors"] = overlaps(plain, "ccf")
    return Part(kind, tuple(names), pairs, ratios, figures, plain)


def _missing(names: Iterable[str], scored: Scored, truth: Truth) -> int:
    """Pairs whose truth is known and that could not be compared."""
    rows = scored.ledger.rows
    return sum(truth.same(*p) is not None and p not in rows for p in combinations(names, 2))


def summarise(
    name: str,
    inputs: Inputs,
    truth: Truth,
    outcome: Outcome,
    defects: Defects,
    earlier: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Everything that is told of the run; ``earlier`` is the summary it takes up, if any."""
    plain, parts = outcome.plain, outcome.parts
    populations = [part.figures for part in parts]
    timing = _timings(outcome, earlier or {})
    rows = _degradations(inputs, truth, outcome)
    return {
        "method": METHOD,
        "version": VERSION,
        "casehead": metadata.version("casehead"),
        "note": AID,
        "set": name,
        "mark": inputs.mark,
        "data": _data(inputs),
        "truth": truth.known > 0,
        "parameters": {part.kind: _parameters(part, inputs) for part in parts},
        "scale": dict(inputs.scale),
        "table": list(overview_rows(name, populations, timing)),
        "populations": populations,
        "pairs_of_other_kinds": plain.other_kinds,
        "refused": plain.refused,
        "failed_pairs": list(plain.failures),
        "defects": list(defects.sentences),
        "warnings": [w for _, f in sorted(plain.ledger.files.items()) for w in f.warnings],
        "baseline": None if outcome.baseline is None else _baseline(outcome.baseline),
        "draw": _draw(outcome),
        "degradations": rows,
        "worse_than_baseline": worse_than_baseline(rows),
        "timing": timing["casehead"],
        "timing_of_baseline": timing["baseline"],
    }


def _parameters(part: Part, inputs: Inputs) -> dict[str, Any]:
    kind: Any = part.kind
    return dict(settings_for(kind, inputs.mark).as_dict())


def _baseline(scored: Scored) -> dict[str, Any]:
    identity = scored.ledger.identity
    return {
        "what": WORDS,
        "version": identity["version"],
        "parameters": identity["parameters"],
        "refused": scored.refused,
        "failed_pairs": list(scored.failures),
    }


def _data(inputs: Inputs) -> dict[str, Any]:
    whole = hashlib.sha256(json.dumps(sorted(inputs.digests.items())).encode()).hexdigest()
    return {"files": len(inputs.digests), "digest": whole, "changed": _changed(inputs)}


def _changed(inputs: Inputs) -> str:
    """The day the newest of the files was written, so that a report has the data's date."""
    moments = [path.stat().st_mtime for path in inputs.paths.values() if path.exists()]
    return datetime.fromtimestamp(max(moments), UTC).date().isoformat() if moments else ""


def _draw(outcome: Outcome) -> list[str]:
    if not outcome.degraded:
        return []
    sentences = (draw_in_words(part.pairs, outcome.non_mates) for part in outcome.parts)
    return [sentence for sentence in sentences if sentence]


def _degradations(inputs: Inputs, truth: Truth, outcome: Outcome) -> list[dict[str, Any]]:
    if not outcome.degraded:
        return []
    conditions = (Harmed("", outcome.plain, outcome.baseline), *outcome.degraded)
    return [
        row
        for part in outcome.parts
        if part.pairs.judged
        for row in harm_rows(
            part.kind, drawn(part.pairs, inputs.digests, outcome.non_mates), truth, conditions
        )
    ]


def _timings(outcome: Outcome, earlier: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        "casehead": _timing(outcome.plain, earlier.get("timing")),
        "baseline": _timing(outcome.baseline, earlier.get("timing_of_baseline")),
    }


def _timing(scored: Scored | None, before: Any) -> dict[str, Any]:
    """Seconds a pair and a preparation of what was done in this run; else of the run before."""
    if scored is None or not scored.comparing:
        return before if isinstance(before, dict) else {"pairs": 0}
    return {
        "pairs": len(scored.comparing),
        "mean_seconds": _of(np.mean, (took.wall for took in scored.comparing)),
        "median_seconds": _of(np.median, (took.wall for took in scored.comparing)),
        "median_cpu_seconds": _of(np.median, (took.cpu for took in scored.comparing)),
        "median_preparation_seconds": _preparation(scored.preparing),
    }


def _preparation(took: Sequence[Took]) -> float | None:
    return _of(np.median, (one.wall for one in took)) if took else None


def _of(figure: Any, seconds: Iterable[float]) -> float:
    return round(float(figure(np.fromiter(seconds, np.float64))), 4)


def earlier_summary(path: Path) -> dict[str, Any] | None:
    """The summary a folder holds already, if it can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
