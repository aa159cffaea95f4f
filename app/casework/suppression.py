"""Small counts withheld from tables, so that none of them can be worked out from the others.

A table is counted by row and column, and its totals are published too. In the graph whose nodes
are rows and columns (with one for the totals) and whose edges are the withheld counts, a count
has one possible value exactly when no cycle goes through its edge; so counts are withheld until
each edge is on a cycle (the cell suppression problem in the plane; see Gusfield 1988).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

ALL = "\0all"
Cell = tuple[str, str]


def with_totals(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """The counts above 0 with the totals of rows and columns and of all, under ``ALL``."""
    table: Counter[Cell] = Counter()
    for (row, column), count in counts.items():
        if count > 0:
            for cell in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
                table[cell] += count
    return dict(table)


def withheld(counts: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """The cells of ``with_totals(counts)`` that are withheld.

    All from 1 to ``threshold`` - 1; those it takes so that no withheld count is determined by the
    published ones; and more where what is withheld of a line, whose sum the published ones tell,
    would come to less than ``threshold``.
    """
    table = with_totals(counts)
    hidden = {cell for cell, count in table.items() if count < threshold}
    while True:
        more = _against_sums(table, hidden, threshold) or _against_bridges(table, hidden)
        if not more:
            return frozenset(hidden)
        hidden |= more


def _against_sums(table: Mapping[Cell, int], hidden: set[Cell], threshold: int) -> set[Cell]:
    """The smallest published count of a line whose withheld ones come to too little."""
    lines: defaultdict[tuple[int, str], list[Cell]] = defaultdict(list)
    for cell in table:
        lines[0, cell[0]].append(cell)
        lines[1, cell[1]].append(cell)
    for (axis, _), cells in sorted(lines.items()):
        inner = [cell for cell in cells if cell[1 - axis] != ALL]
        total = [cell for cell in cells if cell[1 - axis] == ALL]
        dark = [cell for cell in inner if cell in hidden]
        if not dark or any(cell in hidden for cell in total):
            continue
        if sum(table[cell] for cell in dark) < threshold:
            lit = [cell for cell in inner if cell not in hidden] or total
            return {min(lit, key=lambda cell: (table[cell], cell))}
    return set()


def _against_bridges(table: Mapping[Cell, int], hidden: set[Cell]) -> set[Cell]:
    """What closes a cycle through the first withheld count that has only one possible value."""
    import networkx  # loads slowly: not at every start

    dark = networkx.Graph()
    dark.add_edges_from(_edge(cell) for cell in sorted(hidden))
    bridges = sorted(tuple(sorted(edge)) for edge in networkx.bridges(dark))
    if not bridges:
        return set()
    every = networkx.Graph()
    for cell, count in sorted(table.items()):
        every.add_edge(*_edge(cell), weight=0.001 if cell in hidden else count + 1, cell=cell)
    start, end = bridges[0]
    every.remove_edge(start, end)
    path = networkx.shortest_path(every, start, end, weight="weight")
    cells = {every.edges[a, b]["cell"] for a, b in pairwise(path)}
    return cells - hidden


def _edge(cell: Cell) -> tuple[tuple[int, str], tuple[int, str]]:
    return (0, cell[0]), (1, cell[1])
