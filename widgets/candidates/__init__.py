"""The candidates screen: searches and their ranked candidates."""

from widgets.candidates.screen import CandidatesScreen

__all__ = ["CandidatesScreen"]
