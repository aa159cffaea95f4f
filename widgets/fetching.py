"""What the window does without at first, fetched while it is in use already."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Event, Thread
from typing import Final

log = logging.getLogger(__name__)

SCREENS: Final = (
    *("widgets.candidates.screen", "widgets.compare.screen", "widgets.acquire.screen"),
    *("widgets.casework.screen", "widgets.lab.screen", "widgets.quality.screen"),
    *("widgets.casework.board", "widgets.casework.ledger", "widgets.casework.verify"),
    *("widgets.casework.links", "widgets.casework.timeline", "widgets.casework.places"),
    *("widgets.casework.metrics", "widgets.casework.traces"),
    *("widgets.lab.people", "widgets.lab.journal", "widgets.lab.backups"),
)
"""Made when they are first turned to, see ``Workplace``; the first of them is wanted soonest."""

LIBRARIES: Final = (
    *("scipy.fft", "scipy.ndimage", "scipy.special", "scipy.sparse", "app.exchange"),
    *("networkx", "tifffile", "reportlab.platypus"),
)
"""Loaded by those who use them, when they first do."""

_REST_S: Final = 0.7
"""The window is shown and its tree read first."""


@contextmanager
def fetched_meanwhile() -> Iterator[None]:
    """While inside, modules are loaded on a thread of its own; leaving waits for the one in hand.

    Nobody depends on it: who is quicker loads what is needed themselves.
    """
    enough = Event()
    thread = Thread(target=_fetch, args=(enough,), name="fetching")
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _fetch(enough: Event) -> None:
    if enough.wait(_REST_S):
        return
    for name in (*SCREENS, *LIBRARIES):
        try:
            import_module(name)
        except ImportError:  # told to whoever asks for it
            log.warning("could not be loaded: %s", name, exc_info=True)
        if enough.is_set():
            return
    gc.freeze()  # looking through it for garbage would hold the window up
