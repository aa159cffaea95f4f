"""Pictures of every screen, for the eye: with content and empty, in two sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain import Author, CaseheadError
from app.workbench import SearchLine, Workbench
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

SIZES = ((1366, 768), (1920, 1080))
LEADS_PAGES = (*("board", "ledger", "verify", "links", "timeline", "places", "metrics", "traces"),)
LAB_PAGES = ("people", "journal", "backups")
_PATIENCE_S = 60.0
_AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")


class Shots:
    """Works on a copy of ``casebook``, so that nothing is recorded in it."""

    def __init__(self, qt: QApplication, casebook: Path, out: Path, look: str = "dark") -> None:
        self._qt, self._casebook, self._out, self._look = qt, casebook, out, look
        self._written: list[Path] = []

    def take(self) -> tuple[Path, ...]:
        """All of them. Raises CaseheadError when a screen does not come up."""
        self._out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="casehead-shots-") as scratch:
            copy = Path(scratch) / self._casebook.name
            copytree(self._casebook, copy, ignore=ignore_patterns("*.lock", "lock", "backups"))
            with self._window(Path(scratch) / "new casebook") as window:
                self._each(window, "start-empty")
            with self._window(Path(scratch) / "casebook", _AUTHOR) as window:
                self._empty(window)
            with self._window(copy) as window:
                self._content(window)
        return tuple(self._written)

    def _empty(self, window: MainWindow) -> None:
        self._until(lambda: window.casebook.ready)
        self._each(window, "casebook-empty")
        window.casebook.act("new")
        self._each(window, "registration-empty")
        window.casebook.registration.close_drawer()
        window.show_acquire()
        self._each(window, "acquire-empty")
        window.show_candidates()
        self._until(lambda: window.candidates.ready)
        self._each(window, "candidates-empty")
        window.place.go("compare")
        self._each(window, "compare-empty")
        window.place.go("quality")
        self._until(lambda: window.quality.ready)
        self._each(window, "quality-empty")

    def _content(self, window: MainWindow) -> None:
        workbench = window.casebook._workbench
        search = _most_telling(workbench)
        self._until(lambda: window.casebook.ready)
        if search is not None:
            window.show_casebook(search.search.acquired_id)
        self._until(lambda: window.casebook.ready and window.casebook.picture.region_shown)
        self._each(window, "casebook-content")
        window.casebook.act("new")
        self._until(lambda: not window.bridge.busy)
        self._each(window, "registration-content")
        window.casebook.registration.close_drawer()
        self._live(window, search)
        if search is None:
            return
        window.show_candidates(search.search.id)
        self._until(lambda: window.candidates.ready)
        self._each(window, "candidates-content")
        window.candidates.open_sheet()
        self._each(window, "contact-content")
        window.candidates.close_sheet()
        self._pair(window, workbench, search)
        self._casework(window)

    def _live(self, window: MainWindow, search: SearchLine | None) -> None:
        window.show_acquire(search.provenance.mark.id if search is not None else None)
        window.acquire.sources.choose_bench(1, 2)
        window.acquire.start_camera(window.acquire.sources.spec)
        self._until(lambda: window.acquire.live.frames_drawn > 3 and window.acquire.meters.measured)
        self._each(window, "acquire-content")
        window.acquire.stop_camera()

    def _pair(self, window: MainWindow, workbench: Workbench, search: SearchLine) -> None:
        best = workbench.candidates(search.search.id)[0].candidate
        window.show_compare(search.search.acquired_id, best.acquired_id, best.id)
        self._until(lambda: window.compare.desk is not None and not window.bridge.busy)
        self._each(window, "split-content")
        for name, actions in (
            ("overlay", ("mode overlay",)),
            ("cells", ("mode split", "cells")),
            ("conclude", ("cells", "conclude")),
        ):
            for action in actions:
                window.compare._act(action)
            self._each(window, f"{name}-content")
        window.place.show_keys()
        sheet = window.findChild(QDialog, "key_sheet")
        if isinstance(sheet, QDialog):
            self._each(window, "keys-content", sheet)
            sheet.reject()

    def _casework(self, window: MainWindow) -> None:
        """Every page of the two screens that have pages."""
        for name in LEADS_PAGES:
            self._page(window, window.place.leads.open_page(name), f"leads-{name}", "leads")
        for name in LAB_PAGES:
            self._page(window, window.place.lab.open_page(name), f"lab-{name}", "lab")

    def _page(self, window: MainWindow, page: QWidget, name: str, screen: str) -> None:
        window.place.go(screen)
        self._until(lambda: bool(getattr(page, "ready", True)) and not window.bridge.busy)
        self._each(window, f"{name}-content")

    @contextmanager
    def _window(self, folder: Path, author: Author | None = None) -> Iterator[MainWindow]:
        workbench = Workbench(folder, automatic_search=False)
        if author is not None:
            workbench.set_author(author)
        elif not workbench.open_bench and workbench.policy().by_name:
            workbench.sign_in(workbench.people()[0].name)
        workbench.set_setting("look", self._look)
        window = MainWindow(workbench, Bridge(workbench))
        window.show()
        try:
            yield window
        finally:
            gone: list[bool] = []
            window.closed.connect(lambda: gone.append(True))
            window.close()
            self._until(lambda: bool(gone))
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _each(self, window: MainWindow, name: str, over: QWidget | None = None) -> None:
        candidates = window.candidates
        for width, height in SIZES:
            window.resize(width, height)
            self._until(lambda: not window.bridge.busy)
            # what is painted asks for its small pictures
            window.grab()
            self._until(lambda: not candidates.pairs.waiting and candidates.sheet.ready)
            self._until(lambda: window.compare.ready)
            picture = window.grab()
            if over is not None:
                over.resize(over.sizeHint())
                at = window.rect().center() - over.rect().center()
                over.render(picture, at)
            size = f"{picture.width()}x{picture.height()}"
            path = self._out / f"{name}-{size}.png"
            if not picture.save(str(path)):
                raise CaseheadError(f"{path} could not be written; choose another folder.")
            self._written.append(path)

    def _until(self, reached: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        until = monotonic() + _PATIENCE_S
        beat = QTimer()
        beat.start(10)
        while not reached():
            if monotonic() > until:
                raise CaseheadError("A screen did not come up; nothing more was pictured.")
            self._qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _most_telling(workbench: Workbench) -> SearchLine | None:
    """A search with a full page whose first candidate has the most congruent cells."""
    found = [
        (min(len(candidates), 8), candidates[0].candidate.score.congruent_cells, number, line)
        for number, line in enumerate(workbench.searches())
        if (candidates := workbench.candidates(line.search.id))
    ]
    return max(found)[3] if found else None
