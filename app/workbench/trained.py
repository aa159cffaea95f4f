"""Who may be asked to see to something: people on record with the skill for it."""

from __future__ import annotations

from collections.abc import Sequence

from app.casework.people import Skill
from app.domain import CaseheadError
from app.workbench.people import People


class Trained(People):
    """What operations share that give work to somebody."""

    def _trained(self, person: str, skills: Sequence[Skill], what: str) -> str:
        """The full name of somebody on record who is qualified; any name in an open bench."""
        name = needed(person, f"Say who is to see to the {what}.")
        name = " ".join(name.split())
        if not self.open_bench:
            name = self.person(name).name
        if not any(self.qualified(name, skill) for skill in skills):
            raise CaseheadError(
                f"{name} is not qualified for this today ({' or '.join(skills)}); choose somebody "
                "who is, or have the qualification renewed."
            )
        return name


def needed(text: str, sentence: str) -> str:
    """A text without blanks around it. Raises CaseheadError with ``sentence`` for none."""
    text = text.strip()
    if not text:
        raise CaseheadError(sentence)
    return text
