"""A casebook full of secrets for a blind verifier, and ways to ask and write everything.

The first examiner said something secret in every place there is to write in; the two specimens
were put into one gun, their cases are linked, and somebody was told so.
"""

from __future__ import annotations

import inspect
import itertools
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from casework_parts import (
    FIRST,
    SECOND,
    THIRD,
    acquired,
    as_person,
    case_of,
    compared,
    sure,
    test_fire,
)

from app.casework.graph import ChartFilter
from app.casework.people import Right
from app.casework.traces import TraceRequest
from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    CaseheadError,
    ClassNote,
    Comparison,
    Remarks,
    Review,
)
from app.store.journal_list import JournalFilter
from app.workbench import Workbench
from app.workbench.issuing import KIND_WORDS
from app.workbench.rights import READING
from tests.app.reporting.report_parts import text_of

SECRET = "zqzq"
"""What every planted text has in it, and no name or identifier (those are hexadecimal)."""
TURNED = Alignment(77.125, (13.0625, -9.0625))
QUIET = {
    *("close", "set_up", "sign_in", "sign_out", "lock", "subscribe", "within", "set_setting"),
    *("wait_idle", "clock_now"),
}
"""What ends, lets in or waits, and hands nothing of the record out."""
LOUD = {
    *("annotation_versions", "annotations", "board", "case_node", "comparison", "comparisons"),
    *("conclusions", "find_guns", "fused", "gun_group", "gun_groups", "gun_history", "gun_marks"),
    *("gun_names", "gun_of", "journal_line", "journal_page", "lead", "lead_history", "leads"),
    *("link_chart", "linked_events", "newest_tree", "noted", "notices", "open_comparison"),
    *("remarks", "saved_view", "saved_views", "scene", "search_reviews", "tree", "tree_part"),
    *("verification_versions", "warm_links"),
}
"""What tells who has a part in it something secret."""
PICTURES = {
    *("align_near", "place", "score_here", "similarity", "similarity_of", "compare", "meaning"),
    *("side", "side_lit", "sides_of", "plan_of", "surface", "thumbnail", "region", "judge"),
    *("combine", "combined_again", "check_combined", "check_picture", "check_thumbnail", "golden"),
    *("sources_of", "work_out_relief", "lit_set", "lights_of", "shading_for"),
}
"""What is made of pixels alone."""


@dataclass
class Told:
    """The casebook as it stands when the second examiner sits down to verify."""

    pair: tuple[str, str]
    comparisons: tuple[str, ...]
    task_id: str
    pools: dict[str, list[Any]]


def secret(what: str) -> str:
    return f"{SECRET}{what}"


def planted(workbench: Workbench) -> Told:
    """A hit that went stale, with all that was said and done about it, to be verified blind."""
    left = acquired(workbench, "2026-1", 100)
    right = test_fire(workbench, "2026-2", 90, "T", "A100")
    far = acquired(workbench, "2026-3", 70)
    pair = (left, right)
    as_person(workbench, FIRST)
    search = workbench.search(left)
    line = next(
        one for one in workbench.candidates(search.id) if one.candidate.acquired_id == right
    )
    for one in workbench.candidates(search.id):
        workbench.review(one.candidate.id, Review.DISMISSED)
    lead = workbench.propose_lead(left, right, secret("reason"), line.candidate.id)
    workbench.record_review(search.id, secret("listnote"))
    as_person(workbench, THIRD)
    workbench.agree_lead(lead.id, secret("agreed"))
    as_person(workbench, FIRST)
    workbench.lead_feedback(lead.id, "other", secret("heard"))
    workbench.assign_lead(lead.id, secret("owner"))
    lead_notice = workbench.send_notice(
        "lead", lead.id, secret("det"), secret("agency"), secret("means"), secret("told")
    )
    workbench.note_receipt(lead_notice.id, secret("receiver"))
    comparison = replace(compared(workbench, *pair), alignment=TURNED, view={"a": secret("view")})
    comparison = workbench.save_comparison(comparison)
    _draw(workbench, comparison, "drawn")
    view = workbench.save_view(comparison, secret("viewname"), TURNED, {})
    workbench.conclude(comparison.id, _sure(FIRST, "first"))
    task = workbench.ask_verification(comparison.id, "blind", THIRD)
    as_person(workbench, THIRD)
    workbench.verify(task.id, _sure(THIRD, "second"))
    assert [link.state for link in workbench.hits()] == ["hit"]
    as_person(workbench, FIRST)
    hit_notice = workbench.send_notice(
        "hit", comparison.id, secret("sheriff"), secret("office"), secret("phone"), secret("hit")
    )
    specimens = [workbench.provenance(one).cartridge_case for one in pair]
    gun = workbench.make_gun(secret("gun"), [one.id for one in specimens], secret("samegun"))
    firearm_id = str(specimens[1].firearm_id)
    trace = _traced(workbench, firearm_id)
    workbench.note_warm_link(case_of(workbench, left), case_of(workbench, right), secret("warm"))
    turned = compared(workbench, right, left)
    workbench.conclude(turned.id, _sure(FIRST, "turned"))
    _draw(workbench, comparison, "anew")
    asked = workbench.ask_verification(comparison.id, "blind", SECOND)
    tree = workbench.tree()
    cases = [node.case.id for node in tree]
    exhibits = [exhibit.exhibit.id for node in tree for exhibit in node.exhibits]
    chart = workbench.link_chart()
    assert chart.links == 1
    return Told(
        pair,
        (comparison.id, turned.id),
        asked.id,
        {
            "comparison_id": [comparison.id, turned.id],
            "comparison": [workbench.comparison(comparison.id)],
            "case_id": cases,
            "other_id": cases,
            "exhibit_id": exhibits,
            "cartridge_case_id": [
                workbench.provenance(one).cartridge_case.id for one in (left, right, far)
            ],
            "acquired_id": [left, right, far],
            "left_id": [left, right, far],
            "right_id": [left, right, far],
            "candidate_id": [line.candidate.id],
            "search_id": [search.id],
            "lead_id": [lead.id],
            "gun_id": [gun.id],
            "firearm_id": [firearm_id],
            "trace_id": [trace.id],
            "view_id": [view.id],
            "mark_id": [workbench.provenance(one).mark.id for one in (left, right, far)],
            "person_id": [""],
            "subject": [lead.id, lead_notice.id, hit_notice.id, gun.id, comparison.id, trace.id],
            "seq": list(range(1, workbench.journal_last() + 1)),
        },
    )


