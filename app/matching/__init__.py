"""Comparing pictures of the casebook by software: one pair, or one query against many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from correlation.late import later

if TYPE_CHECKING:
    from app.matching.area import WIDENED
    from app.matching.board import Board, Running
    from app.matching.matcher import UNFILTERED, Matcher, asked_for
    from app.matching.queue import SearchQueue
    from app.matching.runner import Runner
    from app.matching.scores import reversed_alignment, reversed_score

__all__ = [
    "UNFILTERED",
    "WIDENED",
    "Board",
    "Matcher",
    "Runner",
    "Running",
    "SearchQueue",
    "asked_for",
    "reversed_alignment",
    "reversed_score",
]
__getattr__ = later(
    __name__,
    {
        "area": ("WIDENED",),
        "board": (
            "Board",
            "Running",
        ),
        "matcher": (
            "UNFILTERED",
            "Matcher",
            "asked_for",
        ),
        "queue": ("SearchQueue",),
        "runner": ("Runner",),
        "scores": (
            "reversed_alignment",
            "reversed_score",
        ),
    },
)
