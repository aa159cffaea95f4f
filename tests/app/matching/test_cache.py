"""The bounded memory of dear results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app.matching.cache import Cache


def test_a_value_is_made_once() -> None:
    cache: Cache[str] = Cache(100)
    made: list[str] = []

    def make() -> tuple[str, int]:
        made.append("x")
        return "value", 5

    assert cache.get("key", make) == cache.get("key", make) == "value"
    assert made == ["x"] and cache.used_bytes == 5


def test_what_was_used_longest_ago_goes_first() -> None:
    cache: Cache[int] = Cache(10)
    for key in "ab":
        cache.get(key, lambda: (1, 5))
    cache.get("a", lambda: (2, 5))
    cache.get("c", lambda: (3, 5))
    assert cache.used_bytes == 10
    assert cache.get("a", lambda: (9, 5)) == 1
    assert cache.get("b", lambda: (9, 5)) == 9


def test_what_is_larger_than_all_of_it_is_given_but_not_kept() -> None:
    cache: Cache[int] = Cache(10)
    assert cache.get("a", lambda: (1, 11)) == 1
    assert cache.used_bytes == 0


def test_many_asking_at_once_wait_for_one() -> None:
    cache: Cache[int] = Cache(100)
    begun, go = Event(), Event()
    made: list[int] = []

    def make() -> tuple[int, int]:
        begun.set()
        assert go.wait(30)
        made.append(1)
        return 7, 1

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(cache.get, "key", make)
        assert begun.wait(30)
        others = [pool.submit(cache.get, "key", make) for _ in range(3)]
        go.set()
        assert [f.result(30) for f in (first, *others)] == [7] * 4
    assert made == [1]


def test_an_error_is_raised_and_not_remembered() -> None:
    cache: Cache[int] = Cache(100)

    def fail() -> tuple[int, int]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("key", fail)
    assert cache.get("key", lambda: (1, 1)) == 1
