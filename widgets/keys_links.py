"""The keys of gun groups, of the link chart, the timeline and the map."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.key_row import KeyRow

GUNS = "guns"
LINKS = "links"
TIMELINE = "timeline"
PLACES = "places"


def links_rows() -> Iterable[KeyRow]:
    """Sorting into guns; chart, timeline and map of linked cases."""
    yield KeyRow("casebook", "groups", ("G",), "sort a scene's cartridge cases into guns")
    yield KeyRow(GUNS, "sort", (), "into this gun (0, Delete: none)", "A ... Z  1 ... 9")
    yield KeyRow(GUNS, "choose", (), "this one is entered for its gun", "Space")
    yield KeyRow(GUNS, "keep", (), "keep the guns", "Ctrl+Enter")
    yield KeyRow(GUNS, "undo", (), "take the last step back", "Ctrl+Z")
    for screen in (LINKS, TIMELINE, PLACES):
        yield from _view(screen)


def _view(screen: str) -> Iterable[KeyRow]:
    yield KeyRow(screen, "filter", ("Ctrl+F",), "filter by case number")
    yield KeyRow(screen, "state", ("S",), "hits and leads, hits only, leads only")
    yield KeyRow(screen, "clear", ("X",), "take all filters off")
    yield KeyRow(screen, "next", ("Right", "Down"), "next, previous thing", "arrows")
    yield KeyRow(screen, "previous", ("Left", "Up"), "")
    yield KeyRow(screen, "go", ("Return", "Enter"), "go to the case in the casebook")
    yield KeyRow(screen, "zoom in", ("+", "="), "zoom in, out", "+  -")
    yield KeyRow(screen, "zoom out", ("-",), "")
    yield KeyRow(screen, "fit", ("0",), "all of it (the wheel zooms, dragging moves)")
    if screen == LINKS:
        yield KeyRow(screen, "export", ("E",), "export PNG, SVG, GraphML or CSV")
        yield KeyRow(screen, "events", ("V",), "show events, or not")
    if screen == PLACES:
        yield KeyRow(screen, "counts", ("C",), "fatal and non-fatal shootings counted")
        yield KeyRow(screen, "tiles", ("T",), "folder of map tiles")
        yield KeyRow(screen, "open data", ("O",), "open data: look through it, write it")
