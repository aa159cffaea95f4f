"""How far the verification of a pair has come, as the one who works here may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.casework.people import Skill
from app.casework.reviews import TaskLine, VerificationState
from app.domain import Conclusion

if TYPE_CHECKING:
    from app.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Checked:
    """``task`` is the one that waits for the one who works here, None without; ``examiner`` that
    person's name, ``examiners`` who else may verify, as far as that is known."""

    comparison_id: str = ""
    state: VerificationState = field(default_factory=lambda: VerificationState("none"))
    conclusions: tuple[Conclusion, ...] = ()
    task: TaskLine | None = None
    examiner: str = ""
    examiners: tuple[str, ...] = ()

    @property
    def blind(self) -> bool:
        """Whether what the first examiner said is hidden from the one who works here."""
        return self.state.hidden or (self.task is not None and self.task.task.mode == "blind")

    @property
    def first(self) -> Conclusion | None:
        """The conclusion in force; None where there is none to be seen."""
        return self.conclusions[-1] if self.conclusions and not self.blind else None


def check(workbench: Workbench, comparison_id: str) -> Checked:
    """Read it; a pair that was never saved has nothing."""
    author = workbench.author
    examiner = author.examiner if author is not None else ""
    conclusions = workbench.conclusions(comparison_id)
    waiting = workbench.waiting_task(comparison_id)
    return Checked(
        comparison_id,
        workbench.verifications(comparison_id),
        conclusions,
        waiting if waiting is not None and waiting.mine else None,
        examiner,
        examiners(workbench, besides=examiner),
    )


def examiners(workbench: Workbench, besides: str = "") -> tuple[str, ...]:
    """The names of those who may verify; () in a casebook without people on record."""
    people = (person.name for person in workbench.people() if person.active)
    return tuple(
        name for name in people if name != besides and workbench.qualified(name, Skill.EXAMINE)
    )
