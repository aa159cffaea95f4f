"""Relief from lights: the stand's lights, the relief of a set, its check and its export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from app.capture import Frame, encode_png
from app.capture.ball import Ball, rig_from_ball
from app.capture.relief import (
    FORM_UM,
    RELIEF,
    VERSION,
    LitPicture,
    MadeRelief,
    make_relief,
    x3p_of,
)
from app.domain import Acquired, CaptureRecord, CaseheadError, Mark, new_id, now
from app.importing.decode import decode, read_bytes, to_grey
from app.importing.making import SOFTWARE
from app.jobs import Job
from app.picture.writing import check_free, write_whole
from app.store.light_rigs import LightRig, ReliefCheck, RigLight
from app.workbench.comparing import Comparing
from app.workbench.lights import LIGHT_AZIMUTH, Lights
from app.workbench.relief_words import LIGHT_NAME, LIGHT_SET, LightSetOf, told_check
from correlation.errors import CorrelationError
from correlation.photometric import check_directions, direction
from correlation.relief_check import agreement
from correlation.surface import Floats

_NEAR_DEG = 2.0
_UNITS = {"xy_unit": "m", "z_unit": "m", "xy_how": "stated", "z_how": "stated", "sure": "yes"}


class Relieving(Comparing, Lights):
    """Operations on light rigs and reliefs."""

    def light_rigs(self) -> tuple[LightRig, ...]:
        """Every rig there ever was, oldest first; the newest of a name is in force."""
        return self._casebook.light_rigs()

    def enter_light_rig(
        self, name: str, lights: Mapping[str, tuple[float, float]], note: str = ""
    ) -> LightRig:
        """Keep directions set by hand: azimuth and elevation in degrees by the light's name.

        Raises CaseheadError for directions no light can have, fewer than three lights, or lights
        on one side.
        """
        entered = tuple(RigLight(which, *angles) for which, angles in lights.items())
        return self._keep_rig(LightRig(name, entered, note=note.strip()))

    def calibrate_light_rig(
        self, name: str, pictures: Mapping[str, Path], ball: Ball | None = None
    ) -> LightRig:
        """Keep directions found on a mirror ball from files, one for each light by its name.

        The pictures are kept too. Raises CaseheadError as ``rig_from_ball`` does, and for a file
        that is no image.
        """
        self._need_writable()
        read = {which: _read_ball(path) for which, path in pictures.items()}
        rig = rig_from_ball({which: grey for which, (grey, _, _) in read.items()}, name, ball)
        kept = tuple(self._casebook.keep_pixels(data, ext) for _, data, ext in read.values())
        return self._keep_rig(replace(rig, sources=kept))

    def scans_beside(self, mark_id: str) -> tuple[Acquired, ...]:
        """What a relief of the mark can be compared with: its own measured scans, then scans and
        reliefs of other marks of the kind, newest first."""
        kind = self._casebook.mark(mark_id).kind
        others = [
            place.acquired
            for place in reversed(self._casebook.provenances())
            if (place.acquired.kind, place.mark.kind) == ("scan", kind) and place.mark.id != mark_id
        ]
        return (*self.measured_scans(mark_id), *others)

    def calibrate_rig_from_frames(self, name: str, frames: Mapping[str, Frame]) -> LightRig:
        """Keep directions found on a mirror ball in frames, one for each light by its name.

        The frames are kept too. Raises CaseheadError as ``rig_from_ball`` does.
        """
        self._need_writable()
        rig = rig_from_ball({which: to_grey(one.pixels) for which, one in frames.items()}, name)
        keep = self._casebook.keep_pixels
        kept = tuple(keep(encode_png(one.pixels), ".png") for one in frames.values())
        return self._keep_rig(replace(rig, sources=kept))

    def light_rig(self, name: str = "") -> LightRig:
        """The rig of that name in force; without a name the newest there is.

        Raises CaseheadError when there is none.
        """
        rigs = self.light_rigs()
        found = self._casebook.find_light_rig(name) if name else (rigs[-1] if rigs else None)
        if found is None:
            known = ", ".join(sorted({rig.name for rig in rigs})) or "none"
            raise CaseheadError(
                f"There is no light rig '{name}' (known: {known}); calibrate the lights with a "
                "mirror ball or enter their directions."
                if name
                else "No light rig is known yet; calibrate the lights with a mirror ball or enter "
                "their directions."
            )
        return found

    def lit_set(self, acquired_id: str, rig: LightRig) -> dict[str, str]:
        """The pictures of the same set by the rig's names of their lights: of equal size, scale
        and set, their light named in the capture record or told by its azimuth."""
        own = self._casebook.acquired(acquired_id)
        found: dict[str, str] = {}
        for choice in self.lights_of(acquired_id):
            one = self._casebook.acquired(choice.acquired_id)
            same = one.record.settings.get(LIGHT_SET) == own.record.settings.get(LIGHT_SET)
            name = _light_of(one, rig, choice.name)
            if same and name:
                found[name] = one.id
        return found

    def relief(
        self,
        acquired_id: str,
        rig: LightRig | None = None,
        lights: Mapping[str, str] | None = None,
        form_um: float = FORM_UM,
        job: Job | None = None,
    ) -> Acquired:
        """Work out the relief of the set a picture belongs to and keep it as a scan of the mark.

        ``lights`` names the pictures by their lights where the capture records do not. The same
        relief made again is the same record. It is not searched by itself. Raises CaseheadError
        as ``make_relief`` does; nothing is kept then.
        """
        self._need_writable()
        self._need_author()
        made = self.work_out_relief(acquired_id, rig, lights, form_um, job)
        return made if isinstance(made, Acquired) else self.keep_relief(acquired_id, made)

    def work_out_relief(
        self,
        acquired_id: str,
        rig: LightRig | None = None,
        lights: Mapping[str, str] | None = None,
        form_um: float = FORM_UM,
        job: Job | None = None,
    ) -> MadeRelief | Acquired:
        """The relief of the set a picture belongs to, to be looked at before it is kept; where
        the same was kept before, that record. Raises CaseheadError as ``relief`` does."""
        rig = rig or self.light_rig()
        own = self._casebook.acquired(acquired_id)
        chosen = dict(lights) if lights is not None else self.lit_set(acquired_id, rig)
        sources = {name: self._casebook.acquired(one) for name, one in chosen.items()}
        _check_one_mark(own, sources.values())
        again = self._made_before(own.mark_id, rig, sources, form_um)
        if again is not None:
            return again
        pictures = [LitPicture(n, self._reader.read(a), a.digest) for n, a in sources.items()]
        return make_relief(pictures, rig, form_um, job, now())

    def keep_relief(self, acquired_id: str, made: MadeRelief) -> Acquired:
        """Keep what ``work_out_relief`` made of a picture's set as a scan of its mark."""
        self._need_writable()
        return self._keep_relief(self._casebook.acquired(acquired_id), made)

    def light_sets(self, mark_id: str) -> tuple[LightSetOf, ...]:
        """The multi-light sets of a mark, newest first, then of its cartridge case's others."""
        own = self._casebook.mark(mark_id)
        marks = self._casebook.marks(own.cartridge_case_id)
        ordered = sorted(marks, key=lambda mark: mark.id != own.id)
        return tuple(one for mark in ordered for one in self._sets_of(mark))

    def _sets_of(self, mark: Mark) -> list[LightSetOf]:
        found: dict[str, list[Acquired]] = {}
        for one in self._casebook.acquired_of(mark.id):
            told = one.record.settings.get(LIGHT_SET)
            if isinstance(told, str) and one.kind == "image":
                found.setdefault(told, []).append(one)
        return [
            LightSetOf.of(name, self._label(parts[0]), mark, parts)
            for name, parts in reversed(found.items())
        ]

    def _label(self, acquired: Acquired) -> str:
        return self._casebook.provenance(acquired.id).cartridge_case.label

    def reliefs(self, mark_id: str) -> tuple[Acquired, ...]:
        """The reliefs of a mark, newest first."""
        found = self._casebook.acquired_of(mark_id)
        return tuple(one for one in reversed(found) if one.relief)

    def measured_scans(self, mark_id: str) -> tuple[Acquired, ...]:
        """The scans of a mark that a relief may be checked against, newest first."""
        found = reversed(self._casebook.acquired_of(mark_id))
        return tuple(o for o in found if o.kind == "scan" and not o.relief)

    def check_relief(self, relief_id: str, scan_id: str) -> ReliefCheck:
        """Lay a scan of the same mark on a relief, compare, and keep the figures.

        Raises CaseheadError when they are not of one mark or cannot be laid on each other.
        """
        relief, scan = self._relief(relief_id), self._casebook.acquired(scan_id)
        if scan.kind != "scan" or scan.relief or scan.mark_id != relief.mark_id:
            raise CaseheadError("A relief is checked against a measured scan of the same mark.")
        try:
            score = self.compare(relief_id, scan_id)
            pose = score.alignment
            found = agreement(
                self.surface(relief_id), self.surface(scan_id), pose.rotation_deg, pose.shift_um
            )
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error
        figures = {
            **asdict(found),
            **{"score": score.score, "ccf": score.ccf, "method": score.method},
            **{"version": score.version, "rotation_deg": pose.rotation_deg},
            "shift_um": list(pose.shift_um),
        }
        check = ReliefCheck(relief_id, scan_id, figures, SOFTWARE)
        return self._casebook.add_relief_check(check)

    def relief_checks(self, relief_id: str) -> tuple[ReliefCheck, ...]:
        """Every check of a relief, oldest first."""
        return self._casebook.relief_checks(relief_id)

    def export_relief(self, relief_id: str, path: Path, *, overwrite: bool = False) -> Path:
        """Write a relief as x3p with its recipe, what it is not, and the checks that were made.

        Raises CaseheadError when the file is there already or cannot be written.
        """
        if path.suffix.lower() != ".x3p":
            raise CaseheadError(f"A relief is written as x3p; let {path.name!r} end in .x3p.")
        check_free(path, overwrite=overwrite)
        relief = self._relief(relief_id)
        said = [told_check(check) for check in self.relief_checks(relief_id)]
        recipe = relief.record.settings[RELIEF]
        data = x3p_of(self.surface(relief_id), recipe, relief.record.author.examiner, said)
        written = write_whole(path, data, overwrite=overwrite)
        if not self.read_only:
            self._casebook.note_relief_export(relief_id, {"file": path.name, "checks": len(said)})
        return written

    def _keep_rig(self, rig: LightRig) -> LightRig:
        self._need_writable()
        towards = [direction(one.azimuth_deg, one.elevation_deg) for one in rig.lights]
        try:
            check_directions(np.array(towards).reshape(-1, 3))
        except CorrelationError as error:
            raise CaseheadError(str(error)) from error
        return self._casebook.add_light_rig(rig)

    def _relief(self, relief_id: str) -> Acquired:
        found = self._casebook.acquired(relief_id)
        if not found.relief:
            raise CaseheadError("This picture is no relief made from lights; choose one that is.")
        return found

    def _made_before(
        self, mark_id: str, rig: LightRig, sources: Mapping[str, Acquired], form_um: float
    ) -> Acquired | None:
        wanted = {(name, one.digest) for name, one in sources.items()}
        for other in self._casebook.acquired_of(mark_id):
            recipe = other.record.settings.get(RELIEF)
            if not recipe or (recipe["rig"]["id"], recipe["version"]) != (rig.id, VERSION):
                continue
            same = {(one["name"], one["digest"]) for one in recipe["sources"]} == wanted
            if same and recipe["parameters"]["form_um"] == form_um:
                return other
        return None

    def _keep_relief(self, own: Acquired, made: MadeRelief) -> Acquired:
        author = self._need_author()
        data = x3p_of(made.surface, made.recipe, author.examiner)
        rows, columns = made.surface.values.shape
        record = CaptureRecord(
            captured_at=made.recipe["made_at"],
            author=author,
            camera=own.record.camera,
            settings={RELIEF: made.recipe},
            objective=own.record.objective,
            software=SOFTWARE,
            origin="relief from lights",
        )
        relief = Acquired(
            mark_id=own.mark_id,
            kind="scan",
            digest=self._casebook.keep_pixels(data, ".x3p"),
            width=columns,
            height=rows,
            file_format="x3p",
            record=record,
            pixel_um=made.surface.pixel_um,
            bits=32,
            file_name=f"relief from {len(made.recipe['sources'])} lights.x3p",
            units=_UNITS,
            warnings=made.notes,
        )
        region = self._casebook.region_of(own.id)
        with self._casebook.transaction():
            relief = self._casebook.add_acquired(relief)
            if region is not None:  # the relief lies on its pictures pixel by pixel
                self._casebook.add_region(replace(region, acquired_id=relief.id, id=new_id()))
        self._publish(self._of((relief.id,), ()))
        return relief


