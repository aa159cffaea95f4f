"""Fused lists by the laboratory's own known pairs."""

from pathlib import Path

import pytest

from app.matching.curves import own_curves
from app.matching.populations import read_populations
from correlation.fusion import DEFAULTS
from tests.app.matching.test_meaning import write_validation

FACE = ("scan", "breech face")


def test_a_population_of_this_method_replaces_the_default(tmp_path: Path) -> None:
    populations = read_populations(write_validation(tmp_path / "own"))
    curves = own_curves(populations)
    assert curves[FACE] != DEFAULTS[FACE]
    pairs = populations[0].pairs
    same = [s for s, a, b in zip(pairs.score, pairs.left, pairs.right, strict=True) if a == b]
    rest = [s for s, a, b in zip(pairs.score, pairs.left, pairs.right, strict=True) if a != b]
    evidence = curves[FACE].evidence
    assert evidence(min(rest)) < 0 < evidence(max(same))
    assert {key: curves[key] for key in curves if key != FACE} == {
        key: DEFAULTS[key] for key in DEFAULTS if key != FACE
    }


@pytest.mark.parametrize("manifest", [{"version": "0.9"}, {"guns": 2}])
def test_the_default_stands_where_a_population_does_not_fit(
    tmp_path: Path, manifest: dict[str, object]
) -> None:
    folder = write_validation(tmp_path / "own", **manifest)
    assert own_curves(read_populations(folder)) == DEFAULTS


def test_without_populations_the_defaults_stand() -> None:
    assert own_curves(()) == DEFAULTS
