"""Open data: what goes out of shootings, and that nobody is told by it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import replace
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from app.casework.open_data import (
    COUNTED,
    DICTIONARY,
    LINKED,
    RULES,
    WITHHELD,
    Area,
    Row,
    generalised,
    open_data,
    open_name,
    privacy,
)

KEY, OTHER = "11" * 32, "22" * 32
RULES_NOW = privacy()


def _rows(
    count: int,
    *,
    area: str = "40.7N 74W",
    month: str = "2026-03",
    outcome: str = "non-fatal",
    gun: str = "",
    first: int = 0,
) -> list[Row]:
    return [Row(f"event-{first + n}", gun, month, area, outcome) for n in range(count)]


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_place_is_cut_to_its_cell_of_the_grid() -> None:
    assert RULES_NOW.area_of(40.7128, -74.006) == "40.7N 74.1W"
    assert RULES_NOW.area_of(-33.86, 151.2) == "33.9S 151.2E"
    assert RULES_NOW.area_of(None, 3.0) == "not located"
    drawn = replace(RULES_NOW, areas=(Area("Old town", 40.0, -75.0, 41.0, -73.0),))
    assert drawn.area_of(40.7, -74.0) == "Old town"
    assert drawn.area_of(41.0, -74.0) != "Old town"


def test_small_counts_are_withheld_and_large_ones_are_not() -> None:
    rows = [
        *_rows(20),
        *_rows(3, month="2026-04", first=30),
        *_rows(9, area="40.8N 74W", first=40),
        *_rows(12, area="40.8N 74W", month="2026-04", first=60),
    ]
    counts = {
        (line["area"], line["month"]): line["count"]
        for line in _lines(open_data(rows, RULES_NOW, KEY).text(COUNTED))
    }
    assert counts["40.7N 74W", "2026-04"] == WITHHELD
    assert counts["all areas", "all months"] == "44"
    assert counts["40.7N 74W", "2026-03"] == WITHHELD  # else the small one could be worked out
    assert set(counts.values()) & {"1", "2", "3", "4"} == set()


def test_nothing_of_the_casebook_s_own_goes_out() -> None:
    rows = _rows(12, gun="case-of-2026-0412")
    told = open_data(rows, RULES_NOW, KEY)
    written = "".join(text for _, text in told.files)
    assert "event-" not in written and "case-of" not in written and KEY not in written
    assert len(_lines(told.text(LINKED))) == 12
    assert len({line["gun_id"] for line in _lines(told.text(LINKED))}) == 1


def test_identifiers_stay_the_same_with_the_key_and_only_with_it() -> None:
    assert open_name(KEY, "a") == open_name(KEY, "a")
    assert len({open_name(KEY, "a"), open_name(KEY, "b"), open_name(OTHER, "a")}) == 3


def test_every_column_is_in_the_dictionary() -> None:
    told = open_data(_rows(12, gun="g"), RULES_NOW, KEY)
    named = defaultdict(set)
    for line in _lines(told.text(DICTIONARY)):
        named[line["file"]].add(line["column"])
    for name in (COUNTED, LINKED):
        assert set(_lines(told.text(name))[0]) <= named[name]
    assert "withheld" in told.text(RULES) and "{" not in told.text(RULES)


def test_a_rare_outcome_takes_that_of_its_month_and_area_with_it() -> None:
    rows = [*_rows(9, gun="g"), *_rows(1, gun="g", outcome="fatal", first=50)]
    kept = generalised(rows, 5)
    assert len(kept) == 10 and {row.outcome for row in kept} == {WITHHELD}
    assert {row.month for row in kept} == {"2026-03"}


def test_too_few_alone_are_left_out() -> None:
    assert generalised(_rows(4, gun="g"), 5) == ()


def test_what_is_withheld_as_a_count_is_not_listed_as_finely() -> None:
    rows = _rows(9, gun="g")
    kept = generalised(rows, 5, [("40.7N 74W", "2026-03", "non-fatal")])
    assert {(row.month, row.outcome) for row in kept} == {("2026", WITHHELD)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("2026-01", "2026-02", "2025-12", "not dated")),
            st.sampled_from(("N", "S")),
            st.sampled_from(("fatal", "non-fatal", "not said")),
        ),
        max_size=60,
    ),
    st.integers(2, 6),
)
def test_every_line_reads_like_enough_others(
    found: list[tuple[str, str, str]], threshold: int
) -> None:
    rows = [Row(str(n), "g", month, area, how) for n, (month, area, how) in enumerate(found)]
    kept = generalised(rows, threshold)
    alike = Counter((row.month, row.area, row.outcome) for row in kept)
    assert all(count >= threshold for count in alike.values())
    assert len({row.id for row in kept}) == len(kept)
