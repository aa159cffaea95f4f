"""A chart as lines, outlines and words, from which every kind of picture of it is made.

Hits and leads are told apart without colour: a hit is a thick whole line with a dot in the
middle, a lead a thin broken one with a ring. Cases are rectangles, guns have cut corners (two
outlines when recovered), events are rounded (two outlines when fatal).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin
from typing import Literal
from unicodedata import east_asian_width

from app.casework.graph import Chart, Edge, Node
from app.casework.layout import NODE_H, NODE_W, Laid, Place

MARGIN = 28.0
_LINE = 17.0
LABEL_PX, ABOUT_PX = 13.0, 11.0
CAVEAT = (
    "Hits are confirmed by an examiner and verified; leads are unconfirmed associations and no "
    "basis for anything but further examination."
)
INK, DIM, GROUND, PANEL = "#1a1e23", "#4d5761", "#ffffff", "#f2f4f7"
_DASHES: dict[str, tuple[float, ...]] = {
    "hit": (),
    "lead": (9.0, 6.0),
    "gun": (2.0, 4.0),
    "event": (),
}
_EDGE = {"case": 14.0, "gun": 30.0, "event": 26.0}
_WIDTHS = {"hit": 3.2, "lead": 1.8, "gun": 1.4, "event": 0.9}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; ``dash`` is lengths of line and gap, () for a whole one."""

    points: tuple[Place, ...]
    width: float
    colour: str = INK
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed shape by its corners, filled; its line is ``width`` wide."""

    points: tuple[Place, ...]
    fill: str = GROUND
    width: float = 1.2
    colour: str = INK
    kind: Literal["node", "dot"] = "node"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``at`` is the start of its base line, or its middle when ``middle``."""

    at: Place
    text: str
    size: float = LABEL_PX
    bold: bool = False
    middle: bool = True
    colour: str = INK


Mark = Stroke | Outline | Words


@dataclass(frozen=True, slots=True)
class Drawn:
    """All marks in the order they are laid, and the size of the sheet."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def drawn(chart: Chart, laid: Laid) -> Drawn:
    """The sheet of a chart: lines below, nodes over them, what the signs mean at its foot."""
    width = max(laid.width + 2 * MARGIN, 760.0)
    said = [*wrapped(CAVEAT, width - 2 * MARGIN), *wrapped(chart.told, width - 2 * MARGIN)]
    foot = laid.height + 2 * MARGIN
    height = foot + 40 + _LINE * len(said)
    at = {node: (x + MARGIN, y + MARGIN) for node, (x, y) in laid.places.items()}
    marks: list[Mark] = []
    for edge in chart.edges:
        marks += edge_marks(edge, at[edge.a], at[edge.b])
    for node in chart.nodes:
        marks += node_marks(node, at[node.id])
    marks += _legend(said, foot + 4)
    return Drawn(width, height, tuple(marks))


def edge_style(edge: Edge) -> tuple[float, tuple[float, ...]]:
    """Width and dash of its line."""
    return _WIDTHS[edge.kind], _DASHES[edge.kind]


def edge_marks(edge: Edge, a: Place, b: Place) -> Iterator[Mark]:
    """A line, with the sign of a hit or lead in its middle."""
    width, dash = edge_style(edge)
    colour = INK if edge.kind in ("hit", "lead") else DIM
    yield Stroke((a, b), width, colour, dash)
    if edge.kind in ("hit", "lead"):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        fill = INK if edge.kind == "hit" else GROUND
        yield Outline(_round(middle, 10.0, 10.0), fill, 1.6, INK, "dot")


def node_marks(node: Node, at: Place) -> Iterator[Mark]:
    """The outline of a node with its two lines of words."""
    yield Outline(outline_of(node, at), PANEL if node.kind == "case" else GROUND, 1.4)
    if doubled(node):
        yield Outline(outline_of(node, at, inset=3.5), GROUND, 1.0)
    room = NODE_W - _EDGE[node.kind]
    both = bool(node.about)
    yield Words((at[0], at[1] - (3 if both else -4)), fitted(node.label, room), LABEL_PX, True)
    if both:
        about = fitted(node.about, room, ABOUT_PX)
        yield Words((at[0], at[1] + 14), about, ABOUT_PX, colour=DIM)


def doubled(node: Node) -> bool:
    """Whether its outline is drawn twice: a recovered gun, a fatal event."""
    told = dict(node.facts)
    return told.get("State") == "recovered firearm" or told.get("Outcome") == "fatal"


def outline_of(node: Node, at: Place, inset: float = 0.0) -> tuple[Place, ...]:
    """The corners of a node whose middle is ``at``."""
    w, h = NODE_W - 2 * inset, NODE_H - 2 * inset
    if node.kind == "event":
        return _round(at, w, h)
    cut = 11.0 if node.kind == "gun" else 0.0
    return _corners(at, w, h, cut)


def fitted(text: str, room: float, size: float = LABEL_PX) -> str:
    """The text, cut at its end when it is longer than the room."""
    if measured(text, size) <= room:
        return text
    kept, wide = 0, 0.0
    for sign in text:
        wide += _width(sign)
        if (wide + _width("…")) * size > room:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def wrapped(text: str, room: float, size: float = ABOUT_PX) -> list[str]:
    """The text in lines no longer than the room, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and measured(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def measured(text: str, size: float) -> float:
    """About how long a line of text is; wide letters of East Asia count double."""
    return sum(map(_width, text)) * size


@lru_cache(maxsize=4096)
def _width(sign: str) -> float:
    return 1.0 if east_asian_width(sign) in "WF" else 0.58


def _corners(at: Place, w: float, h: float, cut: float) -> tuple[Place, ...]:
    (x, y), a, b = at, w / 2, h / 2
    if not cut:
        return ((x - a, y - b), (x + a, y - b), (x + a, y + b), (x - a, y + b))
    return (
        *((x - a + cut, y - b), (x + a - cut, y - b), (x + a, y)),
        *((x + a - cut, y + b), (x - a + cut, y + b), (x - a, y)),
    )


def _round(at: Place, w: float, h: float) -> tuple[Place, ...]:
    """A rectangle whose short sides are half circles, as a polygon."""
    (x, y), r = at, h / 2
    reach = max(w / 2 - r, 0.0)
    turns = [pi * step / 10 for step in range(-5, 6)]
    right = [(x + reach + r * cos(t), y + r * sin(t)) for t in turns]
    left = [(x - reach - r * cos(t), y - r * sin(t)) for t in turns]
    return tuple(right + left)


def _legend(said: Sequence[str], top: float) -> Iterator[Mark]:
    signs = (
        ("hit", "hit, confirmed"),
        ("lead", "lead, unconfirmed"),
        ("gun", "gun of a case"),
        ("event", "event of a case"),
    )
    x = MARGIN
    for kind, words in signs:
        edge = Edge("", "", kind)  # type: ignore[arg-type]
        yield from edge_marks(edge, (x, top + 8), (x + 46, top + 8))
        yield Words((x + 54, top + 12), words, ABOUT_PX, middle=False)
        x += 54 + measured(words, ABOUT_PX) + 24
    for number, text in enumerate(said):
        at = (MARGIN, top + 34 + _LINE * number)
        yield Words(at, text, ABOUT_PX, middle=False, colour=DIM)
