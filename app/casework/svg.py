"""A chart as SVG: plain shapes and text, the same bytes for the same chart."""

from __future__ import annotations

from html import escape

from app.casework.drawn import GROUND, Drawn, Mark, Outline, Stroke, Words, drawn
from app.casework.graph import Chart
from app.casework.layout import Laid

_FONT = "font-family=\"'Noto Sans', 'DejaVu Sans', Arial, sans-serif\""

_NO_XML = "\ufffe\uffff"


def svg_of(chart: Chart, laid: Laid) -> str:
    """The document."""
    return written(drawn(chart, laid))


def written(sheet: Drawn) -> str:
    """A sheet as SVG."""
    size = f'width="{_n(sheet.width)}" height="{_n(sheet.height)}"'
    box = f'viewBox="0 0 {_n(sheet.width)} {_n(sheet.height)}"'
    body = "\n".join(map(_mark, sheet.marks))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} {_FONT}>\n'
        f'<rect width="100%" height="100%" fill="{GROUND}"/>\n{body}\n</svg>\n'
    )


def _mark(mark: Mark) -> str:
    match mark:
        case Stroke(points, width, colour, dash):
            broken = f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
            return (
                f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" '
                f'stroke-width="{_n(width)}"{broken}/>'
            )
        case Outline(points, fill, width, colour):
            return (
                f'<polygon points="{_points(points)}" fill="{fill}" stroke="{colour}" '
                f'stroke-width="{_n(width)}"/>'
            )
        case Words():
            return _words(mark)


def _words(mark: Words) -> str:
    anchor = ' text-anchor="middle"' if mark.middle else ""
    weight = ' font-weight="600"' if mark.bold else ""
    return (
        f'<text x="{_n(mark.at[0])}" y="{_n(mark.at[1])}" font-size="{_n(mark.size)}" '
        f'fill="{mark.colour}"{anchor}{weight}>{escape(xml_text(mark.text), quote=False)}</text>'
    )


def xml_text(text: str) -> str:
    """The text with blanks for what no XML reader takes: control characters and two more."""
    return "".join(" " if sign < " " or sign in _NO_XML else sign for sign in text)


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
