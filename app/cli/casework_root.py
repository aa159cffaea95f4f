"""The commands ``leads``, ``hits`` and ``verifications`` and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.options import CasebookOption, JsonOption
from app.cli.places import default_casebook
from app.cli.voice import Voice


def leads(
    state: Annotated[
        str, typer.Option(help="Only: proposed, open, confirmed, declined or closed.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Only those this person answers for.")] = "",
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """List leads with their owner, their age in business days and what investigators said."""
    with Voice(as_json) as voice:
        from app.cli.casework import lead_document, leads_command, leads_lines

        found = leads_command(casebook or default_casebook(), state, owner)
        document = {"leads": [lead_document(line) for line in found]}
        voice.result(document, lambda: leads_lines(found))


def hits(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """List hits: links between two cases, derived from conclusions and their verification."""
    with Voice(as_json) as voice:
        from app.cli.casework import hit_document, hits_command, hits_lines

        found = hits_command(casebook or default_casebook())
        document = {"hits": [hit_document(link, names) for link, names in found]}
        voice.result(document, lambda: hits_lines(found))


def verifications(
    everything: Annotated[
        bool, typer.Option("--all", help="What was entered or replaced, too.")
    ] = False,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the verifications that wait, of whom they were asked, and how."""
    with Voice(as_json) as voice:
        from app.cli.casework import task_document, tasks_lines, verifications_command

        found = verifications_command(casebook or default_casebook(), everything)
        document = {"verifications": [task_document(line) for line in found]}
        voice.result(document, lambda: tasks_lines(found))
