"""The quality screen: instruments, their checks with a reference case, their calibrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from widgets.quality.screen import QualityScreen

__all__ = ["QualityScreen"]
__getattr__ = later(__name__, {"screen": ("QualityScreen",)})
