"""Images and scans: captured, imported, given their scale and region, looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import hypot
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.capture import Frame
from app.domain import (
    Acquired,
    Author,
    CaptureRecord,
    CaseheadError,
    Changes,
    Circle,
    Light,
    Optics,
    Region,
)
from app.importing.importer import ImportOptions, ImportReport, import_paths
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.picture import Side, displayable, make_side, png_bytes, thumbnail
from app.workbench.bringing import placing_for
from app.workbench.instrument import Instruments
from app.workbench.reading import is_shaded
from app.workbench.scaling import settled
from app.workbench.searching import NOT_SEARCHED
from app.workbench.shading import ShadingWork, shading_words
from correlation.errors import CorrelationError
from correlation.surface import Surface
from correlation.x3p import Unit


class Pictures(ShadingWork, Instruments):
    """Operations on images and scans."""

    def capture(
        self,
        mark_id: str,
        frame: Frame,
        *,
        light: Light | None = None,
        objective: str = "",
        pixel_um: float | None = None,
        camera: str = "",
        zoom: str = "",
    ) -> Acquired:
        """Keep a frame lossless with its capture record; it is on the disk when this returns.

        ``light`` is the frame's own where not given. The scale is what ``pixel_um`` says (it
        becomes a calibration of the camera where none is in force), else the frame's own, else
        that of the calibration in force; without any the image is kept with a warning that says
        so. The same frame captured twice is one record, unless only the second has a scale,
        which then settles that of the first. Raises CaseheadError for an implausible
        scale, and for one that contradicts a valid calibration.
        """
        self._need_writable()
        author = self._need_author()
        optics = Optics(camera, objective, zoom)
        self._need_instrument(optics)
        pixel_um, scale, missing = self._scale_for(optics, frame, pixel_um)
        shading, read_with = self._shading_record(optics, light or frame.light, frame)
        light = light or frame.light
        digest, quality = self._kept_and_judged(
            mark_id, frame.pixels, pixel_um, light, frame.settings
        )
        rows, columns = frame.pixels.shape[:2]
        record = CaptureRecord(
            captured_at=frame.captured_at,
            author=author,
            camera=camera,
            settings=dict(frame.settings) | scale | shading | quality,
            light=light,
            objective=objective,
            software=SOFTWARE,
        )
        acquired = Acquired(
            mark_id=mark_id,
            kind="image",
            digest=digest,
            width=columns,
            height=rows,
            file_format="png",
            record=record,
            pixel_um=pixel_um,
            bits=frame.pixels.dtype.itemsize * 8,
            units=read_with,
            warnings=(f"{NOT_SEARCHED} {missing}",) if missing else (),
        )
        return self._keep(acquired)

    def import_paths(
        self, paths: Sequence[Path], options: ImportOptions | None = None, job: Job | None = None
    ) -> ImportReport:
        """Bring in files and folders, each file on its own; searches begin when all are there.

        Where the record rules hold, what would come in without its required fields is refused
        before anything is entered (MissingError). Raises CaseheadError when nothing can be
        imported at all.
        """
        options = options or ImportOptions()
        searches: dict[str, str | None] = {}

        def kept(acquired: Acquired) -> None:
            searches[acquired.id] = self._kept(acquired)

        with self._queue.held():
            placing = placing_for(self._casebook, options)
            report = import_paths(self._casebook, paths, options, job or Job(), kept, placing)
            # one whose transaction failed after all is not in the report
            begun = [s for i in report.acquired_ids if (s := searches[i]) is not None]
            self._publish(self._of(report.acquired_ids, begun))
            for search_id in begun:
                self._begin(search_id)
        return report

    def settle_scale(
        self,
        acquired_id: str,
        pixel_um: float | None = None,
        *,
        xy_unit: Unit | None = None,
        z_unit: Unit | None = None,
    ) -> Acquired:
        """Give a picture its true scale: a new record that supersedes the old, which is kept.

        For a scan say its units, or the distance of its points, from which the unit follows.
        Raises CaseheadError when that is implausible or leaves a unit unclear.
        """
        self._need_writable()
        old = self._casebook.acquired(acquired_id)
        new = self._judged_again(settled(old, self._reader, pixel_um, xy_unit, z_unit))
        with self._casebook.transaction():
            new = self._casebook.supersede_acquired(old.id, new)
            search_id = self._kept(new)
        self._publish(self._of((old.id, new.id), [search_id] if search_id else []))
        self._begin(search_id)
        return new

    def region(self, acquired_id: str) -> Region:
        """The region in force; found and stored when there is none yet.

        Raises CaseheadError when the picture has no scale or no region can be found.
        """
        before = self._casebook.region_of(acquired_id)
        if before is not None:
            return before
        try:
            found = self._matcher.region(acquired_id)
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error
        self._publish(Changes(regions=frozenset({acquired_id})))
        return found

    def correct_region(self, acquired_id: str, outer: Circle, inner: Circle | None) -> Region:
        """Record the examiner's region; the picture is searched again with it.

        Raises CaseheadError for circles that cannot bear a mark.
        """
        acquired = self._casebook.acquired(acquired_id)
        _check_circles(acquired, outer, inner)
        region = Region(acquired_id, outer, inner, 1.0, "examiner")
        with self._casebook.transaction():
            self._casebook.add_region(region)
            search_id = self._kept(acquired)
        searches = frozenset({search_id} if search_id else ())
        self._publish(Changes(regions=frozenset({acquired_id}), searches=searches))
        self._begin(search_id)
        return region

    def surface(self, acquired_id: str) -> Surface:
        """The picture as numbers with its scale. Raises CaseheadError when it has none."""
        return self._reader.read(self._casebook.acquired(acquired_id))

    def thumbnail(self, acquired_id: str, side_px: int) -> NDArray[np.uint8]:
        """A small picture, uint8 RGB, whose longer side is ``side_px`` (never enlarged)."""
        acquired = self._casebook.acquired(acquired_id)
        key = f"thumb-{acquired.id}-{side_px}"
        kept = self._casebook.prepared(key)
        found = None if kept is None else cv2.imdecode(np.frombuffer(kept, np.uint8), 1)
        if found is not None:
            return np.ascontiguousarray(found[..., ::-1], dtype=np.uint8)
        small = thumbnail(displayable(self._reader.look(acquired)), side_px)
        self._casebook.keep_prepared(key, png_bytes(small))
        return small

    def side(self, acquired_id: str) -> Side:
        """The picture made ready for the comparison view, with names and its region in focus."""
        place = self._casebook.provenance(acquired_id)
        surface = self._reader.read(place.acquired)
        region = self._casebook.region_of(acquired_id)
        focus = region.outer if region else None
        made = make_side(surface, place.name, str(place.cartridge_case.role), focus)
        made = replace(made, recipe=shading_words(place.acquired))
        if not is_shaded(place.acquired):
            return made
        return replace(made, captured=make_side(self._reader.original(place.acquired)))

    def _keep(self, acquired: Acquired) -> Acquired:
        with self._casebook.transaction():
            found = self._casebook.find_acquired(acquired.mark_id, acquired.digest)
            if found is None:
                acquired = self._casebook.add_acquired(acquired)
            elif found.pixel_um is None and acquired.pixel_um is not None:
                acquired = self._casebook.supersede_acquired(found.id, acquired)
            else:
                return found
            search_id = self._kept(acquired)
        self._publish(self._of((acquired.id,), [search_id] if search_id else []))
        self._begin(search_id)
        return acquired

    def _of(self, acquired_ids: Iterable[str], searches: Iterable[str]) -> Changes:
        ids = frozenset(acquired_ids)
        cases = frozenset(self._casebook.provenance(i).case.id for i in ids)
        return Changes(cases=cases, acquired=ids, searches=frozenset(searches))

    def _need_author(self) -> Author:
        author = self.author
        if author is None:
            raise CaseheadError("Say first who works here: agency, station and examiner's name.")
        return author


def _check_circles(acquired: Acquired, outer: Circle, inner: Circle | None) -> None:
    if acquired.pixel_um is None:
        raise CaseheadError("The picture has no scale; settle it before its region.")
    width, height = acquired.width * acquired.pixel_um, acquired.height * acquired.pixel_um
    if not outer.radius_um > 0 or not (0 <= outer.x_um <= width and 0 <= outer.y_um <= height):
        raise CaseheadError("The outer circle must have its centre in the picture and a radius.")
    if inner is None:
        return
    apart = hypot(inner.x_um - outer.x_um, inner.y_um - outer.y_um)
    if not inner.radius_um > 0 or apart + inner.radius_um >= outer.radius_um:
        raise CaseheadError("The inner circle must lie within the outer one; draw it smaller.")
