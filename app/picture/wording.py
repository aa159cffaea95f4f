"""What is said below a picture of a view: how the pair lies, is lit and was adjusted."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain import Alignment, Score
from app.picture.caption import alignment_sentence, mode_words, score_sentence
from app.picture.heat import similarity_sentence
from app.picture.recipes import adjust_words as adjust_words
from app.picture.recipes import light_words as light_words
from app.picture.side import Side
from app.picture.view import ViewState
from correlation.similarity import SimilarityMap


def view_lines(
    sides: tuple[Side, Side],
    alignment: Alignment,
    view: ViewState,
    score: Score | None,
    similarity: SimilarityMap | None = None,
) -> tuple[str, ...]:
    """The lines of a caption, without who and when."""
    return tuple(_lines(sides, alignment, view, score, similarity))


def _lines(
    sides: tuple[Side, Side],
    alignment: Alignment,
    view: ViewState,
    score: Score | None,
    similarity: SimilarityMap | None,
) -> Iterator[str]:
    yield f"{mode_words(view)}   |   {alignment_sentence(alignment)}"
    yield score_sentence(score)
    if view.similarity and similarity is not None:
        yield similarity_sentence(similarity)
    light, adjusted = light_words(view, sides), adjust_words(view)
    if light:
        yield f"Shown with {light}"
    if adjusted:
        yield f"Adjusted, {adjusted}"
