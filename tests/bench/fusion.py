"""What fusion is worth, and the curves behind its defaults: ``python -m tests.bench.fusion``.

Marks: the scores published by the Netherlands Forensic Institute for pairs of Glock pistols (area
correlation and congruent cells of breech face and firing pin, profile correlation of aperture
shear), each brought to the form of this project's score. Specimens: the score files that
``casehead validate`` wrote, named as arguments, in which guns have several cartridge cases.
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from correlation.fusion import Curve, fit
from correlation.statistics.rates import roc

NFI = Path(__file__).parents[3] / "shared" / "data" / "scores"
FILES = {
    "breech face": "nfi-breech-face-impression.csv",
    "firing pin": "nfi-firing-pin-impression.csv",
    "aperture shear": "nfi-aperture-shear.csv",
}
Pair = tuple[str, str]
Numbers = NDArray[np.float64]
ROUNDS = 50


def nfi(mark: str) -> dict[Pair, tuple[float, bool]]:
    """Score and truth of every pair of weapons."""
    found = {}
    with (NFI / FILES[mark]).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = min(row["weapon1"], row["weapon2"]), max(row["weapon1"], row["weapon2"])
            found[pair] = _score(row), row["hypothesis"] == "1"
    return found


def _score(row: Mapping[str, str]) -> float:
    """The mean of correlation and share of congruent cells; of a profile its correlation."""
    if "ccf" in row:
        return float(row["ccf"])
    return (float(row["accf"]) / 100 + float(row["cmc"]) / float(row["n"])) / 2


def curve_of(pairs: Mapping[Pair, tuple[float, bool]]) -> Curve:
    """Fitted on all of them."""
    same = [score for score, ours in pairs.values() if ours]
    different = [score for score, ours in pairs.values() if not ours]
    return fit(same, different, len(same), len(different))


def figures(values: Numbers, ours: NDArray[np.bool_]) -> str:
    """AUC, equal error rate and the share of mates above every non-match."""
    drawn = roc(values[ours], values[~ours])
    above = float(np.mean(values[ours] > values[~ours].max()))
    return f"AUC {drawn.auc:.4f}  EER {100 * drawn.eer:5.2f} %  above all {100 * above:5.1f} %"


RULES: dict[str, Callable[[Numbers, Numbers, NDArray[np.bool_]], Numbers]] = {
    "log odds added": lambda odds, raw, there: np.where(there, odds, 0).sum(0),
    "log odds averaged": lambda odds, raw, there: np.where(there, odds, 0).sum(0) / there.sum(0),
    "best log odds": lambda odds, raw, there: np.where(there, odds, -np.inf).max(0),
    "plain scores added": lambda odds, raw, there: np.where(there, raw, 0).sum(0),
    "plain scores averaged": lambda odds, raw, there: np.where(there, raw, 0).sum(0) / there.sum(0),
}


def marks() -> Iterator[str]:
    """Each mark alone, then fused, whole and with marks withheld at random."""
    held = {mark: nfi(mark) for mark in FILES}
    curves = {mark: curve_of(pairs) for mark, pairs in held.items()}
    for mark, pairs in held.items():
        raw = np.array([score for score, _ in pairs.values()])
        ours = np.array([truth for _, truth in pairs.values()])
        yield f"{mark:15} {len(raw):6} pairs  {figures(raw, ours)}"
        yield f"{'':15} {curves[mark]}"
    two = ("breech face", "firing pin")
    common = sorted(held[two[0]].keys() & held[two[1]].keys())
    ours = np.array([held[two[0]][pair][1] for pair in common])
    raw = np.array([[held[mark][pair][0] for pair in common] for mark in two])
    odds = np.array([[curves[m].evidence(s) for s in row] for m, row in zip(two, raw, strict=True)])
    yield f"\n{len(common)} pairs with both breech face and firing pin"
    for row, mark in zip(raw, two, strict=True):
        yield f"{mark + ' alone':24} {figures(row, ours)}"
    for withheld in (0.0, 0.3, 0.5):
        yield f"{100 * withheld:.0f} % of the marks withheld, one at least left"
        for name, rule in RULES.items():
            yield f"  {name:22} {_withheld(rule, odds, raw, ours, withheld)}"


def _withheld(
    rule: Callable[[Numbers, Numbers, NDArray[np.bool_]], Numbers],
    odds: Numbers,
    raw: Numbers,
    ours: NDArray[np.bool_],
    share: float,
) -> str:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(ROUNDS if share else 1):
        there = rng.random(raw.shape) >= share
        nothing = ~there.any(0)
        there[rng.integers(0, 2, len(ours)), np.arange(len(ours))] |= nothing
        drawn = roc(*(rule(odds, raw, there)[which] for which in (ours, ~ours)))
        found.append((drawn.auc, 100 * drawn.eer))
    auc, eer = np.mean(found, axis=0)
    return f"AUC {auc:.4f}  EER {eer:5.2f} %"


GATHERED: dict[str, Callable[[Numbers], float]] = {
    "best": lambda values: float(values.max()),
    "mean": lambda values: float(values.mean()),
    "mean of odds": lambda values: float(np.log10(np.mean(10.0**values))),
    "best two averaged": lambda values: float(np.sort(values)[-2:].mean()),
}


def specimens(path: Path) -> Iterator[str]:
    """Each cartridge case against every gun, its specimens drawn in uneven numbers."""
    odds: dict[str, dict[str, float]] = defaultdict(dict)
    guns: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["same"] in ("0", "1")]
    same = [float(row["score"]) for row in rows if row["same"] == "1"]
    different = [float(row["score"]) for row in rows if row["same"] == "0"]
    count = len({row["gun_a"] for row in rows} | {row["gun_b"] for row in rows})
    curve = fit(same, different, count, count * (count - 1) // 2)
    yield f"\n{path}: {curve}"
    for row in rows:
        a, b = row["file_a"], row["file_b"]
        guns[a], guns[b] = row["gun_a"], row["gun_b"]
        odds[a][b] = odds[b][a] = curve.evidence(float(row["score"]))
    for name, rule in GATHERED.items():
        yield f"  {name:18} {_uneven(rule, odds, guns)}"


def _uneven(
    rule: Callable[[Numbers], float], odds: Mapping[str, Mapping[str, float]], guns: dict[str, str]
) -> str:
    """Every gun shows one to eight of its cartridge cases, by lot."""
    rng = np.random.default_rng(7)
    values, truth, first = [], [], []
    for query in sorted(odds):
        for _ in range(10):
            shown: dict[str, float] = {}
            for gun in sorted(set(guns.values())):
                others = [f for f in sorted(odds[query]) if guns[f] == gun]
                if others:
                    chosen = rng.permutation(others)[: int(rng.integers(1, 9))]
                    shown[gun] = rule(np.array([odds[query][f] for f in chosen]))
            if guns[query] in shown:
                best = max(shown, key=lambda gun: shown[gun])
                first.append(best == guns[query])
            values += list(shown.values())
            truth += [gun == guns[query] for gun in shown]
    found = figures(np.array(values), np.array(truth))
    return f"{found}  own gun first {100 * np.mean(first):.1f} %"


if __name__ == "__main__":
    print(f"Casehead {app.__version__}", *marks(), sep="\n")
    for name in sys.argv[1:]:
        print(*specimens(Path(name)), sep="\n")
