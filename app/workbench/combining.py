"""Combined pictures: kept with the frames they were made from, and made again from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.capture import Frame, Pixels, encode_png
from app.capture.combine import Combined, LightSet, Recipe, combined_again
from app.capture.combine_series import combine_series
from app.capture.series import Series
from app.domain import Acquired, CaptureRecord, CaseheadError, Light, Optics, new_id
from app.importing.decode import decode
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.workbench.lights import LIGHT_AZIMUTH, Lights
from app.workbench.searching import NOT_SEARCHED

COMBINED, LIGHT_SET, LIGHT_NAME, PART = "combined", "set", "light_name", "part"
"""Settings of a capture record: the recipe; a light set's id, its light, and which frame it is."""

AZIMUTHS_DEG = {"right": 0.0, "top": 90.0, "left": 180.0, "bottom": 270.0}
"""Where a side light of that name stands, counter-clockwise from the right as seen."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How the frames were taken, where they do not say it themselves."""

    light: Light | None = None
    objective: str = ""
    pixel_um: float | None = None
    camera: str = ""
    zoom: str = ""


class Combining(Lights):
    """Operations on combined pictures."""

    def combine(
        self, series: Series, how: Circumstances | None = None, job: Job | None = None
    ) -> Combined:
        """Make the picture of a series; nothing is kept yet.

        Uneven light is taken out of the frames where references are in force. Raises
        CaseheadError for what is missing and as the method does, CancelledError when stopped.
        """
        if series.missing:
            raise CaseheadError(series.missing)
        how, frame = how or Circumstances(), series.taken[0].frame
        optics = _optics(how)
        found = self._in_force(optics, how.light or frame.light, frame.pixels)
        shading = self._reader.shading(found.digests) if found.any else None
        size = frame.pixels.shape[1], frame.pixels.shape[0]
        pixel_um = how.pixel_um or frame.pixel_um
        if pixel_um is None and optics.camera.strip():
            pixel_um = self.calibration_for(optics, size=size).pixel_um
        return combine_series(series, pixel_um, shading, found.digests, job)

    def keep_series(
        self, mark_id: str, series: Series, made: Combined, how: Circumstances | None = None
    ) -> tuple[Acquired, ...]:
        """Keep what ``combine`` made, with the frames; a light set is a record for each light."""
        frames = [one.frame for one in series.taken]
        if isinstance(made, LightSet):
            unnamed = None if how is None else replace(how, light=None)
            return self.keep_light_set(mark_id, frames, made, unnamed)
        return (self.keep_combined(mark_id, frames, made, how),)

    def keep_combined(
        self,
        mark_id: str,
        frames: Sequence[Frame],
        combined: Combined,
        how: Circumstances | None = None,
    ) -> Acquired:
        """Keep a combined picture, its recipe, and every frame that went in, all lossless.

        The frames are stored under their own digests, which the recipe in the capture record
        names in order; they are the recipe's sources, used or not. The same picture kept twice is
        one record. Raises CaseheadError for an implausible scale or frames that are not the
        recipe's.
        """
        self._need_instrument(_optics(how))
        recipe = self._kept_sources(frames, combined.recipe)
        settings = {COMBINED: recipe.as_json()}
        made = self._made(mark_id, combined.pixels, frames[0], how or Circumstances(), settings)
        return self._keep(made)

    def keep_light_set(
        self,
        mark_id: str,
        frames: Sequence[Frame],
        light_set: LightSet,
        how: Circumstances | None = None,
    ) -> tuple[Acquired, ...]:
        """Keep registered lights as one multi-light image: a record each, all of one set.

        The frames as captured are kept too, named by the recipe in each record. Frames that could
        not be registered are not part of the set, but stay among the sources.
        """
        how = how or Circumstances()
        self._need_instrument(_optics(how))
        recipe = self._kept_sources(frames, light_set.recipe)
        set_id, kept = new_id(), []
        for part, (place, pixels) in enumerate(
            zip(light_set.placed, light_set.aligned, strict=True)
        ):
            if not place.trusted:
                continue
            settings = {
                COMBINED: recipe.as_json(),
                LIGHT_SET: set_id,
                LIGHT_NAME: place.name,
                PART: part,
            }
            if place.name in AZIMUTHS_DEG:
                settings[LIGHT_AZIMUTH] = AZIMUTHS_DEG[place.name]
            lit = replace(how, light=how.light or _light(place.name, frames[part]))
            made = self._made(mark_id, pixels, frames[part], lit, settings)
            kept.append(self._keep_part(made))
        return tuple(kept)

    def recipe_of(self, acquired_id: str) -> Recipe | None:
        """How a picture was combined; None for one that was not.

        Raises CaseheadError when the recipe cannot be understood.
        """
        told = self._casebook.acquired(acquired_id).record.settings.get(COMBINED)
        return None if told is None else Recipe.from_json(told)

    def sources_of(self, acquired_id: str) -> tuple[Pixels, ...]:
        """The frames a combined picture was made from, in order; none for any other picture.

        Raises CaseheadError when one is missing or damaged.
        """
        recipe = self.recipe_of(acquired_id)
        digests = [] if recipe is None else [source.digest for source in recipe.sources]
        return tuple(self._frame(digest) for digest in digests)

    def combined_again(self, acquired_id: str) -> Combined:
        """The combined picture made once more from its stored frames, maps and all.

        Raises CaseheadError when the picture is not a combined one, and where ``sources_of`` and
        the method do.
        """
        recipe = self.recipe_of(acquired_id)
        if recipe is None:
            raise CaseheadError("This picture is one frame as captured; nothing was combined.")
        frames = self.sources_of(acquired_id)
        if recipe.shading:
            shading = self._reader.shading(recipe.shading)
            frames = tuple(shading.frame(one) for one in frames)
        return combined_again(recipe, frames)

    def check_combined(self, acquired_id: str) -> str:
        """A sentence when the stored picture is not what its frames and recipe give, else ""."""
        acquired = self._casebook.acquired(acquired_id)
        again = self.combined_again(acquired_id)
        pixels = again.pixels
        if isinstance(again, LightSet):
            pixels = again.aligned[int(acquired.record.settings[PART])]
        if hashlib.sha256(encode_png(pixels)).hexdigest() == acquired.digest:
            return ""
        if np.array_equal(pixels, self._frame(acquired.digest)):
            return ""
        return (
            "Made again from its source frames, the picture differs from the one that was kept; "
            "another version of Casehead or its libraries made it."
        )

    def _kept_sources(self, frames: Sequence[Frame], recipe: Recipe) -> Recipe:
        self._need_writable()
        self._need_author()
        if len(frames) != len(recipe.sources):
            raise CaseheadError(
                f"The picture was combined from {len(recipe.sources)} frames, but {len(frames)} "
                "are here; keep it with all of them."
            )
        keep = self._casebook.keep_pixels
        return recipe.kept_as([keep(encode_png(frame.pixels), ".png") for frame in frames])

    def _made(
        self,
        mark_id: str,
        pixels: Pixels,
        frame: Frame,
        how: Circumstances,
        settings: dict[str, Any],
    ) -> Acquired:
        optics = Optics(how.camera, how.objective, how.zoom)
        pixel_um, scale, missing = self._scale_for(optics, frame, how.pixel_um)
        light = how.light or frame.light
        digest, quality = self._kept_and_judged(mark_id, pixels, pixel_um, light, frame.settings)
        rows, columns = pixels.shape[:2]
        record = CaptureRecord(
            captured_at=frame.captured_at,
            author=self._need_author(),
            camera=how.camera,
            settings={**frame.settings, **scale, **settings, **quality},
            light=light,
            objective=how.objective,
            software=SOFTWARE,
        )
        return Acquired(
            mark_id=mark_id,
            kind="image",
            digest=digest,
            width=columns,
            height=rows,
            file_format="png",
            record=record,
            pixel_um=pixel_um,
            bits=pixels.dtype.itemsize * 8,
            warnings=(f"{NOT_SEARCHED} {missing}",) if missing else (),
        )

    def _keep_part(self, made: Acquired) -> Acquired:
        """Keep a light of a set; the same pixels captured before become part of the set."""
        found = self._casebook.find_acquired(made.mark_id, made.digest)
        if found is None:
            return self._keep(made)
        with self._casebook.transaction():
            kept = self._casebook.supersede_acquired(found.id, made)
            search_id = self._kept(kept)
        self._publish(self._of((found.id, kept.id), [search_id] if search_id else []))
        self._begin(search_id)
        return kept

    def _frame(self, digest: str) -> Pixels:
        return decode(None, self._casebook.pixels(digest), "").array


def _optics(how: Circumstances | None) -> Optics:
    return Optics("") if how is None else Optics(how.camera, how.objective, how.zoom)


def _light(name: str, frame: Frame) -> Light:
    """The kind of light of a name."""
    if name.startswith("ring"):
        return Light.RING
    if name in AZIMUTHS_DEG or name.startswith("side"):
        return Light.SIDE
    return frame.light
