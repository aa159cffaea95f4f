"""What the pages of a report are set with: styles, tables, charts in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Table, TableStyle

TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=8.5, leading=11.5)
SMALL: Final = ParagraphStyle("small", TEXT, fontSize=7, leading=9, allowWidows=0, allowOrphans=0)
HEAD: Final = ParagraphStyle(
    "head", TEXT, fontName="Helvetica-Bold", fontSize=12, leading=16, spaceBefore=8, spaceAfter=4
)
TITLE: Final = ParagraphStyle("title", HEAD, fontSize=18, leading=24)
WIDTH: Final = A4[0] - 36 * mm
_LINES: Final = HexColor("#b0b0b0")
_BAND: Final = HexColor("#eef1f4")


def listed(values: Mapping[str, Any]) -> str:
    """Names and values in one line."""
    return ", ".join(f"{name} {_told(value)}" for name, value in values.items())


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_told, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def grid(charts: Sequence[Any]) -> Iterable[Any]:
    """Two in a row."""
    for at in range(0, len(charts), 2):
        row = [*charts[at : at + 2], *[""] * (2 - len(charts[at : at + 2]))]
        found = Table([row], colWidths=[WIDTH / 2] * 2)
        found.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)]))
        yield found


def wrapped(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Cells that break their lines."""
    return [[Paragraph(plain(str(cell)), SMALL) for cell in row] for row in rows]


def table(rows: Sequence[Sequence[Any]], widths: Sequence[float], header: bool = False) -> Any:
    """A table with thin lines; ``header`` sets the first row apart."""
    found = Table([list(row) for row in rows], colWidths=list(widths), repeatRows=int(header))
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, _LINES),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    if header:
        style += [
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8),
            ("BACKGROUND", (0, 0), (-1, 0), _BAND),
        ]
    found.setStyle(TableStyle(style))
    found.hAlign = "LEFT"
    return found


def plain(text: str) -> str:
    """What the built-in fonts can show, for a paragraph."""
    return escape(text.encode("cp1252", errors="replace").decode("cp1252"))
