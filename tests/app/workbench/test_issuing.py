"""Reports and packages issued out of a casebook: the record told, the same every time."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from stand_in import StandIn, grey, keep
from workbench_parts import registration

from app.capture import Frame
from app.domain import (
    Alignment,
    Annotation,
    AnnotationKind,
    CancelledError,
    CaseheadError,
    Comparison,
    now,
)
from app.jobs import Job
from app.picture import ViewState
from app.reporting.words import when
from app.store.extracts import newest_moment
from app.workbench import Draft, Workbench
from tests.app.reporting.report_parts import pages, text_of

VIEW = ViewState(um_per_px=1.25, centre_um=(1.0, 2.0), seen_px=(300, 200))
NOTE = Annotation(AnnotationKind.NOTE, "left", ((0.0, 0.0),), "Striae here", 1)
OF_CASE = ("case_summary", "custody", "statistics")


@pytest.fixture
def saved(workbench: Workbench, library: StandIn) -> Comparison:
    pair = keep(workbench, 100), keep(workbench, 90)
    made = Comparison(*pair, Alignment(10.0, (30.0, 4.0)), VIEW.to_dict())
    comparison = workbench.save_comparison(made)
    workbench.annotate(comparison, [NOTE])
    workbench.conclude(comparison.id, Draft("inconclusive-a", "Few marks.", "", "", False))
    return comparison


def subject(workbench: Workbench, saved: Comparison, kind: str) -> str:
    """What a kind of report is issued of."""
    if kind == "statistics":
        return ""
    if kind in OF_CASE:
        return workbench.provenance(saved.left_id).case.id
    return saved.id


@pytest.mark.parametrize("kind", ["comparison", *OF_CASE, "defence_package"])
def test_the_same_record_gives_the_same_bytes_and_the_journal_tells_each(
    workbench: Workbench, saved: Comparison, tmp_path: Path, kind: str
) -> None:
    of = subject(workbench, saved, kind)
    ending = workbench.issue_file_name(kind, of)[-4:]
    first = workbench.issue(kind, of, tmp_path / f"a{ending}")
    again = workbench.issue(kind, of, tmp_path / f"b{ending}")
    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.digest == again.digest == hashlib.sha256(again.path.read_bytes()).hexdigest()
    line = workbench._casebook.journal()[-1]
    assert line.detail["sha256"] == again.digest and line.detail["file"] == f"b{ending}"
    assert line.action.endswith(" exported") and line.subject == (of or "statistics")
    told = told_of_all(workbench, again.path) if kind == "statistics" else ""
    workbench.conclude(saved.id, Draft("inconclusive-b", "They are absent.", "", "", False))
    later = workbench.issue(kind, of, tmp_path / f"c{ending}")
    if kind == "statistics":
        assert told_of_all(workbench, later.path) == told
    else:
        assert (later.digest != again.digest) == (kind != "custody")
    assert workbench.check() == ()


def told_of_all(workbench: Workbench, path: Path) -> str:
    """What a report of the whole record draws, but for the second of the newest entry."""
    text, newest = text_of(path.read_bytes()), when(newest_moment(workbench._casebook))
    assert newest in text
    return text.replace(newest, "")


def test_nothing_is_written_where_it_cannot_be(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    (tmp_path / "taken.pdf").write_bytes(b"mine")
    before = len(workbench._casebook.journal())
    for kind, of, name, why in (
        ("comparison", saved.id, "taken.pdf", "already"),
        ("comparison", saved.id, "a.txt", r"end in \.pdf"),
        ("defence_package", saved.id, "a.pdf", r"end in \.zip"),
        ("comparison", saved.id, "taken.pdf/a.pdf", "could not be written"),
        ("defence_package", saved.id, "taken.pdf/a.zip", "could not be written"),
        ("comparison", "f" * 32, "a.pdf", "There is no comparison"),
        ("case_summary", "f" * 32, "a.pdf", "There is no case"),
        ("custody", "f" * 32, "a.pdf", "of an exhibit or of a case"),
        ("lead_notice", "f" * 32, "a.pdf", "There is no lead"),
        ("hit_notice", saved.id, "a.pdf", "confirms no link"),
        ("defence_package", "f" * 32, "a.zip", "There is no comparison"),
        ("novel", saved.id, "a.pdf", "no report of kind 'novel'"),
    ):
        with pytest.raises(CaseheadError, match=why):
            workbench.issue(kind, of, tmp_path / name)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["taken.pdf"]
    assert (tmp_path / "taken.pdf").read_bytes() == b"mine"
    assert len(workbench._casebook.journal()) == before


@pytest.mark.parametrize("kind", ["comparison", "case_summary", "defence_package"])
def test_what_is_stopped_leaves_nothing(
    workbench: Workbench, saved: Comparison, tmp_path: Path, kind: str
) -> None:
    job = Job()
    job.cancel()
    of, before = subject(workbench, saved, kind), len(workbench._casebook.journal())
    with pytest.raises(CancelledError):
        workbench.issue(kind, of, tmp_path / workbench.issue_file_name(kind, of), job=job)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == []
    assert len(workbench._casebook.journal()) == before


def test_what_the_journal_cannot_tell_is_not_left_behind(
    workbench: Workbench, saved: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CaseheadError("The disk is full.")

    monkeypatch.setattr(workbench._casebook, "note_export", full)
    with pytest.raises(CaseheadError, match="disk is full"):
        workbench.issue("comparison", saved.id, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_a_view_that_cannot_be_drawn_does_not_keep_the_evidence_back(
    workbench: Workbench, library: StandIn, tmp_path: Path
) -> None:
    ids = []
    for level in (10, 20):
        mark = workbench.register(registration(f"{level}"))
        ids.append(workbench.capture(mark.id, Frame(grey(level), level, now(), 0.0, {})).id)
    comparison = workbench.save_comparison(Comparison(*ids, Alignment(), {}))
    issued = workbench.issue("defence_package", comparison.id, tmp_path / "a.zip")
    with zipfile.ZipFile(issued.path) as package:
        assert "Not drawn: The scale" in package.read("views/001.txt").decode()
        assert sum(name.startswith("evidence/") for name in package.namelist()) == 3


def test_wording_is_warned_of_before_and_after(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    assert workbench.issue_warnings("comparison", saved.id) == ()
    bad = "Identified to the exclusion of all others, 100 % certain."
    workbench.conclude(saved.id, Draft("inconclusive-a", bad, "", "", False))
    case_id = workbench.provenance(saved.left_id).case.id
    for kind, of in (
        ("comparison", saved.id),
        ("defence_package", saved.id),
        ("case_summary", case_id),
    ):
        warned = workbench.issue_warnings(kind, of)
        assert len(warned) == 2 and "exclusion of all others" in warned[0], kind
        name = workbench.issue_file_name(kind, of)
        issued = workbench.issue(kind, of, tmp_path / name)
        assert issued.warnings == warned
        assert workbench._casebook.journal()[-1].detail["warnings"] == list(warned)
    assert text_of((tmp_path / workbench.issue_file_name("comparison", saved.id)).read_bytes())


def test_a_laboratory_words_its_reports_and_is_told_of_a_broken_template(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    own = workbench.folder / "report_templates"
    own.mkdir()
    (own / "custody.json").write_text(json.dumps({"title": "Beweismittelkette"}))
    case_id = workbench.provenance(saved.left_id).case.id
    told = workbench.issue("custody", case_id, tmp_path / "a.pdf")
    assert "Beweismittelkette" in text_of(told.path.read_bytes()) and told.warnings == ()
    (own / "custody.json").write_text("{")
    told = workbench.issue("custody", case_id, tmp_path / "b.pdf")
    assert "Chain of custody" in text_of(told.path.read_bytes())
    assert "custody.json is not used: it is no JSON" in told.warnings[0]


def test_the_case_and_its_custody_are_told(
    workbench: Workbench, saved: Comparison, tmp_path: Path
) -> None:
    case_id = workbench.provenance(saved.left_id).case.id
    workbench.export_view(saved, tmp_path / "view.png")
    text = text_of(workbench.issue("case_summary", case_id, tmp_path / "a.pdf").path.read_bytes())
    for words in ("2026-0412", "Inconclusive \\(a\\)".replace("\\", ""), "100", "2 exhibits"):
        assert words in text, words
    issued = workbench.issue("custody", case_id, tmp_path / "b.pdf")
    text = text_of(issued.path.read_bytes())
    digest = hashlib.sha256((tmp_path / "view.png").read_bytes()).hexdigest()
    assert "view.png" in text and digest[:20] in text.replace("\n", "")
    assert pages(issued.path.read_bytes()) >= 1
