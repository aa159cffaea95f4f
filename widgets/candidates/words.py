"""A search in words: its state, what was left out, why there is nothing."""

from __future__ import annotations

from app.casework.moments import shown_moment
from app.casework.reviews import SearchReview
from app.domain import Search, SearchState
from app.matching import UNFILTERED
from app.matching.area import area_told
from app.workbench import searched_count, share_words

AIDS = "Scores are aids, not conclusions."
_STATES = {
    SearchState.WAITING: "waits for its turn",
    SearchState.DONE: "done",
    SearchState.CANCELLED: "cancelled",
    SearchState.FAILED: "not possible",
}


def state_words(search: Search) -> str:
    """Under the query's name in the list of searches."""
    if search.state is SearchState.DONE:
        return f"{searched_count(search):,} searched"
    if search.state is SearchState.RUNNING:
        return f"searched {share_words(search.surveyed, search.planned)}"
    return _STATES[search.state]


def reviewed_words(review: SearchReview) -> str:
    """A recorded review in one sentence."""
    who = review.author.examiner if review.author is not None else "unknown"
    counts = f"{review.kept} kept, {review.dismissed} dismissed, {review.later} put off"
    note = f" {review.note}" if review.note else ""
    return (
        f"Reviewed by {who}, {shown_moment(review.reviewed_at)}, down to rank "
        f"{review.deepest_rank} ({counts}): {review.outcome}.{note}"
    )


def reviewed_brief(review: SearchReview) -> str:
    """The same for the list of searches."""
    who = review.author.examiner if review.author is not None else "unknown"
    return f"{review.outcome}: {who}, {review.reviewed_at[:10]}"


def extent_words(search: Search) -> str:
    """How far the search went, for the header above the candidates."""
    if search.state is SearchState.WAITING:
        return "This search waits for its turn."
    if search.state is SearchState.RUNNING:
        share = share_words(search.surveyed, search.planned)
        return f"Searched {share}; the list improves until 100 %."
    if search.state is SearchState.CANCELLED:
        share = share_words(search.surveyed, search.planned)
        return f"This search was cancelled before it ended: searched {share}."
    if search.state is SearchState.FAILED:
        return search.message or "This search could not be done."
    parts = [f"Searched {searched_count(search):,}"]
    if search.left_out:
        parts.append(f"left out {search.left_out:,} by class characteristics")
    if search.refused:
        parts.append(f"{search.refused} could not be compared")
    parts += filter(None, (area_told(search.message),))
    whole = " (everything)" if search.message.startswith(UNFILTERED) else ""
    return ", ".join(parts) + whole + "."


def nothing_words(search: Search) -> tuple[str, str]:
    """Title and sentence where a search has no candidates."""
    match search.state:
        case SearchState.WAITING:
            return "This search waits for its turn", "The ones before it are done first."
        case SearchState.RUNNING:
            share = share_words(search.surveyed, search.planned)
            return "Searching", f"Searched {share}. Candidates appear here as they are found."
        case SearchState.CANCELLED:
            return "This search was cancelled", "Search again from the casebook."
        case SearchState.FAILED:
            return "This search was not possible", search.message
    area = area_told(search.message)
    if area.startswith("left out"):
        return (
            "No candidates",
            f"This search {area}. Search beyond it from the casebook (Shift+S), for a reason "
            "that the journal keeps.",
        )
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


def filled_words(compared: int, refused: tuple[str, ...]) -> str:
    """What came of comparing what was missing."""
    said = f"{compared} compared."
    return f"{said} {len(refused)} could not be compared: {refused[0]}" if refused else said
