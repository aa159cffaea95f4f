"""Searches worked out on a Dask cluster; the extra ``cluster`` brings what is needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Executor
from concurrent.futures import TimeoutError as NotYet
from threading import Event
from types import TracebackType
from typing import Any, TypeVar

from app.domain import CaseheadError
from app.matching import remote
from app.matching.engine import Query
from correlation.compare import PairScore
from correlation.errors import CorrelationError
from correlation.prepare import Prepared
from correlation.surface import Floats
from correlation.survey import Records

CONNECT_S = 10.0
LOST_S = 60.0
_LOOK_EVERY_S = 1.0
_RETRIES = 5
T = TypeVar("T")


class ClusterError(CaseheadError):
    """The cluster cannot be used, or was lost."""


class Cluster:
    """An Engine on the workers behind a Dask scheduler; a context manager.

    Tasks carry all they need as bytes. A task whose worker dies is done again by another.
    """

    def __init__(self, address: str, connect_s: float = CONNECT_S) -> None:
        """Raises CaseheadError when it cannot be used: not installed here or on a worker, nobody
        at that address, no workers, or another version of the method.
        """
        self._address = address
        self._closing = Event()
        self._client = _client(address, connect_s)
        try:
            self._slots = self._looked_at(connect_s)
        except BaseException:
            self._client.close()
            raise
        self._executor: Executor = self._client.get_executor(pure=False, retries=_RETRIES)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; what it still does for us is dropped."""
        self._closing.set()
        self._client.close()

    @property
    def slots(self) -> int:
        """As many as the workers have threads."""
        return self._slots

    def coarse(self, query: Query, records: Records) -> Floats:
        """As Engine; raises ClusterError when the cluster is lost."""
        return self._call(remote.coarse, query.data, records)

    def compare(self, query: Query, right: Prepared) -> PairScore:
        """As Engine; raises ClusterError when the cluster is lost."""
        return self._call(remote.full, query.data, right.to_bytes())

    def _call(self, work: Callable[..., T], *given: Any) -> T:
        try:
            future = self._executor.submit(work, *given)
            waited = 0.0
            while True:
                try:
                    return future.result(_LOOK_EVERY_S)
                except NotYet:
                    if future.done():
                        raise
                waited = 0.0 if self._alive() else waited + _LOOK_EVERY_S
                if self._closing.is_set() or waited >= LOST_S:
                    future.cancel()
                    raise self._lost("no answer")
        except (CorrelationError, ClusterError):
            raise
        except CancelledError as error:
            raise self._lost("the work was dropped") from error
        except Exception as error:
            raise self._lost(f"{type(error).__name__}: {error}") from error

    def _alive(self) -> bool:
        try:
            return self._client.status == "running" and bool(self._client.nthreads())
        except Exception:
            return False

    def _lost(self, why: str) -> ClusterError:
        return ClusterError(
            f"The cluster at {self._address} could not go on ({why}). Search again, or without a "
            "scheduler on this computer alone."
        )

    def _looked_at(self, connect_s: float) -> int:
        """How many threads the workers have, when all of them can do the work."""
        try:
            self._client.wait_for_workers(1, timeout=connect_s)
        except Exception as error:
            raise ClusterError(
                f"The scheduler at {self._address} has no workers; start some with "
                f"'dask worker {self._address}'."
            ) from error
        try:
            methods: dict[str, str] = self._client.run(remote.method)
        except Exception as error:
            raise ClusterError(
                f"A worker of {self._address} could not begin ({type(error).__name__}: {error}); "
                "install the same version of Casehead on all of them."
            ) from error
        for worker, method in sorted(methods.items()):
            if method != remote.method():
                raise ClusterError(
                    f"The worker {worker} compares by {method}, this computer by "
                    f"{remote.method()}; install the same version of Casehead on both."
                )
        return int(sum(self._client.nthreads().values()))


def _client(address: str, connect_s: float) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "Searching on a cluster needs the package distributed, which is not installed; "
            "install Casehead with its extra: casehead[cluster]."
        ) from error
    try:
        return Client(address, timeout=connect_s, set_as_default=False)
    except Exception as error:
        raise ClusterError(
            f"No scheduler answers at {address}; check the address (such as tcp://host:8786), "
            "that 'dask scheduler' runs there, and the network."
        ) from error
