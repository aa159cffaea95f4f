"""The quality screen: instruments, their checks with a reference case, their calibrations."""

from widgets.quality.screen import QualityScreen

__all__ = ["QualityScreen"]
