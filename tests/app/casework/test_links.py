"""Links from what is recorded: what makes a hit, what counts, who is credited (R9 to R12)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.casework.links import (
    BEFORE,
    WARM,
    Confirmation,
    Link,
    StandingLead,
    Warm,
    derive_links,
)

CASES = "abcdef"
pairs = st.tuples(st.sampled_from(CASES), st.sampled_from(CASES))
moments = st.integers(0, 20).map(lambda n: f"2026-01-{n + 1:02d}T08:00:00+00:00")
confirmations = st.lists(
    st.builds(
        lambda number, pair, at, why, stale: Confirmation(
            f"k{number}", *pair, at, at, "lab", "lab", why if why or not stale else "stale", stale
        ),
        st.integers(0, 10_000),
        pairs,
        moments,
        st.sampled_from(["", "", "not on the specimens"]),
        st.booleans(),
    ),
    max_size=25,
)
leads = st.lists(
    st.builds(
        lambda n, pair, at: StandingLead(f"l{n}", *pair, at), st.integers(0, 99), pairs, moments
    ),
    max_size=10,
)
warm_links = st.lists(st.builds(lambda pair, at: Warm(*pair, at), pairs, moments), max_size=5)


def confirmed(one: str, other: str, day: int, name: str = "", **more: object) -> Confirmation:
    at = f"2026-02-{day:02d}T08:00:00+00:00"
    return Confirmation(name or f"{one}{other}{day}", one, other, at, at, **more)  # type: ignore[arg-type]


def only(links: tuple[Link, ...]) -> Link:
    (link,) = links
    return link


def counted(links: tuple[Link, ...]) -> list[tuple[str, str]]:
    return sorted(link.pair for link in links if link.counted)


def test_a_verified_identification_between_two_cases_is_a_hit() -> None:
    link = only(derive_links([confirmed("b", "a", 1, "k", started_by="N", confirmed_by="N")]))
    assert (link.pair, link.state, link.counted, link.why_not) == (("a", "b"), "hit", True, "")
    assert link.comparisons == ("k",) and link.since.startswith("2026-02-01")
    assert (link.started_by, link.confirmed_by) == ("N", "N")
    assert (link.other("a"), link.other("b")) == ("b", "a")


def test_within_one_case_there_is_no_link() -> None:
    assert derive_links([confirmed("a", "a", 1)], [StandingLead("l", "b", "b", "2026")]) == ()


def test_several_items_between_two_cases_count_once() -> None:
    link = only(
        derive_links([confirmed("a", "b", 3), confirmed("b", "a", 1), confirmed("a", "b", 2)])
    )
    assert link.counted and link.comparisons == ("ba1", "ab2", "ab3")
    assert link.since.startswith("2026-02-01")


def test_each_further_case_counts_again_but_no_third_side_of_a_triangle() -> None:
    links = derive_links([confirmed("a", "b", 1), confirmed("a", "c", 2), confirmed("b", "c", 3)])
    assert counted(links) == [("a", "b"), ("a", "c")]
    third = next(link for link in links if link.pair == ("b", "c"))
    assert (third.state, third.why_not) == ("hit", BEFORE)


def test_a_warm_link_is_not_counted_and_hides_the_later_hit_from_the_count() -> None:
    warm = [Warm("b", "a", "2026-02-01T07:00:00+00:00")]
    assert derive_links([], [], warm) == (), "noted, and no link by itself"
    link = only(derive_links([confirmed("a", "b", 1)], [], warm))
    assert (link.state, link.counted, link.why_not) == ("hit", False, WARM)


def test_a_warm_link_noted_later_takes_nothing_from_the_hit() -> None:
    warm = [Warm("a", "b", "2026-02-02T07:00:00+00:00")]
    assert only(derive_links([confirmed("a", "b", 1)], [], warm)).counted


def test_a_stale_verification_falls_back_to_a_lead_and_says_why() -> None:
    stale = confirmed("a", "b", 1, "k", why_not="A record was corrected.", stale=True)
    link = only(derive_links([stale]))
    assert (link.state, link.stale, link.counted) == ("lead", True, False)
    assert link.why_not == "A record was corrected." and link.comparisons == ("k",)
    both = only(derive_links([stale, confirmed("a", "b", 2)]))
    assert (both.state, both.stale, both.comparisons) == ("hit", False, ("ab2",))


def test_what_was_not_seen_on_the_specimens_is_no_hit() -> None:
    screen_only = confirmed("a", "b", 1, why_not="not on the specimens")
    assert derive_links([screen_only]) == ()
    link = only(derive_links([screen_only], [StandingLead("l", "a", "b", "2026-01-05")]))
    assert (link.state, link.why_not, link.leads) == ("lead", "not on the specimens", ("l",))


def test_credit_goes_to_who_started_and_to_who_confirmed() -> None:
    lead = StandingLead("l", "a", "b", "2026-01-05", "2026-01-04", "south")
    link = only(
        derive_links([confirmed("a", "b", 1, started_by="north", confirmed_by="north")], [lead])
    )
    assert (link.started_by, link.confirmed_by, link.leads) == ("south", "north", ("l",))


@given(confirmations, leads, warm_links, st.randoms())
def test_the_order_of_the_records_does_not_matter(
    found: list[Confirmation], standing: list[StandingLead], warm: list[Warm], random: object
) -> None:
    links = derive_links(found, standing, warm)
    shuffled = [list(found), list(standing), list(warm)]
    for part in shuffled:
        random.shuffle(part)  # type: ignore[attr-defined]
    again = derive_links(*shuffled)
    assert {(one.pair, one.state, one.counted, one.since, one.stale) for one in again} == {
        (one.pair, one.state, one.counted, one.since, one.stale) for one in links
    }


@given(confirmations, leads, warm_links)
def test_the_counted_hits_connect_cases_and_never_close_a_ring(
    found: list[Confirmation], standing: list[StandingLead], warm: list[Warm]
) -> None:
    links = derive_links(found, standing, warm)
    assert len({link.pair for link in links}) == len(links)
    assert all(link.case_a < link.case_b for link in links)
    hits = [link for link in links if link.state == "hit"]
    holding = {frozenset((c.case_a, c.case_b)) for c in found if not c.why_not}
    assert {frozenset(link.pair) for link in hits} == {pair for pair in holding if len(pair) == 2}
    assert all(link.counted != bool(link.why_not) for link in hits)
    assert not any(link.counted for link in links if link.state == "lead")
    ring = _groups([link.pair for link in hits if link.counted])
    assert ring is not None, "the counted hits close no ring"
    if not warm:
        assert _sizes(_groups_of(link.pair for link in hits)) == _sizes(ring)


@given(confirmations)
def test_links_are_told_newest_first(found: list[Confirmation]) -> None:
    links = derive_links(found)
    assert all(one.since >= then.since for one, then in pairwise(links))


def _groups(counted_pairs: list[tuple[str, str]]) -> list[set[str]] | None:
    """The cases connected by pairs; None when a pair connects what is connected."""
    groups: list[set[str]] = [{case} for case in CASES]
    for one, other in counted_pairs:
        first = next(group for group in groups if one in group)
        second = next(group for group in groups if other in group)
        if first is second:
            return None
        groups.remove(second)
        first |= second
    return groups


def _groups_of(found: object) -> list[set[str]]:
    groups: list[set[str]] = [{case} for case in CASES]
    for one, other in found:  # type: ignore[attr-defined]
        first = next(group for group in groups if one in group)
        second = next(group for group in groups if other in group)
        if first is not second:
            groups.remove(second)
            first |= second
    return groups


def _sizes(groups: list[set[str]]) -> list[list[str]]:
    return sorted(sorted(group) for group in groups)
