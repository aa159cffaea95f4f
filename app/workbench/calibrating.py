"""What a pixel measures: calibrations kept, checked, ended, and used for captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isfinite

from app.capture import Frame, encode_png
from app.capture.scale import Measured
from app.domain import (
    Acquired,
    Calibration,
    CalibrationCheck,
    CaseheadError,
    Changes,
    InForce,
    Optics,
    now,
)
from app.importing.making import SOFTWARE, check_scale
from app.optics import in_force
from app.workbench.quality import Judging

VALID_DAYS = 365
VALID_DAYS_SETTING = "calibration_valid_days"
TOLERANCE_PERCENT = 0.5
SAME = 1e-4
"""Sizes nearer than this share are the same one, written with fewer digits."""
DISAGREE = 0.005
"""A typed size further than this share from a valid measured one is a mistake."""


class Calibrating(Judging):
    """Operations on calibrations; every one of them stays on the record."""

    def calibrations(self, camera: str = "") -> tuple[Calibration, ...]:
        """All of them, newest first, of one camera when it is named; ended ones too."""
        wanted = Optics(camera).key[0]
        found = self._casebook.calibrations()
        return tuple(c for c in reversed(found) if not camera or c.optics.key[0] == wanted)

    def calibration_for(
        self, optics: Optics, at: str = "", size: tuple[int, int] | None = None
    ) -> InForce:
        """The one in force at a moment (ISO 8601, default now), or the sentence why none is.

        ``size`` is width and height of the picture.
        """
        return in_force(self._casebook.calibrations(), optics, at or now(), size)

    def calibrate(
        self,
        optics: Optics,
        measured: Measured,
        frame: Frame | None = None,
        *,
        expires_at: str = "",
        note: str = "",
    ) -> Calibration:
        """Keep what was measured as the calibration of ``optics`` from now on.

        ``frame`` is the picture of the standard, kept with it. ``expires_at`` is an ISO 8601 day
        or moment, by default a year from now. Raises CaseheadError when no camera is named, or for
        an implausible size or expiry.
        """
        self._need_writable()
        picture = "" if frame is None else self._keep_standard(frame)
        return self._add_calibration(
            Calibration(
                optics=optics,
                pixel_um_x=measured.pixel_um_x,
                pixel_um_y=measured.pixel_um_y,
                sd_um=measured.sd_um,
                width=measured.size[0],
                height=measured.size[1],
                method=measured.method,
                distortion_um=measured.distortion_um,
                distortion_percent=measured.distortion_percent,
                facts={**measured.facts, "both_ways": measured.both_ways},
                picture=picture,
                note=note,
                expires_at=expires_at,
            )
        )

    def type_calibration(
        self,
        optics: Optics,
        pixel_um: float,
        sd_um: float | None = None,
        *,
        expires_at: str = "",
        note: str = "",
    ) -> Calibration:
        """Keep a size somebody wrote down, as ``calibrate`` does; the same again is not kept twice.

        Raises CaseheadError as ``calibrate`` does, and for an uncertainty that cannot be.
        """
        self._need_writable()
        check_scale(pixel_um)
        if sd_um is not None and not (isfinite(sd_um) and 0 <= sd_um < pixel_um):
            raise CaseheadError(
                "The uncertainty of a pixel size is a length smaller than it, in micrometres."
            )
        known = self.calibration_for(optics).calibration
        if known is not None and not (expires_at or note or sd_um) and _same(known, pixel_um):
            return known
        typed = Calibration(optics, pixel_um, pixel_um, "typed", sd_um, note=note)
        return self._add_calibration(replace(typed, expires_at=expires_at))

    def check_calibration(
        self,
        calibration_id: str,
        true_um: float,
        measured_um: float,
        *,
        tolerance_percent: float = TOLERANCE_PERCENT,
        note: str = "",
    ) -> Calibration:
        """Record a known length and what it measures with this calibration.

        A check that is off by more than the tolerance makes the calibration invalid until a later
        one passes. Raises CaseheadError for lengths or a tolerance that cannot be.
        """
        self._need_writable()
        for value in (true_um, measured_um):
            if not (isfinite(value) and 0 < value < 1e7):
                raise CaseheadError("Give both lengths of a check in micrometres, such as 1000.")
        if not 0 < tolerance_percent <= 10:
            raise CaseheadError("The tolerance of a check lies between 0 and 10 %.")
        check = CalibrationCheck(calibration_id, true_um, measured_um, tolerance_percent, note)
        return self._told_calibration(self._casebook.add_calibration_check(check))

    def check_by(
        self,
        calibration_id: str,
        measured: Measured,
        *,
        tolerance_percent: float = TOLERANCE_PERCENT,
    ) -> Calibration:
        """Check it by measuring a standard again; raises as ``check_calibration`` does.

        What the standard's step would measure with the calibration is compared with the truth.
        """
        found = self._casebook.calibration(calibration_id)
        if not found.fits(measured.size):
            raise CaseheadError(
                f"That calibration is for pictures of {found.width} x {found.height} pixels; "
                "check it with the camera set as it was."
            )
        true_um = float(measured.facts.get("length_um") or measured.facts.get("distance_um") or 0)
        true_um = true_um or float(measured.facts.get("step_um", 1000.0))
        worst = max(
            (found.pixel_um_x / measured.pixel_um_x, found.pixel_um_y / measured.pixel_um_y),
            key=lambda ratio: abs(ratio - 1),
        )
        return self.check_calibration(
            calibration_id,
            true_um,
            true_um * worst,
            tolerance_percent=tolerance_percent,
            note=f"by {measured.method}",
        )

    def expire_calibration(self, calibration_id: str, expires_at: str, reason: str = "") -> None:
        """Let it hold until another day or moment. Raises CaseheadError for what is none."""
        self._need_writable()
        ended = self._casebook.end_calibration(
            calibration_id, expires_at=moment(expires_at), reason=reason
        )
        self._told_calibration(ended)

    def withdraw_calibration(self, calibration_id: str, reason: str = "") -> Calibration:
        """Take it out of use; the one before it holds again, if it is still valid."""
        self._need_writable()
        ended = self._casebook.end_calibration(calibration_id, reason=reason)
        return self._told_calibration(ended)

    def scale_from_calibration(self, acquired_id: str) -> Acquired:
        """Give an image kept without its scale the one of the calibration now in force.

        Only for images whose optics have not been changed since: a new record supersedes the old.
        Raises CaseheadError when it has a scale already, or none is in force.
        """
        self._need_writable()
        old = self._casebook.acquired(acquired_id)
        if old.kind != "image" or old.pixel_um is not None or old.superseded_by is not None:
            raise CaseheadError("This picture does not wait for a scale; choose one that does.")
        optics = Optics(old.record.camera, old.record.objective, zoom_of(old))
        found = self.calibration_for(optics, size=(old.width, old.height))
        if found.calibration is None:
            raise CaseheadError(found.sentence)
        settings = dict(old.record.settings) | settings_of(found.calibration)
        record = replace(old.record, settings=settings)
        new = self._judged_again(replace(old, record=record, pixel_um=found.pixel_um, warnings=()))
        with self._casebook.transaction():
            new = self._casebook.supersede_acquired(old.id, new)
            search_id = self._kept(new)
        case = self._casebook.provenance(new.id).case.id
        searches = frozenset({search_id} if search_id else ())
        ids = frozenset({old.id, new.id})
        self._publish(Changes(cases=frozenset({case}), acquired=ids, searches=searches))
        self._begin(search_id)
        return new

    def _scale_for(
        self, optics: Optics, frame: Frame, typed_um: float | None
    ) -> tuple[float | None, dict[str, object], str]:
        """Pixel size of a capture, what of it goes into the record, and what is missing.

        What the source tells itself counts first; then what was typed, which becomes a calibration
        of its own; then the calibration in force. Raises CaseheadError for a typed size that a
        valid measured calibration contradicts.
        """
        zoom: dict[str, object] = {"zoom": optics.zoom.strip()} if optics.zoom.strip() else {}
        if typed_um is None and frame.pixel_um is not None:
            check_scale(frame.pixel_um)
            return frame.pixel_um, zoom, ""
        size = frame.pixels.shape[1], frame.pixels.shape[0]
        if not optics.camera.strip():
            if typed_um is not None:
                check_scale(typed_um)
            return typed_um, zoom, ""
        found = self.calibration_for(optics, size=size)
        if typed_um is not None:
            found = InForce(self._typed_for(optics, typed_um, found.calibration))
        if found.calibration is None:
            return None, zoom, found.sentence
        return found.pixel_um, zoom | settings_of(found.calibration), ""

    def _typed_for(self, optics: Optics, typed_um: float, known: Calibration | None) -> Calibration:
        check_scale(typed_um)
        if known is None or (known.method == "typed" and not _same(known, typed_um)):
            return self.type_calibration(optics, typed_um)
        if abs(typed_um / known.pixel_um - 1) > DISAGREE:
            raise CaseheadError(
                f"{optics.words} is calibrated: a pixel is {known.pixel_um:.4g} µm, not "
                f"{typed_um:.4g}; check objective and zoom, or withdraw that calibration first."
            )
        return known

    def _add_calibration(self, calibration: Calibration) -> Calibration:
        if not calibration.optics.camera.strip():
            raise CaseheadError("Say which camera is calibrated; start it, or give its name.")
        for size in (calibration.pixel_um_x, calibration.pixel_um_y):
            check_scale(size)
        kept = replace(
            calibration,
            optics=_tidy(calibration.optics),
            software=SOFTWARE,
            expires_at=self._expiry(calibration.expires_at),
        )
        return self._told_calibration(self._casebook.add_calibration(kept))

    def _expiry(self, told: str) -> str:
        if told:
            found = moment(told)
            if found <= now():
                raise CaseheadError(f"{told} is over already; give a later day of expiry.")
            return found
        days = self.setting(VALID_DAYS_SETTING, VALID_DAYS)
        count = days if isinstance(days, int) and 0 < days < 36500 else VALID_DAYS
        return (datetime.now(UTC) + timedelta(days=count)).isoformat(timespec="seconds")

    def _keep_standard(self, frame: Frame) -> str:
        return self._casebook.keep_pixels(encode_png(frame.pixels), ".png")

    def _told_calibration(self, calibration: Calibration) -> Calibration:
        self._publish(Changes(calibrations=True))
        return calibration


def moment(text: str) -> str:
    """A day or moment as records keep it: UTC to the second; a day holds to its end.

    Raises CaseheadError for what is neither.
    """
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CaseheadError(f"'{text}' is no day; write it as year-month-day.") from error
    if len(text) <= 10:
        found += timedelta(days=1)
    zoned = found if found.tzinfo else found.astimezone()
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


def settings_of(calibration: Calibration) -> dict[str, object]:
    """What a capture record keeps of the calibration its scale comes from."""
    kept: dict[str, object] = {"calibration": calibration.id}
    if calibration.sd_um is not None:
        kept["pixel_um_sd"] = float(f"{calibration.sd_um:.4g}")
    if calibration.pixel_um_x != calibration.pixel_um_y:
        kept["pixel_um_x"] = calibration.pixel_um_x
        kept["pixel_um_y"] = calibration.pixel_um_y
    return kept


def zoom_of(acquired: Acquired) -> str:
    """The zoom in a capture record."""
    return str(acquired.record.settings.get("zoom", ""))


def _same(calibration: Calibration, pixel_um: float) -> bool:
    return abs(calibration.pixel_um / pixel_um - 1) < SAME


def _tidy(optics: Optics) -> Optics:
    texts = (" ".join(t.split()) for t in (optics.camera, optics.objective, optics.zoom))
    return Optics(*texts)
