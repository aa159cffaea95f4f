"""What a score means: where it stands, its likelihood ratio, and when neither can be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.domain import Alignment, Author, CaseheadError, MarkKind, Score
from app.matching.meaning import Asked, Meanings, calibration_key
from app.matching.populations import known, read_populations
from app.matching.wording import brief, meaning_facts, ratio_sentence, standing_sentence
from app.store import Casebook
from correlation.likelihood import features
from correlation.method import METHOD, VERSION

PARAMETERS = {"cell_um": 450.0, "cell_turns_deg": [-3.0, 0.0, 3.0]}
FORBIDDEN = ("match", "identif", "same gun", "proof", "certain")


def write_validation(folder: Path, guns: int = 8, each: int = 3, **manifest: Any) -> Path:
    """A folder as ``casehead validate`` leaves it: one file a mark, scores that tell guns apart."""
    random = np.random.default_rng(5)
    files = {
        f"g{g}-{i}.x3p": {"digest": f"{g * 10 + i:064x}", "kind": "scan"}
        for g in range(guns)
        for i in range(each)
    }
    names = sorted(files)
    lines = ["file_a,file_b,gun_a,gun_b,same,score,cells,congruent_cells,ccf,rotation_deg,log10_lr"]
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            guns_of = first.split("-")[0], second.split("-")[0]
            same = guns_of[0] == guns_of[1]
            share = np.clip(random.normal(0.6 if same else 0.12, 0.12), 0, 1)
            ccf = np.clip(random.normal(0.6 if same else 0.25, 0.1), -1, 1)
            score, congruent = (share + ccf) / 2, round(20 * share)
            row = (first, second, *guns_of, int(same), f"{score:.6f}", 20, congruent, f"{ccf:.6f}")
            lines.append(",".join(map(str, (*row, "0.0", ""))))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scores.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    facts = {
        "method": METHOD,
        "version": VERSION,
        "parameters": {"scan": PARAMETERS, "image": {}},
        "mark": "breech face",
        "degradation": "",
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(facts | manifest), encoding="utf-8")
    return folder


def asked(score: float = 0.6, congruent: int = 12, ccf: float = 0.6, **changes: Any) -> Asked:
    parameters = {"cell_um": 450.0, "cell_turns_deg": (-3.0, 0.0, 3.0)}
    facts = (METHOD, changes.pop("version", VERSION), score, ccf, 20, congruent)
    told = Score(*facts, Alignment(), 0.9, 0.1, changes.pop("parameters", parameters))
    return Asked(
        told, changes.pop("mark", MarkKind.BREECH_FACE), changes.pop("kind", "scan"), **changes
    )


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(tmp_path / "casebook") as opened:
        opened.set_author(Author("Lab", "Bench", "Jane Doe"))
        yield opened


@pytest.fixture
def kept(casebook: Casebook, tmp_path: Path) -> Casebook:
    for population in read_populations(write_validation(tmp_path / "Own guns")):
        casebook.add_population(population)
    return casebook


def test_a_validation_becomes_a_population(tmp_path: Path) -> None:
    (found,) = read_populations(write_validation(tmp_path / "Own guns"))
    assert (found.name, found.kind, found.mark) == ("Own guns", "scan", MarkKind.BREECH_FACE)
    assert (found.firearms, found.same_pairs, found.different_pairs) == (8, 24, 252)
    assert found.origin.endswith("scores.csv") and len(found.files) == 24
    assert known(found).counts.source_pairs == 28


def test_a_score_is_told_where_it_stands(kept: Casebook) -> None:
    pairs = kept.populations()[0].pairs
    scores = np.array(pairs.score)
    same = np.array(pairs.left) == np.array(pairs.right)
    for value in (0.05, 0.3, 0.55):
        standing = Meanings(kept).of(asked(value)).standing
        assert standing is not None
        assert standing.different_as_high == np.count_nonzero(scores[~same] >= value)
        assert standing.same_below == np.count_nonzero(scores[same] < value)
        assert standing.highest_different == scores[~same].max()


def test_the_ratio_is_that_of_the_population_with_its_interval(kept: Casebook) -> None:
    population = known(kept.populations()[0])
    rows = features([7], [20], [0.45])
    ratio = Meanings(kept).of(asked(0.4, 7, 0.45)).ratio
    assert ratio is not None
    bounds = population.supported(population.held_out())
    low, high = bounds.low, bounds.high
    assert (ratio.bounds.low, ratio.bounds.high) == (low, high)
    expected = float(np.clip(population.model().log10_lr(rows)[0], low, high))
    _, lowest, highest = population.interval(rows)
    assert ratio.log10_lr == pytest.approx(expected)
    assert ratio.low == pytest.approx(np.clip(lowest[0], low, high))
    assert ratio.high == pytest.approx(np.clip(highest[0], low, high))
    assert ratio.low < ratio.log10_lr < ratio.high


def test_a_ratio_never_leaves_its_bounds(kept: Casebook) -> None:
    meanings = Meanings(kept)
    high, low = (meanings.of(asked(s, c, r)) for s, c, r in ((0.99, 20, 0.99), (0, 0, -0.5)))
    assert high.ratio is not None and low.ratio is not None
    assert high.ratio.held and high.ratio.log10_lr == high.ratio.bounds.high
    assert low.ratio.held and low.ratio.log10_lr == low.ratio.bounds.low
    assert "8 firearms support no more" in ratio_sentence(high)
    assert "if two firearms made the marks as if one did" in ratio_sentence(low)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mark": MarkKind.FIRING_PIN}, "no reference population of firing pin marks"),
        ({"kind": "image"}, "no reference population of images of breech face marks"),
        ({"version": "1.0"}, "no reference population of version 1.0 of the method"),
        ({"parameters": {"cell_um": 300.0}}, "with the parameters this score was made with"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    kept: Casebook, changes: dict[str, Any], words: str
) -> None:
    meaning = Meanings(kept).of(asked(**changes))
    assert meaning.standing is None and meaning.ratio is None
    assert (
        words in meaning.refusal
        and f"Own guns (breech face, scans, version {VERSION})" in meaning.refusal
    )
    assert ratio_sentence(meaning) == meaning.refusal and standing_sentence(meaning) == ""


def test_a_relief_is_not_set_against_measured_heights(kept: Casebook) -> None:
    meaning = Meanings(kept).of(asked(relief=True))
    assert meaning.standing is None and meaning.ratio is None and brief(meaning) == ""
    assert "measured heights" in ratio_sentence(meaning)


def test_without_a_population_it_says_how_to_get_one(casebook: Casebook) -> None:
    meaning = Meanings(casebook).of(asked())
    assert "casehead population add" in meaning.refusal and brief(meaning) == ""


def test_too_few_firearms_carry_no_ratio_but_a_standing(casebook: Casebook, tmp_path: Path) -> None:
    (few,) = read_populations(write_validation(tmp_path / "few", guns=3))
    casebook.add_population(few)
    meaning = Meanings(casebook).of(asked())
    assert meaning.standing is not None and meaning.ratio is None
    assert "from 3 firearms; at least 10 pairs from 5 firearms" in meaning.refusal
    assert "0 of 27" in brief(meaning)


def test_a_picture_of_the_population_is_not_judged_by_itself(kept: Casebook) -> None:
    meaning = Meanings(kept).of(asked(digests=(f"{31:064x}", "f" * 64)))
    assert meaning.ratio is None and "part of the population itself" in meaning.refusal


def test_the_population_with_most_firearms_is_asked(kept: Casebook, tmp_path: Path) -> None:
    (more,) = read_populations(write_validation(tmp_path / "more", guns=9, each=2))
    more = kept.add_population(more)
    meanings = Meanings(kept)
    assert meanings.of(asked()).population == "more"
    kept.withdraw_population(more.id)
    assert meanings.of(asked()).population == "Own guns"


def test_a_calibration_is_kept_and_read_again(
    kept: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Meanings(kept).of(asked(0.4, 7, 0.45))
    monkeypatch.setattr("correlation.likelihood.Population.calibration", None)
    assert Meanings(kept).of(asked(0.4, 7, 0.45)) == first
    monkeypatch.undo()
    kept.keep_prepared(calibration_key(kept.populations()[0]), b"{}")
    assert Meanings(kept).of(asked(0.4, 7, 0.45)) == first


def test_words_never_conclude(kept: Casebook, tmp_path: Path) -> None:
    (few,) = read_populations(write_validation(tmp_path / "few", guns=3))
    meanings = Meanings(kept)
    told = [meanings.of(asked(s, c, r)) for s, c, r in ((0.9, 20, 0.9), (0.3, 4, 0.3), (0, 0, 0))]
    told.append(replace(told[0], ratio=None, refusal=known(few).refusal()))
    for meaning in told:
        for text in (standing_sentence(meaning), ratio_sentence(meaning), brief(meaning)):
            assert text and not [word for word in FORBIDDEN if word in text.casefold()]
        assert json.loads(json.dumps(meaning_facts(meaning)))["sentences"]


def test_folders_that_hold_no_validation_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CaseheadError, match=r"holds no scores\.csv"):
        read_populations(tmp_path)
    with pytest.raises(CaseheadError, match="degraded files"):
        read_populations(write_validation(tmp_path / "harm", degradation="area30"))
    with pytest.raises(CaseheadError, match=r"another method \(plain masked correlation\)"):
        read_populations(write_validation(tmp_path / "plain", method="plain masked correlation"))
    (tmp_path / "harm" / "manifest.json").write_text("[]")
    with pytest.raises(CaseheadError, match="does not tell how the scores were made"):
        read_populations(tmp_path / "harm")
    with pytest.raises(CaseheadError, match="of one and of two known firearms"):
        read_populations(write_validation(tmp_path / "single", guns=1))


@pytest.mark.parametrize(
    ("old", "new"), [("0.0,\n", "0.0\n"), (",1,0.", ",0,0."), ("score", "points"), (",20,", ",x,")]
)
def test_a_changed_table_is_refused(tmp_path: Path, old: str, new: str) -> None:
    folder = write_validation(tmp_path / "changed")
    table = folder / "scores.csv"
    text = table.read_text()
    assert old in text
    table.write_text(text.replace(old, new, 1) if old != "0.0,\n" else "file_a,same\nx,1\n")
    with pytest.raises(CaseheadError, match="was changed since"):
        read_populations(folder)
