"""Searches of very many marks: ``make bench-scale``, or ``python -m tests.bench.scale [FILE]``.

Sketches of the marks there are (real ones where they are beside the checkout) are turned, blurred
with noise and mirrored into 10,000 and 100,000 others, written to a file and searched on two
threads; for 1,000,000 the heads alone are written at full size and ordered. Prints a table and
writes bench-scale.json. The figures are for reading: nothing here passes or fails.
"""

import app  # noqa: F401  isort: skip  first: it sets the number of threads before numpy is loaded

import json
import resource
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation import descriptor
from correlation.kernels import warm_up
from correlation.polar import ANGLES, MISSING, RINGS
from correlation.prepare import Prepared, prepare
from correlation.sketch import TAG_BYTES
from correlation.survey import ORDER_BYTES, SKETCH_BYTES, Records, Survey, sketch
from tests.bench import marks

THREADS = 2
SIZES = (10_000, 100_000)
HEADS = 1_000_000
BLOCK = 2_000
FIRST_PAGE = 500
NOISE = 40.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of one search, and what its entries cost a core in milliseconds."""

    entries: int
    ready_s: float
    order_s: float
    first_page_s: float
    exhaustive_s: float
    core_ms_an_entry: float
    mate_in_order: int
    mate_rank: int


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """A result, and how long it took."""
    started = perf_counter()
    result = work()
    return result, perf_counter() - started


def others(base: Records, count: int, random: np.random.Generator) -> Records:
    """Sketches that resemble nothing in ``base``: mirrored, turned, noise added."""
    some = base[random.integers(0, len(base), count)].copy()
    heads = some[:, TAG_BYTES:ORDER_BYTES].view(np.int8)
    table = heads.reshape(count, descriptor.RINGS, descriptor.ANGLES)[..., ::-1]
    heads[:] = noisy(turned(table, random), random).reshape(count, -1)
    maps = some[:, ORDER_BYTES:].view(np.int8)
    values = turned(maps.reshape(count, RINGS, ANGLES)[..., ::-1], random)
    maps[:] = np.where(values == MISSING, MISSING, noisy(values, random)).reshape(count, -1)
    return some


def turned(table: NDArray[np.int8], random: np.random.Generator) -> NDArray[np.int8]:
    """Each of (n, rings, angles) by an angle of its own."""
    steps = random.integers(0, table.shape[2], len(table))
    column = (np.arange(table.shape[2]) + steps[:, None]) % table.shape[2]
    return np.take_along_axis(table, column[:, None, :], axis=2)


def noisy(table: NDArray[np.int8], random: np.random.Generator) -> NDArray[np.int8]:
    """With noise as strong as the mark, of a few samples' width."""
    noise = random.standard_normal((64, *table.shape[1:]), np.float32)
    smooth = np.stack([cv2.GaussianBlur(one, (0, 0), 1.5) for one in noise])
    smooth *= NOISE / smooth.std()
    added = smooth[random.integers(0, len(smooth), len(table))]
    added = turned(np.asarray(np.rint(np.clip(added, -127, 127)), np.int8), random)
    return np.clip(table.astype(np.int16) + added, -127, 127).astype(np.int8)


