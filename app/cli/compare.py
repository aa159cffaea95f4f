"""``casehead compare``: two pictures, by software; never a conclusion."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from app.cli.marks import Marks
from app.cli.pictures import (
    Picture,
    Units,
    check_kinds,
    prepare_mark,
    prepare_read,
    read_file,
    score_facts,
    score_pair,
)
from app.cli.places import DATABASE, default_casebook
from app.domain import CaseheadError, MarkKind, Provenance, Score
from app.matching.meaning import Asked, Meaning, Meanings
from app.matching.wording import meaning_facts, ratio_sentence, standing_sentence
from app.picture import ViewState, comparison_picture, make_side, write_png
from app.picture.caption import precision_sentence
from app.store import Casebook
from correlation.surface import Surface

NO_CASEBOOK = (
    "There is no casebook with reference populations here, so the score cannot be set against "
    "pairs of known origin; name one with --casebook."
)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two pictures and what software says of them; ``seconds`` is the whole comparison."""

    left: Picture
    right: Picture
    score: Score
    seconds: float
    meaning: Meaning

    @property
    def document(self) -> dict[str, Any]:
        """What ``--json`` prints."""
        facts = score_facts(self.score)
        facts["seconds"] = self.seconds
        return {
            "left": self.left.place,
            "right": self.right.place,
            "kind": self.left.kind,
            **facts,
            "compare_seconds": self.score.seconds,
            "meaning": meaning_facts(self.meaning),
            "warnings": [
                f"{side.name}: {warning}"
                for side in (self.left, self.right)
                for warning in side.warnings
            ],
        }

    def lines(self) -> list[str]:
        """The same for people."""
        score = self.score
        dx, dy = score.alignment.shift_um
        return [
            f"{self.left.name}  with  {self.right.name}",
            f"score {score.score:.3f}   ccf {score.ccf:.3f}   "
            f"congruent cells {score.congruent_cells} of {score.cells}",
            f"the right one turned by {score.alignment.rotation_deg:.1f} degrees and moved by "
            f"{dx:.1f}, {dy:.1f} um;  overlap {score.overlap:.0%}",
            *filter(None, (precision_sentence(score),)),
            *filter(None, (standing_sentence(self.meaning), ratio_sentence(self.meaning))),
            f"{score.method} {score.version}, {self.seconds:.2f} s",
            "Scores are aids for the examiner, never a conclusion.",
        ]


class Comparing:
    """Compares what two texts name: files, or marks of the casebook in ``folder``."""

    def __init__(self, folder: Path | None, units: Units) -> None:
        self._folder = folder
        self._units = units
        self._marks: Marks | None = None
        self._surfaces: tuple[Surface, ...] = ()
        self._stack = ExitStack()

    def __enter__(self) -> Comparing:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def pair(self, left: str, right: str) -> Pair:
        """Prepare and compare. Raises CaseheadError with a sentence."""
        begun = perf_counter()
        sides = (self._side(left), self._side(right))
        check_kinds(*((side.name, side.surface.kind) for side in sides))
        first, second = (self._prepared(side) for side in sides)
        score = score_pair(first, second)
        took = perf_counter() - begun
        pair = Pair(first, second, score, took, self._meaning(first, second, score))
        self._surfaces = (sides[0].surface, sides[1].surface)
        return pair

    def write_picture(self, pair: Pair, path: Path) -> None:
        """Write the aligned pair, compared last, as PNG. Raises CaseheadError."""
        left, right = (
            make_side(surface, side.name)
            for surface, side in zip(self._surfaces, (pair.left, pair.right), strict=True)
        )
        picture = comparison_picture(left, right, pair.score.alignment, ViewState(), pair.score)
        write_png(path, picture)

    def _meaning(self, left: Picture, right: Picture, score: Score) -> Meaning:
        """By the reference populations of the casebook, which need not hold the pictures."""
        folder = self._folder or default_casebook()
        if not (folder / DATABASE).is_file():
            return Meaning(refusal=NO_CASEBOOK)
        digests = (left.digest, right.digest)
        relief = left.relief or right.relief
        asked = Asked(score, MarkKind(left.prepared.mark), left.kind, digests, relief)
        with Casebook.open(folder, read_only=True) as casebook:
            return Meanings(casebook).of(asked)

    def _side(self, text: str) -> _Side:
        if names_file(text):
            path = Path(text)
            surface, digest, warnings = read_file(path, self._units)
            return _Side(path.name, surface, digest, warnings, path)
        book = self._book(text)
        found = book.find(text)
        return _Side(found.name, book.surface(found.acquired.id), mark=found)

    def _prepared(self, side: _Side) -> Picture:
        if side.path is not None:
            return prepare_read(side.path, side.surface, side.digest, side.warnings)
        assert side.mark is not None and self._marks is not None
        return prepare_mark(self._marks, side.mark)

    def _book(self, text: str) -> Marks:
        """The casebook, opened when it is first needed."""
        if self._marks is None:
            folder = self._folder or default_casebook()
            try:
                self._marks = self._stack.enter_context(Marks(folder))
            except CaseheadError as error:
                raise CaseheadError(f"There is no file '{text}'. {error}") from error
        return self._marks


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one of the two texts names, read but not yet prepared."""

    name: str
    surface: Surface
    digest: str = ""
    warnings: tuple[str, ...] = ()
    path: Path | None = None
    mark: Provenance | None = None


def names_file(text: str) -> bool:
    """Whether ``text`` is a path; names of marks hold slashes too, so it must be there."""
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False
