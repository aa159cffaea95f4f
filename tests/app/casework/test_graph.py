"""What is drawn of links: whole components, the newest first, capped and told."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import combinations
from xml.etree import ElementTree

import networkx
import numpy as np
import pytest

from app.casework.drawn import CAVEAT, drawn, fitted, measured
from app.casework.graph import (
    CaseFacts,
    Chart,
    Chosen,
    EventFacts,
    GunFacts,
    Wanted,
    chart_of,
    choose,
)
from app.casework.graph_files import csv_files, graphml_of
from app.casework.layout import NODE_H, NODE_W, laid
from app.casework.links import Link
from app.casework.svg import svg_of


def _link(a: str, b: str, state: str = "hit", day: int = 1, *, stale: bool = False) -> Link:
    return Link(*sorted((a, b)), state, f"2026-03-{day:02}T08:00:00+00:00", stale=stale)  # type: ignore[arg-type]


def _case(name: str, *guns: str, title: str = "") -> CaseFacts:
    event = EventFacts(f"e{name}", name, "non-fatal shooting", "2026-02-03", "Pier 4")
    found = tuple(GunFacts(gun, f"Gun {gun}", "9 mm Luger") for gun in guns)
    return CaseFacts(name, f"2026-{name}", "Harbor", title, ("9 mm Luger",), (event,), found)


def _cases(*names: str) -> dict[str, CaseFacts]:
    return {name: _case(name) for name in names}


LINKS = (
    _link("a", "b", day=3),
    _link("b", "c", "lead", 4),
    _link("d", "e", "lead", 9),
    _link("f", "g", day=1),
)


def _names(chosen: Chosen) -> list[set[str]]:
    return [{case for link in group for case in link.pair} for group in chosen.groups]


def test_components_come_whole_and_the_newest_first() -> None:
    assert _names(choose(LINKS)) == [{"d", "e"}, {"a", "b", "c"}, {"f", "g"}]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(Wanted.HITS, [{"a", "b"}, {"f", "g"}]), (Wanted.LEADS, [{"d", "e"}, {"b", "c"}])],
)
def test_hits_or_leads_alone(wanted: Wanted, found: list[set[str]]) -> None:
    assert _names(choose(LINKS, wanted)) == found


def test_one_fitting_end_is_enough_and_a_named_case_brings_its_component() -> None:
    assert _names(choose(LINKS, fitting={"a"})) == [{"a", "b"}]
    assert _names(choose(LINKS, named={"a"})) == [{"a", "b", "c"}]
    assert _names(choose(LINKS, fitting={"g"}, named={"a"})) == []


def test_what_does_not_fit_is_told() -> None:
    chosen = choose(LINKS, most=5)
    assert _names(chosen) == [{"d", "e"}, {"a", "b", "c"}]
    assert chosen.told.startswith("2 more linked cases are not drawn")


def test_of_one_component_that_is_too_large_the_middle_is_drawn() -> None:
    star = [_link("m", f"x{n:02}", day=1 + n % 9) for n in range(30)]
    chosen = choose([*star, _link("x00", "y")], most=10)
    (group,) = _names(chosen)
    assert len(group) == 10 and "m" in group
    assert chosen.told.startswith("22 more linked cases are not drawn")


def test_a_gun_of_two_cases_is_one_node_between_them() -> None:
    cases = {"a": _case("a", "1"), "b": _case("b", "1", "2")}
    chart = chart_of(choose([_link("a", "b")]), cases)
    kinds = [node.kind for node in chart.nodes]
    assert (kinds.count("case"), kinds.count("gun"), kinds.count("event")) == (2, 2, 2)
    tied = {(edge.a, edge.b) for edge in chart.edges if edge.b == "gun:1"}
    assert tied == {("case:a", "gun:1"), ("case:b", "gun:1")}
    bare = chart_of(choose([_link("a", "b")]), cases, events=False)
    assert all(node.kind != "event" for node in bare.nodes)


def test_a_stale_link_says_so() -> None:
    chart = chart_of(choose([_link("a", "b", "lead", stale=True)]), _cases("a", "b"))
    (edge,) = [edge for edge in chart.edges if edge.kind == "lead"]
    assert "no longer confirmed" in edge.words


def _large(count: int = 60) -> Chart:
    rng = np.random.default_rng(5)
    names = [f"{n:02}" for n in range(count)]
    links = [_link(names[n], names[int(rng.integers(n))]) for n in range(1, count)]
    return chart_of(choose(links), {n: _case(n, str(int(n) // 4)) for n in names})


def test_places_are_the_same_again_and_nothing_lies_over_another() -> None:
    chart = _large(40)
    found = laid(chart)
    assert found == laid(chart)
    for a, b in combinations(found.places.values(), 2):
        assert abs(a[0] - b[0]) > NODE_W * 0.98 or abs(a[1] - b[1]) > NODE_H * 0.98
    xs, ys = zip(*found.places.values(), strict=True)
    assert min(xs) >= NODE_W / 2 - 1 and max(xs) <= found.width - NODE_W / 2 + 1
    assert min(ys) >= NODE_H / 2 - 1 and max(ys) <= found.height - NODE_H / 2 + 1


def test_components_stand_apart() -> None:
    chart = chart_of(choose(LINKS), _cases(*"abcdefg"))
    found = laid(chart)
    boxes = {}
    for node in chart.nodes:
        boxes.setdefault(node.component, []).append(found.places[node.id])
    assert len(boxes) == 3
    spans = [(np.min(p, axis=0), np.max(p, axis=0)) for p in boxes.values()]
    for (low, high), (other_low, other_high) in combinations(spans, 2):
        assert (high < other_low).any() or (other_high < low).any()


def test_files_have_every_node_and_edge_and_take_any_words() -> None:
    cases = _cases("a", "b") | {"c": CaseFacts("c", '<&"> 射撃\x07\ufffe\nyes', "Harbor")}
    chart = chart_of(choose([_link("a", "b"), _link("b", "c", "lead")]), cases)
    places = laid(chart)
    graph = networkx.parse_graphml(graphml_of(chart, places))
    assert len(graph.nodes) == len(chart.nodes) == 5
    assert sorted(d["state"] for *_, d in graph.edges(data=True) if "state" in d) == [
        *("hit", "lead")
    ]
    tables = {k: list(csv.DictReader(StringIO(v))) for k, v in csv_files(chart, places).items()}
    assert [r["id"] for r in tables["nodes"]] == [n.id for n in chart.nodes]
    assert {(r["source"], r["target"]) for r in tables["edges"]} == {
        (e.a, e.b) for e in chart.edges
    }
    assert '<&"> 射撃   yes' in {d["label"] for _, d in graph.nodes(data=True)}
    assert svg_of(chart, places) == svg_of(chart, places)
    assert "yes" in "".join(ElementTree.fromstring(svg_of(chart, places)).itertext())


def test_no_cell_of_a_table_is_a_formula() -> None:
    case = CaseFacts("a", "=HYPERLINK(1)", "Harbor")
    chart = chart_of(choose([_link("a", "b")]), {"a": case, **_cases("b")})
    rows = list(csv.DictReader(StringIO(csv_files(chart, laid(chart))["nodes"])))
    assert "'=HYPERLINK(1)" in {row["label"] for row in rows}


def test_words_are_cut_to_their_room() -> None:
    assert fitted("short", 200) == "short"
    cut = fitted("a very long case number indeed", 90)
    assert cut.endswith("…") and measured(cut, 13.0) <= 90


def test_the_sheet_says_what_its_signs_mean() -> None:
    chart = chart_of(choose(LINKS, most=5), _cases(*"abcdefg"))
    words = [str(getattr(mark, "text", "")) for mark in drawn(chart, laid(chart)).marks]
    assert {"hit, confirmed", "lead, unconfirmed"} <= set(words)
    assert any(w.startswith("2 more linked cases") for w in words)
    assert CAVEAT in " ".join(words)
