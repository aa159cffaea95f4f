"""The candidates screen: searches and their ranked candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from widgets.candidates.screen import CandidatesScreen

__all__ = ["CandidatesScreen"]
__getattr__ = later(__name__, {"screen": ("CandidatesScreen",)})
