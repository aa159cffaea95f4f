"""Lead notices, hit notices and trace requests, gathered from the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.casework.links import Link
from app.casework.reviews import ENDED, LeadLine, LeadStep, NoticeKind, Verification
from app.casework.traces import status_of
from app.casework.wording import casework_words
from app.domain import CaseheadError, Comparison, Provenance, Score
from app.picture import score_sentence
from app.reporting.casework import CaseworkReport, Rows
from app.reporting.words import joined, when
from app.workbench.blinding import WITHHELD
from app.workbench.issue_values import Gathering, by
from app.workbench.report_values import as_conclusion

_NOT_VERIFIED = (
    "An examiner recorded a conclusion on these items on {day}. No verification of it holds, so it "
    "is not told here; ask the laboratory before you rely on this lead."
)
_NOT_CONFIRMING = (
    "These items were compared, and the conclusion of {day} was verified. It does not confirm this "
    "lead; ask the laboratory for the report."
)


def lead_notice(gathering: Gathering, lead_id: str) -> CaseworkReport:
    """What investigators are told of a lead. Raises CaseheadError for one not agreed."""
    book, line = gathering.casebook, gathering.workbench.lead(lead_id)
    lead, steps = book.lead(lead_id), book.lead_steps(lead_id)
    agreed = _agreed(line, steps)
    gathering.note(lead.id, *(step.id for step in steps))
    gathering.free(lead.reason, *(step.text for step in steps))
    left, right = gathering.place(lead.left_id), gathering.place(lead.right_id)
    words, state = casework_words(), line.state
    heard = [step for step in steps if step.kind == "feedback"]
    flags: tuple[str, ...] = () if state == "open" else (f"This lead is {state} by now.",)
    facts = {
        "lead": lead.id,
        "state": state,
        "proposed": by(lead.author, lead.proposed_at),
        "agreed": by(agreed.author, agreed.stepped_at),
        "agreed_reason": agreed.text,
        "owner": line.owner,
        "reason": lead.reason,
        "aid": _aid(gathering, lead.candidate_id),
    }
    numbers = [gathering.number(case_id) for case_id in (lead.case_a, lead.case_b)]
    return CaseworkReport(
        "lead_notice",
        "  –  ".join(numbers),
        facts={
            "state": facts,
            "cases.left": gathering.party(lead.case_a, (left.name,)),
            "cases.right": gathering.party(lead.case_b, (right.name,)),
        },
        tables={
            "pairs": ((left.name, right.name, str(left.mark.kind)),),
            "feedback": tuple(
                (when(s.stepped_at), by(s.author), words.label(s.outcome), s.text) for s in heard
            ),
            "sent": gathering.sent("lead", (lead.id,)),
        },
        words={"case_a": numbers[0], "case_b": numbers[1]},
        flags=(*flags, *_examined(gathering, left, right)),
        stamp=gathering.stamp(),  # of all that was looked at, so the last
    )


def _agreed(line: LeadLine, steps: Sequence[LeadStep]) -> LeadStep:
    """The step that made it a lead. Raises CaseheadError where no notice of it may go out."""
    if line.hidden:
        raise CaseheadError(
            "A blind verification of these two waits for you; enter your own conclusion first."
        )
    agreed = next((step for step in steps if step.kind == "agreed"), None)
    if agreed is None:
        raise CaseheadError(
            "This lead has not been agreed by a second reviewer, so no notice of it can be issued; "
            "have it reviewed first."
        )
    if line.state == "confirmed":
        raise CaseheadError(
            "This lead was confirmed, and a lead notice says that it is not; issue the hit notice."
        )
    return agreed


def _examined(gathering: Gathering, left: Provenance, right: Provenance) -> Iterator[str]:
    """What the record holds beyond the lead, without telling a conclusion nobody verified."""
    for comparison_id in gathering.compared(left, right):
        conclusions = gathering.workbench.conclusions(comparison_id)
        if not conclusions:
            continue
        day = when(conclusions[-1].recorded_at)
        gathering.note(comparison_id, conclusions[-1].id)
        state = gathering.workbench.verifications(comparison_id)
        second = [v for v in (state.verification, state.third) if v is not None]
        gathering.note(*(one.id for one in second))
        verified = state.state in ("agreed", "settled")
        yield (_NOT_CONFIRMING if verified else _NOT_VERIFIED).format(day=day)


def _aid(gathering: Gathering, candidate_id: str | None) -> str:
    if candidate_id is None:
        return ""
    candidate = gathering.casebook.candidate(candidate_id)
    gathering.note(candidate.search_id)
    return f"{_score(candidate.score)}; rank {candidate.rank} of its search"


def _score(score: Score) -> str:
    return f"{score_sentence(score, brief=True)} ({score.method} {score.version})"


def hit_notice(gathering: Gathering, comparison_id: str) -> CaseworkReport:
    """What both agencies are told of a hit; ``comparison_id`` is one that it rests on.

    Raises CaseheadError for a comparison that confirms no link.
    """
    link = confirmed_link(gathering, comparison_id)
    book = gathering.casebook
    compared = [book.comparison(one) for one in link.comparisons]
    for one in compared:
        gathering.need_open(one.id)
    rows = tuple(_compared(gathering, link, one) for one in compared)
    numbers = [gathering.number(one) for one in (link.case_a, link.case_b)]
    counted = "yes" if link.counted else f"no. {link.why_not}".strip()
    flags = (f"This link is no hit any more. {link.why_not}".strip(),) if link.stale else ()
    by_side = _items(gathering, link, compared)
    cases = (link.case_a, link.case_b)
    counts = (
        "It counts as one hit between these two cases, however many items are linked."
        if link.counted
        else f"It is not counted among the hits. {link.why_not}"
    )
    return CaseworkReport(
        "hit_notice",
        "  –  ".join(numbers),
        facts={
            "cases.left": gathering.party(link.case_a, by_side[0]),
            "cases.right": gathering.party(link.case_b, by_side[1]),
            "link": {
                "since": when(link.since),
                "started": gathering.agency(link.started_by).name,
                "confirmed": gathering.agency(link.confirmed_by).name,
                "counted": counted,
            },
        },
        tables={
            "comparisons": rows,
            "guns": (*_guns(gathering, cases), *_groups(gathering, compared)),
            "events": tuple(_events(gathering, cases)),
            "sent": gathering.sent("hit", link.comparisons),
        },
        words={
            "case_a": numbers[0],
            "case_b": numbers[1],
            "counts": counts.strip(),
            "scale": gathering.workbench.scale().name,
        },
        flags=flags,
        stamp=gathering.stamp(),  # of all that was looked at, so the last
    )


def confirmed_link(gathering: Gathering, comparison_id: str) -> Link:
    """The hit that rests on a comparison. Raises CaseheadError where there is none."""
    gathering.need_open(comparison_id)
    comparison = gathering.casebook.comparison(comparison_id)
    pictures = comparison.left_id, comparison.right_id
    cases = [gathering.casebook.linked_case(one) for one in pictures]
    if gathering.workbench.hides_link(*cases):
        raise CaseheadError(WITHHELD)
    for link in gathering.workbench.links(cases):
        if comparison_id in link.comparisons:
            if link.state == "hit":
                return link
            raise CaseheadError(
                f"The link of these two cases is no hit. {link.why_not} Verify it again before a "
                "hit notice is issued."
            )
    raise CaseheadError(
        "This comparison confirms no link between two cases, so there is no hit to tell of; a hit "
        "needs an identification on the specimens that another examiner verified."
    )


def _items(
    gathering: Gathering, link: Link, compared: Sequence[Comparison]
) -> tuple[list[str], list[str]]:
    """What of either case was compared."""
    found: tuple[list[str], list[str]] = ([], [])
    for comparison in compared:
        for picture in (comparison.left_id, comparison.right_id):
            mine = gathering.casebook.linked_case(picture) == link.case_a
            found[0 if mine else 1].append(gathering.place(picture).name)
    return found


def _compared(gathering: Gathering, link: Link, comparison: Comparison) -> tuple[str, ...]:
    """A comparison, first case first."""
    book = gathering.casebook
    gathering.note(comparison.id)
    names = [gathering.place(one).name for one in (comparison.left_id, comparison.right_id)]
    if book.linked_case(comparison.left_id) != link.case_a:
        names.reverse()
    conclusions = gathering.workbench.conclusions(comparison.id)
    last = conclusions[-1] if conclusions else None
    said = gathering.workbench.scale().said(last) if last else ()
    state = gathering.workbench.verifications(comparison.id)
    second = [v for v in (state.verification, state.third) if v is not None]
    return (
        *names,
        by(last.author, last.recorded_at) if last else "",
        "\n".join((gathering.concluded(last), *said)) if last else "",
        "\n".join(by(one.author, one.verified_at) for one in second),
        "\n".join(verified_words(gathering, one) for one in second),
    )


def verified_words(gathering: Gathering, one: Verification) -> str:
    """A verification: its value, open or blind, and what was examined."""
    scale = gathering.workbench.scale()
    gathering.note(one.id, one.task_id)
    gathering.free(one.reasons, one.basis_reason)
    label = scale.label(one.value) if one.scale == scale.name else f"{one.value} ({one.scale})"
    task = gathering.casebook.verification_task(one.task_id)
    third = ", third examiner" if task.third else ""
    said = scale.said(as_conclusion(one))
    return "\n".join((f"{label} ({task.mode}{third})", *said))


def _guns(gathering: Gathering, cases: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for case_id in cases:
        for exhibit in gathering.casebook.exhibits(case_id):
            for gun in gathering.firearms(exhibit):
                words = joined(gun.make, gun.model, gun.calibre)
                yield gathering.number(case_id), exhibit.number, words, gun.serial


def _groups(gathering: Gathering, compared: Sequence[Comparison]) -> Iterator[tuple[str, ...]]:
    """The gun groups that the laboratory sorted the compared items into."""
    pictures = dict.fromkeys(p for one in compared for p in (one.left_id, one.right_id))
    places = [gathering.place(picture) for picture in pictures]
    groups = gathering.workbench.gun_marks(place.cartridge_case.id for place in places)
    names = gathering.workbench.gun_names(one.gun_id for one in groups.values())
    for place in places:
        mark = groups.get(place.cartridge_case.id)
        if mark is not None:
            gathering.note(mark.gun_id)
            words = f"{place.cartridge_case.label} belongs to {names[mark.gun_id]}"
            yield gathering.number(place.case.id), place.exhibit.number, words, ""


def _events(gathering: Gathering, cases: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for case_id in cases:
        for event in gathering.casebook.events(case_id):
            happened = when(event.happened_at) if event.happened_at else ""
            yield gathering.number(case_id), event.kind, happened, event.place


def recipients(
    gathering: Gathering, kind: NoticeKind, subjects: Sequence[str], cases: Sequence[str]
) -> tuple[str, ...]:
    """A line for each of both cases: investigator, agency, the way to reach them, what was sent."""
    told = [line.notice for one in subjects for line in gathering.workbench.notices(kind, one)]
    lines = []
    for case_id in cases:
        party = gathering.party(case_id)
        names = {party["agency"].casefold(), party["ori"].casefold()} - {""}
        sent = (one for one in told if one.agency.casefold() in names)
        last = max(sent, key=lambda one: one.sent_at, default=None)
        holds = last is not None and not last.text.startswith(ENDED)
        said = f"told {when(last.sent_at)}" if last and holds else "not told yet"
        who = joined(party["investigator"], party["agency"], party["contact"])
        lines.append(f"{gathering.number(case_id)}: {who or 'nobody is recorded'}; {said}")
    return tuple(lines)


def trace_request(gathering: Gathering, trace_id: str) -> CaseworkReport:
    """A trace request with all its fields, as a partner who takes paper gets it."""
    line = gathering.workbench.trace_line(trace_id)
    if line.request != gathering.casebook.trace_request(trace_id):
        raise CaseheadError(WITHHELD)
    form, request = gathering.workbench.trace_form(), line.request
    gathering.note(request.id, request.firearm_id, *(step.id for step in line.steps))
    gathering.free(*request.fields.values(), *(step.text for step in line.steps))
    tables: dict[str, Rows] = {}
    for group, _ in form.groups:
        fields = [one for one in form.fields if one.group == group]
        tables[group] = tuple(
            (
                f"{one.label} *" if one.needed(request.fields) else one.label,
                one.words(request.fields[one.key]),
            )
            for one in fields
            if request.fields.get(one.key)
        )
    tables["answer"] = tuple(
        (one.label, one.words(line.answer[one.key]))
        for one in form.answer
        if one.key in line.answer
    )
    tables["steps"] = tuple(
        (when(s.stepped_at), str(s.status), by(s.author), s.text) for s in line.steps
    )
    return CaseworkReport(
        "trace_request",
        line.gun,
        gathering.stamp(),
        facts={
            "gun": {
                "gun": line.gun,
                "case": line.case,
                "id": request.id,
                "asked": by(request.author, request.requested_at),
                "replaces": request.replaces or "",
                "replaced": line.replaced_by,
                "raised": line.raised_by or request.raised_by,
            }
        },
        tables=tables,
        words={
            "gun": line.gun,
            "priority": "urgent" if line.urgent else "routine",
            "due": when(request.due_at),
            "status": str(status_of(line.steps)),
            "form": form.name,
            "version": request.form_version,
        },
    )
