"""Views and reports written out of a casebook."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from stand_in import StandIn, keep
from workbench_parts import AUTHOR

from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    CancelledError,
    CaseheadError,
    ClassNote,
    Comparison,
    Remarks,
)
from app.jobs import Job
from app.picture import Mode, ViewState, render
from app.picture.solid_view import KEY, SolidView
from app.workbench import Draft, Shown, Workbench
from app.workbench.views_kept import FLAGGED
from tests.app.reporting.report_parts import pages, text_of

AT = "2026-03-31T10:15:00+00:00"
LAID = Alignment(10.0, (30.0, 4.0))
NOTE = Annotation(AnnotationKind.NOTE, "left", ((0.0, 0.0),), "Striae here", 1)
VIEW = ViewState(um_per_px=1.25, centre_um=(1.0, 2.0), seen_px=(900, 600))


@pytest.fixture
def saved(workbench: Workbench, library: StandIn) -> Comparison:
    pair = keep(workbench, 100), keep(workbench, 90)
    return workbench.save_comparison(Comparison(*pair, LAID, VIEW.to_dict()))


def test_a_view_is_written_pixel_for_pixel(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    told = workbench.export_view(saved, tmp_path / "out" / "pair.tif")
    sides = workbench.sides_of(saved, VIEW)
    plan = workbench.plan_of(saved, sides, False)
    assert told.sentence == plan.sentence and plan.um_per_px == pytest.approx(2.5 / 2)
    field = render(*sides, LAID, plan.view, plan.size)
    with tifffile.TiffFile(told.path) as file:
        assert np.array_equal(file.asarray()[: field.shape[0]], field)
        text = file.pages[0].tags["ImageDescription"].value  # type: ignore[union-attr]
    text = text.decode() if isinstance(text, bytes) else text
    for words in ("split field", "turn 10.0°", "drawn 2 x 2", AUTHOR.examiner, "Casehead"):
        assert words in text, words
    line = workbench._casebook.journal()[-1]
    digest = hashlib.sha256(told.path.read_bytes()).hexdigest()
    assert line.action == "picture exported" and line.subject == saved.id
    assert line.detail == {"file": "pair.tif", "sha256": digest}


def test_what_is_on_the_desk_is_written_though_not_saved(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    workbench.annotate(saved, [NOTE])
    plain = workbench.export_view(saved, tmp_path / "a.png", shown=Shown())
    noted = workbench.export_view(saved, tmp_path / "b.png")
    moved = replace(saved, view=replace(VIEW, mode=Mode.OVERLAY).to_dict())
    other = workbench.export_view(moved, tmp_path / "c.png", shown=Shown(), whole=True)
    pictures = [cv2.imread(str(one.path)) for one in (plain, noted, other)]
    assert pictures[0].shape == pictures[1].shape
    assert (pictures[0] != pictures[1]).any(), "the annotation is in it"
    assert pictures[2].shape != pictures[0].shape


def stopped_at(step: str) -> Job:
    """A job that is stopped while it does a step."""
    job = Job(lambda _done, _total, what: job.cancel() if what == step else None)
    return job


def test_nothing_is_left_of_what_was_refused_or_stopped(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    (tmp_path / "taken.png").write_bytes(b"mine")
    before = len(workbench._casebook.journal())
    with pytest.raises(CaseheadError, match="already"):
        workbench.export_view(saved, tmp_path / "taken.png")
    with pytest.raises(CaseheadError, match=r"in \.png or \.tif"):
        workbench.export_view(saved, tmp_path / "a.bmp")
    with pytest.raises(CaseheadError, match=r"end in \.pdf"):
        workbench.export_report(saved, tmp_path / "a.png")
    for what in ("drawing", "writing the file"):
        with pytest.raises(CancelledError):
            workbench.export_view(saved, tmp_path / "b.png", job=stopped_at(what))
    stopped = Job()
    stopped.cancel()
    with pytest.raises(CancelledError):
        workbench.export_report(saved, tmp_path / "b.pdf", job=stopped)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["taken.png"]
    assert (tmp_path / "taken.png").read_bytes() == b"mine"
    assert len(workbench._casebook.journal()) == before
    workbench.export_view(saved, tmp_path / "taken.png", overwrite=True)
    assert cv2.imread(str(tmp_path / "taken.png")) is not None


def test_what_is_flagged_stands_in_captions_and_reports(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    classes = (ClassNote("breech_face_class", "parallel", "arched"),)
    remarks = Remarks(classes, True, "parallel marks of one make")
    workbench.annotate(saved, [NOTE], remarks)
    with tifffile.TiffFile(workbench.export_view(saved, tmp_path / "a.tif").path) as file:
        told = str(file.pages[0].tags["ImageDescription"].value)  # type: ignore[union-attr]
    assert "Possible subclass influence on the comparison: parallel marks of one make" in told
    view = VIEW.to_dict() | {FLAGGED: ["Possible subclass influence on area 4: a broach"]}
    workbench.save_view(saved, "Rim", LAID, view)
    text = text_of(workbench.export_report(saved, tmp_path / "a.pdf", made_at=AT).path.read_bytes())
    assert text.count("parallel marks of one make") == 2, "in the frame, and below the view"
    assert "When the view was saved: Possible subclass influence on area 4: a broach" in text
    assert "DIFFER" in text and "arched" in text


def test_a_3d_view_needs_a_scan(workbench: Workbench, saved: Comparison, tmp_path: Path) -> None:
    solid = replace(saved, view=VIEW.to_dict() | {KEY: SolidView(seen_px=(300, 200)).to_dict()})
    with pytest.raises(CaseheadError, match="only scans can be seen in 3D"):
        workbench.export_view(solid, tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_the_report_holds_the_record(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    data = workbench.export_report(saved, tmp_path / "a.pdf", made_at=AT).path.read_bytes()
    text = text_of(data)
    assert "The view as it stands" in text and "No conclusion has been recorded." in text
    assert "not compared by software" in text and "set by the examiner" not in text
    workbench.annotate(saved, [NOTE])
    workbench.conclude(saved.id, Draft("inconclusive-a", "Few marks.", "", "", False))
    sure = Draft("identification", "They agree.", "", "", True, "J. Doe", "2024-01-02")
    workbench.conclude(saved.id, sure)
    score = workbench.compare(saved.left_id, saved.right_id)
    shown = Shown(score, workbench.annotations(saved.id))
    written = workbench.export_report(saved, tmp_path / "b.pdf", made_at=AT, shown=shown)
    text = text_of(written.path.read_bytes())
    for words in (
        "turn 10.0°, dx 30 µm, dy 4 µm, set by the examiner",
        "of the alignment that software found",
        "grey 1",
        "Striae here",
        "They agree.",
        "Examined physically by J. Doe on 2024-01-02.",
        "Few marks.",
        "field 1.12 mm x 0.75 mm",
    ):
        assert words in text, words
    again = workbench.export_report(saved, tmp_path / "c.pdf", made_at=AT, shown=shown)
    assert again.path.read_bytes() == written.path.read_bytes()
    assert workbench._casebook.journal()[-1].action == "report exported"
    assert workbench.check() == ()


def test_the_views_wanted_in_the_report_are_in_it(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    sides = workbench.sides_of(saved, VIEW)
    other = replace(VIEW, mode=Mode.OVERLAY)
    for name, view, wanted in (
        ("Upper left", VIEW, True),
        ("Rim", other, True),
        ("No", VIEW, False),
    ):
        drawn = render(*sides, LAID, view, view.seen_px, (), None, (NOTE,))
        digest = hashlib.sha256(drawn.tobytes() if name != "Rim" else b"other").hexdigest()
        more = (saved, name, LAID, view.to_dict(), (NOTE,), None, digest)
        workbench.save_view(*more, in_report=wanted)
    data = workbench.export_report(saved, tmp_path / "a.pdf", made_at=AT).path.read_bytes()
    text = text_of(data)
    assert text.count("Rebuilt bit for bit as it was saved") == 1
    assert text.count("differs from what was drawn then") == 1
    assert "Upper left" in text and "Rim" in text and "(No)" not in text
    assert "The view as it stands" not in text and "overlay, right at 50%" in text
    assert pages(data) >= 2
