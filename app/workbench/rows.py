"""The candidates of one search as rows: one row a gun, what is wanted, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain import Review
from app.matching.fusion import group_of
from app.workbench.fused import FusedRow
from app.workbench.values import CandidateLine


class Wanted(StrEnum):
    """Which candidates a list shows, by what was said of them."""

    ALL = "all"
    NEW = "new"
    LATER = "later"

    def takes(self, review: Review) -> bool:
        """Whether a candidate of this review is shown."""
        return self is Wanted.ALL or str(self) == str(review)


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate, and when ``folded`` those of the same gun or mark below it, best first.

    ``folded`` is None for one that stands alone and for those of an opened row below its first
    (``depth`` 1). What is said of a row is said of all its ``lines``.
    """

    lines: tuple[CandidateLine, ...]
    depth: int = 0
    folded: bool | None = None

    @property
    def line(self) -> CandidateLine:
        """The one that is seen: the best."""
        return self.lines[0]

    @property
    def id(self) -> str:
        """The row's name: its first candidate's."""
        return self.line.candidate.id

    @property
    def candidate_ids(self) -> tuple[str, ...]:
        """All candidates a review of the row is about."""
        return tuple(line.candidate.id for line in self.lines)

    @property
    def review(self) -> Review:
        """One word for all: kept or later when one is, dismissed only when all are."""
        return review_in_one(line.candidate.review for line in self.lines)

    @property
    def state(self) -> str:
        """The review, with how many it is of where they differ."""
        alike = sum(line.candidate.review is self.review for line in self.lines)
        return f"{self.review}" + (f"\n{alike} of {self.size}" if alike < self.size else "")

    @property
    def size(self) -> int:
        """How many candidates it stands for."""
        return len(self.lines)

    @property
    def others(self) -> str:
        """What is folded under the first, in words; nothing where nothing is."""
        if self.size < 2:
            return ""
        of_mark = len({line.provenance.mark.id for line in self.lines}) == 1
        what = "pictures of this mark" if of_mark else "specimens of this gun"
        return f"1 of {self.size} {what}"


def review_in_one(reviews: Iterable[Review]) -> Review:
    """One word for several reviews."""
    said = set(reviews)
    for review in (Review.KEPT, Review.LATER):
        if review in said:
            return review
    return Review.DISMISSED if said == {Review.DISMISSED} else Review.NEW


def candidate_rows(
    lines: Iterable[CandidateLine],
    opened: frozenset[str] = frozenset(),
    wanted: Wanted = Wanted.ALL,
) -> tuple[tuple[CandidateRow, ...], ...]:
    """Groups of rows, the best first: one row for what stands alone or is folded.

    A group is what is of one gun, as far as that is known, in one search: several pictures of a
    mark, several specimens. Those whose name (see ``group_name``) is in ``opened`` show all.
    """
    groups: dict[str, list[CandidateLine]] = {}
    for line in sorted(lines, key=lambda one: one.candidate.rank):
        if wanted.takes(line.candidate.review):
            groups.setdefault(group_name(line), []).append(line)
    return tuple(_rows(members, name in opened) for name, members in groups.items())


def _rows(members: list[CandidateLine], opened: bool) -> tuple[CandidateRow, ...]:
    if len(members) == 1:
        return (CandidateRow((members[0],)),)
    if not opened:
        return (CandidateRow(tuple(members), folded=True),)
    first, *rest = members
    return (
        CandidateRow((first,), folded=False),
        *(CandidateRow((line,), depth=1) for line in rest),
    )


def group_name(line: CandidateLine) -> str:
    """What is the same for candidates that are shown as one."""
    return line.gun or group_of(line.provenance.cartridge_case)


def counts(reviews: Iterable[Review]) -> Mapping[Wanted, int]:
    """How many candidates each choice would show."""
    found = Counter(reviews)
    return {
        Wanted.ALL: sum(found.values()),
        Wanted.NEW: found[Review.NEW],
        Wanted.LATER: found[Review.LATER],
    }


def left_words(found: Mapping[Wanted, int]) -> str:
    """How much of a list is left: what is new, and what was put off."""
    new, later, total = found[Wanted.NEW], found[Wanted.LATER], found[Wanted.ALL]
    if not total:
        return ""
    if not new and not later:
        return f"All {total} reviewed"
    put_off = f", {later} for later" if later else ""
    return f"{new} of {total} left{put_off}"


def wanted_rows(rows: tuple[FusedRow, ...], wanted: Wanted) -> tuple[FusedRow, ...]:
    """The rows of a fused list that are wanted; specimens go with their gun."""
    kept: list[FusedRow] = []
    takes = True
    for row in rows:
        if not row.depth:
            takes = wanted.takes(row.review)
        if takes:
            kept.append(row)
    return tuple(kept)
