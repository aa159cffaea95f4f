"""``casehead gui`` in a process of its own, told about from inside.

Run as ``python -m tests.bench.started FOLDER``: opens the window on a casebook as the command does
and, once its tree is shown, prints one line of JSON: the modules loaded until then, and the
seconds of processor time used. Then it closes. ``started`` runs it and measures the wall time.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from widgets.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


@dataclass(frozen=True)
class Started:
    """A start: seconds from launching the process to the tree shown, of them seconds of processor
    time, and what was loaded by then."""

    wall_s: float
    processor_s: float
    modules: frozenset[str]


def started(folder: Path) -> Started:
    """Launch ``casehead gui`` on that casebook and wait until its tree is shown, and its end."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.bench.started", str(folder)]
    began = perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child:
        told = child.stdout.readline()
        wall_s = perf_counter() - began
        child.communicate(timeout=PATIENCE_S)
    if child.returncode or not told:
        raise RuntimeError(f"the window did not start: exit code {child.returncode}")
    found = json.loads(told)
    return Started(wall_s, found["processor_s"], frozenset(found["modules"]))


def _tell(window: "MainWindow") -> None:
    facts = {"processor_s": process_time(), "modules": sorted(sys.modules)}
    print(json.dumps(facts), flush=True)
    window.close()


def _until_told(qt: "QApplication", window: "MainWindow") -> int:
    """In place of the loop until somebody closes the window."""
    from PySide6.QtCore import QTimer

    def look() -> None:
        if window.place.casebook.ready:
            watch.stop()
            _tell(window)

    watch = QTimer()
    watch.timeout.connect(look)
    watch.start(1)
    window.closed.connect(lambda: qt.exit(0))
    return qt.exec()


def main(folder: str) -> None:
    """The command, with another end."""
    from app.cli import root

    sys.argv = ["casehead", "gui", "--casebook", folder]
    from app import main as composition
    from widgets import fetching

    composition._until_closed = _until_told
    fetching._REST_S = PATIENCE_S  # what is fetched afterwards is no part of the start
    root.main()


if __name__ == "__main__":
    main(sys.argv[1])
