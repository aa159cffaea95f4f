"""Reference cases, checks of instruments and releases: they only ever add up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.domain import Author, CaseheadError, Light, Optics, new_id, now
from app.instruments import (
    InstrumentCheck,
    InstrumentRelease,
    Limits,
    ReferenceCase,
    Schedule,
)
from app.store.codec import Codec, canonical, told, who, who_columns
from app.store.records import Records

QUALIFIED_SETTING = "qualified_people"


@dataclass(frozen=True, slots=True)
class ReferenceTerm:
    """When a reference case is to be pictured, and whether it is still in use; the newest holds."""

    reference_id: str
    schedule: Schedule = field(default_factory=Schedule)
    withdrawn_at: str = ""
    reason: str = ""
    id: str = field(default_factory=new_id)


def _encode_reference(c: ReferenceCase) -> Sequence[Any]:
    return (
        *(c.id, c.name, c.optics.camera, c.optics.objective, c.optics.zoom, c.digest),
        *(int(c.width), int(c.height), float(c.pixel_um), str(c.light), canonical(c.figures)),
        *(c.captured_at, c.software, c.note, *who(c.author, c.made_at)),
    )


def _decode_reference(r: Sequence[Any]) -> ReferenceCase:
    """Without its term."""
    return ReferenceCase(
        optics=Optics(r[2], r[3], r[4]),
        name=r[1],
        digest=r[5],
        width=r[6],
        height=r[7],
        pixel_um=r[8],
        light=Light(r[9]),
        figures=json.loads(r[10]),
        captured_at=r[11],
        software=r[12],
        note=r[13],
        author=Author(*r[14:18]),
        made_at=r[18],
        id=r[0],
    )


def _schedule(text: str) -> Schedule:
    told = json.loads(text)
    return Schedule(told["every_days"], tuple(told["weekdays"]), told["after_calibration"])


def _encode_check(c: InstrumentCheck) -> Sequence[Any]:
    limits = {name: asdict(one) for name, one in c.limits.items()}
    return (
        *(c.id, c.reference_id, c.digest, canonical(c.figures), canonical(limits), c.outcome),
        *(canonical(c.reasons), canonical(c.facts), c.captured_at, c.method, c.version),
        *(c.software, *who(c.author, c.checked_at)),
    )


def _decode_check(r: Sequence[Any]) -> InstrumentCheck:
    return InstrumentCheck(
        reference_id=r[1],
        digest=r[2],
        figures=json.loads(r[3]),
        limits={name: Limits(**one) for name, one in json.loads(r[4]).items()},
        outcome=r[5],
        reasons=tuple(json.loads(r[6])),
        facts=json.loads(r[7]),
        captured_at=r[8],
        method=r[9],
        version=r[10],
        software=r[11],
        author=Author(*r[12:16]),
        checked_at=r[16],
        id=r[0],
    )


REFERENCE_CASE: Codec[ReferenceCase] = Codec(
    "reference_case",
    "id name camera objective zoom digest width height pixel_um light figures captured_at "
    f"software note {who_columns('made')}",
    _encode_reference,
    _decode_reference,
)
REFERENCE_TERM: Codec[ReferenceTerm] = Codec(
    "reference_case_term",
    "id reference_id schedule withdrawn_at reason",
    lambda t: (t.id, t.reference_id, canonical(asdict(t.schedule)), t.withdrawn_at, t.reason),
    lambda r: ReferenceTerm(r[1], _schedule(r[2]), r[3], r[4], r[0]),
)
INSTRUMENT_CHECK: Codec[InstrumentCheck] = Codec(
    "instrument_check",
    "id reference_id digest figures limits outcome reasons facts captured_at method version "
    f"software {who_columns('checked')}",
    _encode_check,
    _decode_check,
)
INSTRUMENT_RELEASE: Codec[InstrumentRelease] = Codec(
    "instrument_release",
    f"id reference_id check_id signer standing reason {who_columns('signed')}",
    lambda s: (
        *(s.id, s.reference_id, s.check_id, s.signer, s.standing, s.reason),
        *who(s.author, s.signed_at),
    ),
    lambda r: InstrumentRelease(*told(r, 6)),
)

VOUCHED: tuple[Codec[Any], ...] = (
    REFERENCE_CASE,
    REFERENCE_TERM,
    INSTRUMENT_CHECK,
    INSTRUMENT_RELEASE,
)

_UNANSWERED = (
    "reference_id = ? AND outcome = 'out' AND seq > coalesce((SELECT max(c.seq) FROM "
    "instrument_release r JOIN instrument_check c ON c.id = r.check_id "
    "WHERE r.reference_id = ?), 0)"
)


class Instruments(Records):
    """Nothing of it is changed: a case is withdrawn and a check answered by a further record."""

    def add_reference_case(self, reference: ReferenceCase, reason: str = "") -> ReferenceCase:
        """Keep a reference case with its schedule; who and when are filled in where not given."""
        with self._change() as author:
            kept = replace(
                reference,
                author=reference.author or author,
                made_at=reference.made_at or now(),
                withdrawn_at="",
            )
            facts = {"name": kept.name, "optics": kept.optics.words, "picture": kept.digest}
            self._add(REFERENCE_CASE, kept, facts)
            self._reference_term(ReferenceTerm(kept.id, kept.schedule, "", reason), kept)
        return kept

    def reference_cases(self) -> tuple[ReferenceCase, ...]:
        """All there ever were, oldest first, withdrawn ones too."""
        terms = {t.reference_id: t for t in self._all(REFERENCE_TERM, "1")}  # the newest wins
        return tuple(_whole(c, terms.get(c.id)) for c in self._all(REFERENCE_CASE, "1"))

    def reference_case(self, reference_id: str) -> ReferenceCase:
        """One of them. Raises CaseheadError when there is none of that id."""
        found = self._by_id(REFERENCE_CASE, reference_id)
        own = ("reference_id = ?", (reference_id,), " ORDER BY seq DESC")
        return _whole(found, self._first(REFERENCE_TERM, *own))

    def change_reference_case(
        self, reference_id: str, schedule: Schedule | None = None, reason: str = ""
    ) -> ReferenceCase:
        """Give it another schedule or, without one, take it out of use now."""
        with self._change():
            found = self.reference_case(reference_id)
            withdrawn_at = found.withdrawn_at or ("" if schedule else now())
            told = (schedule or found.schedule, withdrawn_at)
            if told != (found.schedule, found.withdrawn_at):
                self._reference_term(ReferenceTerm(found.id, *told, reason), found)
            return self.reference_case(reference_id)

    def add_instrument_check(self, check: InstrumentCheck) -> InstrumentCheck:
        """Keep a check; who and when are filled in where they are not given."""
        with self._change() as author:
            kept = replace(
                check, author=check.author or author, checked_at=check.checked_at or now()
            )
            told = {"reference_id": kept.reference_id, "outcome": kept.outcome}
            self._add(INSTRUMENT_CHECK, kept, {**told, "figures": kept.figures})
        return kept

    def instrument_check(self, check_id: str) -> InstrumentCheck:
        """One check. Raises CaseheadError when there is none of that id."""
        return self._by_id(INSTRUMENT_CHECK, check_id)

    def instrument_checks(self, reference_id: str) -> tuple[InstrumentCheck, ...]:
        """Every check with a reference case, oldest first."""
        return self._all(INSTRUMENT_CHECK, "reference_id = ?", (reference_id,))

    def last_instrument_check(self, reference_id: str) -> InstrumentCheck | None:
        """The newest check with a reference case."""
        return self._first(
            INSTRUMENT_CHECK, "reference_id = ?", (reference_id,), " ORDER BY seq DESC"
        )

    def unanswered_check(self, reference_id: str) -> InstrumentCheck | None:
        """The newest check out of limits that nobody has signed for; quick."""
        own = (reference_id, reference_id)
        return self._first(INSTRUMENT_CHECK, _UNANSWERED, own, " ORDER BY seq DESC")

    def add_instrument_release(self, release: InstrumentRelease) -> InstrumentRelease:
        """Keep a signature; who and when are filled in. Raises CaseheadError for a blank one."""
        texts = {"signer": release.signer, "standing": release.standing, "reason": release.reason}
        for what, text in texts.items():
            if not text.strip():
                raise CaseheadError(f"The {what} is missing; a release is kept with all three.")
        with self._change() as author:
            kept = replace(
                release, author=release.author or author, signed_at=release.signed_at or now()
            )
            self._add(INSTRUMENT_RELEASE, kept, {"check_id": kept.check_id, **texts})
        return kept

    def instrument_releases(self, reference_id: str) -> tuple[InstrumentRelease, ...]:
        """Every signature for a reference case, oldest first."""
        return self._all(INSTRUMENT_RELEASE, "reference_id = ?", (reference_id,))

    def qualified_people(self) -> tuple[str, ...]:
        """Who may sign, by name; nobody is named in a new casebook."""
        told = self._setting(QUALIFIED_SETTING)
        return tuple(str(name) for name in told) if isinstance(told, list) else ()

    def set_qualified_people(self, names: Sequence[str]) -> tuple[str, ...]:
        """Say who may sign from now on; unlike other settings the journal tells it."""
        kept = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
        with self._change():
            before = self.qualified_people()
            if tuple(kept) != before:
                self._set_setting(QUALIFIED_SETTING, kept)
                facts = {"names": kept, "before": before}
                self._tell("qualified people told", QUALIFIED_SETTING, facts)
        return tuple(kept)

    def _reference_term(self, term: ReferenceTerm, of: ReferenceCase) -> None:
        facts: Mapping[str, Any] = {
            "reference_id": of.id,
            "name": of.name,
            "optics": of.optics.words,
            "schedule": asdict(term.schedule),
            "withdrawn_at": term.withdrawn_at,
            "reason": term.reason,
        }
        self._add(REFERENCE_TERM, term, facts)


def _whole(reference: ReferenceCase, term: ReferenceTerm | None) -> ReferenceCase:
    if term is None:
        return reference
    return replace(reference, schedule=term.schedule, withdrawn_at=term.withdrawn_at)
