"""Phrases that do not belong in a conclusion or a report; data, and a warning each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_SKIPPED = r"(?:\S+\s+){0,4}?"


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Phrases and what to say of them; ``sentence`` holds ``{found}`` for the words written."""

    patterns: tuple[re.Pattern[str], ...]
    sentence: str


def language_warnings(*texts: str) -> tuple[str, ...]:
    """A sentence for each thing in ``texts`` that must not be written so; () when all is well."""
    found: dict[str, None] = {}
    for text in texts:
        for rule in _rules():
            hits = (pattern.search(text) for pattern in rule.patterns)
            hit = max((h for h in hits if h), key=lambda h: h.end() - h.start(), default=None)
            if hit is not None:
                written = " ".join(hit.group().split())
                found[rule.sentence.format(found=written)] = None
    return tuple(found)


@cache
def _rules() -> tuple[PhraseRule, ...]:
    text = resources.files("resources").joinpath("language_rules.json").read_text("utf-8")
    return tuple(
        PhraseRule(tuple(map(_pattern, rule["phrases"])), rule["sentence"])
        for rule in json.loads(text)["rules"]
    )


def _pattern(phrase: str) -> re.Pattern[str]:
    """White space and hyphens are alike; nothing is found within a longer word."""
    words = phrase.replace("-", " ").split()
    parts: list[str] = []
    for at, word in enumerate(words):
        if word == "*":
            parts.append(_SKIPPED)
            continue
        gap = r"\s*" if at + 1 < len(words) and words[at + 1] == "%" else r"[\s-]+"
        parts.append(re.escape(word) + (gap if at + 1 < len(words) else ""))
    return re.compile(rf"(?<!\w){''.join(parts)}(?!\w)", re.IGNORECASE)
