"""The pixel size in use, remembered for each camera and objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject

from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge

OBJECTIVES = ("1x", "2x", "4x", "5x", "10x", "20x")
SETTING = "pixel_um_by_camera"


def remembered(kept: Any, camera: str, objective: str) -> float | None:
    """The pixel size kept for this camera and objective."""
    known = kept.get(camera, {}) if isinstance(kept, Mapping) else {}
    value = known.get(objective) if isinstance(known, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def with_pixel(kept: Any, camera: str, objective: str, pixel_um: float) -> dict[str, Any]:
    """What is to be kept from now on."""
    known = dict(kept) if isinstance(kept, Mapping) else {}
    known[camera] = {**known.get(camera, {}), objective: pixel_um}
    return known


def optics_name(objective: str, zoom: str) -> str:
    """Under which name a size is kept: the objective, with its zoom where one is set."""
    return f"{objective} zoom {zoom}" if zoom else objective


class PixelMemory:
    """Pixel sizes by camera and objective, kept with the casebook."""

    def __init__(self, workbench: Workbench, bridge: Bridge, owner: QObject) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._kept: Any = workbench.setting(SETTING)

    def find(self, camera: str, objective: str) -> float | None:
        """The size that was kept, None without one."""
        return remembered(self._kept, camera, objective)

    def keep(self, camera: str, objective: str, pixel_um: float) -> None:
        """Keep a size for the next time."""
        if not camera or self.find(camera, objective) == pixel_um:
            return
        kept = self._kept = with_pixel(self._kept, camera, objective, pixel_um)
        self._bridge.run(lambda: self._workbench.set_setting(SETTING, kept), owner=self._owner)


def pixel_of(text: str) -> float | None:
    """Micrometres per pixel from what was written, None for nothing.

    Raises CaseheadError for what is no size.
    """
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        size = float(text)
    except ValueError:
        size = 0.0
    if not 0.01 <= size <= 1000:
        raise CaseheadError(
            f"'{text}' is no size of a pixel; write it in micrometres, such as 2.53."
        )
    return size
