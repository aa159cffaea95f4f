"""Icons drawn from the Material Design font that qtawesome brings along.

Only its font file and its table of names are used: importing qtawesome itself makes every class
of Qt and reads a dozen fonts, a quarter of a second before there is a window.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_PREFIX: Final = "mdi6."
_TABLE: Final = "materialdesignicons6-webfont-charmap-"
_FONT: Final = "materialdesignicons6-webfont-"
_GLYPH_SHARE: Final = 0.875
"""Of the icon's height; the rest is the air that the font leaves around a glyph."""


def drawn(name: str, colour: str, disabled: str) -> QIcon:
    """The icon of that name, for example ``mdi6.microscope``, in two colours.

    Raises KeyError for a name that the font does not have.
    """
    if not name.startswith(_PREFIX):
        raise KeyError(name)
    sign = chr(int(_signs()[name.removeprefix(_PREFIX)], 16))
    return QIcon(_Engine(sign, QColor(colour), QColor(disabled)))


class _Engine(QIconEngine):
    """Draws one sign of the font, sharp at every size."""

    def __init__(self, sign: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._sign, self._colour, self._disabled = sign, colour, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(round(_GLYPH_SHARE * rect.height()), 1))
        painter.save()
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._colour)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._sign)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, made.rect(), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._sign, self._colour, self._disabled)


def _file(start: str, suffix: str) -> Path:
    """The newest of the font's files; found without loading the package they come in."""
    spec = find_spec("qtawesome")
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = [path for place in places for path in Path(place, "fonts").glob(f"{start}*{suffix}")]
    if not found:
        raise FileNotFoundError(f"qtawesome has no {start}*{suffix}; install Casehead again")
    return max(found)


@cache
def _signs() -> dict[str, str]:
    signs: dict[str, str] = json.loads(_file(_TABLE, ".json").read_text(encoding="utf-8"))
    return signs


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file(_FONT, ".ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]
