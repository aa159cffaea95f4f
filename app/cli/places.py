"""Where things are when nobody says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP = "casehead"
DATABASE = "casebook.sqlite"


def default_casebook() -> Path:
    """The casebook of this user."""
    return platformdirs.user_data_path(APP, appauthor=False) / "casebook"


def demo_casebook() -> Path:
    """The demo casebook of this user."""
    return platformdirs.user_data_path(APP, appauthor=False) / "demo-casebook"


def log_file() -> Path:
    """Where unexpected errors are written."""
    return platformdirs.user_log_path(APP, appauthor=False) / "casehead.log"


def require_casebook(folder: Path) -> None:
    """Raises CaseheadError when ``folder`` holds no casebook."""
    from app.domain import CaseheadError

    if not (folder / DATABASE).is_file():
        raise CaseheadError(
            f"There is no casebook in {folder}; give its folder with --casebook, or begin one "
            "with 'casehead gui', 'casehead import' or 'casehead demo'."
        )


def has_display() -> bool:
    """Whether a window can be opened here."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
