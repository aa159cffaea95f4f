"""A search in words: its state, what was left out, why there is nothing."""

from __future__ import annotations

from app.domain import Search, SearchState
from app.matching import UNFILTERED

AIDS = "Scores are aids, not conclusions."
_STATES = {
    SearchState.WAITING: "waits for its turn",
    SearchState.RUNNING: "searching ...",
    SearchState.DONE: "done",
    SearchState.CANCELLED: "cancelled",
    SearchState.FAILED: "not possible",
}


def state_words(search: Search) -> str:
    """Under the query's name in the list of searches."""
    if search.state is SearchState.DONE:
        when = search.finished_at
        return f"{search.compared} compared, {when[:10]}"
    return _STATES[search.state]


def extent_words(search: Search) -> str:
    """How far the search went, for the header above the candidates."""
    if search.state in (SearchState.WAITING, SearchState.RUNNING):
        going = "is running" if search.state is SearchState.RUNNING else "waits for its turn"
        return f"This search {going}."
    if search.state is SearchState.CANCELLED:
        return "This search was cancelled before it ended."
    if search.state is SearchState.FAILED:
        return search.message or "This search could not be done."
    parts = [f"Searched {search.compared}"]
    if search.left_out:
        parts.append(f"left out {search.left_out} by class characteristics")
    if search.refused:
        parts.append(f"{search.refused} could not be compared")
    whole = " (everything)" if search.message.startswith(UNFILTERED) else ""
    return ", ".join(parts) + whole + "."


def nothing_words(search: Search) -> tuple[str, str]:
    """Title and sentence where a search has no candidates."""
    match search.state:
        case SearchState.WAITING:
            return "This search waits for its turn", "The ones before it are done first."
        case SearchState.RUNNING:
            return "Searching ...", "Candidates appear here as soon as the search is done."
        case SearchState.CANCELLED:
            return "This search was cancelled", "Search again from the casebook."
        case SearchState.FAILED:
            return "This search was not possible", search.message
    if search.left_out:
        return (
            "No candidates",
            f"All {search.left_out} other pictures differ in calibre, firing-pin shape or "
            "breech-face class. Search everything to ignore that.",
        )
    return (
        "No candidates",
        "The casebook holds no other image or scan of this kind of mark with the same light. "
        "Acquire or import more; every new one is searched by itself.",
    )
