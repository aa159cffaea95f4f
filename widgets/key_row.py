"""One row of the table of keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action of a screen.

    ``keys`` are key sequences as Qt writes them ("Shift+Left"); the first is the one shown.
    ``shown`` replaces them on the sheet; a row with ``does`` "" is not on the sheet (it belongs
    to the row before it). ``on_picture`` rows act only while the picture has the focus, so that
    arrows, Tab and Enter keep their use in the controls beside it.
    """

    screen: str
    action: str
    keys: tuple[str, ...]
    does: str
    shown: str = ""
    on_picture: bool = False