def _sure(name: str, what: str) -> Any:
    draft = replace(sure(name), reasons=secret(what), basis_reason=secret(f"basis{what}"))
    return replace(draft, subclass_excluded=secret(f"subclass{what}"))


def _draw(workbench: Workbench, comparison: Comparison, what: str) -> None:
    note = Annotation(AnnotationKind.NOTE, "left", ((1.0, 2.0),), secret(f"note{what}"))
    noted = ClassNote("calibre", secret(f"left{what}"), secret(f"right{what}"))
    workbench.annotate(comparison, (note,), Remarks((noted,), True, secret(f"sub{what}")))


def _traced(workbench: Workbench, firearm_id: str) -> TraceRequest:
    more = {
        "type": "P",
        "country": "US",
        "ncic_code": "0999",
        "calibre": "9 mm",
        "ori": "XX0990100",
    }
    draft = workbench.trace_draft(firearm_id)
    kept = workbench.request_trace(replace(draft, fields={**draft.fields, **more}))
    assert kept.raised_by and kept.urgent, "because of the hit"
    return kept


def _choices(told: Told) -> dict[str, list[Any]]:
    """What is given for an argument of a name."""
    pools = told.pools
    lists = {f"{name}s": [tuple(pools[name])] for name in pools if name.endswith("_id")}
    own: dict[str, list[Any]] = {
        "wanted": [JournalFilter(), ChartFilter(), ()],
        "since": ["2000-01-01"],
        "until": ["2100-01-01"],
        "words": ["", SECRET],
        "name": ["2026-1"],
        "person_name": [FIRST],
        "skill": ["examine"],
        "right": list(Right),
        "texts": ["text"],
        "text": ["2026-1/1/A"],
        "seqs": [tuple(pools["seq"])],
        "statuses": [()],
        "key": ["look", "review_places"],
        "optics": [],
        "reference_id": ["none"],
        "relief_id": ["none"],
        "camera": [""],
        "light": [],
    }
    return {**pools, **lists, **own}


_KINDS = {
    "case": "case_id",
    "exhibit": "exhibit_id",
    "cartridge_case": "cartridge_case_id",
    "firearm": "firearm_id",
}
_SUBJECTS = {
    "lead_notice": "lead_id",
    "hit_notice": "comparison_id",
    "comparison": "comparison_id",
    "trace_request": "trace_id",
    "case_summary": "case_id",
    "custody": "case_id",
    "statistics": "",
    "defence_package": "comparison_id",
    "lead": "lead_id",
    "hit": "comparison_id",
    "trace": "trace_id",
}


def _calls(workbench: Workbench, name: str, told: Told) -> Iterator[tuple[dict[str, Any], ...]]:
    """The arguments an operation is called with."""
    wanted = inspect.signature(getattr(workbench, name)).parameters
    pools = _choices(told)
    if "kind" in wanted and "record_id" in wanted:
        for kind, of in _KINDS.items():
            yield tuple({"kind": kind, "record_id": one} for one in told.pools[of])
    elif "subject_id" in wanted:
        for kind, of in _SUBJECTS.items():
            if (kind in KIND_WORDS) is (name != "notices"):
                yield tuple({"kind": kind, "subject_id": one} for one in told.pools.get(of, [""]))
    needed = [
        key
        for key, one in wanted.items()
        if one.default is inspect.Parameter.empty or key in told.pools or f"{key}s" in pools
    ]
    if {"kind", "subject_id"} & set(needed):
        needed = []
        if any(one.default is inspect.Parameter.empty for one in wanted.values()):
            return
    unknown = [key for key in needed if key not in pools]
    assert not unknown, f"say what {name} is called with: {unknown}"
    yield tuple(
        dict(zip(needed, values, strict=True))
        for values in itertools.product(*(pools[key] for key in needed))
    )


