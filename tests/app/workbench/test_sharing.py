"""Entries shared between two stations, and the casebook's own check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from workbench_parts import Heard, frame, registration

from app.domain import Author, CaseheadError
from app.workbench import Workbench


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Workbench]:
    other = Workbench(tmp_path / "partner", automatic_search=False)
    other.set_author(Author("Partner Laboratory", "bench 9", "R. Roe", "PA0002"))
    yield other
    other.close()


def test_an_exhibit_goes_to_a_partner_once(
    workbench: Workbench, partner: Workbench, tmp_path: Path
) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exhibit_id = workbench.provenance(kept.id).exhibit.id
    assert workbench.export_entry(exhibit_id, exchange).sent
    heard = Heard(partner)
    assert partner.import_entries(exchange).acquired_ids == (kept.id,)
    assert heard.all.acquired == {kept.id} and heard.all.cases and heard.all.exchange
    assert partner.import_entries(exchange).acquired_ids == ()
    received = partner.provenance(kept.id)
    assert received.agency.name == "Example County Laboratory"
    assert (partner.thumbnail(kept.id, 32) == workbench.thumbnail(kept.id, 32)).all()
    assert partner.check() == ()


def test_what_cannot_go_now_waits(workbench: Workbench, tmp_path: Path) -> None:
    kept = workbench.capture(workbench.register(registration()).id, frame(1))
    exchange = tmp_path / "stick" / "exchange"
    heard = Heard(workbench)
    outcome = workbench.export_entry(workbench.provenance(kept.id).exhibit.id, exchange)
    assert not outcome.sent and outcome.sentence and heard.all.exchange
    assert [line.state for line in workbench.outbox()] == ["waiting"]
    exchange.mkdir(parents=True)
    (again,) = workbench.exchange_now()
    assert again.sent
    assert [line.state for line in workbench.outbox()] == ["sent"]


def test_an_absent_folder_is_told(workbench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(CaseheadError):
        workbench.import_entries(tmp_path / "nowhere")
