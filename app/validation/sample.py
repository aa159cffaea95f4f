"""Which pairs a run on degraded inputs looks at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from app.validation.figures import Pairs
from app.validation.ledger import Pair, Row

SEED: Final = 20_260_101


def drawn(pairs: Pairs, digests: Mapping[str, str], non_mates: int | None) -> frozenset[Pair]:
    """All pairs of one firearm, and ``non_mates`` of those of two (None: all of them).

    Drawn by the files' digests: the same for the same files whatever they are called, and a
    larger draw holds the smaller one. Pairs whose truth is not known are left out.
    """

    def ticket(row: Row) -> bytes:
        names = sorted(digests[name] for name in row.pair)
        return hashlib.sha256(f"{SEED} {' '.join(names)}".encode()).digest()

    others = sorted(pairs.different, key=ticket)[:non_mates]
    return frozenset(row.pair for row in (*pairs.same, *others))


def draw_in_words(pairs: Pairs, non_mates: int | None) -> str:
    """What was drawn, for the report; "" where everything was taken."""
    if non_mates is None or non_mates >= len(pairs.different):
        return ""
    return (
        f"Of the {len(pairs.different)} pairs of two firearms {non_mates} were drawn by chance "
        f"(seed {SEED}), the same for every condition; all {len(pairs.same)} pairs of one firearm "
        "take part. A search meets the drawn ones only, so its mate has fewer rivals than in "
        "the whole set."
    )
