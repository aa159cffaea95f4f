"""``casehead exchange``: entries to and from other agencies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.cli.books import recording
from app.cli.places import require_casebook
from app.cli.voice import Voice, table
from app.domain import CaseheadError
from app.exchange import EntryState, SendOutcome
from app.workbench import CaseNode, ExhibitNode, Workbench


def send_command(voice: Voice, casebook: Path, exhibit: str | None, to: Path) -> None:
    """Send one exhibit, or all of the own agency's (``exhibit`` None)."""
    with recording(voice, casebook) as workbench:
        chosen = _chosen(workbench, exhibit)
        outcomes = []
        for done, (_, exhibit_id) in enumerate(chosen):
            voice.job.report(done, len(chosen), "Sending")
            outcomes.append(workbench.export_entry(exhibit_id, to))
    _tell_sent(voice, outcomes)


def retry_command(voice: Voice, casebook: Path) -> None:
    """Try again all that waits."""
    with recording(voice, casebook) as workbench:
        outcomes = workbench.exchange_now()
    _tell_sent(voice, outcomes)


def receive_command(voice: Voice, casebook: Path, folder: Path) -> None:
    """Take in the entries of a folder."""
    with recording(voice, casebook) as workbench:
        report = workbench.import_entries(folder, voice.job)
    for outcome in report.outcomes:
        if outcome.state is EntryState.REFUSED:
            voice.refuse(outcome.sentence)
    document = {
        "received": report.count(EntryState.RECEIVED),
        "known": report.count(EntryState.KNOWN),
        "refused": report.count(EntryState.REFUSED),
        "entries": [
            {
                "path": o.path,
                "state": str(o.state),
                "sentence": o.sentence,
                "acquired_ids": o.acquired_ids,
            }
            for o in report.outcomes
        ],
    }
    taken = [o.sentence for o in report.outcomes if o.state is EntryState.RECEIVED]
    voice.result(document, lambda: [*taken, report.sentence])


def pending_command(voice: Voice, casebook: Path) -> None:
    """List what waits to be sent, and why."""
    require_casebook(casebook)
    workbench = Workbench(casebook, automatic_search=False)
    try:
        waiting = [line for line in workbench.outbox() if line.state == "waiting"]
        names = {exhibit_id: name for name, exhibit_id in _exhibits(workbench, own=False)}
    finally:
        workbench.close()
    documents = [
        {
            "id": line.id,
            "exhibit": names.get(line.subject, line.subject),
            "folder": line.folder,
            "queued_at": line.queued_at,
            "tries": line.tries,
            "sentence": line.message,
        }
        for line in waiting
    ]
    voice.result(documents, lambda: _pending_lines(documents))


def _pending_lines(documents: list[dict[str, Any]]) -> Iterable[str]:
    if not documents:
        return ["Nothing waits to be sent."]
    keys = ("exhibit", "folder", "queued_at", "tries", "sentence")
    return table(keys, [[d[key] for key in keys] for d in documents])


def _tell_sent(voice: Voice, outcomes: Iterable[SendOutcome]) -> None:
    outcomes = list(outcomes)
    for outcome in outcomes:
        if not outcome.sent:
            voice.refuse(outcome.sentence)
    document = {
        "sent": sum(o.sent for o in outcomes),
        "waiting": sum(not o.sent for o in outcomes),
        "entries": [
            {
                "exhibit_id": o.exhibit_id,
                "folder": o.folder,
                "sent": o.sent,
                "entry": o.entry,
                "sentence": o.sentence,
            }
            for o in outcomes
        ],
    }
    last = f"{document['sent']} sent, {document['waiting']} waiting."
    voice.result(document, lambda: [*(o.sentence for o in outcomes if o.sent), last])


def _chosen(workbench: Workbench, text: str | None) -> list[tuple[str, str]]:
    known = _exhibits(workbench, own=text is None)
    if text is None:
        if not known:
            raise CaseheadError("There are no exhibits of this agency to send yet.")
        return known
    plain = "/".join(part.strip() for part in text.split("/")).casefold()
    found = [x for x in known if plain in (x[1], x[0].replace(" / ", "/").casefold())]
    if len(found) != 1:
        what = "several exhibits" if found else "no exhibit"
        raise CaseheadError(
            f"There is {what} called '{text}'; name it as case/exhibit, for example 2026-0412/3."
        )
    return found


def _exhibits(workbench: Workbench, own: bool) -> list[tuple[str, str]]:
    """Names (``case / exhibit``) and identifiers, of the own agency only when ``own``."""
    return [
        (f"{node.case.number} / {exhibit.exhibit.number}", exhibit.exhibit.id)
        for node in workbench.tree()
        for exhibit in node.exhibits
        if not own or _is_own(workbench, node, exhibit)
    ]


def _is_own(workbench: Workbench, node: CaseNode, exhibit: ExhibitNode) -> bool:
    """Whether a picture of the exhibit says that its case is the own agency's."""
    author = workbench.author
    for case in exhibit.cartridge_cases:
        for mark in case.marks:
            for acquired in mark.acquired:
                agency = workbench.provenance(acquired.id).agency
                return author is not None and agency.name == author.agency
    return False
