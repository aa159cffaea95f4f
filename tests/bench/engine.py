"""The engine's speed: ``make bench-engine``, or ``python -m tests.bench.engine [FILE]``.

Prints a table and writes bench-engine.json (name -> median_ms, p95_ms, n runs). Everything is
measured twice, the second time while another process keeps one core busy; a plain masked
correlation measured in the same run gives the ratio. Real marks are taken where they are beside
the checkout, marks of the synthetic bench otherwise. The figures are for reading: nothing here
passes or fails.
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from correlation.compare import compare
from correlation.kernels import warm_up
from correlation.prepare import Prepared, prepare
from tests.bench import marks
from tests.bench.plain import masked_correlation

REFERENCES = 50
SLICE = 5
BUSY = "while True: pass"
BESIDE = "-beside-busy"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one benchmark gave, in milliseconds."""

    median_ms: float
    p95_ms: float
    n: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Something to measure: for about how long, how often at most, and what to aim at.

    A run of a search compares ``pairs`` pairs; its figures are per pair.
    """

    name: str
    title: str
    run: Callable[[], object]
    budget_s: float = 0.9
    most: int = 40
    least: int = 3
    aim: str = ""
    pairs: int = 1
    warm_up: bool = True


def measured(bench: Benchmark) -> Figure:
    """Runs until the time is used up; a first run that is not counted warms up."""
    if bench.warm_up:
        bench.run()
    times: list[float] = []
    while len(times) < bench.least or (sum(times) < bench.budget_s and len(times) < bench.most):
        started = perf_counter()
        bench.run()
        times.append(perf_counter() - started)
    median, p95 = 1000 * np.percentile(times, [50, 95]) / bench.pairs
    return Figure(round(float(median), 2), round(float(p95), 2), len(times))


@contextmanager
def busy_core() -> Iterator[None]:
    """Another process that never waits."""
    process = subprocess.Popen([sys.executable, "-c", BUSY])
    try:
        yield
    finally:
        process.kill()
        process.wait()


@dataclass(slots=True)
class Search:
    """A ranked search, a slice of the references a run; as many threads as it is given."""

    query: Prepared
    references: list[Prepared]
    pool: ThreadPoolExecutor
    scores: dict[int, float] = field(default_factory=dict)

    def go_on(self) -> list[int]:
        """The next references compared in full; all so far, best first."""
        start = len(self.scores) % len(self.references)
        some = range(start, min(start + SLICE, len(self.references)))
        scores = self.pool.map(lambda n: compare(self.query, self.references[n]).score, some)
        self.scores.update(zip(some, scores, strict=True))
        return sorted(self.scores, key=lambda n: -self.scores[n])


def benchmarks() -> list[Benchmark]:
    """What is measured, in the order of the table; prepares the marks it needs."""
    scans, raw, images = marks.pair(), marks.raw_scan(), marks.images()
    first, second = (prepare(scan) for scan in scans)
    ring, across = ([prepare(one) for one in pair] for pair in (images, marks.crossed()))
    pools = {threads: ThreadPoolExecutor(threads) for threads in (1, 2)}
    gallery = list(pools[2].map(prepare, marks.gallery()))
    references = list(islice(cycle(gallery), REFERENCES))
    return [
        Benchmark(
            "compare-3d", "full comparison, scans",
            lambda: compare(first, second), aim="60 ms (goal 30)",
        ),
        Benchmark(
            "compare-3d-threads-2", "full comparison, scans, 2 threads",
            lambda: compare(first, second, pools[2]), aim="60 ms (goal 30)",
        ),
        Benchmark(
            "compare-3d-other-guns", "full comparison, two guns",
            lambda: compare(first, gallery[2]),
        ),
        Benchmark(
            "compare-3d-crossed", "full comparison, two instruments",
            lambda: compare(across[0], across[1]),
        ),
        Benchmark("compare-2d", "full comparison, images", lambda: compare(ring[0], ring[1])),
        Benchmark(
            "prepare-raw-3d", "preparation, raw primer scan",
            lambda: prepare(raw), aim="300 ms",
        ),
        Benchmark("prepare-3d", "preparation, trimmed scan", lambda: prepare(scans[0])),
        Benchmark("prepare-2d", "preparation, image", lambda: prepare(images[0])),
        *(
            Benchmark(
                f"search-pair-threads-{threads}", f"search, a pair, threads: {threads}",
                Search(first, references, pool).go_on,
                1.5, REFERENCES // SLICE, 2, pairs=SLICE, warm_up=False,
            )
            for threads, pool in pools.items()
        ),
        Benchmark(
            "plain-3d", "plain masked correlation, scans",
            lambda: masked_correlation(first.middle, second.middle), 0.5, 5, 1, warm_up=False,
        ),
    ]  # fmt: skip


def table(benches: list[Benchmark], figures: Mapping[str, Figure]) -> Iterator[str]:
    """Lines to print."""
    yield f"{'':35}{'runs':>5}{'median':>11}{'p95':>11}{'beside a busy core':>21}"
    for bench in benches:
        quiet, busy = figures[bench.name], figures[bench.name + BESIDE]
        beside = f"{busy.median_ms:.1f} ms  x{busy.median_ms / quiet.median_ms:4.2f}"
        note = f"aim {bench.aim}" if bench.aim else ""
        if bench.pairs > 1:
            note = f"{1000 / quiet.median_ms:.1f} pairs/s, {1000 / busy.median_ms:.1f} beside it"
        yield (
            f"{bench.title:35}{quiet.n:>5}{quiet.median_ms:>8.1f} ms{quiet.p95_ms:>8.1f} ms"
            f"{beside:>21}   {note}"
        ).rstrip()
    for name in ("compare-3d", "compare-3d-threads-2"):
        ratio = figures["plain-3d"].median_ms / figures[name].median_ms
        yield f"plain-3d takes {ratio:.1f} times as long as {name}."


def main(target: Path) -> None:
    """Measures everything, prints the table and writes ``target``."""
    started = perf_counter()
    cv2.setNumThreads(1)
    warm_up()
    print(marks.told())
    benches = benchmarks()
    figures = {bench.name: measured(bench) for bench in benches}
    with busy_core():
        figures |= {bench.name + BESIDE: measured(bench) for bench in benches}
    print(*table(benches, figures), sep="\n")
    facts = {name: asdict(figure) for name, figure in figures.items()}
    target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"Casehead {app.__version__}, {perf_counter() - started:.0f} s; written to {target}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("bench-engine.json"))
