"""Qt without a display, no thread left behind by a test, and small casebooks to test on."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy, which cv2 loads
os.environ["CASEHEAD_KEYS"] = tempfile.mkdtemp(prefix="casehead-keys-")  # not the user's own

import cv2  # noqa: F401  before Qt: importing it sets Qt's variables

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import HealthCheck, settings  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from app.domain import Author  # noqa: E402
from app.workbench import Workbench  # noqa: E402

atexit.register(shutil.rmtree, os.environ["CASEHEAD_KEYS"], ignore_errors=True)
AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
_GRACE_S = 20.0
_PATIENCE_MS = 30_000
_wait_until = QtBot.waitUntil

# How long an example takes says how busy the machine is. The examples are the same in every run;
# with `--hypothesis-profile=search` they are new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", settings.get_profile("search"), derandomize=True)
settings.load_profile("gate")


def _patiently(
    bot: QtBot, callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS
) -> None:
    """A shared machine may stand still for longer than the five seconds that are usual."""
    _wait_until(bot, callback, timeout=max(timeout, _PATIENCE_MS))


QtBot.waitUntil = _patiently  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """A test that leaves a thread running has failed."""
    before, seen = set(threading.enumerate()), _windows()
    yield
    until = time.monotonic() + _GRACE_S
    for thread in set(threading.enumerate()) - before:
        thread.join(max(until - time.monotonic(), 0.01))
    left = [t.name for t in set(threading.enumerate()) - before if t.is_alive()]
    for window in _windows() - seen:
        window.hide()  # what a failed test left open would be in the way of those after it
    assert not left, f"threads left behind: {', '.join(left)}"


def _windows() -> set[Any]:
    """Those that are seen; some are shared by the tests of a module."""
    qt = sys.modules.get("PySide6.QtWidgets")
    if qt is None or qt.QApplication.instance() is None:
        return set()
    return {window for window in qt.QApplication.topLevelWidgets() if window.isVisible()}


@pytest.fixture
def empty_workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A workbench on a new casebook whose examiner is known; nothing is searched by itself."""
    made = Workbench(tmp_path / "casebook", automatic_search=False)
    made.set_author(AUTHOR)
    yield made
    made.close()
