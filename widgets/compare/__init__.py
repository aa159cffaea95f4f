"""The comparison screen: two marks in one field, as on a comparison microscope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from widgets.compare.screen import CompareScreen

__all__ = ["CompareScreen"]
__getattr__ = later(__name__, {"screen": ("CompareScreen",)})
