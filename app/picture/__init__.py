"""Pictures of a pair of marks: pure functions from values to pixels, without a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from app.picture.adjust import FALSE_COLOURS, NO_ADJUSTMENT, Adjustment
    from app.picture.caption import (
        alignment_sentence,
        comparison_picture,
        mode_words,
        score_sentence,
    )
    from app.picture.compose import fit, render, settled
    from app.picture.files import pair_thumbnail, png_bytes, thumbnail, write_png
    from app.picture.light import Light, displayable
    from app.picture.side import Side, make_side
    from app.picture.view import Mode, ViewState

__all__ = [
    "FALSE_COLOURS",
    "NO_ADJUSTMENT",
    "Adjustment",
    "Light",
    "Mode",
    "Side",
    "ViewState",
    "alignment_sentence",
    "comparison_picture",
    "displayable",
    "fit",
    "make_side",
    "mode_words",
    "pair_thumbnail",
    "png_bytes",
    "render",
    "score_sentence",
    "settled",
    "thumbnail",
    "write_png",
]
__getattr__ = later(
    __name__,
    {
        "adjust": (
            "FALSE_COLOURS",
            "NO_ADJUSTMENT",
            "Adjustment",
        ),
        "caption": (
            "alignment_sentence",
            "comparison_picture",
            "mode_words",
            "score_sentence",
        ),
        "compose": (
            "fit",
            "render",
            "settled",
        ),
        "files": (
            "pair_thumbnail",
            "png_bytes",
            "thumbnail",
            "write_png",
        ),
        "light": (
            "Light",
            "displayable",
        ),
        "side": (
            "Side",
            "make_side",
        ),
        "view": (
            "Mode",
            "ViewState",
        ),
    },
)
