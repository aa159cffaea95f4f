"""Calibrations with their terms and checks: they only ever add up, nothing of them is changed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain import Author, Calibration, CalibrationCheck, Optics, new_id, now
from app.store.codec import Codec, canonical, who
from app.store.records import Records


@dataclass(frozen=True, slots=True)
class CalibrationTerm:
    """Until when a calibration holds, and why that was told; the newest is in force."""

    calibration_id: str
    expires_at: str
    withdrawn_at: str = ""
    reason: str = ""
    id: str = field(default_factory=new_id)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _encode(c: Calibration) -> Sequence[Any]:
    return (
        *(c.id, c.optics.camera, c.optics.objective, c.optics.zoom),
        *(float(c.pixel_um_x), float(c.pixel_um_y), c.method, _number(c.sd_um)),
        *(int(c.width), int(c.height), _number(c.distortion_um), _number(c.distortion_percent)),
        *(canonical(c.facts), c.picture, c.software, c.note, *who(c.author, c.made_at)),
    )


def _decode(r: Sequence[Any]) -> Calibration:
    """Without its term and checks."""
    return Calibration(
        optics=Optics(r[1], r[2], r[3]),
        pixel_um_x=r[4],
        pixel_um_y=r[5],
        method=r[6],
        sd_um=r[7],
        width=r[8],
        height=r[9],
        distortion_um=r[10],
        distortion_percent=r[11],
        facts=json.loads(r[12]),
        picture=r[13],
        software=r[14],
        note=r[15],
        author=Author(r[16], r[17], r[18], r[19]),
        made_at=r[20],
        id=r[0],
    )


CALIBRATION: Codec[Calibration] = Codec(
    "calibration",
    "id camera objective zoom pixel_um_x pixel_um_y method sd_um width height distortion_um "
    "distortion_percent facts picture software note made_agency made_station made_examiner "
    "made_ori made_at",
    _encode,
    _decode,
)
CALIBRATION_TERM: Codec[CalibrationTerm] = Codec(
    "calibration_term",
    "id calibration_id expires_at withdrawn_at reason",
    lambda t: (t.id, t.calibration_id, t.expires_at, t.withdrawn_at, t.reason),
    lambda r: CalibrationTerm(r[1], r[2], r[3], r[4], r[0]),
)
CALIBRATION_CHECK: Codec[CalibrationCheck] = Codec(
    "calibration_check",
    "id calibration_id true_um measured_um tolerance_percent note checked_agency checked_station "
    "checked_examiner checked_ori checked_at",
    lambda c: (
        *(c.id, c.calibration_id, float(c.true_um), float(c.measured_um)),
        *(float(c.tolerance_percent), c.note, *who(c.author, c.checked_at)),
    ),
    lambda r: CalibrationCheck(
        r[1], r[2], r[3], r[4], r[5], Author(r[6], r[7], r[8], r[9]), r[10], r[0]
    ),
)

VOUCHED: tuple[Codec[Any], ...] = (CALIBRATION, CALIBRATION_TERM, CALIBRATION_CHECK)


class Calibrations(Records):
    """What a pixel measures through which optics, with everything that became of it."""

    def add_calibration(self, calibration: Calibration) -> Calibration:
        """Keep one, with who and when where that is not given; its expiry is its first term."""
        with self._change() as author:
            kept = replace(
                calibration,
                author=calibration.author or author,
                made_at=calibration.made_at or now(),
            )
            self._add(CALIBRATION, kept, _facts(kept))
            self._term(CalibrationTerm(kept.id, kept.expires_at), kept)
            return self.calibration(kept.id)

    def calibrations(self) -> tuple[Calibration, ...]:
        """All there ever were, oldest first, expired and withdrawn ones too."""
        terms = {t.calibration_id: t for t in self._all(CALIBRATION_TERM, "1")}  # the newest wins
        checks: dict[str, list[CalibrationCheck]] = defaultdict(list)
        for check in self._all(CALIBRATION_CHECK, "1"):
            checks[check.calibration_id].append(check)
        found = self._all(CALIBRATION, "1")
        return tuple(_whole(c, terms.get(c.id), tuple(checks[c.id])) for c in found)

    def calibration(self, calibration_id: str) -> Calibration:
        """One of them. Raises CaseheadError when there is none of that id."""
        found = self._by_id(CALIBRATION, calibration_id)
        own, order = ("calibration_id = ?", (calibration_id,)), " ORDER BY seq DESC"
        term = self._first(CALIBRATION_TERM, *own, order)
        return _whole(found, term, self._all(CALIBRATION_CHECK, *own))

    def add_calibration_check(self, check: CalibrationCheck) -> Calibration:
        """Add a check measurement; returns the calibration with it."""
        with self._change() as author:
            made = replace(
                check, author=check.author or author, checked_at=check.checked_at or now()
            )
            self._add(
                CALIBRATION_CHECK,
                made,
                {
                    "calibration_id": made.calibration_id,
                    "off_percent": round(made.off_percent, 4),
                    "passed": made.passed,
                },
            )
            return self.calibration(made.calibration_id)

    def end_calibration(
        self, calibration_id: str, *, expires_at: str | None = None, reason: str = ""
    ) -> Calibration:
        """Give it another expiry or, without one, take it out of use now; both stay on record."""
        with self._change():
            found = self.calibration(calibration_id)
            withdrawn_at = found.withdrawn_at or (now() if expires_at is None else "")
            kept = found.expires_at if expires_at is None else expires_at
            if (kept, withdrawn_at) != (found.expires_at, found.withdrawn_at):
                self._term(CalibrationTerm(found.id, kept, withdrawn_at, reason), found)
            return self.calibration(calibration_id)

    def _term(self, term: CalibrationTerm, of: Calibration) -> None:
        facts = {
            "calibration_id": of.id,
            "optics": of.optics.words,
            "expires_at": term.expires_at,
            "withdrawn_at": term.withdrawn_at,
            "reason": term.reason,
        }
        self._add(CALIBRATION_TERM, term, facts)


def _whole(
    calibration: Calibration, term: CalibrationTerm | None, checks: tuple[CalibrationCheck, ...]
) -> Calibration:
    if term is None:
        return replace(calibration, checks=checks)
    return replace(
        calibration, expires_at=term.expires_at, withdrawn_at=term.withdrawn_at, checks=checks
    )


def _facts(calibration: Calibration) -> dict[str, Any]:
    return {
        "optics": calibration.optics.words,
        "pixel_um_x": calibration.pixel_um_x,
        "pixel_um_y": calibration.pixel_um_y,
        "sd_um": calibration.sd_um,
        "method": calibration.method,
    }
