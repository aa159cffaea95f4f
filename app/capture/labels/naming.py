"""What the text of an evidence label names: patterns that are data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from app.domain import CaseheadError

PARTS = ("case", "exhibit", "label")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class LabelParts:
    """Numbers of case and exhibit, and the label of the cartridge case where it is told."""

    case: str
    exhibit: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class LabelNames:
    """How this laboratory writes its labels, and how a hand-held scanner types them.

    ``gap_ms`` is the longest time between two keystrokes of a scanner, ``shortest`` the fewest
    characters of a label.
    """

    patterns: tuple[re.Pattern[str], ...]
    examples: tuple[str, ...]
    gap_ms: float = 35.0
    shortest: int = 6

    @classmethod
    def load(cls) -> LabelNames:
        """Those of ``resources/labels.json``. Raises CaseheadError where it is not well written."""
        return cls.of(resources.files("resources").joinpath("labels.json").read_text("utf-8"))

    @classmethod
    def of(cls, text: str) -> LabelNames:
        """From JSON. Raises CaseheadError for what cannot be used."""
        try:
            return _names(json.loads(text))
        except (ValueError, KeyError, TypeError, re.error) as error:
            raise CaseheadError(
                f"The patterns of evidence labels (labels.json) cannot be used: {error}; "
                "correct the file."
            ) from error

    def parts(self, text: str) -> LabelParts | None:
        """What a label names; None where it is not written as any pattern says."""
        for pattern in self.patterns:
            found = pattern.fullmatch(text.strip()[:_LONGEST])
            if found is not None:
                named = {k: v.strip() for k, v in found.groupdict().items() if v and k in PARTS}
                return LabelParts(**named)
        return None


def _names(kept: Mapping[str, Any]) -> LabelNames:
    patterns = tuple(re.compile(entry["pattern"]) for entry in kept["patterns"])
    examples = tuple(str(entry["example"]) for entry in kept["patterns"])
    for pattern, example in zip(patterns, examples, strict=True):
        if not {"case", "exhibit"} <= set(pattern.groupindex):
            raise ValueError(f"the pattern of '{example}' has no groups 'case' and 'exhibit'")
        if pattern.fullmatch(example) is None:
            raise ValueError(f"the example '{example}' is not as its own pattern says")
    scanner = kept.get("scanner", {})
    return LabelNames(
        patterns,
        examples,
        float(scanner.get("longest_gap_ms", 35.0)),
        int(scanner.get("fewest_characters", 6)),
    )
