"""The rows of the ledger and what the side shows of one, read off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from app.casework.links import Link
from app.casework.moments import shown_moment
from app.casework.reviews import LEAD_STATES, LeadLine, LeadState, NoticeLine, Untold, WarmLink
from widgets.casework.ledger_detail import Detail
from widgets.casework.ledger_words import (
    STATES,
    between,
    counted_words,
    days_words,
    ended_words,
    feedback_words,
    notice_words,
    proposed_words,
    step_words,
    warm_words,
)
from widgets.common.lines import PAGE, LineColumn

if TYPE_CHECKING:
    from app.workbench import Workbench

Kind = Literal["lead", "hit", "warm"]
SHOWS = ("proposed", "open", "hits", "declined", "closed", "all leads")
_ACTIONS: dict[str, frozenset[str]] = {
    "proposed": frozenset(("open", "agree", "decline", "close")),
    "open": frozenset(("open", "assign", "feedback", "close", "issue", "notice", "receipt")),
    "confirmed": frozenset(("open", "assign", "feedback", "notice", "receipt")),
    "declined": frozenset(("open",)),
    "closed": frozenset(("open", "reopen", "receipt")),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the ledger is looked at."""

    show: str = "open"
    words: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A lead, a hit or a warm link in words; ``attention`` is what needs somebody.

    ``subject_id`` is what a notice of it is about; ``unreceived`` are notices (id, words) whose
    receipt is not noted yet.
    """

    id: str
    kind: Kind
    state: str
    cases: str
    owner: str = ""
    age: str = ""
    heard: str = ""
    attention: str = ""
    reason: str = ""
    subject_id: str = ""
    agencies: tuple[str, ...] = ()
    pair: tuple[str, str, str | None] | None = None
    lead: LeadLine | None = None
    link: Link | None = None
    warm: WarmLink | None = None
    unreceived: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows from some place on; ``counts`` say how many each part of the ledger has."""

    rows: tuple[LedgerRow, ...] = ()
    complete: bool = True
    counts: dict[str, int] = field(default_factory=dict)


COLUMNS: tuple[LineColumn[LedgerRow], ...] = (
    LineColumn("State", 112, lambda r: r.state),
    LineColumn("Cases", 196, lambda r: r.cases),
    LineColumn("Owner", 112, lambda r: r.owner),
    LineColumn("Age", 116, lambda r: r.age),
    LineColumn("Last heard", 168, lambda r: r.heard),
    LineColumn("Needs somebody", 0, lambda r: r.attention, lambda r: True),
)


def load(workbench: Workbench, wanted: Wanted, offset: int = 0, count: int = PAGE) -> Loaded:
    """``count`` rows from ``offset`` on; with the first how many all parts of the ledger have."""
    counts = {} if offset else _counts(workbench)
    sought = wanted.words.casefold().split()
    if wanted.show != "hits" and not sought and not wanted.silent:
        rows = _leads(workbench, wanted, offset, count + 1)
        return Loaded(tuple(rows[:count]), len(rows) <= count, counts)
    found = _hits(workbench) if wanted.show == "hits" else _leads(workbench, wanted)
    kept = [row for row in found if _fits(row, wanted, sought)]
    shown = tuple(kept[offset : offset + count])
    return Loaded(shown, offset + count >= len(kept), counts)


def _fits(row: LedgerRow, wanted: Wanted, sought: list[str]) -> bool:
    if wanted.silent and not row.attention:
        return False
    said = (row.cases, row.owner, row.state, row.heard, row.reason, row.attention)
    text = " ".join(said).casefold()
    return all(word in text for word in sought)


def _leads(
    workbench: Workbench, wanted: Wanted, offset: int = 0, limit: int | None = None
) -> list[LedgerRow]:
    state: LeadState | None = next((one for one in LEAD_STATES if one == wanted.show), None)
    lines = workbench.leads(state, limit=limit, offset=offset)
    return [lead_row(line, workbench.silence(line)) for line in lines]


