"""The same marks give the same numbers: again, in another thread, process or number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from correlation.compare import CellScore, PairScore, compare
from correlation.method import METHOD, SCAN, VERSION
from correlation.prepare import Prepared, prepare
from tests.correlation.surfaces import scan

ROOT = Path(__file__).parents[2]

# A mate with some noise, and another gun.
PAIRS = ((1, 64.0), (2, -20.0))

ALONE = """
from correlation.compare import compare
from correlation.prepare import prepare
from dataclasses import replace
from tests.correlation.surfaces import scan
first = prepare(scan(1, noise=1.0, noise_seed=5))
for gun, turn in ((1, 64.0), (2, -20.0)):
    second = prepare(scan(gun, turn, (30.0, -70.0), noise=1.0, noise_seed=6))
    print(replace(compare(first, second), seconds=0.0))
"""


@cache
def query() -> Prepared:
    return prepare(scan(1, noise=1.0, noise_seed=5))


@cache
def other(gun: int, turn: float) -> Prepared:
    return prepare(scan(gun, turn, (30.0, -70.0), noise=1.0, noise_seed=6))


def timeless(result: PairScore) -> PairScore:
    return replace(result, seconds=0.0)


def result(pair: tuple[int, float] = PAIRS[0]) -> PairScore:
    return timeless(compare(query(), other(*pair)))


def told(results: list[PairScore]) -> list[str]:
    """Every digit of every number."""
    return [repr(one) for one in results]


@cache
def here() -> tuple[str, ...]:
    return tuple(told([result(pair) for pair in PAIRS]))


@cache
def alone(threads: int, hash_seed: int = 0) -> tuple[str, ...]:
    """The same in a fresh process, its lines."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": str(threads),
        "PYTHONHASHSEED": str(hash_seed),
    }
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return tuple(done.stdout.splitlines())


def numbers(lines: Sequence[str]) -> list[float]:
    """What of the results is a number and not a place, angles as parts of half a turn."""
    found: list[float] = []
    for line in lines:
        one: PairScore = eval(line, {"PairScore": PairScore, "CellScore": CellScore})
        found += [one.score, one.ccf, one.overlap, one.rotation_deg / 180, one.congruent_cells]
        found += [cell.ccf for cell in one.cell_list]
    return found


def test_the_results_say_something() -> None:
    mate, rest = (result(pair) for pair in PAIRS)
    assert mate.congruent_cells > rest.congruent_cells
    assert (mate.method, mate.version) == (METHOD, VERSION)
    assert mate.parameters == SCAN.as_dict()


def test_repeated_calls() -> None:
    assert told([result(pair) for pair in PAIRS]) == list(here())


def test_preparing_again() -> None:
    again = prepare(scan(1, noise=1.0, noise_seed=5))
    assert again.digest() == query().digest()
    assert again.finding == query().finding


def test_marks_that_were_stored_and_read_back() -> None:
    first, second = (Prepared.from_bytes(mark.to_bytes()) for mark in (query(), other(*PAIRS[0])))
    assert repr(timeless(compare(first, second))) == here()[0]


def test_what_was_compared_before_leaves_no_trace() -> None:
    compare(other(*PAIRS[1]), query())
    compare(query(), query())
    assert repr(result()) == here()[0]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_that_compare_at_the_same_time(workers: int) -> None:
    pairs = [pair for pair in PAIRS for _ in range(2)]
    with ThreadPoolExecutor(workers) as pool:
        got = told(list(pool.map(result, pairs)))
    assert got == [line for line in here() for _ in range(2)]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_one_comparison_spread_over_threads(workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        got = [timeless(compare(query(), other(*pair), pool)) for pair in PAIRS]
    assert told(got) == list(here())


def test_preparing_in_threads() -> None:
    def digest(_: int) -> str:
        return prepare(scan(1, noise=1.0, noise_seed=5)).digest()

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(digest, range(4))) == {query().digest()}


def with_cv_threads(number: int, work: Callable[[], str]) -> str:
    before = cv2.getNumThreads()
    cv2.setNumThreads(number)
    try:
        return work()
    finally:
        cv2.setNumThreads(before)


def test_threads_of_the_picture_library() -> None:
    def work() -> str:
        return prepare(scan(1, noise=1.0, noise_seed=5)).digest() + repr(result())

    assert with_cv_threads(1, work) == with_cv_threads(2, work)


def test_fresh_processes() -> None:
    assert alone(1, hash_seed=1) == alone(1, hash_seed=2)


def test_a_fresh_process_and_this_one() -> None:
    """This process may have another number of threads in its matrix library."""
    lines = alone(1, hash_seed=1)
    assert len(lines) == len(PAIRS)
    np.testing.assert_allclose(numbers(lines), numbers(here()), atol=1e-4, rtol=0)


def test_threads_of_the_matrix_library_change_less_than_a_ten_thousandth() -> None:
    np.testing.assert_allclose(numbers(alone(1, hash_seed=1)), numbers(alone(2)), atol=1e-4, rtol=0)
