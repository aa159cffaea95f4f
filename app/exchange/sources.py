"""What pictures were made from: frames of combined ones, references uneven light was taken out by.

They travel beside the pictures of an entry, so that whoever receives it can make the picture
again; entries of stations that did not send them are received all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.domain import CaseheadError
from app.exchange.folder import SOURCE_SUFFIX
from app.exchange.schema import AcquiredFacts, Entry
from app.store import Casebook

_DIGEST = re.compile(r"[0-9a-f]{64}")


def source_digests(entry: Entry) -> tuple[str, ...]:
    """The digests (SHA-256) of everything the entry's pictures were made from, each once."""
    found = (digest for acquired in entry.acquired for digest in _named(acquired))
    pictures = {acquired.digest for acquired in entry.acquired}
    return tuple(dict.fromkeys(digest for digest in found if digest not in pictures))


def held_sources(casebook: Casebook, entry: Entry) -> tuple[str, ...]:
    """Those of them that the casebook holds."""
    return tuple(digest for digest in source_digests(entry) if held(casebook, digest))


def missing_sources(casebook: Casebook, entry: Entry, folder: Path) -> tuple[str, ...]:
    """Those that the casebook lacks and the entry's folder has."""
    return tuple(
        digest
        for digest in source_digests(entry)
        if (folder / f"{digest}{SOURCE_SUFFIX}").exists() and not held(casebook, digest)
    )


def held(casebook: Casebook, digest: str) -> bool:
    """Whether the casebook has the pixels of that digest."""
    try:
        casebook.pixels_path(digest)
    except CaseheadError:
        return False
    return True


def _named(acquired: AcquiredFacts) -> Iterator[str]:
    combined = acquired.record.settings.get("combined")
    if isinstance(combined, Mapping):
        sources, shading = combined.get("sources"), combined.get("shading")
        if isinstance(sources, list | tuple):
            yield from _sound(one.get("digest") for one in sources if isinstance(one, Mapping))
        if isinstance(shading, Mapping):
            yield from _sound(shading.values())
    yield from _sound(acquired.units.get(kind) for kind in ("flat", "dark"))


def _sound(told: Any) -> Iterator[str]:
    """What can be a digest: nothing else ever becomes a file's name."""
    return (one for one in told if isinstance(one, str) and _DIGEST.fullmatch(one))