def _hits(workbench: Workbench) -> list[LedgerRow]:
    """Hits, those that hold no more, and what was linked before."""
    links = [link for link in workbench.links() if link.state == "hit" or link.stale]
    warm = workbench.warm_links()
    ids = {one for link in links for one in link.pair}
    names = workbench.case_names(ids | {one for w in warm for one in (w.case_a, w.case_b)})
    ends = workbench.untold_ends()
    hits = [hit_row(link, (names[link.case_a], names[link.case_b]), ends) for link in links]
    rows = {one for link in links for one in link.comparisons}
    ended = {one.subject_id: one for one in ends if one.subject_id not in rows}
    noted = [_warm_row(one, (names[one.case_a], names[one.case_b])) for one in warm]
    return [*(_ended_row(one, ends) for one in ended.values()), *hits, *noted]


def _counts(workbench: Workbench) -> dict[str, int]:
    counts: dict[str, int] = {str(state): n for state, n in workbench.lead_counts().items()}
    return counts | {"hits": len(workbench.hits()), "all leads": sum(counts.values())}


def lead_row(line: LeadLine, silence: str = "") -> LedgerRow:
    """A lead as a row; ``silence`` is why it needs somebody."""
    lead = line.lead
    return LedgerRow(
        lead.id,
        "lead",
        line.state,
        between(line.case_names),
        line.owner,
        days_words(line.age),
        "" if line.hidden else feedback_words(line.last_feedback),
        silence,
        "" if line.hidden else lead.reason,
        lead.id,
        pair=(lead.left_id, lead.right_id, lead.candidate_id),
        lead=line,
    )


def hit_row(link: Link, names: tuple[str, str], ends: Sequence[Untold] = ()) -> LedgerRow:
    """A hit as a row; one that holds no more needs somebody, and so do those told of it (``ends``)
    who do not know that.
    """
    told = [one for one in ends if one.subject_id in link.comparisons]
    last = link.comparisons[-1] if link.comparisons else ""
    return LedgerRow(
        " ".join(link.pair),
        "hit",
        "hit" if link.state == "hit" else "lead again",
        between(names),
        age=f"since {shown_moment(link.since)[:10]}",
        heard=counted_words(link),
        attention=" ".join(filter(None, (link.why_not, ended_words(told)))) if link.stale else "",
        subject_id=told[0].subject_id if told else last,
        link=link,
    )


def _ended_row(end: Untold, ends: Sequence[Untold]) -> LedgerRow:
    """Cases that nothing links any more, although somebody was told of a hit between them."""
    told = [one for one in ends if one.subject_id == end.subject_id]
    return LedgerRow(
        f"ended {end.subject_id}",
        "hit",
        "no hit any more",
        between(end.case_names),
        age=f"told {shown_moment(end.since)[:10]}",
        heard="Concluded otherwise since",
        attention=ended_words(told),
        subject_id=end.subject_id,
        agencies=tuple(one.agency for one in told),
    )


def _warm_row(warm: WarmLink, names: tuple[str, str]) -> LedgerRow:
    both, day = between(names), f"since {shown_moment(warm.noted_at)[:10]}"
    return LedgerRow(
        warm.id, "warm", "warm, never counted", both, age=day, heard=warm.basis, warm=warm
    )


Looked = tuple[LedgerRow | None, Detail]


def still_known(row: LedgerRow | None, before: LedgerRow | None) -> LedgerRow | None:
    """A row that was listed again, with what was looked up for it before: until it is looked at
    again, what stands at the side can be acted on."""
    if row is None or before is None or row.id != before.id:
        return row
    pair, agencies = row.pair or before.pair, before.agencies
    return replace(row, pair=pair, unreceived=before.unreceived, agencies=agencies)


