"""Small things as reports say them."""

from __future__ import annotations

from app.domain import Author


def joined(*texts: str) -> str:
    """What is there of these, with commas."""
    return ", ".join(filter(None, (text.strip() for text in texts)))


def who(author: Author | None) -> str:
    """A person with agency, station and ORI."""
    if author is None:
        return "unknown"
    ori = f"ORI {author.ori}" if author.ori else ""
    return joined(author.examiner, author.agency, author.station, ori) or "unknown"


def when(moment: str) -> str:
    """ISO 8601 as it is read; an empty one is said to be unknown."""
    if not moment:
        return "an unknown day"
    return moment.replace("T", " ", 1).replace("+00:00", " UTC")
