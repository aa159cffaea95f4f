"""What the pages are set with: styles, tables, pictures, the foot of every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image, Paragraph, Table, TableStyle

from app.reporting.text import Word, drawn_word, plain, rich

TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=12.5)
BOLD: Final = ParagraphStyle("bold", TEXT, fontName="Helvetica-Bold")
SMALL: Final = ParagraphStyle("small", TEXT, fontSize=7.5, leading=10)
LABEL: Final = ParagraphStyle("label", SMALL, textColor=HexColor("#555555"))
HEAD: Final = ParagraphStyle(
    "head", BOLD, fontSize=12, leading=16, spaceBefore=10, spaceAfter=4, keepWithNext=1
)
TITLE: Final = ParagraphStyle("title", BOLD, fontSize=17, leading=22, spaceAfter=2)
VERDICT: Final = ParagraphStyle("verdict", BOLD, fontSize=12, leading=16)
_FOOT: Final = ParagraphStyle("foot", LABEL, fontSize=7)
MARGIN: Final = 18 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
HIGHEST: Final = 150 * mm
_LONGEST_FOOT: Final = 110
_LINES: Final = HexColor("#b8b8b8")
_HEAD_LINE: Final = HexColor("#555555")


def paragraph(text: str, style: ParagraphStyle = TEXT, width: float = WIDTH) -> Any:
    """A paragraph of any script, for a column of ``width`` points."""
    size = style.fontSize * 0.92  # these letters are drawn larger than those of Helvetica
    markup, words = rich(text, (width - 8) / size, bold="Bold" in style.fontName)
    grey = round(255 * style.textColor.red) if words else 0
    made = Paragraph(markup, style)
    for frag in made.frags if words else ():
        found = getattr(frag, "cbDefn", None)
        if found is not None:  # what was left open for a drawn word becomes its picture
            word = words[int(found.name)]
            drawn = drawn_word(word, grey)
            found.kind, found.image = "img", _Picture(word, drawn.png)
            found.width, found.height = drawn.width * size, drawn.height * size
            found.valign = -drawn.below * size
    return made


class _Picture(ImageReader):  # type: ignore[misc]
    """A drawn word that knows what it says."""

    def __init__(self, word: Word, png: bytes) -> None:
        super().__init__(io.BytesIO(png))
        self.says = word.text


def table(rows: Sequence[Sequence[Any]], widths: Sequence[float], header: bool = False) -> Any:
    """Paragraphs in columns with thin lines between the rows; a row may run over pages."""
    found = Table(
        [list(row) for row in rows],
        colWidths=list(widths),
        repeatRows=int(header),
        splitInRow=1,
    )
    style: list[Any] = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, _LINES),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    if header:
        style.append(("LINEBELOW", (0, 0), (-1, 0), 0.8, _HEAD_LINE))
    found.setStyle(TableStyle(style))
    found.hAlign = "LEFT"
    return found


def framed(lines: Sequence[Any]) -> Any:
    """Paragraphs in a frame with a broad bar on its left."""
    found = Table([[line] for line in lines], colWidths=[WIDTH])
    found.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.8, _HEAD_LINE),
                ("LINEBEFORE", (0, 0), (0, -1), 4, _HEAD_LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    found.hAlign = "LEFT"
    return found


def picture(pixels: NDArray[np.uint8], wide: float = WIDTH, high: float = HIGHEST) -> Any:
    """A picture without loss, as large as there is room for: all that the text leaves, or less."""
    rows, columns = pixels.shape[:2]
    scale = min(wide / columns, high / rows)
    ok, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert ok
    shown = Image(io.BytesIO(data.tobytes()), width=columns * scale, height=rows * scale)
    shown.hAlign = "LEFT"
    return shown


@cache
def _unseen_font() -> Any:
    """A font that tells readers which letters stand there; it need not have their looks."""
    font = TTFont("unseen", "Vera.ttf")
    pdfmetrics.registerFont(font)
    return font


def _no_glyph(font: Any, letter: str) -> bool:
    """Letters beyond four digits cannot be told this way."""
    return ord(letter) <= 0xFFFF and ord(letter) not in font.face.charToGlyph


class Numbered(Canvas):  # type: ignore[misc]
    """A canvas that knows at the end how many pages there are."""

    foot = ""
    page_words = "page {page} of {pages}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []

    def drawImage(self, image: Any, x: float, y: float, *args: Any, **kwargs: Any) -> Any:
        """As any canvas; over a drawn word its letters are laid unseen, to be found and copied."""
        made = super().drawImage(image, x, y, *args, **kwargs)
        if isinstance(image, _Picture):
            self._unseen(image.says, x, y, *args[:2])
        return made

    def _unseen(self, says: str, x: float, y: float, width: float, height: float) -> None:
        size = height * 0.75
        font = _unseen_font()
        font.face.charToGlyph.update({ord(c): 0 for c in says if _no_glyph(font, c)})
        text = self.beginText(x, y + height * 0.25)
        text.setFont(font.fontName, size)
        text.setTextRenderMode(3)
        natural = self.stringWidth(says, font.fontName, size)
        if natural > 0:
            text.setHorizScale(100 * width / natural)
        text.textOut(says)
        self.saveState()
        self.drawText(text)
        self.restoreState()

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self._pages:
            self.__dict__.update(page)
            self._foot(len(self._pages))
            super().showPage()
        super().save()

    def _foot(self, pages: int) -> None:
        words = self.page_words.format(page=self.getPageNumber(), pages=pages)
        self.setFont("Helvetica", 7)
        self.setFillColor(HexColor("#555555"))
        self.drawRightString(A4[0] - MARGIN, 10 * mm, words)
        foot = paragraph(short(self.foot, _LONGEST_FOOT), _FOOT)
        foot.wrap(WIDTH - 30 * mm, 20 * mm)
        foot.drawOn(self, MARGIN, 10 * mm - 2.5)


def short(text: str, longest: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def numbered(foot: str, page_words: str) -> type[Numbered]:
    """The canvas with these words at the foot of every page."""
    return type("Canvas", (Numbered,), {"foot": foot, "page_words": plain(page_words)})