def look(workbench: Workbench, row: LedgerRow | None) -> Looked:
    """All that is told of a row at the side, and the row with what its actions need."""
    if row is None:
        return None, Detail()
    if row.lead is not None:
        return _look_at_lead(workbench, row, row.lead)
    if row.link is not None:
        return _look_at_hit(workbench, row, row.link)
    if row.kind == "hit":
        return _look_at_ended(workbench, row)
    said = () if row.warm is None else (warm_words(row.warm),)
    return row, Detail(row.cases, row.state.capitalize(), history=said)


def _look_at_lead(workbench: Workbench, row: LedgerRow, line: LeadLine) -> Looked:
    steps = workbench.lead_history(row.id)
    notices = workbench.notices("lead", row.id)
    history = (
        proposed_words(line),
        *(step_words(step) for step in steps),
        *(notice_words(one) for one in notices),
    )
    facts = [f"Owner: {row.owner}", f"Age: {row.age}"]
    if line.agreed_by:
        facts.append(f"Agreed by {line.agreed_by}")
    if not line.told and line.state == "open":
        facts.append("Nobody was told of it yet")
    state = f"Lead: {STATES[line.state]}"
    actions = _ACTIONS[line.state]
    told = Detail(row.cases, state, row.attention, tuple(facts), history, actions)
    return _with_notices(
        row, notices, _agencies(workbench, line.lead.case_a, line.lead.case_b)
    ), told


def _look_at_hit(workbench: Workbench, row: LedgerRow, link: Link) -> Looked:
    notices = tuple(
        one for subject in link.comparisons for one in workbench.notices("hit", subject)
    )
    pairs = [workbench.comparison(one) for one in link.comparisons]
    pair = (pairs[-1].left_id, pairs[-1].right_id, None) if pairs else None
    facts = [counted_words(link), f"Since {shown_moment(link.since)}"]
    if len(pairs) > 1:
        facts.append(f"{len(pairs)} comparisons bear it out; the two cases count once")
    for comparison_id in link.comparisons:
        facts.extend(workbench.verifications(comparison_id).sentences)
    holds = link.state == "hit"
    ends = [one for one in workbench.untold_ends() if one.subject_id in link.comparisons]
    possible = {"open", "receipt"} | ({"issue", "notice"} if holds else set())
    actions = frozenset(possible | ({"notice"} if ends else set()))
    history = tuple(notice_words(one) for one in notices) or (
        ("Nobody was told of it yet",) if holds else ()
    )
    state = "Hit, confirmed and verified" if holds else "Lead again: it was a hit"
    told = Detail(row.cases, state, row.attention, tuple(facts), history, actions)
    row = replace(row, pair=pair)
    agencies = tuple(one.agency for one in ends) or _agencies(workbench, *link.pair)
    return _with_notices(row, notices, agencies), told


def _look_at_ended(workbench: Workbench, row: LedgerRow) -> Looked:
    notices = workbench.notices("hit", row.subject_id)
    compared = workbench.comparison(row.subject_id)
    facts = tuple(workbench.verifications(row.subject_id).sentences)
    actions = frozenset(("open", "notice", "receipt"))
    history = tuple(map(notice_words, notices))
    told = Detail(row.cases, "No hit any more", row.attention, facts, history, actions)
    row = replace(row, pair=(compared.left_id, compared.right_id, None))
    return _with_notices(row, notices, row.agencies), told


def _with_notices(
    row: LedgerRow, notices: tuple[NoticeLine, ...], agencies: tuple[str, ...]
) -> LedgerRow:
    waiting = tuple(
        (one.notice.id, f"to {one.notice.recipient}, {shown_moment(one.notice.sent_at)}")
        for one in notices
        if one.receipt is None
    )
    return replace(row, unreceived=waiting, agencies=agencies)


def _agencies(workbench: Workbench, *case_ids: str) -> tuple[str, ...]:
    """The agencies of both cases."""
    return tuple(dict.fromkeys(workbench.case_agencies(case_ids)))
