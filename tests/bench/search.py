"""A casebook search at full size: ``python -m tests.bench.search [COUNT ...]``.

Makes a casebook of that many cartridge cases whose marks are few (real scans where they are
beside the checkout, else the synthetic bench's), one of them the query's mate, and searches it as
the workstation does. Prints when the first candidates were stored, when every reference had been
dealt with, and where the mate came. Nothing here passes or fails.
"""

import app  # noqa: F401  isort: skip  first: it sets the number of threads before numpy is loaded

import os
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from app.domain import Acquired, Changes, MarkKind, Search
from app.jobs import Job
from app.matching import Board, Matcher, Runner
from app.matching.keys import digest_of_reference, prepared_key
from app.store import Casebook
from correlation.compare import compare
from correlation.prepare import Prepared, prepare
from correlation.sketch import tag
from correlation.surface import Surface
from correlation.survey import ORDER_BYTES, SKETCH_BYTES, sketch
from tests.bench import marks
from tests.bench.large import fill

WORKERS = 2
CHUNK = 2000
SAME_GUN = 0.3  # marks of the query's own gun would be found hundreds of times


class Thin(Casebook):
    """A casebook whose cache of prepared marks has few marks under many keys."""

    few: list[bytes]
    own: dict[str, bytes]

    def prepared(self, key: str) -> bytes | None:
        return self.own.get(key) or self.few[int(key[-8:], 16) % len(self.few)]


def _read(acquired: Acquired) -> Surface:
    raise AssertionError("everything is prepared already")


def filled(folder: Path, count: int, query: Prepared, mate: Prepared, few: list[Prepared]) -> Thin:
    """A casebook of ``count`` references besides the query, the first in it; the mate is amid."""
    casebook = Thin.open(folder)
    assert isinstance(casebook, Thin)
    fill(casebook, count + 1)
    casebook.few = [mark.to_bytes() for mark in few]
    pack = casebook.sketches(tag(query).hex(), SKETCH_BYTES, ORDER_BYTES)
    drawn = [sketch(mark) for mark in few]
    gallery = casebook.gallery(MarkKind.BREECH_FACE, "scan")
    digests = [digest_of_reference(one, "scan", MarkKind.BREECH_FACE) or b"" for one in gallery]
    chosen = [drawn[int(digest.hex()[-8:], 16) % len(few)] for digest in digests]
    special = {0: query, count // 2: mate}
    casebook.own = {prepared_key(digests[n]): one.to_bytes() for n, one in special.items()}
    for n, one in special.items():
        chosen[n] = sketch(one)
    items = list(zip(digests, chosen, strict=True))
    for start in range(0, len(items), CHUNK):
        pack.add(items[start : start + CHUNK])
    return casebook


class Clock:
    """When the first candidates and the tenth, the end of the survey and of the search came."""

    def __init__(self, casebook: Casebook, search: Search) -> None:
        self._casebook, self._search = casebook, search
        self.begun = perf_counter()
        self.moments: dict[str, float] = {}

    def hear(self, changes: Changes) -> None:
        """Called by the runner."""
        listed = len(self._casebook.candidates(self._search.id, limit=10))
        if changes.candidates and listed:
            self._note("first candidates")
            if listed >= 10:
                self._note("first ten")
        search = self._casebook.search(self._search.id)
        if search.planned and search.surveyed == search.planned:
            self._note("all surveyed")

    def _note(self, name: str) -> None:
        self.moments.setdefault(name, perf_counter() - self.begun)


def searched(casebook: Casebook, expected: str) -> None:
    """A search as the workstation does it, told in a line."""
    gallery = casebook.gallery(MarkKind.BREECH_FACE, "scan")
    matcher, board = Matcher(casebook, WORKERS, _read), Board()
    search = casebook.add_search(Search(gallery[0].acquired_id))
    clock = Clock(casebook, search)
    cpu = os.times()
    done = Runner(casebook, matcher, board, clock.hear).run(search, Job())
    seconds = perf_counter() - clock.begun
    after = os.times()
    matcher.close()
    ranks = [c.rank for c in casebook.candidates(search.id) if c.acquired_id == expected]
    moments = ", ".join(f"{name} {moment:.2f} s" for name, moment in clock.moments.items())
    busy = after.user + after.system - cpu.user - cpu.system
    print(f"  {moments}, done {seconds:.2f} s ({busy:.2f} s of processors); mate at rank {ranks}")
    print(f"  {done.surveyed} of {done.planned} surveyed, {done.compared} compared in full")


def main(counts: list[int]) -> None:
    """Measures each size."""
    print(marks.told())
    query, mate, *others = (prepare(scan) for scan in marks.gallery())
    few = [mark for mark in others if compare(query, mark).score < SAME_GUN]
    for count in counts:
        with TemporaryDirectory(prefix="casehead-search-") as name:
            begun = perf_counter()
            casebook = filled(Path(name), count, query, mate, few)
            print(f"{count} references, made in {perf_counter() - begun:.0f} s")
            few_bytes, own = casebook.few, casebook.own
            casebook.close()
            begun = perf_counter()
            with Thin.open(Path(name)) as again:
                assert isinstance(again, Thin)
                again.few, again.own = few_bytes, own
                pack = again.sketches(tag(query).hex(), SKETCH_BYTES, ORDER_BYTES)
                print(f"  opened with {len(pack)} sketches in {perf_counter() - begun:.2f} s")
                expected = again.gallery(MarkKind.BREECH_FACE, "scan")[count // 2].acquired_id
                for _ in range(2):
                    searched(again, expected)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"Largest memory: {peak:.2f} GiB (what is mapped from files included).")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [10_000, 100_000])
