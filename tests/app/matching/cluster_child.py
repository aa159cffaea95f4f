"""Searches on a cluster, in a process of its own: ``cluster_child.py ADDRESS CASEBOOK QUERY``.

Tells each task it sends as a line of JSON, waits for a line on stdin in the midst of the search,
and ends with what it found; or with the sentence of the error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from app.domain import CaseheadError, Search
from app.jobs import Job
from app.matching import Matcher
from app.matching.cluster import Cluster
from app.matching.engine import Query
from app.matching.matcher import Finished, SoFar
from app.matching.sweep import Depth
from app.store import Casebook
from app.workbench.reading import Reader
from correlation.compare import PairScore
from correlation.prepare import Prepared
from correlation.surface import Floats
from correlation.survey import Records

SHALLOW = Depth(full=5, first=3, early=2, block=1, heads=8, few=1)
WAIT_AT = 2


def say(**facts: Any) -> None:
    """One line to whoever reads, in one piece whatever the threads."""
    os.write(1, (json.dumps(facts) + "\n").encode())


class Telling(Cluster):
    """A cluster that tells what is sent to it."""

    def coarse(self, query: Query, records: Records) -> Floats:
        say(sent="sketches")
        return super().coarse(query, records)

    def compare(self, query: Query, right: Prepared) -> PairScore:
        say(sent="mark")
        return super().compare(query, right)


def told(finished: Finished) -> list[dict[str, Any]]:
    """The list in full, without what differs each time."""
    return [
        {
            "acquired_id": c.acquired_id,
            "rank": c.rank,
            "score": [c.score.score.hex(), c.score.ccf.hex(), c.score.congruent_cells],
            "pose": [c.score.alignment.rotation_deg.hex(), *c.score.alignment.shift_um],
            "cells": [[*cell.left_um, *cell.right_um, cell.ccf] for cell in c.score.cell_list],
        }
        for c in finished.candidates
    ]


def search(address: str, folder: Path, query: str) -> None:
    """One search, held up once."""
    waited = False

    def hear(so_far: SoFar) -> None:
        nonlocal waited
        if not waited and so_far.surveyed >= WAIT_AT:
            waited = True
            say(reached=so_far.surveyed, planned=so_far.planned)
            sys.stdin.readline()
            say(going_on=True)

    with Casebook.open(folder, read_only=True) as casebook, Telling(address, 60.0) as cluster:
        cluster._client.wait_for_workers(2, timeout=60)
        matcher = Matcher(casebook, 1, Reader(casebook).read, cluster, SHALLOW)
        try:
            finished = matcher.run(Search(query), Job(), hear)
        finally:
            matcher.close()
    say(surveyed=finished.search.surveyed, slots=cluster.slots, found=told(finished))


def main(address: str, folder: str, query: str) -> None:
    try:
        if query:
            search(address, Path(folder), query)
        else:
            Cluster(address, 1.0).close()
    except CaseheadError as error:
        say(error=str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
