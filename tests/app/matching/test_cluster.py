"""Searches on a Dask cluster of a real scheduler and two workers, one of which dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import cv2
import numpy as np
import pytest

from app.capture import Frame
from app.domain import Author, Circle, Search, now
from app.jobs import Job
from app.matching import Matcher
from app.matching.cluster import Cluster, ClusterError
from app.store import Casebook
from app.workbench import Registration, Workbench
from app.workbench.reading import Reader
from tests.app.cli.cli_parts import casehead
from tests.app.matching.cluster_child import SHALLOW, told

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("cluster_child.py")
COUNT = 16
SENT_AFTER = 2
PIXEL_UM = 20.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a worker is held up by a signal")


@dataclass(frozen=True)
class Dask:
    """A scheduler with its workers' processes."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler and two workers, each a process of its own."""
    folder = tmp_path_factory.mktemp("dask")
    with ExitStack() as stack:
        scheduler = _began(stack, folder, "scheduler", "--host", "127.0.0.1", "--port", "0")
        address = _told(scheduler, "Scheduler at:")
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        workers = [_began(stack, folder, "worker", address, *options) for _ in range(2)]
        for worker in workers:
            _told(worker, "Registered to:")
        yield Dask(address, tuple(workers))


def _began(stack: ExitStack, folder: Path, what: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, "--no-dashboard"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )

    def end() -> None:
        process.kill()
        process.wait(20)
        assert process.stderr is not None
        process.stderr.close()

    stack.callback(end)
    return process


def _environment() -> dict[str, str]:
    return os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def _told(process: subprocess.Popen[bytes], what: str) -> str:
    """The next thing of that kind in its log."""
    assert process.stderr is not None
    for line in process.stderr:
        found = line.decode().partition(what)[2].strip()
        if found:
            return found
    raise AssertionError(f"it ended before it told {what}")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A casebook of small images of unlike marks, all prepared, and the query among them."""
    folder = tmp_path_factory.mktemp("cluster") / "casebook"
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(Author("Example County Laboratory", "bench 1", "J. Doe"))
    ids = [_kept(workbench, number) for number in range(COUNT)]
    for one in ids:
        record = workbench._casebook.acquired(one)
        workbench._matcher._preparing.record(record)
    workbench.close()
    return folder, ids[0]


def _kept(workbench: Workbench, number: int) -> str:
    noise = np.random.default_rng(number).normal(size=(128, 128)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    pixels = cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    mark = workbench.register(Registration("7", str(number), "A"))
    acquired = workbench.capture(mark.id, Frame(pixels, 1, now(), 0.0, {}, PIXEL_UM))
    workbench.correct_region(acquired.id, Circle(1270, 1270, 1200), None)
    return acquired.id


@pytest.fixture(scope="module")
def local(book: tuple[Path, str]) -> list[dict[str, Any]]:
    """What this computer alone finds, as JSON has it."""
    folder, query = book
    with Casebook.open(folder, read_only=True) as casebook:
        matcher = Matcher(casebook, 2, Reader(casebook).read, depth=SHALLOW)
        finished = matcher.run(Search(query), Job())
        matcher.close()
    found: list[dict[str, Any]] = json.loads(json.dumps(told(finished)))
    return found


class Child:
    """The searching process and what it tells."""

    def __init__(self, *words: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.matching.cluster_child", *map(str, words)],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self._stdin: IO[str] = self.process.stdin
        self._stdout: IO[str] = self.process.stdout

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait(20)
        self._stdin.close()
        self._stdout.close()

    def until(self, fact: str) -> dict[str, Any]:
        """The next line that tells that."""
        for line in self._stdout:
            told = json.loads(line)
            assert "error" not in told or fact == "error", told
            if fact in told:
                found: dict[str, Any] = told
                return found
        raise AssertionError(f"it ended before it told {fact}")

    def go_on(self) -> None:
        self._stdin.write("\n")
        self._stdin.flush()


def test_a_worker_dies_amid_a_search_and_the_list_is_that_of_one_computer(
    dask: Dask, book: tuple[Path, str], local: list[dict[str, Any]]
) -> None:
    held_up, other = dask.workers
    with Child(dask.address, *book) as child:
        assert child.until("reached")["reached"] < COUNT - 1
        held_up.send_signal(signal.SIGSTOP)  # what it gets from now on is not done
        child.go_on()
        child.until("going_on")
        for _ in range(SENT_AFTER):
            child.until("sent")
        held_up.kill()
        held_up.wait(20)
        end = child.until("found")
    assert (end["surveyed"], end["slots"]) == (COUNT - 1, 2)
    assert end["found"] == local and len(local) >= SHALLOW.full
    assert other.poll() is None


def test_the_command_line_searches_on_what_is_left(
    dask: Dask, book: tuple[Path, str], local: list[dict[str, Any]]
) -> None:
    folder, query = book
    words = ("search", query, "--casebook", folder, "--json")
    command = [sys.executable, "-m", "app", *map(str, words), "--scheduler", dask.address]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == COUNT - 1 and {hit["surveyed"] for hit in found} == {COUNT - 1}
    scores = {hit["acquired_id"]: hit["score"] for hit in found}
    assert all(scores[c["acquired_id"]] == float.fromhex(c["score"][0]) for c in local)


def test_nobody_at_the_address_is_told() -> None:
    with Child("tcp://127.0.0.1:9", "", "") as child:
        sentence = child.until("error")["error"]
    assert "No scheduler answers at tcp://127.0.0.1:9; check the address" in sentence


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"casehead\[cluster\]"):
        Cluster("tcp://127.0.0.1:9")
    said = casehead("search", "7/1/A", "--casebook", tmp_path, "--scheduler", "tcp://127.0.0.1:9")
    assert said.code == 3 and "not installed" in said.err
