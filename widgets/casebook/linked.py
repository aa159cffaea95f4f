"""What the tree says of a case that is linked with others; it is said in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.workbench import Workbench

_NAMED = 3


def linked_words(workbench: Workbench, case_ids: Iterable[str]) -> Mapping[str, str]:
    """By case: "hit with 2025-1107; lead with 2026-0451"; cases without a link are left out."""
    links = workbench.links(case_ids)
    names = workbench.case_names(case for link in links for case in link.pair)
    found: dict[str, dict[str, list[str]]] = {}
    for link in links:
        for case in link.pair:
            found.setdefault(case, {}).setdefault(link.state, []).append(names[link.other(case)])
    return {case: _said(kinds) for case, kinds in found.items()}


def _said(kinds: Mapping[str, Sequence[str]]) -> str:
    said = []
    for state in ("hit", "lead"):
        others = kinds.get(state, ())
        if len(others) > _NAMED:
            said.append(f"{state}s with {len(others)} cases")
        elif others:
            said.append(f"{state} with {', '.join(others)}")
    return "; ".join(said)
