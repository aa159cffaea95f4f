"""Small things as reports say them."""

from __future__ import annotations

import re

from app.domain import Author, Firearm

_PART_OF_SECOND = re.compile(r"(?<=:\d\d)\.\d+")


def joined(*texts: str) -> str:
    """What is there of these, with commas."""
    return ", ".join(filter(None, (text.strip() for text in texts)))


def gun_words(gun: Firearm) -> str:
    """Make, model, calibre and serial number."""
    return joined(gun.make, gun.model, gun.calibre, f"serial {gun.serial}" if gun.serial else "")


def who(author: Author | None) -> str:
    """A person with agency, station and ORI."""
    if author is None:
        return "unknown"
    ori = f"ORI {author.ori}" if author.ori else ""
    return joined(author.examiner, author.agency, author.station, ori) or "unknown"


def when(moment: str) -> str:
    """ISO 8601 as it is read, to the second; an empty one is said to be unknown."""
    if not moment:
        return "an unknown day"
    return _PART_OF_SECOND.sub("", moment.replace("T", " ", 1).replace("+00:00", " UTC"))
