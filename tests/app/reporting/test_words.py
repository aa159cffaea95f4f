"""Small things as reports say them."""

from __future__ import annotations

import pytest

from app.reporting.words import joined, when, who
from app.terms import Author


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-31T10:15:00+00:00", "2026-03-31 10:15:00 UTC"),
        ("2026-03-31T10:15:00.800000+00:00", "2026-03-31 10:15:00 UTC"),
        ("2026-03-31T10:15+02:00", "2026-03-31 10:15+02:00"),
        ("2026-03-31", "2026-03-31"),
        ("", "an unknown day"),
    ],
)
def test_moments(moment: str, said: str) -> None:
    assert when(moment) == said


def test_people() -> None:
    assert who(None) == who(Author("", "", "")) == "unknown"
    assert who(Author("Lab", "Bench 1", "R. Okafor", "XX1")) == "R. Okafor, Lab, Bench 1, ORI XX1"
    assert joined(" a ", "", "b") == "a, b"
