"""A bounded memory of results that are dear to make: each is made once, however many ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Least recently used values up to a number of bytes; safe from any thread.

    Several threads asking for the same key wait for the first one's result; an error is raised to
    all of them and is not remembered.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._used = 0
        self._kept: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._making: dict[str, Future[T]] = {}
        self._lock = Lock()

    def get(self, key: str, make: Callable[[], tuple[T, int]]) -> T:
        """The value under ``key``; ``make`` gives it and its size in bytes where it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            waiting = self._making.get(key)
            if waiting is None:
                promise = self._making[key] = Future[T]()
        if waiting is not None:
            return waiting.result()
        return self._make(key, make, promise)

    def _make(self, key: str, make: Callable[[], tuple[T, int]], promise: Future[T]) -> T:
        try:
            value, size = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            promise.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, value, size)
        promise.set_result(value)
        return value

    def _keep(self, key: str, value: T, size: int) -> None:
        self._kept[key] = (value, size)
        self._used += size
        while self._used > self._limit and self._kept:
            self._used -= self._kept.popitem(last=False)[1][1]

    @property
    def used_bytes(self) -> int:
        """How much is kept now."""
        return self._used
