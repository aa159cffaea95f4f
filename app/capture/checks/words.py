"""The figures of checks in words."""

from __future__ import annotations

from app.instruments import Figure


def number_words(figure: Figure, value: float) -> str:
    """0.953 for a correlation, +1.2 % for what is relative to the golden picture."""
    if figure == "correlation":
        return f"{value:.3f}"
    digits = 2 if figure == "scale" else 1
    percent = round(100 * (value - 1), digits) + 0.0  # not "-0.0"
    return f"{percent:+.{digits}f} %"