def answers(workbench: Workbench, told: Told) -> Iterator[tuple[str, Any]]:
    """What every operation that reads answers, refusals too."""
    for name in sorted(READING - QUIET - PICTURES - set(_BY_HAND)):
        if not callable(getattr(workbench, name)):
            yield name, getattr(workbench, name)
            continue
        for several in _calls(workbench, name, told):
            for arguments in several:
                yield name, _asked(partial(_call, workbench, name, arguments))
    for name, ask in _BY_HAND.items():
        yield name, _asked(partial(ask, workbench, told))


def _call(workbench: Workbench, name: str, arguments: dict[str, Any]) -> Any:
    if name == "language_warnings":
        return workbench.language_warnings("text")
    return getattr(workbench, name)(**arguments)


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except CaseheadError as error:
        return str(error)


_BY_HAND: dict[str, Callable[[Workbench, Told], Any]] = {
    "board": lambda w, t: w.board(limit=1000),
    "journal_seqs": lambda w, t: [
        w.journal_seqs(wanted, limit=1000)
        for wanted in (JournalFilter(text=SECRET), JournalFilter(text="identification"))
    ],
    "names_of": lambda w, t: [w.names_of(link) for link in w.links()],
    "silence": lambda w, t: [
        w.silence(line) for line in (*w.leads(), w.lead(t.pools["lead_id"][0]))
    ],
    "trace_lacks": lambda w, t: w.trace_lacks(w.trace_draft(t.pools["firearm_id"][0])),
    "score_of": lambda w, t: [w.score_of(one) for one in w.comparisons()],
    "guard_by_plan": lambda w, t: w.guard_by_plan(),
    **{
        name: lambda w, t: None
        for name in ("calibration_for", "reference_case_for", "reference_cases", "references_for")
    },
}
"""Those that take what others hand out; calibrations and references know of no comparison."""


def spilled(answer: Any) -> str:
    """All that is in an answer, as text."""
    if isinstance(answer, np.ndarray):
        return ""
    if is_dataclass(answer) and not isinstance(answer, type):
        return " ".join(spilled(getattr(answer, one.name)) for one in fields(answer))
    if isinstance(answer, dict):
        return " ".join(f"{spilled(k)} {spilled(v)}" for k, v in answer.items())
    if isinstance(answer, list | tuple | set | frozenset):
        return " ".join(map(spilled, answer))
    return repr(answer)


# --- every file that is written -----------------------------------------------------------------
def written(workbench: Workbench, told: Told, folder: Path) -> Iterator[tuple[str, Path]]:
    """Everything that can be written, where it is not refused."""
    pools = told.pools
    made: dict[str, Callable[[Path], Any]] = {
        "journal.csv": lambda p: workbench.export_journal(JournalFilter(), p),
        "journal.json": lambda p: workbench.export_journal(JournalFilter(who=FIRST), p),
        "board.csv": lambda p: workbench.export_board(p),
        "metrics.csv": lambda p: workbench.export_metrics(p, "2020-01-01", "2100-01-01"),
        "trace.json": lambda p: workbench.export_trace(pools["trace_id"][0], p),
    }
    for ending in ("png", "svg", "graphml", "csv"):
        made[f"chart.{ending}"] = lambda p: workbench.export_links(ChartFilter(), p)
    for comparison_id in told.comparisons:
        seen = workbench.comparison(comparison_id)
        made[f"{comparison_id}.pdf"] = partial(workbench.export_report, seen)
        made[f"{comparison_id}.png"] = partial(workbench.export_view, seen)
        made[f"{comparison_id}-.png"] = partial(workbench.export_picture, seen)
    for kind in KIND_WORDS:
        ending = "zip" if kind == "defence_package" else "pdf"
        for number, one in enumerate(pools.get(_SUBJECTS[kind], [""])):
            made[f"{kind}-{number}.{ending}"] = partial(workbench.issue, kind, one)
    made["defence-case.zip"] = lambda p: workbench.issue("defence_package", pools["case_id"][0], p)
    for name, write in made.items():
        with suppress(CaseheadError):
            write(folder / name)
    with suppress(CaseheadError):
        workbench.write_open_data(workbench.open_data(), folder / "open")
    for exhibit_id in pools["exhibit_id"]:
        workbench.export_entry(exhibit_id, folder / "exchange")
    yield from ((path.name, path) for path in folder.rglob("*") if path.is_file())


def text_in(path: Path) -> str:
    if path.suffix == ".pdf":
        return text_of(path.read_bytes())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return "\n".join(packed.read(one).decode("latin-1") for one in packed.namelist())
    return path.read_bytes().decode("latin-1")
