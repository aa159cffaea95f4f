"""Reference populations from the command line, and what they say of a comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.store import Casebook
from correlation.method import METHOD, VERSION, settings_for
from tests.app.cli.cli_parts import PIXEL, casehead
from tests.app.matching.test_meaning import write_validation


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scores as if made on images by the method in hand."""
    folder = write_validation(tmp_path_factory.mktemp("validated") / "Own guns")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {
        "method": METHOD,
        "version": VERSION,
        "parameters": {"image": dict(settings_for("image").as_dict()), "scan": {}},
        "files": {n: {**f, "kind": "image"} for n, f in manifest["files"].items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_population_is_kept_listed_and_removed(casebook: Path, validated: Path) -> None:
    place = ("--casebook", casebook)
    said = casehead("population", "add", validated, "--name", "Bench guns", *place, "--json")
    assert said.code == 0, said.err
    (kept,) = said.document
    assert (kept["name"], kept["mark"], kept["modality"]) == ("Bench guns", "breech face", "image")
    assert (kept["firearms"], kept["same_pairs"], kept["different_pairs"]) == (8, 24, 252)
    assert kept["added_by"] == "R. Okafor" and kept["refusal"] is None
    assert "Bench guns" in casehead("population", "list", *place).out
    twice = casehead("population", "add", validated, *place)
    assert twice.code == 3 and "kept already as 'Bench guns'" in twice.err
    unknown = casehead("population", "remove", "Others", *place)
    assert unknown.code == 3 and "there is: 'Bench guns'" in unknown.err
    assert "out of use" in casehead("population", "remove", "bench GUNS", *place).out
    assert "No reference populations" in casehead("population", "list", *place).out
    (gone,) = casehead("population", "list", "--all", *place, "--json").document
    assert gone["withdrawn_at"]
    with Casebook.open(casebook, read_only=True) as opened:
        assert opened.check() == ()


def test_a_comparison_says_what_its_score_means(
    casebook: Path, validated: Path, bench: Path
) -> None:
    place = ("--casebook", casebook)
    files = (bench / "gun1-a.png", bench / "gun1-b.png", *PIXEL, *place)
    before = casehead("compare", *files, "--json").document["meaning"]
    assert before["log10_lr"] is None and "no reference population" in before["sentences"][0]
    assert casehead("population", "add", validated, *place).code == 0
    told = casehead("compare", *files, "--json").document["meaning"]
    low, high = told["log10_lr_interval"]
    assert low <= told["log10_lr"] <= high
    assert told["population"] == "Own guns" and told["known_different"] == 252
    spoken = casehead("compare", *files).out
    assert all(sentence in spoken for sentence in told["sentences"])
    assert len(told["sentences"]) == 2 and "never a conclusion" in spoken


def test_a_small_population_is_kept_with_a_warning(casebook: Path, tmp_path: Path) -> None:
    few = write_validation(tmp_path / "few", guns=3)
    said = casehead("population", "add", few, "--casebook", casebook)
    assert said.code == 0 and "at least 10 pairs from 5 firearms" in said.err


def test_without_a_casebook_it_says_so(bench: Path, tmp_path: Path) -> None:
    files = (bench / "gun1-a.png", bench / "gun2-a.png", *PIXEL)
    document = casehead("compare", *files, "--casebook", tmp_path / "none", "--json").document
    assert "no casebook" in document["meaning"]["sentences"][0]
    said = casehead("population", "list", "--casebook", tmp_path / "none")
    assert said.code == 3 and said.err
