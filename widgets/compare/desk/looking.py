"""How the pair is looked at: modes, dividing line, field of view."""

from __future__ import annotations

from dataclasses import replace

from app.picture import Mode
from app.picture.view import (
    BLINK_MS_RANGE,
    CHECKER_UM_RANGE,
    Divider,
    Size,
    Which,
    panned,
    view_turned,
    zoomed,
)
from widgets.compare.desk.core import Core
from widgets.compare.desk.setting import Point

DIVIDER_REACH_PX = 6.0


class Looking(Core):
    """Operations on the view alone."""

    def resize(self, size: Size) -> None:
        """The view has another size; what was fitted is fitted again, else the scale stays."""
        if size == self.size or min(size) < 1:
            return
        view, first = self.view, self.size == (0, 0)
        was_saved, self.size = not self.unsaved, size
        if view.um_per_px <= 0 or self._is_fitted:
            view = self._fit(view)
        elif first and view.seen_px != (0, 0):
            larger = max(view.seen_px[0] / size[0], view.seen_px[1] / size[1])
            view = replace(view, um_per_px=view.um_per_px * larger)
        here = replace(view, seen_px=size)
        self._history.now = replace(self._history.now, view=here)
        if was_saved:
            self._saved = self._history.now
        self._changed()

    def set_mode(self, mode: Mode) -> None:
        """Another view mode; a blink begins with the left specimen."""
        self._phase = False
        self.put(view=self._refitted(replace(self.view, mode=mode)))

    def set_divider(self, direction: str) -> None:
        """Stand ("vertical") or lay ("horizontal") the dividing line."""
        standing: Divider = "vertical" if direction == "vertical" else "horizontal"
        self.put(view=self._refitted(replace(self.view, divider=standing, divider_deg=0.0)))

    def turn_divider(self, degrees: float) -> None:
        """Turn the dividing line of the split field, counter-clockwise."""
        turned = (self.view.divider_deg + degrees + 90.0) % 180.0 - 90.0
        self.put("turn divider", view=replace(self.view, divider_deg=turned))

    def set_curtain(self, on: bool) -> None:
        """The dividing line follows the pointer."""
        mode = Mode.SPLIT if on else self.view.mode
        self.put(view=self._refitted(replace(self.view, curtain=on, mode=mode)))

    def set_opacity(self, opacity: float) -> None:
        """How strong the right specimen is in the overlay, 0 to 1."""
        self.put("opacity", view=replace(self.view, opacity=min(max(opacity, 0.0), 1.0)))

    def set_blink_ms(self, milliseconds: int) -> None:
        """How long each specimen is seen while blinking."""
        low, high = BLINK_MS_RANGE
        self.put("blink", view=replace(self.view, blink_ms=min(max(milliseconds, low), high)))

    def set_checker_um(self, side_um: float) -> None:
        """How large the checkerboard's squares are."""
        low, high = CHECKER_UM_RANGE
        self.put("checker", view=replace(self.view, checker_um=min(max(side_um, low), high)))

    def change_edges(self) -> None:
        """The edges of the other specimen."""
        other: Which = "left" if self.view.edges_of == "right" else "right"
        self.put(view=replace(self.view, edges_of=other))

    def amount(self, step: int) -> None:
        """More or less of what the mode in hand depends on; nothing in the others."""
        view = self.view
        if view.mode is Mode.OVERLAY:
            self.set_opacity(view.opacity + 0.05 * step)
        elif view.mode is Mode.BLINK:
            self.set_blink_ms(view.blink_ms + 50 * step)
        elif view.mode is Mode.CHECKER:
            self.set_checker_um(view.checker_um * 1.25**step)
        elif view.mode is Mode.EDGES:
            self.change_edges()
        elif view.mode is Mode.SPLIT:
            share = min(max(view.divider_at + 0.02 * step, 0.0), 1.0)
            self.put("divider", view=replace(view, divider_at=share))

    def set_cells(self, shown: bool) -> None:
        """Draw the cells or not."""
        self.put(view=replace(self.view, cells=shown))

    def set_similarity(self, shown: bool) -> None:
        """Lay the similarity map over both or not."""
        self.put(view=replace(self.view, similarity=shown))

    def set_annotations(self, shown: bool) -> None:
        """Show what is drawn on the specimens or not."""
        self.put(view=replace(self.view, annotations=shown))

    def exchange(self) -> None:
        """The left specimen in the right place and the other way round."""
        self.put(view=replace(self.view, exchanged=not self.view.exchanged))

    def fit(self) -> None:
        """See the marks as large as the view allows, upright."""
        self.put(view=self._fit(replace(self.view, view_rotation_deg=0.0)))

    def zoom(self, factor: float, point: Point | None = None) -> None:
        """Enlarge; what is under ``point`` (the middle without one) stays."""
        middle = ((self.size[0] - 1) / 2, (self.size[1] - 1) / 2)
        self.put("zoom", view=zoomed(self.view, factor, self.size, point or middle))

    def look_at(self, left_um: Point, width_um: float) -> None:
        """Bring a place of the left picture to the middle, so wide a field around it."""
        um_per_px = width_um / max(min(self.size), 1)
        self.put(view=replace(self.view, centre_um=left_um, um_per_px=um_per_px))

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Carry both specimens along."""
        self.put("pan", view=panned(self.view, dx_px, dy_px))

    def turn_both(self, degrees: float) -> None:
        """Turn both specimens about the middle of the view."""
        self.put("turn both", view=view_turned(self.view, degrees))
