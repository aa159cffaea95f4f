"""What colours stand for: the scales of heights, slopes and false colours."""

from __future__ import annotations

from math import floor, log10

from app.picture.arrays import Pixels
from app.picture.colours import colours, draw_bar
from app.picture.layer import Layer
from app.picture.side import Side, Span
from app.picture.view import Mode, ViewState


def common_span(left: Side, right: Side, view: ViewState) -> Span:
    """One scale for both scans, so that a colour means the same on either: heights from
    micrometres to micrometres, slopes from 0 degrees on. (0, 1) where none is drawn."""
    if view.surface == "light":
        return 0.0, 1.0
    found = [
        side.span(view.surface, view.lights[index].form > 0)
        for index, side in enumerate((left, right))
        if side.relief is not None
    ]
    if not found:
        return 0.0, 1.0
    return _rounded(min(low for low, _ in found), max(high for _, high in found))


def span_words(view: ViewState, span: Span) -> str:
    """What a map of scans shows, "" when they are lit."""
    kept = [light.form > 0 for light in view.lights]
    form = " with form" if all(kept) else " over the levelled form" if not any(kept) else ""
    if view.surface == "slope":
        return f"slope map{form}, 0 to {span[1]:g}°"
    if view.surface == "height":
        return f"height map{form}, {_signed(span[0])} to {_signed(span[1])} µm"
    return ""


def draw_legends(picture: Pixels, layers: tuple[Layer, Layer], place: int = 0) -> None:
    """A bar for every colour scale in the picture, uint8 RGB, the first at ``place``."""
    seen: list[tuple[str, str]] = []
    for layer in _coloured(layers):
        kind = (layer.surface, layer.scale_name)
        if not layer.scale_name or kind in seen:
            continue
        title, ticks = _bar(layer)
        ramp = colours(layer.scale_name)
        table = layer.adjustment.table()
        draw_bar(picture, title, ramp if table is None else ramp[table], ticks, place + len(seen))
        seen.append(kind)


def _coloured(layers: tuple[Layer, Layer]) -> tuple[Layer, ...]:
    """Those whose colours are seen: modes that even out or tint show none of them."""
    view = layers[0].view
    if view.mode is Mode.EDGES:
        return tuple(layer for layer in layers if layer.right != (view.edges_of == "right"))
    if view.mode in (Mode.DIFFERENCE, Mode.RED_CYAN):
        return ()
    if view.mode is Mode.BLINK:
        return (layers[view.blink_right],)
    return layers


def _bar(layer: Layer) -> tuple[str, tuple[tuple[str, float], ...]]:
    low, high = layer.span
    if layer.surface == "height":
        nought = -low / (high - low)
        middle = (("0", nought),) if 0.2 < nought < 0.8 else ()
        return "height (µm)", ((_signed(low), 0.0), *middle, (_signed(high), 1.0))
    if layer.surface == "slope":
        return "slope (°)", (("0", 0.0), (f"{high / 2:g}", 0.5), (f"{high:g}", 1.0))
    return "grey value", (("0", 0.0), ("128", 0.5), ("255", 1.0))


def _rounded(low: float, high: float) -> Span:
    """Outwards to ends of two figures."""
    step = 10.0 ** (floor(log10(max(abs(low), abs(high), 1e-6))) - 1)
    first, last = floor(low / step) * step, -floor(-high / step) * step
    return round(first, 9), round(max(last, first + step), 9)


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"
