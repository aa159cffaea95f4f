"""The exported comparison picture: the view with a band that says what it shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.domain import Alignment, Annotation, Score
from app.picture.arrays import Pixels
from app.picture.compose import render, settled
from app.picture.drawing import ACCENT, PALE, WHITE, draw_text, elided, text_width
from app.picture.heat import similarity_sentence
from app.picture.recipes import adjust_words, light_words, read_words
from app.picture.side import Side
from app.picture.view import Mode, Size, ViewState, slanted
from correlation.similarity import SimilarityMap

AID = "an aid, not a conclusion"
_BAND = 30
_WORDS = {
    Mode.SPLIT: "split field",
    Mode.SIDE: "side by side",
    Mode.OVERLAY: "overlay",
    Mode.BLINK: "blink",
    Mode.DIFFERENCE: "difference after evening out local contrast",
    Mode.CHECKER: "checkerboard",
    Mode.EDGES: "edges",
    Mode.RED_CYAN: "red and cyan",
}


def score_sentence(score: Score | None, *, brief: bool = False) -> str:
    """What the software says of a pair, in one honest sentence; ``brief`` without the method."""
    if score is None:
        return f"Not compared by software yet; a score would be {AID}."
    method = "" if brief else f" ({score.method} {score.version})"
    return (
        f"{score.congruent_cells} of {score.cells} cells agree; "
        f"correlation {score.ccf:.2f}{method}; {AID}"
    )


def alignment_sentence(alignment: Alignment) -> str:
    """Turn and shift of the right specimen with their units."""
    dx, dy = (round(value) for value in alignment.shift_um)
    return f"turn {alignment.rotation_deg:.1f}°   dx {dx} µm   dy {dy} µm"


def precision_sentence(score: Score) -> str:
    """How sure the alignment by software is and over what area, one figure each.

    "" for a score of before this was told.
    """
    if not score.overlap_um2:
        return ""
    area = score.overlap_um2 * 1e-6
    covered = f"overlap {area:.{1 if area >= 0.95 else 2}f} mm²"
    if score.rotation_sd_deg is None or score.shift_sd_um is None:
        return f"Alignment uncertain: no best place stands out, {covered}"
    turn, shift = (_one_figure(v) for v in (score.rotation_sd_deg, score.shift_sd_um))
    return f"Alignment ±{turn}° and ±{shift} µm, {covered}"


def _one_figure(value: float) -> str:
    return f"{float(f'{value:.1g}'):g}" if value < 10 else f"{value:.0f}"


def mode_words(view: ViewState) -> str:
    """The view mode with what it depends on."""
    words = _WORDS[view.mode] + _details(view)
    return words + (", left and right exchanged" if view.exchanged else "")


def _details(view: ViewState) -> str:
    match view.mode:
        case Mode.SPLIT if slanted(view):
            return f", dividing line turned {view.divider_deg:g}°"
        case Mode.OVERLAY:
            return f", right at {view.opacity:.0%}"
        case Mode.BLINK:
            return ", right specimen" if view.blink_right else ", left specimen"
        case Mode.CHECKER:
            return f" of {view.checker_um:.0f} µm"
        case Mode.EDGES:
            other = "left" if view.edges_of == "right" else "right"
            return f" of the {view.edges_of} specimen over the {other} one"
        case Mode.RED_CYAN:
            return ", left red and right cyan"
    return ""


def comparison_picture(
    left: Side,
    right: Side,
    alignment: Alignment,
    view: ViewState,
    score: Score | None = None,
    caption: Sequence[str] = (),
    size: Size = (1600, 1000),
    similarity: SimilarityMap | None = None,
    annotations: Sequence[Annotation] = (),
) -> Pixels:
    """The view and its caption, uint8 RGB of shape (height, width, 3) for ``size`` (w, h).

    The field of view is the one ``view`` was set up with. ``caption`` lines (who, when) follow
    the names, mode, alignment and score, how the specimens are lit and adjusted, and what the
    ``similarity`` map shows where it is drawn.
    """
    sides = (left, right)
    said = (light_words(view, sides), read_words(view, sides), adjust_words(view))
    recipe = "   |   ".join(filter(None, said))
    if recipe:
        caption = (recipe, *caption)
    if view.similarity and similarity is not None:
        caption = (similarity_sentence(similarity), *caption)
    width, height = max(size[0], 320), max(size[1], 240)
    unit = max(14, round(height / 52))
    lines = len(caption) + 1
    band = round(unit * (3.6 + 1.5 * lines))
    field: Size = (width, height - band)
    view = settled(left, right, alignment, view, field)
    cells = score.cell_list if score else ()
    picture = np.full((height, width, 3), _BAND, np.uint8)
    overlaid = cells, similarity, annotations
    picture[: height - band] = render(left, right, alignment, view, field, *overlaid)
    _write_band(picture, (left, right), alignment, view, score, caption, unit, height - band)
    return picture


def _write_band(
    picture: Pixels,
    sides: tuple[Side, Side],
    alignment: Alignment,
    view: ViewState,
    score: Score | None,
    caption: Sequence[str],
    unit: int,
    top: int,
) -> None:
    width, margin = picture.shape[1], unit
    first, second = reversed(sides) if view.exchanged else sides
    y = top + round(unit * 1.55)
    room = width // 2 - 2 * margin
    _name(picture, first, margin, y, unit, room, end=False)
    _name(picture, second, width - margin, y, unit, room, end=True)
    small = round(unit * 0.86)
    y += round(unit * 1.6)
    facts = f"{mode_words(view)}   |   {alignment_sentence(alignment)}"
    for index, line in enumerate((facts, score_sentence(score), *caption)):
        text = elided(line, small, width - 2 * margin)
        draw_text(picture, text, (margin, y), small, PALE if index != 1 else WHITE)
        y += round(unit * 1.5)


def _name(picture: Pixels, side: Side, x: int, y: int, unit: int, room: int, *, end: bool) -> None:
    """Title, then role in the accent colour, from ``x`` on or up to it."""
    role = f"   {side.role}" if side.role else ""
    title = elided(side.title, unit, room - text_width(role, unit), 600)
    start = x - text_width(title, unit, 600) - text_width(role, unit) if end else x
    after = draw_text(picture, title, (start, y), unit, WHITE, 600)
    draw_text(picture, role, (after, y), unit, ACCENT)
