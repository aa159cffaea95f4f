"""The casebook screen: cases with everything below them, and the image chosen."""

from widgets.casebook.screen import CasebookScreen

__all__ = ["CasebookScreen"]
