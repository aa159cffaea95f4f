"""The comparison screen: two marks in one field, as on a comparison microscope."""

from widgets.compare.screen import CompareScreen

__all__ = ["CompareScreen"]
