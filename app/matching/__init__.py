"""Comparing pictures of the casebook by software: one pair, or one query against many."""

from app.matching.board import Board, Running
from app.matching.matcher import UNFILTERED, Matcher
from app.matching.queue import SearchQueue
from app.matching.runner import Runner
from app.matching.scores import reversed_alignment, reversed_score

__all__ = [
    "UNFILTERED",
    "Board",
    "Matcher",
    "Runner",
    "Running",
    "SearchQueue",
    "reversed_alignment",
    "reversed_score",
]
