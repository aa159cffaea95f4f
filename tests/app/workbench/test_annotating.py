"""What is drawn over a pair and the views kept with it, through the workbench."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stand_in import keep
from workbench_parts import Heard

from app.domain import Alignment, Annotation, AnnotationKind, CaseheadError, Comparison
from app.picture import ViewState
from app.workbench import Workbench

KIND = AnnotationKind
NOTE = Annotation(KIND.NOTE, "left", ((1.0, 2.0),), "gouge", 1)


@pytest.fixture
def pair(workbench: Workbench) -> Comparison:
    return Comparison(keep(workbench, 100), keep(workbench, 90), Alignment(3.0, (1.0, 2.0)))


def test_drawing_stores_the_comparison_where_it_is_not_yet(
    workbench: Workbench, pair: Comparison
) -> None:
    heard = Heard(workbench)
    assert workbench.annotations(pair.id) == ()
    assert workbench.annotate(pair, [NOTE]) == pair
    assert workbench.comparisons() == (pair,)
    assert workbench.annotations(pair.id) == (NOTE,)
    assert heard.all.comparisons == {pair.id}


def test_drawing_leaves_the_alignment_of_a_stored_comparison_alone(
    workbench: Workbench, pair: Comparison
) -> None:
    workbench.save_comparison(pair)
    another = replace(pair, id="0" * 32, alignment=Alignment(90.0))
    assert workbench.annotate(another, (NOTE,)) == pair
    assert workbench.comparisons() == (pair,)
    assert workbench.annotations(pair.id) == (NOTE,), "a pair has one comparison"
    workbench.annotate(pair, ())
    assert workbench.annotations(pair.id) == ()
    assert [len(v.annotations) for v in workbench.annotation_versions(pair.id)] == [1, 0]


@pytest.mark.parametrize(
    "annotation",
    [
        replace(NOTE, points_um=()),
        replace(NOTE, points_um=((float("nan"), 0.0),)),
        replace(NOTE, side="above"),  # type: ignore[arg-type]
        replace(NOTE, kind=KIND.ARROW),
        replace(NOTE, kind=KIND.BOX, points_um=((0.0, 0.0),) * 3),
        replace(NOTE, kind=KIND.AGREEMENT, points_um=((0.0, 0.0), (1.0, 1.0))),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_kept(
    workbench: Workbench, pair: Comparison, annotation: Annotation
) -> None:
    with pytest.raises(CaseheadError, match="draw it again"):
        workbench.annotate(pair, (annotation,))
    with pytest.raises(CaseheadError, match="draw it again"):
        workbench.save_view(pair, "Rim", Alignment(), {}, (annotation,))
    with pytest.raises(CaseheadError, match="one identifier"):
        workbench.annotate(pair, (NOTE, NOTE))
    assert workbench.comparisons() == ()


def test_views_are_kept_renamed_reported_and_withdrawn(
    workbench: Workbench, pair: Comparison
) -> None:
    heard = Heard(workbench)
    view = ViewState(um_per_px=2.5, seen_px=(300, 200)).to_dict()
    kept = workbench.save_view(pair, "Rim", Alignment(7.0), view, [NOTE], in_report=False)
    assert workbench.comparisons() == (pair,) and heard.all.comparisons == {pair.id}
    assert workbench.saved_views(pair.id) == (kept,)
    assert ViewState.from_dict(kept.view) == ViewState.from_dict(view)
    assert (kept.alignment, kept.annotations) == (Alignment(7.0), (NOTE,))
    assert kept.author == workbench.author and kept.software and not kept.in_report
    assert workbench.rename_view(kept.id, "Lower rim").name == "Lower rim"
    assert workbench.report_view(kept.id, True).in_report
    assert workbench.saved_view(kept.id).name == "Lower rim"
    gone = workbench.withdraw_view(kept.id)
    assert workbench.saved_views(pair.id) == ()
    assert workbench.saved_views(pair.id, withdrawn=True) == (gone,)
    assert workbench.check() == ()


def test_a_view_without_a_name_gets_the_next_number(workbench: Workbench, pair: Comparison) -> None:
    for name in ("", "view 3", "  "):
        workbench.save_view(pair, name, Alignment(), {})
    names = [view.name for view in workbench.saved_views(pair.id)]
    assert names == ["View 1", "view 3", "View 4"]


def test_a_view_in_a_casebook_without_one_is_told(workbench: Workbench) -> None:
    with pytest.raises(CaseheadError, match="no saved view"):
        workbench.rename_view("nothing", "Rim")
