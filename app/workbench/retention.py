"""How long what is kept: the laboratory's rules as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """``years`` 0 is for ever; ``per`` is the kind of record whose newest change counts;
    ``told`` says it where that is not a number of years."""

    key: str
    what: str
    years: int
    per: str
    why: str
    told: str = ""

    @property
    def words(self) -> str:
        """How long, in words."""
        if self.told:
            return self.told
        return f"{self.years} years after the last change" if self.years else "for ever"


@cache
def load_rules() -> tuple[RetentionRule, ...]:
    """The rules shipped as ``resources/retention.json``."""
    text = resources.files("resources").joinpath("retention.json").read_text("utf-8")
    return tuple(RetentionRule(**one) for one in json.loads(text)["rules"])


def before_of(rule: RetentionRule, at: str) -> str:
    """What is older than this is past its time."""
    day = datetime.fromisoformat(at)
    try:
        return day.replace(year=day.year - rule.years).isoformat(timespec="seconds")
    except ValueError:  # 29 February
        return (day - timedelta(days=1)).replace(year=day.year - rule.years).isoformat()
