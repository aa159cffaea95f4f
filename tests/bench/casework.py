"""Casework at scale: ``make bench-casework``, or ``python -m tests.bench.casework [FILE]``.

A casebook of 100,000 exhibits and 1,000,000 lines of the journal is grown once (some minutes) and
kept under ``.benchmarks``; a small one beside it. On each, the real window (1366 x 768, off screen)
is opened and every page of casework and of the laboratory is turned to. Prints a table and writes
bench-casework.json, in milliseconds:

- start of the process: from launching ``casehead gui`` to its tree shown, everything in the
  file cache: the middle one of ``STARTS``; and the processor's share of that;
- start: from making the workbench to a window that can be used, its tree shown, here, where all
  modules are loaded;
- painted: from turning to a page, which is made then, to its first painting;
- shown: until what there is is on the page;
- the journal's filters, verification and the casebook check with a stop on the way;
- ratio: the large casebook's figure by the small one's.

The figures are for reading: nothing here passes or fails. ``EXHIBITS`` and ``LINES`` in the
environment ask for another size.
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import gc
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.domain import CancelledError  # noqa: E402
from app.jobs import Job  # noqa: E402
from app.main import application  # noqa: E402
from app.store.journal_list import JournalFilter  # noqa: E402
from app.workbench import Workbench  # noqa: E402
from tests.bench.grown import Size, grown  # noqa: E402
from tests.bench.started import started  # noqa: E402
from widgets.bridge import Bridge  # noqa: E402
from widgets.fetching import SCREENS  # noqa: E402
from widgets.main_window import MainWindow  # noqa: E402

assert app

SMALL = Size(200, 2_000)
LARGE = Size(int(os.environ.get("EXHIBITS", "100000")), int(os.environ.get("LINES", "1000000")))
PATIENCE_S = 60.0
STARTS = 5
LEADS = ("board", "ledger", "verify", "links", "timeline", "places", "metrics", "traces")
LAB = ("people", "journal", "backups")
FILTERS = {
    "a person": JournalFilter(who="R. Okafor"),
    "a seldom action": JournalFilter(action="trace step added"),
    "four days": JournalFilter(since="2024-03-01", until="2024-03-05"),
    "person and action": JournalFilter(who="T. Brandt", action="firearm added"),
}
Figures = dict[str, float]


class Painted(QObject):
    """Hears when a widget is painted for the first time."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at:
            self.at = perf_counter()
        return False


def turn(until: Callable[[], object]) -> bool:
    """Let the event loop turn until something holds; False after a minute."""
    end = perf_counter() + PATIENCE_S
    while not until():
        if perf_counter() > end:
            return False
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()
    return True


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of some work."""
    began = perf_counter()
    work()
    return 1000 * (perf_counter() - began)


def measured(folder: Path) -> Figures:
    """All figures of one casebook."""
    os.environ["CASEHEAD_KEYS"] = str(folder.parent / "keys")
    figures: Figures = _started(folder)
    began = perf_counter()
    workbench = Workbench(folder, automatic_search=False)
    window = MainWindow(workbench, Bridge(workbench))
    window.resize(1366, 768)
    window.show()
    turn(lambda: window.place.casebook.ready)
    figures["start"] = 1000 * (perf_counter() - began)
    _pages(window, figures)
    _tree(window, figures)
    _journal(workbench, figures)
    window.close()
    turn(lambda: window.over)
    window.deleteLater()
    return figures


def _started(folder: Path) -> Figures:
    started(folder)  # what it reads is in the file cache from now on
    starts = [started(folder) for _ in range(STARTS)]
    return {
        "start of the process": 1000 * median(one.wall_s for one in starts),
        "start of the process: processor time": 1000 * median(one.processor_s for one in starts),
    }


def _pages(window: MainWindow, figures: Figures) -> None:
    """Every page twice: the first time it is made, the second time it is only shown. Modules are
    fetched before, and held out of the search for garbage, as the window does once it stands."""
    for name in SCREENS:
        import_module(name)
    gc.freeze()
    for screen, pages in (("leads", LEADS), ("lab", LAB)):
        for name in pages:
            for time in ("first", "again"):
                window.place.show_casebook()
                turn(lambda: window.place.casebook.ready)
                _page(window, screen, name, f"{screen} {name}, {time}", figures)


def _page(window: MainWindow, screen: str, name: str, label: str, figures: Figures) -> None:
    began = perf_counter()
    getattr(window.place, f"show_{screen}")(name)
    page = getattr(window.place, screen).pages[name]
    painted = Painted(page)
    turn(lambda: painted.at)
    figures[f"{label}: painted"] = 1000 * (painted.at - began)
    turn(lambda: getattr(page, "ready", True))
    figures[f"{label}: shown"] = 1000 * (perf_counter() - began)
    page.removeEventFilter(painted)


def _tree(window: MainWindow, figures: Figures) -> None:
    casebook = window.place.casebook
    window.place.show_casebook()
    field = casebook._filter

    def find() -> None:
        field.setText("2023-000007")
        turn(lambda: casebook.ready and casebook.tree.case_count == 1)

    figures["tree: a case found by its number"] = timed(find)
    field.clear()
    turn(lambda: casebook.ready)


def _journal(workbench: Workbench, figures: Figures) -> None:
    for name, wanted in FILTERS.items():
        figures[f"journal: {name}"] = timed(lambda w=wanted: workbench.journal_seqs(w, limit=256))
    figures["journal: verified"] = timed(workbench.verify_journal)
    heard: list[tuple[int, int, str]] = []
    job = Job(lambda *told: heard.append(told))
    figures["casebook: checked"] = timed(lambda: workbench.check_casebook(job))
    figures["casebook: reports of progress"] = len(heard)
    figures["casebook: a stop takes"] = _stopped(workbench)


def _stopped(workbench: Workbench) -> float:
    """From asking the check to stop, on its way through the journal, to its end."""
    asked: list[float] = []

    def listen(done: int, total: int, what: str) -> None:
        if what == "journal" and done * 2 > total and not asked:
            asked.append(perf_counter())
            job.cancel()

    job = Job(listen)
    try:
        workbench.check_casebook(job)
    except CancelledError:
        return 1000 * (perf_counter() - asked[0])
    return -1.0


def main(target: Path | None) -> None:
    """Grow, measure, print and write."""
    cache = Path(".benchmarks")
    figures = {size.exhibits: measured(grown(cache, size)) for size in (SMALL, LARGE)}
    small, large = figures[SMALL.exhibits], figures[LARGE.exhibits]
    print(f"{'ms':52}{SMALL.exhibits:>12,}{LARGE.exhibits:>12,}{'ratio':>9}")
    for name, value in large.items():
        ratio = value / small[name] if small[name] else 0.0
        print(f"{name:52}{small[name]:12.1f}{value:12.1f}{ratio:9.1f}")
    if target is not None:
        facts = {
            "exhibits": LARGE.exhibits,
            "lines": LARGE.lines,
            "milliseconds": large,
            "small": {"exhibits": SMALL.exhibits, "lines": SMALL.lines, "milliseconds": small},
        }
        target.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    qt = application()
    assert isinstance(qt, QApplication)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    sys.stdout.flush()
