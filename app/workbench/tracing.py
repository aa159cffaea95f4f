"""Operations on trace requests: prefilled from the record, urgent where a hit asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.casework import traces
from app.casework.links import Link
from app.casework.record import RecordKind
from app.casework.trace_form import Form, load_form, missing
from app.casework.traces import TraceLine, TraceRequest, TraceStatus, TraceStep
from app.domain import Case, CaseheadError, Changes, Event, Exhibit, Firearm, now
from app.store.files import os_errors_told, write_durably
from app.store.traces import KnownGun, UntracedGun
from app.workbench.blinding import WITHHELD
from app.workbench.linked import Linked
from app.workbench.record_keeping import Keeper

_CANCELLED = TraceStatus.CANCELLED


class Tracing(Linked):
    """Requests are recorded whole, then only go on by steps; nothing of them is changed."""

    def trace_form(self) -> Form:
        """The fields, codes and hours of ``resources/trace.json``."""
        return load_form()

    def trace_draft(self, firearm_id: str) -> TraceRequest:
        """A request with everything the record knows of the gun, its case and who asks.

        It is urgent already where the gun is tied to a hit. Nothing is recorded yet.
        Raises CaseheadError for an unknown gun.
        """
        gun = self._casebook.known_gun(firearm_id)
        made = traces.prefilled(load_form(), firearm_id, self._trace_known(gun))
        hits = self._trace_hits((gun,), self.links())[firearm_id]
        return traces.raised(made, self._trace_reason(hits))

    def trace_lacks(self, request: TraceRequest) -> tuple[str, ...]:
        """The labels of the required fields that are still empty."""
        return tuple(one.label for one in missing(load_form().fields, request.fields))

    def request_trace(self, request: TraceRequest) -> TraceRequest:
        """Record a request; it becomes urgent by itself where the gun is tied to a hit.

        With ``replaces`` that request, not sent yet or in error, is cancelled. Raises
        CaseheadError naming every required field that is empty, for a code the form does not
        know, and while another request for the same gun is open.
        """
        self._need_writable()
        form, gun = load_form(), self._casebook.known_gun(request.firearm_id)
        hits = self._trace_hits((gun,), self._all())[request.firearm_id]
        request = traces.raised(request, self._trace_reason(hits))
        request = traces.checked(form, request)
        asked = now()
        due = traces.after_hours(asked, form.send_within_hours)
        with self._casebook.transaction():
            self._need_no_other_trace(request)
            kept = self._casebook.add_trace_request(
                replace(request, requested_at=asked, due_at=due, author=None)
            )
            if kept.replaces is not None:
                text = "Replaced by another request for the same gun."
                self._add_trace_step(kept.replaces, TraceStep(kept.replaces, _CANCELLED, text))
        self._publish(Changes(traces=True))
        return self._trace_seen(kept, gun)

    def trace_step(
        self,
        trace_id: str,
        status: str,
        text: str = "",
        answer: Mapping[str, str] | None = None,
    ) -> TraceStep:
        """Say how far a request has come; ``answer`` (with an outcome) comes with "completed".

        Raises CaseheadError where that cannot follow, without words where they are needed, and
        for an answer that lacks something.
        """
        self._need_writable()
        try:
            wanted = TraceStatus(status)
        except ValueError:
            known = ", ".join(TraceStatus)
            raise CaseheadError(
                f"'{status}' is no status of a trace request; there are {known}."
            ) from None
        with self._casebook.transaction():
            kept = self._add_trace_step(trace_id, TraceStep(trace_id, wanted, text, answer or {}))
        self._publish(Changes(traces=True))
        return kept

    def trace_lines(
        self,
        statuses: Sequence[str] = (),
        firearm_id: str = "",
        limit: int = 200,
        offset: int = 0,
    ) -> tuple[TraceLine, ...]:
        """Requests as they stand, the newest first; of some statuses or of one gun."""
        wanted = tuple(map(TraceStatus, statuses))
        found = self._casebook.trace_requests(wanted, firearm_id, limit, offset)
        return self._trace_lines(found)

    def trace_line(self, trace_id: str) -> TraceLine:
        """One request as it stands. Raises CaseheadError when there is none."""
        return self._trace_lines((self._casebook.trace_request(trace_id),))[0]

    def trace_place(self, trace_id: str) -> int:
        """How many requests are newer than this one, or than the newest for the gun of that id;
        -1 when there is none."""
        return self._casebook.trace_place(trace_id)

    def trace_counts(self) -> Mapping[TraceStatus, int]:
        """How many requests are in each status."""
        return self._casebook.trace_counts()

    def untraced_guns(self, limit: int = 100, offset: int = 0) -> tuple[UntracedGun, ...]:
        """Guns on the record that nobody has asked to have traced, the newest first."""
        return self._casebook.untraced_guns(limit, offset)

    def trace_json(self, trace_id: str) -> str:
        """The request as a JSON document; see ``app.casework.traces.document``."""
        return traces.document(load_form(), self.trace_line(trace_id))

    def export_trace(self, trace_id: str, path: Path) -> str:
        """Write the request as JSON to a file; its SHA-256, which the journal keeps.

        Raises CaseheadError when the disk refuses.
        """
        if self.trace_line(trace_id).request != self._casebook.trace_request(trace_id):
            raise CaseheadError(WITHHELD)
        data = self.trace_json(trace_id).encode()
        digest = hashlib.sha256(data).hexdigest()
        self._need_writable()
        with os_errors_told(path):
            write_durably(path, data)
        self._casebook.tell_trace_exported(trace_id, path.name, digest)
        return digest

    # --- behind it -------------------------------------------------------------------------
    def _add_trace_step(self, trace_id: str, step: TraceStep) -> TraceStep:
        steps = self._casebook.trace_steps(self._casebook.trace_request(trace_id).id)
        checked = traces.checked_step(load_form(), traces.status_of(steps), step)
        return self._casebook.add_trace_step(checked)

    def _need_no_other_trace(self, request: TraceRequest) -> None:
        for other in self._casebook.trace_requests(traces.OPEN, request.firearm_id):
            if other.id != request.replaces:
                raise CaseheadError(
                    f"A trace request for this gun of {other.requested_at[:10]} is still open; "
                    "take that one further, replace it, or cancel it first."
                )

    def _trace_lines(self, requests: Sequence[TraceRequest]) -> tuple[TraceLine, ...]:
        guns = {r.firearm_id: self._casebook.known_gun(r.firearm_id) for r in requests}
        hits = self._trace_hits(guns.values(), self.links())
        return tuple(
            self._trace_line(
                self._trace_seen(r, guns[r.firearm_id]), guns[r.firearm_id], hits[r.firearm_id]
            )
            for r in requests
        )

    def _trace_seen(self, request: TraceRequest, gun: KnownGun) -> TraceRequest:
        """A request as who looks may see it: not that a hit made it urgent that is hidden."""
        hidden = {case for pair in self._veil().cases for case in pair}
        if not request.raised_by or self._trace_cases(gun).isdisjoint(hidden):
            return request
        return traces.lowered(request)

    def _trace_line(self, request: TraceRequest, gun: KnownGun, hits: Sequence[Link]) -> TraceLine:
        steps = self._casebook.trace_steps(request.id)
        since = min((hit.since for hit in hits), default="")
        policy = self._casebook.clock_policy()
        due, what = traces.due_next(load_form(), policy, request, steps, since)
        return TraceLine(
            request=request,
            status=traces.status_of(steps),
            gun=gun.name,
            case=f"{gun.case.number} / {gun.exhibit.number}",
            due_at=due,
            due_for=what,
            raised_by=self._trace_reason(hits) or request.raised_by,
            steps=steps,
            replaced_by=self._casebook.trace_replaced_by(request.id),
        )

    def _trace_hits(
        self, guns: Iterable[KnownGun], links: Iterable[Link]
    ) -> dict[str, tuple[Link, ...]]:
        """The hits among ``links`` that each gun is tied to, by its id."""
        cases = {gun.firearm.id: self._trace_cases(gun) for gun in guns}
        wanted = frozenset[str]().union(*cases.values())
        hits = [x for x in links if x.state == "hit" and (x.case_a in wanted or x.case_b in wanted)]
        return {
            firearm_id: tuple(h for h in hits if h.case_a in of or h.case_b in of)
            for firearm_id, of in cases.items()
        }

    def _trace_reason(self, hits: Sequence[Link]) -> str:
        """Why a request is urgent by these hits, "" where there is none."""
        if not hits:
            return ""
        pairs = sorted(self._trace_pair(hit) for hit in hits)
        more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
        return f"The gun is tied to a hit: {'; '.join(pairs[:3])}{more}."

    def _trace_pair(self, hit: Link) -> str:
        numbers = self._casebook.case_numbers((hit.case_a, hit.case_b))
        return " with ".join(sorted(numbers.values()))

    def _trace_cases(self, gun: KnownGun) -> frozenset[str]:
        """The cases of the gun and of everything fired by it or by others of its group."""
        return frozenset(self._casebook.cases_of_gun(gun.firearm.id))

    def _trace_known(self, gun: KnownGun) -> dict[str, str]:
        """What the record says, by the dotted names that the form takes values from."""
        author = self.author
        known = {
            "author.agency": author.agency if author else "",
            "author.examiner": author.examiner if author else "",
            "author.ori": author.ori if author else "",
            "agency.name": gun.agency.name,
            "agency.ori": gun.agency.ori,
        }
        records: dict[RecordKind, Case | Exhibit | Firearm] = {
            "case": gun.case,
            "exhibit": gun.exhibit,
            "firearm": gun.firearm,
        }
        for kind, record in records.items():
            known |= self._trace_told(kind, kind, record)
        for event in self._casebook.gun_events(gun):
            for name, value in self._trace_told("event", "event", event).items():
                known.setdefault(name, value)
            if "recover" in event.kind.casefold():
                known |= self._trace_told("recovery", "event", event)
        return known

    def _trace_told(
        self, prefix: str, kind: RecordKind, record: Case | Exhibit | Firearm | Event
    ) -> dict[str, str]:
        """The columns and the facts of a record; a fact of the same name is the newer word."""
        facts = Keeper(self._casebook).facts(kind, record.id)
        columns = {
            name: value
            for name in record.__slots__
            if isinstance(value := getattr(record, name), str)
        }
        return {f"{prefix}.{name}": value for name, value in {**columns, **facts}.items() if value}
