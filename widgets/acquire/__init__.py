"""The acquire screen: the live picture and what is captured from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from widgets.acquire.screen import AcquireScreen

__all__ = ["AcquireScreen"]
__getattr__ = later(__name__, {"screen": ("AcquireScreen",)})
