"""What the text of a label names, by patterns that are data."""

from __future__ import annotations

import json

import pytest

from app.capture.labels import LabelNames, LabelParts
from app.domain import CaseheadError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2026-0412/3/3A", ("2026-0412", "3", "3A")),
        (" 2026-0412 | 3 | T1 ", ("2026-0412", "3", "T1")),
        ("2026-0412/3", ("2026-0412", "3", "")),
        ("case 2026-0412 exh 3 item 3A", ("2026-0412", "3", "3A")),
        ("CASE 2026-0412 EXH 3", ("2026-0412", "3", "")),
    ],
)
def test_labels_as_shipped(text: str, parts: tuple[str, str, str]) -> None:
    assert LabelNames.load().parts(text) == LabelParts(*parts)


@pytest.mark.parametrize("text", ["", "4006381333931", "2026-0412", "3A", "x" * 5000])
def test_what_names_nothing(text: str) -> None:
    assert LabelNames.load().parts(text) is None


def test_a_laboratory_writes_them_its_own_way() -> None:
    pattern = {"example": "E3.A@17-99", "pattern": r"E(?P<exhibit>\d+)\.(?P<label>\w)@(?P<case>.+)"}
    scanner = {"longest_gap_ms": 60, "fewest_characters": 4}
    names = LabelNames.of(json.dumps({"patterns": [pattern], "scanner": scanner}))
    assert names.parts("E12.B@17-100") == LabelParts("17-100", "12", "B")
    assert (names.gap_ms, names.shortest) == (60.0, 4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Expecting"),
        ("{}", "patterns"),
        ('{"patterns": [{"example": "a", "pattern": "("}]}', "unterminated"),
        ('{"patterns": [{"example": "a", "pattern": "(?P<case>.)"}]}', "no groups"),
        (
            '{"patterns": [{"example": "a", "pattern": "(?P<case>.)/(?P<exhibit>.)"}]}',
            "as its own pattern",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, says: str) -> None:
    with pytest.raises(CaseheadError, match=says):
        LabelNames.of(text)
