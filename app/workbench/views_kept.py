"""What pictures of a comparison have in common, whether they are written or set in a report."""

from __future__ import annotations

from dataclasses import replace

from app.domain import Alignment
from app.picture import Side, ViewState, alignment_sentence
from app.picture.solid_view import SolidView, solid_lines
from app.picture.wording import light_words

FLAGGED = "flagged"
"""Under what name a saved view keeps what was flagged when it was saved, a line each."""


def solid_view_lines(
    solid: SolidView, sides: tuple[Side, Side], alignment: Alignment, view: ViewState
) -> tuple[str, ...]:
    """How both solids are seen, lie and are lit."""
    light = light_words(replace(view, surface="light"), sides)
    return (*solid_lines(solid), alignment_sentence(alignment), f"Shown with {light}")
