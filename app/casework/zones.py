"""The time zone of this computer, by its name in the IANA time zone database (RFC 6557)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

PLAIN_UTC = "UTC"
_LINK, _NAMED = Path("/etc/localtime"), Path("/etc/timezone")
_FOLDER = "zoneinfo"
_PLAIN = ("Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu")


def zones() -> tuple[str, ...]:
    """All that this computer knows, in order."""
    return tuple(sorted(available_timezones())) or (PLAIN_UTC,)


def computer_zone() -> str:
    """The zone this computer is set to; "" where its name cannot be found out.

    From the variable TZ, what /etc/localtime leads to, /etc/timezone, or, where a system names its
    zones otherwise, the one known zone whose clock goes as this computer's.
    """
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked(), _written()):
        if _known(name):
            return PLAIN_UTC if name in _PLAIN else name
    return _alike()


def _linked() -> str:
    try:
        parts = _LINK.resolve().parts
    except OSError:
        return ""
    # the newest database stands beside older ones: zoneinfo/posix/Europe/Oslo
    after = parts[parts.index(_FOLDER) + 1 :] if _FOLDER in parts else ()
    return "/".join(part for part in after if part not in ("posix", "right"))


def _written() -> str:
    try:
        return _NAMED.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


@cache
def _known(name: str) -> bool:
    if not name:
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return False
    return True


def _alike() -> str:
    """Where exactly one region's clock goes as this one's; several cannot be told apart."""
    now = datetime.now(UTC)
    moments = [now + timedelta(days=30 * month) for month in range(12)]
    here = [at.astimezone().utcoffset() for at in moments]
    if not any(here):
        return PLAIN_UTC
    found = [
        name
        for name in zones()
        if "/" in name
        and not name.startswith(("Etc/", "posix/", "right/"))
        and here == [at.astimezone(ZoneInfo(name)).utcoffset() for at in moments]
    ]
    return found[0] if len(found) == 1 else ""
