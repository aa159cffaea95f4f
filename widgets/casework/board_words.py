"""What the columns of the board say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.casework.board import Board, BoardLine
from app.casework.stages import TO_DO, Stage
from widgets.common.lines import LineColumn

ANY_STAGE = "every stage"
ANYBODY = "anybody"
SIGNS = {"overdue": "▲", "due": "△", "settled": "–", "not yet begun": "·"}
DONE = "●"
NOTHING = "Nothing is due"
HOW = (
    "What is received, entered, searched, reviewed, agreed as a lead, told or asked to be verified "
    "comes here by itself when it waits for somebody, the most urgent first."
)
NO_MORE = "Nothing fits these filters"


def columns(board: Callable[[], Board | None]) -> Sequence[LineColumn[BoardLine]]:
    """Of a line: what is to be done with what, for whom, by when."""

    def overdue(line: BoardLine) -> bool:
        shown = board()
        return shown is not None and line.overdue(shown.at)

    def due(line: BoardLine) -> str:
        shown = board()
        if shown is None:
            return ""
        sign = SIGNS["overdue" if line.overdue(shown.at) else "due"]
        words = line.due_words(shown.policy, shown.at)
        return f"{sign}  " + words.replace(", since", "\n     since")

    return (
        LineColumn("Due", 236, due, overdue),
        LineColumn("To do", 190, lambda line: line.to_do),
        LineColumn("Case and exhibit", 0, lambda line: line.what),
        LineColumn("For", 150, lambda line: line.person),
    )


def line_id(line: BoardLine) -> str:
    """What names a line of the board."""
    return f"{line.kind} {line.subject_id} {line.stage}"


def counts_words(board: Board) -> tuple[str, str]:
    """How much is overdue, and what else waits."""
    late = f"{board.overdue:,} overdue" if board.overdue else "nothing overdue"
    later = board.waiting - board.overdue - board.today
    zone = board.policy.calendar.zone
    return late, f"{board.today:,} due today, {later:,} later; times in {zone}"


def zone_words(board: Board) -> str:
    """That nobody said the lab's time zone; "" once somebody has."""
    if board.zone_said:
        return ""
    zone = board.policy.calendar.zone
    return f"The lab's time zone is not set yet; days and hours are counted in {zone}. T sets it."


def shown_words(board: Board) -> str:
    """How many lines there are."""
    return "1 line" if board.total == 1 else f"{board.total:,} lines"


def stage_choices(board: Board) -> tuple[tuple[str, str], ...]:
    """The stages to choose from with their words, those that wait with how many."""
    waiting = {one.stage: one for one in board.counts}
    found = [("", ANY_STAGE)]
    for stage, words in TO_DO.items():
        if stage in waiting:
            found.append((stage, f"{words} ({waiting[stage].waiting:,})"))
    return tuple(found)


def stage_line(stage: Stage) -> str:
    """A stage of an exhibit with its sign."""
    return f"{SIGNS.get(stage.state, DONE)}  {stage.words}"