def written(path: Path, base: Records, mate: Records, count: int, width: int) -> Records:
    """A file of ``count`` records of ``width`` bytes with the mate among them, opened to read."""
    random = np.random.default_rng(count)
    stored = np.memmap(path, np.uint8, "w+", shape=(count, width))
    for start in range(0, count, BLOCK):
        number = min(BLOCK, count - start)
        if width == SKETCH_BYTES:
            stored[start : start + number] = others(base, number, random)
        else:
            stored[start : start + number] = heads(base, number, random)
    stored[count * 2 // 3] = mate[:width]
    stored.flush()
    del stored
    return np.memmap(path, np.uint8, "r", shape=(count, width))


def heads(base: Records, count: int, random: np.random.Generator) -> Records:
    """Only what the order goes by."""
    some = base[random.integers(0, len(base), count), :ORDER_BYTES].copy()
    small = random.integers(-60, 61, (count, ORDER_BYTES - TAG_BYTES), np.int8)
    some[:, TAG_BYTES:] = small.view(np.uint8)
    return some


def searched(query: Prepared, stored: Records, pool: Executor) -> Figures:
    """One search to its end."""
    survey, ready = timed(lambda: Survey(query))
    scores, order = timed(lambda: survey.order(stored, pool))
    queue = np.argsort(-scores, kind="stable")
    _, page = timed(lambda: survey.coarse(stored, queue[:FIRST_PAGE], pool))
    core = process_time()
    rest, remaining = timed(lambda: survey.coarse(stored, queue[FIRST_PAGE:], pool))
    core = 1000 * (process_time() - core) / (len(stored) - FIRST_PAGE)
    first = survey.coarse(stored, queue[:FIRST_PAGE])
    strengths = np.concatenate([first.strength, rest.strength])
    mate = int(np.flatnonzero(queue == len(stored) * 2 // 3)[0])
    return Figures(
        entries=len(stored),
        ready_s=round(ready, 3),
        order_s=round(order, 3),
        first_page_s=round(ready + order + page, 3),
        exhaustive_s=round(ready + order + page + remaining, 3),
        core_ms_an_entry=round(core, 4),
        mate_in_order=mate + 1,
        mate_rank=1 + int(np.count_nonzero(strengths > strengths[mate])),
    )


def peak_gib() -> float:
    """The most memory this process has held, mapped pages included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def table(figures: list[Figures]) -> list[str]:
    """Lines to print."""
    lines = [
        f"{'entries':>10}{'ready':>9}{'order':>9}{'first page':>12}{'exhaustive':>12}"
        f"{'core, an entry':>16}{'mate in order':>15}{'mate, rank':>12}"
    ]
    lines.extend(
        f"{f.entries:>10,}{f.ready_s:>7.2f} s{f.order_s:>7.2f} s{f.first_page_s:>10.2f} s"
        f"{f.exhaustive_s:>10.1f} s{f.core_ms_an_entry:>13.2f} ms{f.mate_in_order:>15,}"
        f"{f.mate_rank:>12,}"
        for f in figures
    )
    return lines


def million(query: Prepared, stored: Records, pool: Executor, cost_ms: float) -> dict[str, float]:
    """The order of a million, and what the rest would take."""
    survey = Survey(query)
    _, seconds = timed(lambda: survey.order(stored, pool))
    return {
        "entries": len(stored),
        "order_s": round(seconds, 2),
        "peak_gib": round(peak_gib(), 2),
        "exhaustive_extrapolated_s": round(seconds + cost_ms * len(stored) / 1000 / THREADS, 0),
    }


def main(target: Path, sizes: tuple[int, ...] = SIZES, most: int = HEADS) -> None:
    """Measures everything, prints the table and writes ``target``."""
    cv2.setNumThreads(1)
    warm_up()
    print(marks.told())
    query, mate, *_ = (prepare(surface) for surface in marks.pair())
    gallery = [prepare(surface) for surface in marks.gallery()]
    base = np.stack([np.frombuffer(sketch(one), np.uint8) for one in gallery])
    planted = np.frombuffer(sketch(mate), np.uint8)
    figures = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(THREADS) as pool:
        for size in sizes:
            stored = written(Path(folder) / "sketches", base, planted, size, SKETCH_BYTES)
            figures.append(searched(query, stored, pool))
            del stored
        print(*table(figures), sep="\n")
        stored = written(Path(folder) / "heads", base, planted, most, ORDER_BYTES)
        facts = million(query, stored, pool, figures[-1].core_ms_an_entry)
    print(
        f"{most:>10,}  ordered in {facts['order_s']:.1f} s, at most {facts['peak_gib']:.1f} GiB; "
        f"exhaustive would take {facts['exhaustive_extrapolated_s'] / 60:.1f} min."
    )
    result = {f"search-{f.entries}": asdict(f) for f in figures} | {f"order-{most}": facts}
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("bench-scale.json"))
