"""What the message of a search says of the search area."""

from __future__ import annotations

import re
from typing import Final

WIDENED: Final = "Searched beyond the search area."
_OUTSIDE: Final = "Outside the search area and left out: "
_COUNT: Final = re.compile(rf"{_OUTSIDE}(\d+)\.")


def outside_said(count: int) -> str:
    """The sentence of a search that kept to the area; "" where nothing lay outside it."""
    return f"{_OUTSIDE}{count}." if count else ""


def area_told(message: str) -> str:
    """In a few words, for where its list is shown; "" where the area made no difference."""
    if WIDENED in message:
        return "beyond the search area"
    found = _COUNT.search(message)
    return f"left out {int(found[1]):,} outside the search area" if found else ""
