"""What a defence package holds of the record: rows as stored, pictures, scores with their ways."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.domain import Acquired, CaseheadError, Comparison, Score
from app.picture import ViewState
from app.store import Casebook
from app.store.extracts import all_of, compared_with, told_by_journal
from app.workbench.blinding import WITHHELD
from app.workbench.issue_values import Gathering

Row = dict[str, Any]
Table = tuple[str, str]


class Extract:
    """The part of the casebook that some comparisons (and a case) rest on."""

    def __init__(
        self, gathering: Gathering, comparisons: Collection[str], case_id: str = ""
    ) -> None:
        """Raises CaseheadError for a comparison that is not here, or hidden from this person, and
        where another one's record would tell of one that is hidden."""
        self._of, self.book = gathering, gathering.casebook
        for one in comparisons:
            gathering.need_open(one)
        self.comparisons = tuple(self.book.comparison(one) for one in comparisons)
        self.pictures = tuple(self._pictures(case_id))
        self._ids = {one.id for one in self.pictures}
        self.tables: dict[str, list[Row]] = {}
        self._gather(case_id)
        if not gathering.workbench.hidden_subjects().isdisjoint(self.subjects):
            raise CaseheadError(WITHHELD)

    @property
    def subjects(self) -> frozenset[str]:
        """The ids of all records in it."""
        rows = (row for table in self.tables.values() for row in table)
        return frozenset(str(row["id"]) for row in rows if "id" in row)

    def records(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Every table that holds anything, as ``told_by_journal`` says its rows."""
        for name, rows in self.tables.items():
            if rows:
                yield name, [{"id": r.get("id", ""), **told_by_journal(name, r)} for r in rows]

    def digests(self) -> Mapping[str, str]:
        """What of the pixel files belongs to it: digest to what it is."""
        found: dict[str, str] = {}
        for one in self.pictures:
            found[one.digest] = one.kind
            for kind in ("flat", "dark"):
                if one.units.get(kind):
                    found.setdefault(one.units[kind], f"{kind} reference")
            combined = one.record.settings.get("combined")
            sources = combined.get("sources", ()) if isinstance(combined, Mapping) else ()
            for source in sources:
                if isinstance(source, Mapping) and source.get("digest"):
                    found.setdefault(str(source["digest"]), "frame of a combined picture")
        return found

    def scores(self) -> Iterator[Row]:
        """Every score between two pictures of it, with the ways it can have come about."""
        for search in self.tables["search"]:
            for one in self.book.candidates(str(search["id"])):
                if one.acquired_id in self._ids:
                    pair = str(search["acquired_id"]), one.acquired_id
                    yield self._score("candidate", one.id, pair, one.score, search["finished_at"])
        for comparison in self.comparisons:
            pair = comparison.left_id, comparison.right_id
            for view in self.book.saved_views(comparison.id, withdrawn=True):
                if view.score is not None:
                    yield self._score("saved view", view.id, pair, view.score, view.recorded_at)

    def _score(self, what: str, record: str, pair: tuple[str, str], score: Score, at: str) -> Row:
        ways = ("found",) if what == "candidate" else ("found", "exchanged", "placed")
        return {
            "record": record,
            "of": what,
            "left": pair[0],
            "right": pair[1],
            "ways": list(ways),
            "regions": [self._regions(one, at) for one in pair],
            "stored": {
                "method": score.method,
                "version": score.version,
                "score": score.score,
                "ccf": score.ccf,
                "cells": score.cells,
                "congruent_cells": score.congruent_cells,
                "rotation_deg": score.alignment.rotation_deg,
                "shift_um": list(score.alignment.shift_um),
                "overlap": score.overlap,
                "parameters": dict(score.parameters),
            },
        }

    def _regions(self, acquired_id: str, at: str) -> list[str]:
        """The regions a score can rest on: the one in force then first, then the others."""
        own = [row for row in self.tables["region"] if row["acquired_id"] == acquired_id]
        then = [row for row in own if not at or str(row["created_at"]) <= at] or own
        ranked = sorted(then, key=lambda row: (row["source"] == "examiner", row["seq"]))
        others = [row for row in reversed(own) if row not in ranked]
        return [str(row["id"]) for row in (*reversed(ranked), *others)]

    def _pictures(self, case_id: str) -> Iterator[Acquired]:
        wanted: dict[str, None] = {}
        for one in self.comparisons:
            wanted.update(dict.fromkeys((one.left_id, one.right_id)))
            views = self.book.saved_views(one.id, withdrawn=True)
            for view in (one.view, *(view.view for view in views)):
                wanted.update(dict.fromkeys(filter(None, _shown(view))))
        if case_id:
            for exhibit in self.book.exhibits(case_id):
                for cartridge in self.book.cartridge_cases(exhibit.id):
                    for mark in self.book.marks(cartridge.id):
                        found = self.book.acquired_of(mark.id)
                        wanted.update(dict.fromkeys(one.id for one in found))
        for acquired_id in wanted:
            yield self._of.place(acquired_id).acquired

    def _gather(self, case_id: str) -> None:
        """Rows by table, from the pictures up to the cases and down to what was said."""
        places = [self._of.place(one.id) for one in self.pictures]
        self._take("image", "id", self._ids)
        self._take("scan", "id", self._ids)
        self._take("mark", "id", {p.mark.id for p in places})
        self._take("cartridge_case", "id", {p.cartridge_case.id for p in places})
        exhibits = {p.exhibit.id for p in places}
        if case_id:
            exhibits |= {one.id for one in self.book.exhibits(case_id)}
        guns = {str(r["firearm_id"]) for r in self.tables["cartridge_case"] if r["firearm_id"]}
        guns |= {gun.id for one in exhibits for gun in self.book.firearms(one)}
        self._take("firearm", "id", guns)
        exhibits |= {str(row["exhibit_id"]) for row in self.tables["firearm"]}
        self._take("exhibit", "id", exhibits)
        cases = {str(row["case_id"]) for row in self.tables["exhibit"]} | ({case_id} - {""})
        self._take("case", "id", cases)
        events = {str(row["event_id"]) for row in self.tables["exhibit"] if row["event_id"]}
        if case_id:
            events |= {event.id for event in self.book.events(case_id)}
        self._take("event", "id", events)
        self._take("agency", "id", {str(row["agency_id"]) for row in self.tables["case"]})
        self._said(exhibits)

    def _said(self, exhibits: Collection[str]) -> None:
        """What was noted, searched, compared, concluded and verified of it."""
        kinds = ("case", "event", "exhibit", "firearm", "cartridge_case")
        records = {str(row["id"]) for kind in kinds for row in self.tables[kind]}
        self._take("fact", "record_id", records)
        self._take("correction", "record_id", records)
        self._take("hand_over", "exhibit_id", exhibits)
        self._take("region", "acquired_id", self._ids)
        self._take("search", "acquired_id", self._ids)
        searches = {str(row["id"]) for row in self.tables["search"]}
        self._take("search_review", "search_id", searches)
        listed = all_of(self.book, "candidate", "search_id", searches)
        self.tables["candidate"] = [r for r in listed if str(r["acquired_id"]) in self._ids]
        compared = {one.id for one in self.comparisons}
        self._take("comparison", "id", compared)
        for table in ("conclusion", "verification_task", "verification", "annotation_set"):
            self._take(table, "comparison_id", compared)
        self._take("saved_view", "comparison_id", compared)
        views = {str(row["id"]) for row in self.tables["saved_view"]}
        self._take("saved_view_label", "saved_view_id", views)
        leads = [
            lead.id
            for one in self.comparisons
            for lead in self.book.leads_of_pictures(one.left_id, one.right_id)
        ]
        self._take("lead", "id", leads)
        self._take("lead_step", "lead_id", leads)

    def _take(self, table: str, column: str, ids: Collection[str]) -> None:
        self.tables[table] = all_of(self.book, table, column, ids) if ids else []


def picture_facts(book: Casebook, extract: Extract) -> list[Row]:
    """What the script needs to read each picture and to cut out its mark."""
    regions: dict[str, dict[str, Row]] = {}
    for row in extract.tables["region"]:
        regions.setdefault(str(row["acquired_id"]), {})[str(row["id"])] = {
            "outer_um": [row["outer_x_um"], row["outer_y_um"], row["outer_radius_um"]],
            "inner_um": None
            if row["inner_x_um"] is None
            else [row["inner_x_um"], row["inner_y_um"], row["inner_radius_um"]],
            "source": row["source"],
        }
    found = []
    for one in extract.pictures:
        place = book.provenance(one.id)
        found.append(
            {
                "id": one.id,
                "name": place.name,
                "mark": str(place.mark.kind),
                "kind": one.kind,
                "file": evidence_name(book, one.digest),
                "file_name": one.file_name,
                "pixel_um": one.pixel_um,
                "units": dict(one.units),
                "regions": regions.get(one.id, {}),
            }
        )
    return found


def evidence_name(book: Casebook, digest: str) -> str:
    """Where a stored file lies in the package. Raises CaseheadError when it is missing."""
    return f"evidence/{digest}{book.pixels_path(digest).suffix}"


def comparisons_of(book: Casebook, case_id: str) -> tuple[Comparison, ...]:
    """The comparisons of any picture of a case, in the order of the record."""
    own = {
        acquired.id
        for exhibit in book.exhibits(case_id)
        for cartridge in book.cartridge_cases(exhibit.id)
        for mark in book.marks(cartridge.id)
        for acquired in book.acquired_of(mark.id)
    }
    return tuple(map(book.comparison, compared_with(book, own)))


def _shown(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The pictures a view shows instead of its own two."""
    try:
        return ViewState.from_dict(view).shown
    except (CaseheadError, ValueError, TypeError, KeyError):
        return ()


def as_json(value: Any) -> bytes:
    """Readable, and the same text for the same content."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
