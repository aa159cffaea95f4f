"""``casehead leads``, ``hits`` and ``verifications``."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store import Casebook
from tests.app.cli.cli_parts import casehead
from tests.app.store.linked_parts import hit_between, lead_between, pictured
from tests.app.store.store_parts import JANE


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hit and an open lead."""
    folder = tmp_path_factory.mktemp("linked") / "casebook"
    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
        cases = [pictured(casebook, f"2026-{number}") for number in (1, 2, 3)]
        hit_between(casebook, cases[0], cases[1])
        lead_between(casebook, cases[1], cases[2])
    return folder


def test_leads_are_told_with_their_owner(linked: Path) -> None:
    said = casehead("leads", "--casebook", linked)
    assert said.code == 0 and "2026-2 - 2026-3" in said.out and JANE.examiner in said.out
    (lead,) = casehead("leads", "--casebook", linked, "--json").document["leads"]
    assert (lead["state"], lead["owner"]) == ("open", JANE.examiner)
    assert lead["cases"] == ["2026-2", "2026-3"] and lead["business_days"] == 0
    none = casehead("leads", "--state", "closed", "--casebook", linked)
    assert none.code == 0 and none.out.strip() == "There are no such leads."
    assert casehead("leads", "--owner", "Nobody", "--casebook", linked, "--json").document == {
        "leads": []
    }
    refused = casehead("leads", "--state", "lost", "--casebook", linked)
    assert refused.code == 3 and "No lead is 'lost'" in refused.err


def test_hits_are_told_with_what_counts(linked: Path) -> None:
    said = casehead("hits", "--casebook", linked)
    assert said.code == 0 and "1 counted" in said.out and "2026-1 - 2026-2" in said.out
    (hit,) = casehead("hits", "--casebook", linked, "--json").document["hits"]
    assert hit["counted"] is True and sorted(hit["cases"]) == ["2026-1", "2026-2"]


def test_verifications_are_told(linked: Path) -> None:
    assert casehead("verifications", "--casebook", linked).out.strip() == "No verification waits."
    said = casehead("verifications", "--all", "--casebook", linked)
    assert "blind" in said.out and "over" in said.out
    document = casehead("verifications", "--all", "--casebook", linked, "--json").document
    (task,) = document["verifications"]
    assert task["waiting"] is False and task["specimens"] == ["2026-1 / 1 / A", "2026-2 / 1 / A"]


@pytest.mark.parametrize("command", ["leads", "hits", "verifications"])
def test_where_there_is_no_casebook_it_is_said(command: str, tmp_path: Path) -> None:
    said = casehead(command, "--casebook", tmp_path / "nowhere")
    assert said.code == 3 and not said.out
