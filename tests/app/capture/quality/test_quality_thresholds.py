"""Limits are data: read, overridden by mark and light, and refused in one sentence when damaged."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from app.capture.quality import load_thresholds, read_thresholds
from app.capture.quality.thresholds import NAMES, Limit
from app.capture.quality.verdict import judge
from app.domain import CaseheadError, Light, MarkKind


def shipped() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        resources.files("resources").joinpath("quality.json").read_text("utf-8")
    )
    return told


def test_the_shipped_limits_are_sound_and_whole() -> None:
    found = load_thresholds()
    for kind in MarkKind:
        for light in Light:
            assert found.of(kind, light).keys() == NAMES


def test_a_later_exception_wins_where_it_fits() -> None:
    told = shipped()
    told["exceptions"] = [
        {"light": "side", "limits": {"black": {"good": 0.2, "redo": 0.5}}},
        {"mark": "ejector", "light": "side", "limits": {"black": {"good": 0.3, "redo": 0.6}}},
    ]
    found = read_thresholds(told)
    assert found.of(MarkKind.BREECH_FACE, Light.SIDE)["black"] == Limit(0.2, 0.5)
    assert found.of(MarkKind.EJECTOR, Light.SIDE)["black"] == Limit(0.3, 0.6)
    assert found.of(MarkKind.EJECTOR, Light.RING)["black"] == found.limits["black"]


def without(key: str) -> dict[str, Any]:
    told = shipped()
    del told["limits"][key]
    return told


def limit(key: str, value: Any) -> dict[str, Any]:
    told = shipped()
    told["limits"][key] = value
    return told


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "the file is missing or no list"),
        ({}, "'limits' is missing"),
        (without("noise"), "lacks 'noise'"),
        (limit("noise", 3), "'noise' in 'limits' is missing or no list"),
        (limit("noise", {"good": 0.1}), "needs 'good' and 'redo'"),
        (limit("noise", {"good": True, "redo": 0.2}), "needs 'good' and 'redo'"),
        (limit("noise", {"good": float("nan"), "redo": 0.2}), "needs 'good' and 'redo'"),
        (limit("noise", {"good": 0.3, "redo": 0.2}), "must not lie above 'redo'"),
        (limit("focus", {"good": 0.1, "redo": 0.2}), "must not lie below 'redo'"),
        (limit("sharpness", {"good": 0.1, "redo": 0.2}), "'sharpness', which is no figure"),
        (shipped() | {"exceptions": {}}, "'exceptions' is no list"),
        (shipped() | {"exceptions": [{"mark": "bullet", "limits": {}}]}, "names no mark"),
        (shipped() | {"exceptions": [{"mark": "ejector"}]}, "'limits' of exception 1"),
    ],
)
def test_damage_is_told_in_one_sentence(told: Any, words: str) -> None:
    with pytest.raises(CaseheadError) as caught:
        read_thresholds(told, "quality.json")
    sentence = str(caught.value)
    assert words in sentence
    assert sentence.startswith("The limits of picture quality in quality.json cannot be used")
    assert sentence.endswith("put back the one that came with Casehead.")


def test_what_is_no_json_says_in_which_line(tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text('{"limits":\n  {"focus" 1}}', "utf-8")
    with pytest.raises(CaseheadError, match=r"limits\.json cannot be used: line 2"):
        load_thresholds(path)
    with pytest.raises(CaseheadError, match="cannot be read"):
        load_thresholds(tmp_path / "nowhere.json")


FINE: dict[str, float | None] = {"focus": 0.6, "noise": 0.0, "contrast": 0.4, "black": 0.0}


@pytest.mark.parametrize(
    ("figures", "verdict", "words"),
    [
        ({}, "good", ""),
        ({"focus": 0.30}, "good", ""),
        ({"focus": 0.29}, "usable", "a little out of focus"),
        ({"focus": 0.13}, "usable", "a little out of focus"),
        ({"focus": 0.12}, "redo", "is out of focus"),
        ({"focus": None}, "good", ""),
        ({"noise": 0.05}, "usable", "noisy"),
        ({"noise": 0.07, "focus": 0.2}, "redo", "very noisy"),
        ({"black": 0.2}, "usable", "20 % of the mark is black"),
    ],
)
def test_verdicts_at_the_limits(figures: dict[str, float | None], verdict: str, words: str) -> None:
    limits = load_thresholds().of(MarkKind.BREECH_FACE, Light.RING)
    found = judge(FINE | figures, limits, level=0.4)
    assert found.verdict == verdict
    assert words in (found.reasons[0] if found.reasons else "")


def test_the_worst_reason_comes_first_and_none_twice() -> None:
    limits = load_thresholds().of(MarkKind.BREECH_FACE, Light.RING)
    told = {"focus": 0.2, "noise": 0.5, "contrast": 0.01, "black": 0.9}
    reasons = judge(told, limits, level=0.01).reasons
    assert "very noisy" in reasons[0] and "a little out of focus" in reasons[-1]
    assert sum("too dark" in reason for reason in reasons) == 1
