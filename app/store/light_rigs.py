"""Where the lights of a stand are, and how reliefs made by them agree with measured scans.

Every determination and every check stays; the newest rig of a name is in force.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.domain import Author, CaseheadError, new_id, now
from app.store.codec import Codec, canonical
from app.store.records import Records

RigMethod = Literal["ball", "entered"]


@dataclass(frozen=True, slots=True)
class RigLight:
    """One light: azimuth counter-clockwise as seen from "right", elevation over the plane.

    ``sd_deg`` is the standard uncertainty of its direction, None where it is not known.
    """

    name: str
    azimuth_deg: float
    elevation_deg: float
    sd_deg: float | None = None


@dataclass(frozen=True, slots=True)
class LightRig:
    """The lights of a stand by name, as they were found at ``made_at`` and stay until moved.

    ``method`` is "ball" (highlights on a mirror ball, whose pictures are ``sources``, SHA-256) or
    "entered"; ``residual_deg`` the root mean square of the directions' uncertainty, None where
    nothing was measured.
    """

    name: str
    lights: tuple[RigLight, ...]
    method: RigMethod = "entered"
    residual_deg: float | None = None
    sources: tuple[str, ...] = ()
    note: str = ""
    author: Author | None = None
    made_at: str = ""
    id: str = field(default_factory=new_id)

    def light(self, name: str) -> RigLight | None:
        """The light of that name, capitals and blanks aside."""
        wanted = _plain(name)
        return next((one for one in self.lights if _plain(one.name) == wanted), None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _encode(rig: LightRig) -> Sequence[Any]:
    who = rig.author or Author("", "", "")
    lights = [(o.name, float(o.azimuth_deg), float(o.elevation_deg), o.sd_deg) for o in rig.lights]
    residual = None if rig.residual_deg is None else float(rig.residual_deg)
    return (
        *(rig.id, rig.name, rig.method, canonical(lights), residual, canonical(rig.sources)),
        *(rig.note, rig.made_at, who.agency, who.station, who.examiner, who.ori),
    )


def _decode(r: Sequence[Any]) -> LightRig:
    return LightRig(
        name=r[1],
        lights=tuple(RigLight(*one) for one in json.loads(r[3])),
        method=r[2],
        residual_deg=r[4],
        sources=tuple(json.loads(r[5])),
        note=r[6],
        author=Author(r[8], r[9], r[10], r[11]),
        made_at=r[7],
        id=r[0],
    )


LIGHT_RIG: Codec[LightRig] = Codec(
    "light_rig",
    "id name method lights residual_deg sources note made_at made_agency made_station "
    "made_examiner made_ori",
    _encode,
    _decode,
)


@dataclass(frozen=True, slots=True)
class ReliefCheck:
    """A relief laid on a scan of the same mark: what the comparison and the heights told.

    ``figures`` are numbers by name, among them score, correlation, gain, rms_um and scan_rms_um
    (``correlation.relief_check.Agreement``).
    """

    relief_id: str
    scan_id: str
    figures: Mapping[str, Any]
    software: str = ""
    author: Author | None = None
    checked_at: str = ""
    id: str = field(default_factory=new_id)


def _encode_check(check: ReliefCheck) -> Sequence[Any]:
    who = check.author or Author("", "", "")
    return (
        *(check.id, check.relief_id, check.scan_id, canonical(check.figures), check.software),
        *(check.checked_at, who.agency, who.station, who.examiner, who.ori),
    )


RELIEF_CHECK: Codec[ReliefCheck] = Codec(
    "relief_check",
    "id relief_id scan_id figures software checked_at checked_agency checked_station "
    "checked_examiner checked_ori",
    _encode_check,
    lambda r: ReliefCheck(
        r[1], r[2], json.loads(r[3]), r[4], Author(r[6], r[7], r[8], r[9]), r[5], r[0]
    ),
)

VOUCHED: tuple[Codec[Any], ...] = (LIGHT_RIG, RELIEF_CHECK)


class LightRigs(Records):
    """Light rigs are never changed: a stand whose lights were moved gets a new one."""

    def add_light_rig(self, rig: LightRig) -> LightRig:
        """Keep a rig; who and when are filled in where they are not given.

        Raises CaseheadError when the rig or a light has no name, or two have the same.
        """
        _check(rig)
        with self._change() as author:
            rig = replace(
                rig,
                name=" ".join(rig.name.split()),
                author=rig.author or author,
                made_at=rig.made_at or now(),
            )
            last = self.find_light_rig(rig.name)
            facts = {"name": rig.name, "method": rig.method, "lights": len(rig.lights)}
            self._add(LIGHT_RIG, rig, {**facts, "supersedes": last.id if last else ""})
        return rig

    def light_rig(self, rig_id: str) -> LightRig:
        """A rig, in force or not. Raises CaseheadError when there is none of that id."""
        return self._by_id(LIGHT_RIG, rig_id)

    def find_light_rig(self, name: str) -> LightRig | None:
        """The newest rig of that name."""
        wanted = _plain(name)
        found = [rig for rig in self.light_rigs() if _plain(rig.name) == wanted]
        return found[-1] if found else None

    def light_rigs(self) -> tuple[LightRig, ...]:
        """Every rig there ever was, oldest first."""
        return self._all(LIGHT_RIG, "1")

    def add_relief_check(self, check: ReliefCheck) -> ReliefCheck:
        """Keep a check; who and when are filled in where they are not given."""
        with self._change() as author:
            check = replace(
                check, author=check.author or author, checked_at=check.checked_at or now()
            )
            facts = {"relief_id": check.relief_id, "scan_id": check.scan_id}
            self._add(RELIEF_CHECK, check, {**facts, "figures": check.figures})
        return check

    def relief_checks(self, relief_id: str) -> tuple[ReliefCheck, ...]:
        """Every check of a relief, oldest first."""
        return self._all(RELIEF_CHECK, "relief_id = ?", (relief_id,))

    def note_relief_export(self, relief_id: str, facts: Mapping[str, Any]) -> None:
        """Tell the journal that a relief left the casebook as a file."""
        self._tell("relief exported", relief_id, facts)


def _check(rig: LightRig) -> None:
    if not rig.name.strip():
        raise CaseheadError("Give the lights of the stand a name, for example 'stand 1'.")
    names = [_plain(light.name) for light in rig.lights]
    if not names or not all(names) or len(set(names)) < len(names):
        raise CaseheadError("Each light of a stand needs a name of its own, for example 'left'.")
    for light in rig.lights:
        if not 0 < light.elevation_deg <= 90 or not -360 <= light.azimuth_deg <= 360:
            raise CaseheadError(
                f"The light {light.name} cannot stand at azimuth {light.azimuth_deg:g} and "
                f"elevation {light.elevation_deg:g} degrees; the elevation is over the specimen's "
                "plane, from 0 to 90."
            )
