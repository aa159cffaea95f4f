"""A chart as files other programs read: GraphML, and CSV of nodes and of edges."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from io import StringIO

from app.casework.graph import Chart, Edge, Node
from app.casework.layout import Laid
from app.casework.svg import xml_text

NODE_COLUMNS = ("id", "kind", "label", "about", "date", "place", "case_number", "group", "x", "y")
EDGE_COLUMNS = ("id", "source", "target", "kind", "state", "date", "words", "stale")
_NUMBERS = {"x": "double", "y": "double", "group": "int"}


def csv_files(chart: Chart, laid: Laid) -> dict[str, str]:
    """The text of the files "nodes" and "edges", with a line of column names."""
    return {
        "nodes": _table(NODE_COLUMNS, (node_row(chart, laid, node) for node in chart.nodes)),
        "edges": _table(EDGE_COLUMNS, map(edge_row, chart.edges)),
    }


def graphml_of(chart: Chart, laid: Laid) -> str:
    """The document; every column of the CSV files is a key of it."""
    keys = [_key("node", name) for name in NODE_COLUMNS[1:]]
    keys += [_key("edge", name) for name in EDGE_COLUMNS[3:]]
    nodes = [_element("node", node_row(chart, laid, node)) for node in chart.nodes]
    edges = [_element("edge", edge_row(edge)) for edge in chart.edges]
    body = "\n".join([*keys, '<graph edgedefault="undirected">', *nodes, *edges, "</graph>"])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{body}\n</graphml>\n'
    )


def node_row(chart: Chart, laid: Laid, node: Node) -> Mapping[str, str]:
    """The columns of a node."""
    told = dict(node.facts)
    x, y = laid.places.get(node.id, (0.0, 0.0))
    case = chart.cases.get(node.case_id)
    number = case.number if case is not None and node.kind != "gun" else ""
    return {
        "id": node.id,
        "kind": node.kind,
        "label": node.label,
        "about": node.about,
        "date": told.get("When", ""),
        "place": told.get("Where", ""),
        "case_number": number,
        "group": str(node.component + 1),
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
    }


def edge_row(edge: Edge) -> Mapping[str, str]:
    """The columns of an edge; ``state`` is "hit" or "lead", "" for what ties guns and events."""
    return {
        "id": edge.id,
        "source": edge.a,
        "target": edge.b,
        "kind": "link" if edge.kind in ("hit", "lead") else edge.kind,
        "state": edge.kind if edge.kind in ("hit", "lead") else "",
        "date": edge.since,
        "words": edge.words,
        "stale": "yes" if edge.stale else "no",
    }


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return text.getvalue()


def _safe(value: str) -> str:
    """No cell is taken for a formula by a spreadsheet; numbers stay numbers."""
    if value[:1] in ("=", "+", "@", "\t", "\r") or (value[:1] == "-" and not _number(value)):
        return f"'{value}"
    return value


def _number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _key(what: str, name: str) -> str:
    sort = _NUMBERS.get(name, "string") if what == "node" else "string"
    return f'<key id="{what}_{name}" for="{what}" attr.name="{name}" attr.type="{sort}"/>'


def _element(what: str, row: Mapping[str, str]) -> str:
    ends = ("id",) if what == "node" else ("id", "source", "target")
    named = " ".join(f'{name}="{escape(row[name])}"' for name in ends)
    data = "".join(
        f'<data key="{what}_{name}">{escape(xml_text(value), quote=False)}</data>'
        for name, value in row.items()
        if name not in ends and value
    )
    return f"<{what} {named}>{data}</{what}>"
