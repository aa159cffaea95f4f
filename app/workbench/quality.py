"""Quality of pictures: measured when they are kept, and overruled by an examiner with a reason."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

from app.capture import Frame, Pixels, encode_png
from app.capture.quality import METHOD, VERSION, Quality, Thresholds, assess, load_thresholds
from app.domain import Acquired, CaseheadError, Changes, Light, Mark, new_id, now
from app.workbench.searching import Searching

QUALITY = "quality"
"""The setting of a capture record that keeps what was measured when the picture was."""

logger = logging.getLogger(__name__)


class Judging(Searching):
    """Operations on the quality of pictures."""

    def quality_of(self, acquired_id: str) -> Quality | None:
        """What was measured of an image, its verdict and the reasons; None for a scan.

        A picture kept here carries it from its capture. An imported image is measured when it is
        first asked for; its verdict is only told and never keeps it from being used. Raises
        CaseheadError when the file is missing or damaged.
        """
        acquired = self._casebook.acquired(acquired_id)
        if acquired.kind != "image":
            return None
        kept = acquired.record.settings.get(QUALITY)
        if isinstance(kept, dict):
            return Quality.from_json(kept)
        return self._imported_quality(acquired)

    def judge(
        self, frame: Frame, mark_id: str = "", light: Light | None = None, um: float | None = None
    ) -> Quality | None:
        """What a frame would be said to be if it were captured now; nothing is kept.

        Without a mark it counts as one of a breech face. ``um`` is the pixel size in use.
        """
        mark = self._casebook.mark(mark_id) if mark_id else Mark("")
        scale, lit = frame.pixel_um or um, light or frame.light
        return _judged(frame.pixels, scale, mark, lit, frame.settings)

    def use_all_the_same(self, acquired_id: str, reason: str) -> Acquired:
        """Use a picture whose quality asks for another one: it is searched and counts from now on.

        A new record supersedes the old, which is kept; who, when and why are in it and in the
        journal. Returns the new record, or the old where nothing holds it back. Raises
        CaseheadError without a reason, and for a record replaced before.
        """
        self._need_writable()
        old = self._casebook.acquired(acquired_id)
        if not old.held_back:
            return old
        why = " ".join(reason.split())
        if not why:
            raise CaseheadError(
                "Write why this picture is used all the same; the reason is kept with it."
            )
        new = replace(old, record=replace(old.record, settings=self._overruled(old, why)))
        region = self._casebook.region_of(old.id)
        with self._casebook.transaction():
            new = self._casebook.supersede_acquired(old.id, new, reason=why)
            if region is not None:
                self._casebook.add_region(replace(region, acquired_id=new.id, id=new_id()))
            search_id = self._kept(new)
        case = self._casebook.provenance(new.id).case.id
        searches = frozenset({search_id} if search_id else ())
        ids = frozenset({old.id, new.id})
        self._publish(Changes(cases=frozenset({case}), acquired=ids, searches=searches))
        self._begin(search_id)
        return new

    def _overruled(self, old: Acquired, why: str) -> dict[str, Any]:
        author = self.author
        if author is None:
            raise CaseheadError("Say first who works here: agency, station and examiner's name.")
        settings = dict(old.record.settings)
        quality = Quality.from_json(settings[QUALITY])
        used = {
            "measured": quality.verdict,
            "reason": why,
            "examiner": author.examiner,
            "station": author.station,
            "agency": author.agency,
            "at": now(),
        }
        return settings | {QUALITY: replace(quality, verdict="usable", used=used).as_json()}

    def _kept_and_judged(
        self,
        mark_id: str,
        pixels: Pixels,
        pixel_um: float | None,
        light: Light,
        settings: Mapping[str, Any],
    ) -> tuple[str, dict[str, Any]]:
        """The digest of pixels now on the disk, and the setting that tells their quality.

        Both are worked on at once; what cannot be judged is kept all the same.
        """
        mark = self._casebook.mark(mark_id)
        with ThreadPoolExecutor(1, "quality") as beside:
            judged = beside.submit(_judged, pixels, pixel_um, mark, light, settings)
            digest = self._casebook.keep_pixels(encode_png(pixels), ".png")
            quality = judged.result()
        return digest, {} if quality is None else {QUALITY: quality.as_json()}

    def _judged_again(self, acquired: Acquired) -> Acquired:
        """With its quality as its new scale shows it; not one an examiner has spoken on."""
        told = acquired.record.settings.get(QUALITY)
        if not isinstance(told, dict) or told.get("used"):
            return acquired
        quality = self._measured(acquired)
        if quality is None:
            return acquired
        settings = dict(acquired.record.settings) | {QUALITY: quality.as_json()}
        return replace(acquired, record=replace(acquired.record, settings=settings))

    def _measured(self, acquired: Acquired) -> Quality | None:
        mark = self._casebook.mark(acquired.mark_id)
        pixels = cast(Pixels, self._reader.decoded(acquired).array)
        record = acquired.record
        return _judged(pixels, acquired.pixel_um, mark, record.light, record.settings)

    def _imported_quality(self, acquired: Acquired) -> Quality | None:
        """From the cache, or measured now."""
        key = f"{METHOD}-{VERSION}-{acquired.id}"
        kept = self._casebook.prepared(key)
        if kept is not None:
            return Quality.from_json(json.loads(kept))
        quality = self._measured(acquired)
        if quality is not None:
            self._casebook.keep_prepared(key, json.dumps(quality.as_json()).encode())
        return quality


def _judged(
    pixels: Pixels,
    pixel_um: float | None,
    mark: Mark,
    light: Light,
    settings: Mapping[str, Any],
) -> Quality | None:
    """None where a fault of the program kept it from being measured."""
    try:
        limits, notes = _limits()
        found = assess(
            pixels,
            pixel_um=pixel_um,
            kind=mark.kind,
            light=light,
            thresholds=limits,
            orientation_deg=_orientation(settings),
        )
    except Exception:
        logger.exception("quality of a picture of %s", mark.id)
        return None
    if notes:
        found = replace(found, verdict="usable", reasons=(*notes, *found.reasons))
    return found


def _orientation(settings: Mapping[str, Any]) -> float | None:
    """How the case lies, where the capture record tells it."""
    told = settings.get("orientation")
    deg = told.get("deg") if isinstance(told, Mapping) else None
    return float(deg) if isinstance(deg, int | float) else None


def _limits() -> tuple[Thresholds, Iterable[str]]:
    """Those in force; damaged ones judge nothing, and the sentence that says so."""
    try:
        return load_thresholds(), ()
    except CaseheadError as error:
        return Thresholds({}), (str(error),)
