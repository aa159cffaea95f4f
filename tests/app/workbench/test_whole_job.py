"""The examiner's main job without a window, on real ring-light images and on the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from workbench_parts import Heard, png

from app.capture.bench import VirtualFirearm, image_of
from app.domain import Light, Review, SearchState
from app.workbench import Draft, ImportOptions, SearchLine, Workbench

Open = Callable[..., Workbench]
REAL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "nist2d"
PAIR = ("fadul-1-1-ring", "fadul-1-2-ring")
OTHERS = ("cary-wong-0001-ring", "fbi-58a008995-ring", "lightstone-40-ring")
RING = ImportOptions(pixel_um=2.53, light=Light.RING)


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real images are not beside the checkout")
def test_real_mates_rank_first_and_everything_is_there_after_a_restart(opened: Open) -> None:
    pair, others = ([REAL / f"{name}.png" for name in names] for names in (PAIR, OTHERS))
    do_the_job(opened, pair, others, RING, margin=2.0)


def test_bench_mates_rank_first_and_everything_is_there_after_a_restart(
    opened: Open, tmp_path: Path
) -> None:
    shots = {
        "1A": (VirtualFirearm(1, "milled"), 1),
        "1B": (VirtualFirearm(1, "milled"), 2),
        "2A": (VirtualFirearm(2, "filed"), 1),
    }
    paths = []
    for label, (firearm, shot) in shots.items():
        pixels, pixel_um = image_of(firearm, shot)
        paths.append(png(tmp_path / "bench" / f"{label}.png", pixels))
    do_the_job(opened, paths[:2], paths[2:], replace(RING, pixel_um=pixel_um), margin=2.0)


def do_the_job(
    opened: Open, pair: list[Path], others: list[Path], options: ImportOptions, margin: float
) -> None:
    """Bring in references, then the pair; searches, review, comparison, conclusion, restart."""
    references = opened()
    assert len(references.import_paths(others, options).acquired_ids) == len(others)
    references.close()
    workbench = opened(automatic_search=True)
    heard = Heard(workbench)
    report = workbench.import_paths(pair, options)
    assert len(report.acquired_ids) == 2, report.sentence
    assert workbench.wait_idle(150)
    assert len(heard.all.searches) == workbench.unseen_count() == 2
    searches = {line.provenance.cartridge_case.label: line for line in workbench.searches()}
    names = [path.stem for path in pair]
    for query, mate in (names, names[::-1]):
        check_ranking(workbench, searches[query], mate, len(others) + 1, margin)
    line = searches[names[0]]
    best = workbench.candidates(line.search.id)[0].candidate
    workbench.mark_seen(line.search.id)
    workbench.review(best.id, Review.KEPT)
    left, right = line.provenance.acquired.id, best.acquired_id
    fresh = workbench.open_comparison(left, right, best.id)
    saved = workbench.save_comparison(
        replace(fresh, alignment=fresh.alignment.nudged(10.0), view={"mode": "overlay"})
    )
    seen = ("", "", True, "J. Doe", "2024-01-02")
    draft = Draft("identification", "agreement all over the face", *seen)
    conclusion = workbench.conclude(saved.id, draft)
    before = workbench.searches()
    tree = workbench.tree()
    workbench.close()

    again = opened(automatic_search=True)
    assert again.wait_idle(60)
    assert again.tree() == tree and again.searches() == before
    assert again.unseen_count() == 1
    kept = again.candidates(line.search.id)[0].candidate
    assert kept == replace(best, review=Review.KEPT)
    assert again.open_comparison(left, right) == saved
    assert again.score_of(saved) == best.score
    assert again.conclusions(saved.id) == (conclusion,)
    assert again.compare(left, right).score == pytest.approx(best.score.score, abs=1e-9)
    picture = again.export_picture(saved, again.folder / "pictures" / "pair.png", (800, 500))
    assert picture.stat().st_size > 10_000
    assert again.check() == ()


def check_ranking(
    workbench: Workbench, line: SearchLine, mate: str, others: int, margin: float
) -> None:
    """The mate is first and the next one clearly lower."""
    search = line.search
    assert search.state is SearchState.DONE and not search.message
    assert (search.compared, search.refused, search.left_out) == (others, 0, 0)
    first, *rest = workbench.candidates(search.id)
    assert first.provenance.cartridge_case.label == mate
    assert len(rest) == others - 1
    assert first.candidate.score.score > margin * rest[0].candidate.score.score
