"""Comparing pictures of the casebook by software: one pair, or one query against many."""

from app.matching.board import Board, Running
from app.matching.matcher import UNFILTERED, WIDENED, Matcher, asked_for
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
