"""The summary of a case, gathered from the record."""

from __future__ import annotations

from collections.abc import Iterator

from app.casework.record import KIND_WORDS, RecordKind, record_fields
from app.casework.reviews import SearchReview
from app.domain import CartridgeCase, Comparison, Exhibit, Provenance, SearchState
from app.reporting.casework import CaseworkReport, Rows, Thumb
from app.reporting.words import gun_words, joined, when
from app.store.extracts import compared_with
from app.workbench.issue_clock import clock_rows
from app.workbench.issue_custody import hand_over_words, pictures_of
from app.workbench.issue_notices import verified_words
from app.workbench.issue_values import WAITS, Gathering, by, event_words, when_told

_LEFT_OUT = (
    "A blind verification waits for the one who issued this. The links told here are not all there "
    "may be: what was said of its comparison, and what follows from that, is left out."
)
_THUMB_PX = 220
_MOST_THUMBS = 48
_CASE_OWN = ("agency_ori", "second_agency", "priority", "investigator", "investigator_mail")


def case_summary(gathering: Gathering, case_id: str) -> CaseworkReport:
    """All that the casebook holds of a case, in short. Raises CaseheadError for an unknown one."""
    summary = _Summary(gathering, case_id)
    case = gathering.case(case_id)
    tables: dict[str, Rows] = {
        "events": tuple(summary.events()),
        "exhibits": tuple(summary.exhibits()),
        "firearms": tuple(summary.firearms()),
        "cartridge_cases": tuple(summary.cartridge_cases()),
        "marks": tuple(summary.marks()),
        "searches": tuple(summary.searches()),
        "comparisons": tuple(summary.comparisons()),
        "links": tuple(summary.links()),
        "clock": tuple(summary.clock()),
        "custody": tuple(summary.custody()),
        "traces": tuple(summary.traces()),
        "corrections": tuple(summary.corrections()),
    }
    return CaseworkReport(
        "case_summary",
        joined(case.number, case.title),
        facts={"case": summary.case_facts()},
        tables=tables,
        thumbs={"marks": tuple(summary.thumbs())},
        words={"case": case.number},
        flags=summary.flags(),
        stamp=gathering.stamp(),  # of all that was looked at, so the last
    )


