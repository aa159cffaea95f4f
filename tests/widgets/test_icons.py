"""Icons: every name the program uses is in the font, and it is drawn in the colour asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from widgets import icons

SOURCE = Path(icons.__file__).parent
BLUE, GREY = "#0000ff", "#808080"


def used() -> set[str]:
    """All names written in the source of the window."""
    files = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    return {name for text in files for name in re.findall(r'"(mdi6\.[a-z0-9-]+)"', text)}


def inked(image: QImage) -> set[str]:
    """The colours of the pixels that are drawn whole."""
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = (image.pixelColor(x, y) for x, y in places)
    return {c.name(QColor.NameFormat.HexRgb) for c in colours if c.alpha() == 255}


@pytest.mark.usefixtures("qtbot")
def test_every_icon_of_the_program_is_in_the_font() -> None:
    names = used()
    assert len(names) > 40
    for name in names:
        icons.drawn(name, BLUE, GREY)


def test_an_icon_is_drawn_in_its_colours_at_every_size(qtbot: QtBot) -> None:
    icon = icons.drawn("mdi6.microscope", BLUE, GREY)
    for side in (16, 24, 64):
        drawn = icon.pixmap(QSize(side, side))
        assert (drawn.width(), drawn.height()) == (side, side)
        assert inked(drawn.toImage()) == {BLUE}
        off = icon.pixmap(QSize(side, side), QIcon.Mode.Disabled)
        assert inked(off.toImage()) == {GREY}


def test_a_copy_draws_the_same(qtbot: QtBot) -> None:
    icon = icons.drawn("mdi6.camera", BLUE, GREY)
    copy = QIcon(icon)
    copy.addFile("")  # makes Qt copy the engine
    size = QSize(32, 32)
    assert copy.pixmap(size).toImage() == icon.pixmap(size).toImage()


@pytest.mark.parametrize("name", ["mdi6.no-such-icon", "fa6.camera", ""])
def test_a_name_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        icons.drawn(name, BLUE, GREY)