def _read_ball(path: Path) -> tuple[Floats, bytes, str]:
    """A file as grey, its bytes and its ending. Raises CaseheadError with its name in front."""
    try:
        data = read_bytes(path)
        decoded = decode(path, data, path.name)
        if decoded.scan is not None:
            raise CaseheadError("This is a scan; the ball is calibrated from images.")
    except CaseheadError as error:
        raise CaseheadError(f"{path.name}: {error}") from error
    return to_grey(decoded.array), data, f".{decoded.format}"


def _light_of(acquired: Acquired, rig: LightRig, choice: str) -> str:
    """The rig's name of the light of a picture; "" where it has none of the kind."""
    settings = acquired.record.settings
    for name in (settings.get(LIGHT_NAME), choice):
        found = rig.light(name) if isinstance(name, str) else None
        if found is not None:
            return found.name
    azimuth = settings.get(LIGHT_AZIMUTH)
    if not isinstance(azimuth, int | float) or isinstance(azimuth, bool):
        return ""
    near = [one for one in rig.lights if _apart(one.azimuth_deg, azimuth) <= _NEAR_DEG]
    return near[0].name if len(near) == 1 else ""


def _apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180.0) % 360.0 - 180.0)


def _check_one_mark(own: Acquired, sources: Iterable[Acquired]) -> None:
    if any(one.mark_id != own.mark_id for one in sources):
        raise CaseheadError("The pictures of a set are of one mark; these are of several.")
