"""Composition root of the window: puts workbench, bridge and widgets together."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs

from app.capture.opencv import cv2 as _cv2  # noqa: F401  before Qt: importing it sets Qt's variables

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)

from PySide6.QtCore import Qt, QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtWidgets import QApplication, QMessageBox  # noqa: E402

from app.domain import CaseheadError  # noqa: E402
from app.matching.engine import warm_up  # noqa: E402
from app.workbench import Workbench  # noqa: E402
from widgets import theme  # noqa: E402
from widgets.bridge import Bridge  # noqa: E402
from widgets.fetching import fetched_meanwhile  # noqa: E402
from widgets.main_window import MainWindow  # noqa: E402
from widgets.shots import Shots  # noqa: E402

log = logging.getLogger(__name__)
_WARM_UP_MS = 2000
"""The window is in use by then; the first comparison does not wait."""


def application() -> QApplication:
    """The Qt application, made and dressed once a process."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        theme.apply(found, theme.look())
        return found
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    made = QApplication([sys.argv[0]])
    made.setApplicationName("Casehead")
    made.setApplicationDisplayName("Casehead")
    theme.apply(made)
    return made


def run_gui(folder: Path, *, automatic_search: bool = True) -> int:
    """Show the window on the casebook in ``folder`` until it is closed; the exit code."""
    qt = application()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with _logged_to_file() as log_file:
        try:
            workbench = Workbench(folder, automatic_search=automatic_search)
        except CaseheadError as error:
            log.error("%s", error)
            QMessageBox.critical(None, "Casehead", str(error))
            return 1
        window = MainWindow(workbench, Bridge(workbench, log_file))
        with _faults_shown(window), fetched_meanwhile():
            window.show()
            QTimer.singleShot(_WARM_UP_MS, warm_up)
            # what is loaded stays: looking through it for garbage held the window up for 70 ms
            gc.freeze()
            gc.enable()
            return _until_closed(qt, window)


def _until_closed(qt: QApplication, window: MainWindow) -> int:
    """Qt's loop until that window has closed, whatever other window is left; the exit code.

    Qt itself would end it with the last window, and a second time after the loop has ended, which
    ends every later one at once.
    """
    before = qt.quitOnLastWindowClosed()
    qt.setQuitOnLastWindowClosed(False)
    window.closed.connect(lambda: qt.exit(0))
    try:
        return qt.exec()
    finally:
        qt.setQuitOnLastWindowClosed(before)


def take_screenshots(
    casebook: Path, out: Path, look: str = "dark", scale: int = 1
) -> tuple[Path, ...]:
    """Picture every screen on ``casebook`` and on an empty one; the PNG files written.

    They are named ``<screen>-<content|empty>-<width>x<height>.png``, the size as it is on the
    display; ``scale`` is how many of its pixels are one of the window's. Nothing is recorded in
    ``casebook``: a copy is opened. Without a display Qt's offscreen platform draws.
    """
    if not QApplication.instance() and not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if not QApplication.instance() and scale > 1:
        os.environ["QT_SCALE_FACTOR"] = str(scale)
    return Shots(application(), casebook, out, look).take()


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _logged_to_file() -> Iterator[Path | None]:
    """While inside, warnings and worse also go to a file; None where it cannot be written."""
    path = platformdirs.user_log_path("casehead", appauthor=False) / "casehead.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        yield None
        return
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield path
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


@contextmanager
def _faults_shown(window: MainWindow) -> Iterator[None]:
    """While inside, an error nobody caught is logged and shown, and the window lives on."""
    before = sys.excepthook

    def hook(_kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        window.report(error)

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = before
