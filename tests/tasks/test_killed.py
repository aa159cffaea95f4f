"""Kill -9 at random moments, a hundred times: capture, import, search, and all of casework.

After each kill the casebook opens, is sound, and holds everything that was confirmed as saved.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from app.capture.bench import demo_specimens, image_of
from app.domain import SearchState
from app.store import Casebook
from app.store.backup import restore, snapshots
from app.store.journal_list import JournalFilter

CHILD = Path(__file__).with_name("killed_child.py")
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")


class Nursery:
    """A process that makes the children to be killed, and passes on what they confirm."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin.fileno(), process.stdout.fileno()
        self._rest = b""

    def start(self, folder: Path, seed: int) -> int:
        """Start a child at work on a casebook; returns its process number."""
        os.write(self._stdin, f"{folder} {seed}\n".encode())
        return int(self.line()["child"])

    def line(self) -> dict[str, Any]:
        """The next thing confirmed."""
        until = monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            assert select.select([self._stdout], [], [], until - monotonic())[0], "no sign of life"
            data = os.read(self._stdout, 65536)
            assert data, "the program ended by itself; see its message above"
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        found: dict[str, Any] = json.loads(line)
        return found

    def kill(self, child: int) -> list[dict[str, Any]]:
        """Kill -9; returns what was confirmed up to that moment."""
        os.kill(child, signal.SIGKILL)
        confirmed = []
        while "gone" not in (line := self.line()):
            confirmed.append(line)
        assert line["gone"] == -signal.SIGKILL, "the child ended before it was killed"
        return confirmed


@contextmanager
def nursery(program: str) -> Iterator[Nursery]:
    """A nursery for children of one program."""
    # Threads that numerical libraries start as they are loaded do not live on in a forked child.
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, str(CHILD), program],
        env={**os.environ, **single},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield Nursery(process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def one_kill(children: Nursery, folder: Path, seed: int, most: int) -> list[dict[str, Any]]:
    """Let a child work up to a random moment, kill it, and say what it had confirmed."""
    chance = random.Random(seed)
    child = children.start(folder, seed)
    confirmed = [children.line() for _ in range(chance.randrange(most + 1))]
    select.select([], [], [], chance.random() ** 2 * 0.03)
    return confirmed + children.kill(child)


def look(folder: Path, confirmed: list[dict[str, Any]]) -> int:
    """Open the casebook as the next start does, and look for everything confirmed.

    Returns how many searches the kill has left unfinished.
    """
    with Casebook.open(folder) as casebook:
        assert not casebook.read_only
        assert casebook.check() == ()
        held = {p.acquired.digest for p in casebook.provenances()}
        marks = {mark.id for mark in casebook.marks()}
        for line in confirmed:
            there(casebook, line, held, marks)
        searches = casebook.searches()
        done = [search for search in searches if search.state is SearchState.DONE]
        for search in done:
            assert len(casebook.candidates(search.id)) == search.compared
        return len(searches) - len(done)


def there(casebook: Casebook, line: dict[str, Any], held: set[str], marks: set[str]) -> None:
    """One confirmed line is in the casebook."""
    assert marks.issuperset(line.get("marks", ()))
    if "acquired" in line:
        acquired = casebook.acquired(line["acquired"])
        assert acquired.digest == line.get("digest", acquired.digest)
        assert casebook.pixels(acquired.digest)
    if "region" in line:
        assert casebook.region_of(line["region"]) is not None
    if "imported" in line:
        assert line["imported"] in held
    if "search" in line:
        search = casebook.search(line["search"])
        assert search.state in (SearchState(line["state"]), SearchState.DONE)
        assert search.compared >= line["compared"]
    if "concluded" in line:
        assert len(casebook.conclusions(line["concluded"])) == 1
    if "drawn" in line:
        versions = casebook.annotation_sets(line["on"])
        assert line["drawn"] in {version.id for version in versions}
    if "kept" in line:
        table, record_id = line["kept"]
        assert casebook._connection.row(f'SELECT 1 FROM "{table}" WHERE id = ?', (record_id,))
    if "fact" in line:
        kind, record_id, field, value = line["fact"]
        assert casebook.facts_of(kind, record_id)[field] == value
    if "issued" in line:
        path, digest = line["issued"]
        assert sha256(Path(path).read_bytes()).hexdigest() == digest
        assert casebook.journal_seqs(JournalFilter(text=digest))
    if "backup" in line:
        made = Path(line["backup"])
        assert made in {one.folder for one in snapshots(made.parents[1])}
    if "view" in line:
        assert casebook.saved_view(line["view"]).name == "Rim"


def kill_again_and_again(program: str, folder: Path, seeds: range, most: int) -> tuple[int, int]:
    """A kill for each seed on one casebook.

    Returns how much was confirmed in all, and how many kills left a search unfinished.
    """
    confirmed: list[dict[str, Any]] = []
    interrupted = 0
    with nursery(program) as children:
        for seed in seeds:
            fresh = one_kill(children, folder, seed, most)
            confirmed += fresh
            interrupted += look(folder, fresh) > 0
    look(folder, confirmed)
    return len(confirmed), interrupted


def test_thirty_kills_of_a_saving_program_lose_nothing(tmp_path: Path) -> None:
    confirmed, _ = kill_again_and_again("casebook", tmp_path / "casebook", range(30), 14)
    assert confirmed > 100


def test_twenty_kills_of_the_workbench_lose_nothing(tmp_path: Path) -> None:
    for number, specimen in enumerate(demo_specimens(guns=2, shots=2)[:3]):
        head, _ = image_of(specimen.firearm, specimen.shot, pixel_um=12.0)
        np.save(tmp_path / f"head{number}.npy", head)
    folder = tmp_path / "casebook"
    confirmed, interrupted = kill_again_and_again("workbench", folder, range(100, 120), 10)
    assert confirmed > 50
    assert interrupted > 5


def test_fifty_kills_amid_casework_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    confirmed, _ = kill_again_and_again("casework", folder, range(200, 250), 24)
    assert confirmed > 300
    made = snapshots(tmp_path / "backups")
    assert made
    restore(made[-1], tmp_path / "restored")
    with Casebook.open(tmp_path / "restored") as restored:
        assert restored.check() == ()