class _Summary:
    def __init__(self, gathering: Gathering, case_id: str) -> None:
        self._of, self._case_id = gathering, case_id
        self._case = gathering.case(case_id)
        self._exhibits = gathering.casebook.exhibits(case_id)
        self._events = {event.id: event for event in gathering.casebook.events(case_id)}
        self._pictures = tuple(self._found_pictures())
        self._hidden = gathering.workbench.hidden_comparisons()

    def case_facts(self) -> dict[str, str]:
        """About the case itself."""
        case, facts = self._case, self._of.facts("case", self._case_id)
        agency = self._of.agency(case.agency_id)
        counts = (
            _count(len(self._events), "event"),
            _count(len(self._exhibits), "exhibit"),
            _count(sum(1 for _ in self._cartridges()), "cartridge case"),
            _count(len(self._pictures), "picture"),
        )
        self._of.free(case.title)
        return {
            "number": case.number,
            "title": case.title,
            "agency": agency.name,
            "ori": facts.get("agency_ori", "") or agency.ori,
            "second_agency": facts.get("second_agency", ""),
            "priority": facts.get("priority", ""),
            "investigator": facts.get("investigator", ""),
            "contact": facts.get("investigator_mail", ""),
            "counts": ", ".join(counts),
            "notes": self._of.other_facts("case", self._case_id, _CASE_OWN),
        }

    def events(self) -> Iterator[tuple[str, ...]]:
        """A row for each."""
        for event in self._events.values():
            self._of.free(event.place)
            facts = self._of.other_facts("event", event.id)
            yield event.kind, when_told(event.happened_at), event.place, facts

    def exhibits(self) -> Iterator[tuple[str, ...]]:
        """A row for each."""
        for one in self._exhibits:
            event = self._events.get(one.event_id or "")
            self._of.free(one.description)
            facts = self._of.other_facts("exhibit", one.id)
            yield one.number, one.description, event_words(event) if event else "", facts

    def firearms(self) -> Iterator[tuple[str, ...]]:
        """A row for each."""
        for exhibit in self._exhibits:
            for gun in self._of.firearms(exhibit):
                facts = self._of.other_facts("firearm", gun.id)
                words = joined(gun.make, gun.model, gun.calibre)
                yield exhibit.number, words, gun.serial, facts

    def cartridge_cases(self) -> Iterator[tuple[str, ...]]:
        """A row for each."""
        guns = {g.id: g for exhibit in self._exhibits for g in self._of.firearms(exhibit)}
        for exhibit, one in self._cartridges():
            self._of.note(one.id)
            gun = guns.get(one.firearm_id or "")
            classes = joined(one.firing_pin_shape, one.breech_face_class, one.headstamp)
            facts = self._of.other_facts("cartridge_case", one.id)
            told = "\n".join(filter(None, (classes, facts)))
            role, words = str(one.role), gun_words(gun) if gun else ""
            yield exhibit.number, one.label, role, one.calibre, told, words

    def marks(self) -> Iterator[tuple[str, ...]]:
        """A row for each picture."""
        for place in self._pictures:
            acquired = place.acquired
            size = f"{acquired.width} x {acquired.height}"
            scale = f"{acquired.pixel_um:.4g} µm a pixel" if acquired.pixel_um else "no scale"
            old = "superseded" if acquired.superseded_by else ""
            light = "" if acquired.kind == "scan" else f"{acquired.record.light} light"
            yield (
                _item(place),
                str(place.mark.kind),
                joined(acquired.kind, light, size, scale, old),
                joined(
                    when(acquired.record.captured_at) if acquired.record.captured_at else "",
                    acquired.record.author.examiner,
                ),
                acquired.digest,
            )

    def thumbs(self) -> Iterator[Thumb]:
        """Small pictures of what is in force, the first ones where there are many."""
        current = [place for place in self._pictures if not place.acquired.superseded_by]
        for place in current[:_MOST_THUMBS]:
            pixels = self._of.workbench.thumbnail(place.acquired.id, _THUMB_PX)
            yield Thumb(pixels, f"{_item(place)}\n{place.mark.kind}, {place.acquired.kind}")

    def searches(self) -> Iterator[tuple[str, ...]]:
        """A row for each search that has ended, with its last review."""
        book = self._of.casebook
        for place in self._pictures:
            search = book.search_of(place.acquired.id)
            if search is None:
                continue
            self._of.note(search.id)
            reviews = self._of.workbench.search_reviews(search.id)
            done = search.state is SearchState.DONE
            review = "not reviewed yet" if done else str(search.state)
            if self._of.workbench.hides_review(search.id):
                review = WAITS
            elif reviews:
                review = self._reviewed(reviews[-1])
            method = joined(search.method, search.version, when_told(search.finished_at))
            against = f"{search.surveyed} of {search.planned}; {search.compared} in full"
            yield _item(place), method, against, review

    def _reviewed(self, last: SearchReview) -> str:
        self._of.note(last.id)
        self._of.free(last.note)
        told = (
            f"{last.outcome}: {last.looked_at} looked at, down to rank {last.deepest_rank}; "
            f"{last.kept} kept, {last.dismissed} dismissed, {last.later} put off"
        )
        return "\n".join(filter(None, (told, by(last.author, last.reviewed_at), last.note)))

    def comparisons(self) -> Iterator[tuple[str, ...]]:
        """A row for each comparison of a picture of this case."""
        for one in self._compared():
            self._of.note(one.id)
            names = [self._of.place(side).name for side in (one.left_id, one.right_id)]
            if one.id in self._hidden:
                yield (*names, WAITS, WAITS)
                continue
            conclusions = self._of.workbench.conclusions(one.id)
            said = [
                "\n".join((self._of.concluded(found), by(found.author, found.recorded_at)))
                for found in reversed(conclusions)
            ]
            yield (*names, "\n\nEarlier: ".join(said) or "none", self._verified(one))

    def _verified(self, comparison: Comparison) -> str:
        state = self._of.workbench.verifications(comparison.id)
        both = [one for one in (state.verification, state.third) if one is not None]
        told = [
            f"{verified_words(self._of, one)}\n{by(one.author, one.verified_at)}" for one in both
        ]
        word = {"none": "not asked for", "asked": "asked for, waits"}.get(state.state, state.state)
        stale = state.sentences if state.state == "stale" else ()
        return "\n".join((word, *told, *stale))

    def links(self) -> Iterator[tuple[str, ...]]:
        """A row for each linked case."""
        for link in self._of.workbench.links([self._case_id]):
            started = self._of.agency(link.started_by).name
            confirmed = self._of.agency(link.confirmed_by).name
            credit = joined(
                f"started by {started}" if started else "",
                f"confirmed by {confirmed}" if confirmed else "",
            )
            counted = "yes" if link.counted else f"no. {link.why_not}".strip()
            state = f"{link.state} (stale)" if link.stale else link.state
            self._of.note(*link.leads, *link.comparisons)
            other = self._of.number(link.other(self._case_id))
            yield other, state, when(link.since), counted, credit
        for warm in self._of.workbench.warm_links(self._case_id):
            self._of.note(warm.id)
            self._of.free(warm.basis)
            both = {warm.case_a, warm.case_b} - {self._case_id}
            other = ", ".join(map(self._of.number, both))
            why = f"never: known from elsewhere. {warm.basis}".strip()
            yield other, "warm", when(warm.noted_at), why, by(warm.author)

    def clock(self) -> Iterator[tuple[str, ...]]:
        """Every stage of every exhibit."""
        for exhibit in self._exhibits:
            yield from clock_rows(self._of, exhibit)

    def custody(self) -> Iterator[tuple[str, ...]]:
        """Every hand-over."""
        for exhibit in self._exhibits:
            for one in self._of.workbench.hand_overs(exhibit.id):
                self._of.note(one.id)
                why = hand_over_words(self._of, one)
                yield exhibit.number, when_told(one.handed_at), one.given_by, one.received_by, why

    def traces(self) -> Iterator[tuple[str, ...]]:
        """A row for each request for a gun of this case."""
        form = self._of.workbench.trace_form()
        for exhibit in self._exhibits:
            for gun in self._of.firearms(exhibit):
                for line in self._of.workbench.trace_lines(firearm_id=gun.id):
                    self._of.note(line.request.id, *(step.id for step in line.steps))
                    answer = "\n".join(
                        f"{one.label}: {one.words(line.answer[one.key])}"
                        for one in form.answer
                        if one.key in line.answer
                    )
                    asked = by(line.request.author, line.request.requested_at)
                    yield line.gun, asked, str(line.status), answer

    def corrections(self) -> Iterator[tuple[str, ...]]:
        """A row for each value that was changed."""
        for kind, record_id, name in self._records():
            for one in self._of.workbench.corrections(kind, record_id):
                self._of.note(one.id)
                self._of.free(one.reason, one.earlier, one.value)
                label = record_fields().get(kind, one.field).label
                why = "\n".join(filter(None, (by(one.author, one.corrected_at), one.reason)))
                what = f"{KIND_WORDS[kind]} {name}".strip()
                yield what, label, when_told(one.earlier), when_told(one.value), why

    def flags(self) -> tuple[str, ...]:
        """What is stale, and what was left out."""
        said = [
            f"The link to case {self._of.number(link.other(self._case_id))} is no hit any more. "
            f"{link.why_not}".strip()
            for link in self._of.workbench.links([self._case_id])
            if link.stale
        ]
        if any(one.id in self._hidden for one in self._compared()):
            said.append(_LEFT_OUT)
        shown = sum(1 for place in self._pictures if not place.acquired.superseded_by)
        if shown > _MOST_THUMBS:
            said.append(f"Of {shown} pictures the first {_MOST_THUMBS} are shown; all are listed.")
        return tuple(said)

    def _records(self) -> Iterator[tuple[RecordKind, str, str]]:
        yield "case", self._case_id, self._case.number
        for event in self._events.values():
            yield "event", event.id, event.kind
        for exhibit in self._exhibits:
            yield "exhibit", exhibit.id, exhibit.number
            for gun in self._of.firearms(exhibit):
                yield "firearm", gun.id, gun_words(gun)
        for _, cartridge in self._cartridges():
            yield "cartridge_case", cartridge.id, cartridge.label

    def _cartridges(self) -> Iterator[tuple[Exhibit, CartridgeCase]]:
        for exhibit in self._exhibits:
            for one in self._of.casebook.cartridge_cases(exhibit.id):
                yield exhibit, one

    def _found_pictures(self) -> Iterator[Provenance]:
        yield from pictures_of(self._of, self._exhibits)

    def _compared(self) -> Iterator[Comparison]:
        own = {place.acquired.id for place in self._pictures}
        for one in compared_with(self._of.casebook, own):
            yield self._of.casebook.comparison(one)


def _item(place: Provenance) -> str:
    return f"{place.exhibit.number} / {place.cartridge_case.label}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
