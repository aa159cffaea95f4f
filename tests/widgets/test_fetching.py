"""What a start loads, and what is fetched when the window stands."""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from threading import Event, active_count

import pytest

from app.domain import Author
from app.workbench import Workbench
from tests.bench.started import started
from widgets import fetching

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
LATER = {
    *("scipy", "tifffile", "sqlite_utils", "networkx", "reportlab", "pyqtgraph", "numba"),
    *("qtawesome", "qtpy", "http", "dateutil", *fetching.SCREENS, *fetching.LIBRARIES),
}
MOST_OF_OURS = 500
"""As many modules of our own as a start may load; it loads some 470."""


def test_a_start_loads_only_what_the_first_screen_needs(tmp_path: Path) -> None:
    casebook = tmp_path / "casebook"
    workbench = Workbench(casebook, automatic_search=False)
    workbench.set_author(AUTHOR)
    workbench.close()
    loaded = started(casebook).modules
    assert "widgets.casebook.screen" in loaded
    assert loaded & LATER == set()
    ours = [name for name in loaded if name.split(".")[0] in ("app", "widgets", "correlation")]
    assert len(ours) <= MOST_OF_OURS


def test_all_is_fetched_while_the_window_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    all_there = Event()

    def load(name: str) -> None:
        asked.append(name)
        if name == fetching.LIBRARIES[-1]:
            all_there.set()

    monkeypatch.setattr(fetching, "_REST_S", 0.0)
    monkeypatch.setattr(fetching, "import_module", load)
    before = active_count()
    with fetching.fetched_meanwhile():
        assert all_there.wait(30)
    assert active_count() == before
    assert asked == [*fetching.SCREENS, *fetching.LIBRARIES]


def test_what_is_fetched_is_there() -> None:
    for name in (*fetching.SCREENS, *fetching.LIBRARIES):
        import_module(name)


def test_closing_at_once_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fetching, "_REST_S", 600.0)
    monkeypatch.setattr(fetching, "import_module", asked.append)
    before = active_count()
    with fetching.fetched_meanwhile():
        assert active_count() == before + 1
    assert (active_count(), asked) == (before, [])


def test_what_cannot_be_loaded_is_logged_and_the_others_are_fetched(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def load(name: str) -> None:
        asked.append(name)
        if len(asked) == 1:
            raise ImportError("broken")

    monkeypatch.setattr(fetching, "_REST_S", 0.0)
    monkeypatch.setattr(fetching, "import_module", load)
    with caplog.at_level(logging.WARNING):
        fetching._fetch(Event())
    assert len(asked) == len(fetching.SCREENS) + len(fetching.LIBRARIES)
    assert fetching.SCREENS[0] in caplog.text
