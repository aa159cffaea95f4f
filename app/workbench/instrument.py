"""Checks of instruments with reference cases: declared, checked, locked, signed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.capture import Frame, Pixels, encode_png
from app.capture.checks import (
    Due,
    Golden,
    check_settings,
    due_of,
    golden_of,
    judged,
    measured,
)
from app.casework.people import Skill, name_key
from app.domain import CaseheadError, Changes, Light, Optics, now
from app.importing.decode import decode
from app.importing.making import SOFTWARE, check_scale
from app.instruments import (
    InstrumentCheck,
    InstrumentRelease,
    InstrumentState,
    ReferenceCase,
    Schedule,
)
from app.picture import thumbnail
from app.workbench.calibrating import Calibrating
from app.workbench.instrument_words import due_sentence, locked_sentence

T = TypeVar("T")

NOBODY_NAMED = (
    "Nobody is named as qualified in this casebook; the signer's name and what qualifies them are "
    "kept instead."
)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A camera with its objective and zoom, and how it stands with its checks.

    ``reference`` is None where no reference case is declared; ``due`` then too.
    """

    optics: Optics
    reference: ReferenceCase | None
    state: InstrumentState
    due: Due | None = None
    last: InstrumentCheck | None = None


class Instruments(Calibrating):
    """Operations on instrument checks; every one of them stays on the record."""

    def instruments(self, at: str = "") -> tuple[Instrument, ...]:
        """All that are known by a reference case or a calibration, by name."""
        found = {one.optics.key: one.optics for one in self._casebook.calibrations()}
        found |= {one.optics.key: one.optics for one in self._casebook.reference_cases()}
        return tuple(self._instrument(found[key], at or now()) for key in sorted(found))

    def instrument_state(
        self, camera: str, objective: str = "", zoom: str = "", at: str = ""
    ) -> InstrumentState:
        """Whether an instrument may be used (at a moment, ISO 8601, default now), and is due."""
        return self._instrument(Optics(camera, objective, zoom), at or now()).state

    def reference_case_for(self, optics: Optics) -> ReferenceCase | None:
        """The reference case in use with an instrument."""
        own = [c for c in self._casebook.reference_cases() if c.optics.key == optics.key]
        return own[-1] if own and not own[-1].withdrawn_at else None

    def reference_cases(self, optics: Optics) -> tuple[ReferenceCase, ...]:
        """All there ever were of an instrument, oldest first."""
        found = self._casebook.reference_cases()
        return tuple(c for c in found if c.optics.key == optics.key)

    def declare_reference_case(
        self,
        optics: Optics,
        name: str,
        frame: Frame,
        *,
        light: Light | None = None,
        pixel_um: float | None = None,
        schedule: Schedule | None = None,
        note: str = "",
    ) -> ReferenceCase:
        """Set a cartridge case aside for an instrument; ``frame`` becomes its golden picture.

        It takes the place of the one before, whose checks stay on the record; it is never among
        the candidates of a search. The scale is the frame's own, ``pixel_um``, or that of the
        calibration in force. Raises CaseheadError without camera, name or scale, for a picture
        that is not good enough, and while the instrument is locked.
        """
        self._need_writable()
        if not optics.camera.strip():
            raise CaseheadError("Say which camera the reference case is for; start it first.")
        if not name.strip():
            raise CaseheadError("Give the reference case a name, such as 'SRM 2461, no. 166'.")
        self._need_instrument(optics)
        scale = self._declared_scale(optics, frame, pixel_um)
        golden = golden_of(frame.pixels, scale)
        made = ReferenceCase(
            optics=_tidy(optics),
            name=" ".join(name.split()),
            digest=self._kept_picture(frame.pixels),
            width=frame.pixels.shape[1],
            height=frame.pixels.shape[0],
            pixel_um=scale,
            light=light or frame.light,
            figures=golden.figures,
            captured_at=frame.captured_at,
            software=SOFTWARE,
            note=note,
            schedule=schedule or check_settings().schedule,
        )
        return self._told_instrument(self._casebook.add_reference_case(made))

    def reschedule_checks(self, optics: Optics, schedule: Schedule) -> ReferenceCase:
        """Have the instrument checked at other times. Raises CaseheadError for an impossible one.

        ``every_days`` lies between 1 and 366, and there is at least one day of the week.
        """
        self._need_writable()
        if not 1 <= schedule.every_days <= 366:
            raise CaseheadError("A check is due every so many days: give a number from 1 to 366.")
        if not set(schedule.weekdays) & set(range(7)):
            raise CaseheadError("Choose at least one day of the week on which checks are made.")
        reference = self._reference(optics)
        kept = self._casebook.change_reference_case(reference.id, schedule)
        return self._told_instrument(kept)

    def withdraw_reference_case(self, optics: Optics, reason: str) -> ReferenceCase:
        """Check the instrument no more; what there is stays on the record.

        Raises CaseheadError while it is locked, and without a reason.
        """
        self._need_writable()
        reference = self._reference(optics)
        self._need_instrument(optics)
        if not reason.strip():
            raise CaseheadError("Say why the instrument is no longer checked.")
        kept = self._casebook.change_reference_case(reference.id, reason=reason.strip())
        return self._told_instrument(kept)

    def run_check(
        self, optics: Optics, frame: Frame, *, light: Light | None = None
    ) -> InstrumentCheck:
        """Hold a new picture of the reference case against the golden one, and keep the outcome.

        Whatever it is, it stays on the record; out of limits it locks the instrument. Raises
        CaseheadError where there is no reference case, or the picture has another size or light.
        """
        self._need_writable()
        reference = self._reference(optics)
        self._need_alike(reference, frame, light)
        pixel_um, told_by = self._check_scale(optics, frame, reference)
        found = measured(self.golden(reference), frame.pixels, pixel_um)
        digest = self._kept_picture(frame.pixels)
        with self._casebook.transaction():
            earlier = self._casebook.instrument_checks(reference.id)
            judgement = judged(found.figures, earlier)
            reasons = (found.sentence, *judgement.reasons) if found.sentence else judgement.reasons
            kept = self._casebook.add_instrument_check(
                InstrumentCheck(
                    reference_id=reference.id,
                    digest=digest,
                    figures=found.figures,
                    limits=judgement.limits,
                    outcome=judgement.outcome,
                    reasons=reasons,
                    facts={**found.facts, "pixel_um": pixel_um, "pixel_um_from": told_by},
                    captured_at=frame.captured_at,
                    method=found.method,
                    version=found.version,
                    software=SOFTWARE,
                )
            )
        return self._told_instrument(kept)

    def instrument_checks(self, reference_id: str) -> tuple[InstrumentCheck, ...]:
        """Every check with a reference case, oldest first."""
        return self._casebook.instrument_checks(reference_id)

    def instrument_releases(self, reference_id: str) -> tuple[InstrumentRelease, ...]:
        """Every signature after checks out of limits, oldest first."""
        return self._casebook.instrument_releases(reference_id)

    def golden(self, reference: ReferenceCase) -> Golden:
        """The golden picture made ready again. Raises CaseheadError when it is damaged."""
        return golden_of(self.check_picture(reference.digest), reference.pixel_um)

    def check_picture(self, digest: str) -> Pixels:
        """The golden picture, or that of a check. Raises CaseheadError when it is damaged."""
        return decode(None, self._casebook.pixels(digest), "").array

    def check_thumbnail(self, digest: str, side_px: int) -> NDArray[np.uint8]:
        """The same small, uint8 RGB, its longer side ``side_px``."""
        pixels = self.check_picture(digest)
        plain = pixels if pixels.dtype == np.uint8 else pixels // 257
        return thumbnail(np.asarray(plain, np.uint8), side_px)

    def sign_instrument(
        self, optics: Optics, signer: str, standing: str, reason: str
    ) -> InstrumentRelease:
        """Let an instrument be used again: a qualified person answers for what was found and done.

        Raises CaseheadError when it is not locked, anything is blank, or the signer is not among
        those named as qualified.
        """
        self._need_writable()
        state = self.instrument_state(optics.camera, optics.objective, optics.zoom)
        if not state.locked:
            raise CaseheadError(f"{optics.words} is not locked; there is nothing to sign.")
        signer, standing, reason = (" ".join(t.split()) for t in (signer, standing, reason))
        if not signer:
            raise CaseheadError("Write who signs; a signature without a name is none.")
        names = self.qualified_people()
        self._need_own_name(signer)
        if names and signer.casefold() not in {name.casefold() for name in names}:
            raise CaseheadError(
                f"{signer} is not named as qualified in this casebook; {', '.join(names)} may sign."
            )
        if not standing:
            raise CaseheadError("Write what qualifies the signer, such as 'quality manager'.")
        if not reason:
            raise CaseheadError("Write what was found and done before the instrument is used.")
        reference_id = self._casebook.instrument_check(state.check_id).reference_id
        release = InstrumentRelease(reference_id, state.check_id, signer, standing, reason)
        return self._told_instrument(self._casebook.add_instrument_release(release))

    def qualified_people(self) -> tuple[str, ...]:
        """Who may sign, by name; while nobody is named, anybody with a name and a standing.

        Where people are on record it is those qualified for quality management today.
        """
        staff = self._sessions.staff
        if staff.open_bench:
            return self._casebook.qualified_people()
        today = self._sessions.today
        return tuple(p.name for p in staff.people if staff.qualified(p, Skill.QUALITY, today))

    def set_qualified_people(self, names: Sequence[str]) -> tuple[str, ...]:
        """Say who may sign from now on; the journal tells it.

        Raises CaseheadError where people are on record: their qualifications say it.
        """
        self._need_writable()
        if not self._sessions.staff.open_bench:
            raise CaseheadError(
                "People are on record here: record a qualification for quality on the Lab screen, "
                "and it names who may sign."
            )
        kept = self._casebook.set_qualified_people(names)
        self._publish(Changes(settings=True, instruments=True))
        return kept

    def _need_own_name(self, signer: str) -> None:
        me = self._sessions.person
        if me is not None and name_key(signer) != name_key(me.name):
            raise CaseheadError(f"{me.name} is signed in and signs with that name, not another's.")

    def _need_instrument(self, optics: Optics) -> None:
        """Raises CaseheadError while the instrument is locked. Without a camera there is none."""
        if optics.camera.strip():
            self._refuse_locked(optics)

    def _refuse_locked(self, optics: Optics) -> None:
        for reference in self.reference_cases(optics):
            check = self._casebook.unanswered_check(reference.id)
            if check is not None:
                raise CaseheadError(locked_sentence(reference, check))

    def _instrument(self, optics: Optics, at: str) -> Instrument:
        references = [c for c in self.reference_cases(optics) if c.made_at <= at]
        if not references:
            return Instrument(optics, None, InstrumentState())
        reference = references[-1]
        last = self._casebook.last_instrument_check(reference.id)
        for one in references:
            check = self._casebook.unanswered_check(one.id)
            if check is not None:
                words = locked_sentence(one, check, last)
                state = InstrumentState("locked", words, check.id)
                return Instrument(optics, reference, state, None, last)
        if reference.withdrawn_at:
            return Instrument(optics, None, InstrumentState(), None, last)
        due = due_of(
            reference.schedule, last.checked_at if last else "", at, self._calibrated_at(optics)
        )
        words = due_sentence(reference, due) if due.now else ""
        state = InstrumentState("due" if due.now else "ok", words)
        return Instrument(optics, reference, state, due, last)

    def _calibrated_at(self, optics: Optics) -> str:
        own = [c for c in self._casebook.calibrations() if c.optics.key == optics.key]
        used = [c.made_at for c in own if not c.withdrawn_at]
        return used[-1] if used else ""

    def _reference(self, optics: Optics) -> ReferenceCase:
        found = self.reference_case_for(optics)
        if found is None:
            raise CaseheadError(
                f"There is no reference case for {optics.words}; declare one with a picture of it "
                "first."
            )
        return found

    def _declared_scale(self, optics: Optics, frame: Frame, typed_um: float | None) -> float:
        size = frame.pixels.shape[1], frame.pixels.shape[0]
        told = frame.pixel_um or typed_um
        if told is None:
            held = self.calibration_for(optics, size=size)
            if held.pixel_um is None:
                raise CaseheadError(f"A golden picture needs its scale. {held.sentence}")
            told = held.pixel_um
        check_scale(told)
        return told

    def _check_scale(
        self, optics: Optics, frame: Frame, reference: ReferenceCase
    ) -> tuple[float, str]:
        """What a pixel counts as, and who says so."""
        if frame.pixel_um is not None:
            return frame.pixel_um, "the camera"
        size = frame.pixels.shape[1], frame.pixels.shape[0]
        held = self.calibration_for(optics, size=size)
        if held.pixel_um is not None:
            return held.pixel_um, "the calibration in force"
        return reference.pixel_um, "the golden picture"

    def _need_alike(self, reference: ReferenceCase, frame: Frame, light: Light | None) -> None:
        rows, columns = frame.pixels.shape[:2]
        if (columns, rows) != (reference.width, reference.height):
            raise CaseheadError(
                f"The golden picture has {reference.width} x {reference.height} pixels, this one "
                f"{columns} x {rows}; set the camera back, or declare the reference case anew."
            )
        used = light or frame.light
        if Light.UNKNOWN not in (used, reference.light) and used is not reference.light:
            raise CaseheadError(
                f"The golden picture was taken with {reference.light} light, this one with {used} "
                "light; change the light and check again."
            )

    def _kept_picture(self, pixels: Pixels) -> str:
        return self._casebook.keep_pixels(encode_png(pixels), ".png")

    def _told_instrument(self, value: T) -> T:
        self._publish(Changes(instruments=True))
        return value


def _tidy(optics: Optics) -> Optics:
    texts = (" ".join(t.split()) for t in (optics.camera, optics.objective, optics.zoom))
    return Optics(*texts)
