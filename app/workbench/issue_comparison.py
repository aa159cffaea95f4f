"""The report of a comparison as the record has it."""

from __future__ import annotations

from app.domain import Provenance
from app.jobs import Job
from app.reporting import ComparisonReport
from app.workbench.exporting import Shown
from app.workbench.issue_values import Gathering
from app.workbench.report_values import ReportMaker


def comparison_report(gathering: Gathering, comparison_id: str, job: Job) -> ComparisonReport:
    """Everything the report says, at the moment of the newest thing in it.

    Raises CaseheadError for an unknown comparison and while a blind verification keeps it from
    this person; CancelledError.
    """
    gather_comparison(gathering, comparison_id)
    workbench, book = gathering.workbench, gathering.casebook
    comparison = book.comparison(comparison_id)
    drawn, noted = workbench.annotations(comparison_id), workbench.remarks(comparison_id)
    shown = Shown(workbench.score_of(comparison), drawn, remarks=noted)
    maker = ReportMaker(workbench, book, comparison, shown)
    return maker.report(gathering.stamp().as_of, job)


def gather_comparison(gathering: Gathering, comparison_id: str) -> None:
    """Remember the records it rests on and all that people wrote in them."""
    book = gathering.casebook
    comparison = book.comparison(comparison_id)
    gathering.need_open(comparison_id)
    gathering.note(comparison_id)
    for picture in (comparison.left_id, comparison.right_id):
        place = gathering.place(picture)
        gathering.free(place.case.title, place.exhibit.description)
    for one in book.conclusions(comparison_id):
        gathering.note(one.id)
        gathering.free(one.reasons, one.basis_reason, one.subclass_excluded)
    for task in book.verification_tasks(comparison_id):
        gathering.note(task.id)
    for second in book.verifications(comparison_id):
        gathering.note(second.id)
        gathering.free(second.reasons, second.basis_reason, second.subclass_excluded)
    for drawn in book.annotation_sets(comparison_id):
        gathering.note(drawn.id)
    newest = book.annotation_set(comparison_id)
    if newest is not None:
        gathering.free(*(mark.text for mark in newest.annotations))
        gathering.free(*(mark.subclass for mark in newest.annotations))
        gathering.free(newest.remarks.subclass_reason)
        for note in newest.remarks.class_notes:
            gathering.free(note.left, note.right)
    for view in book.saved_views(comparison_id, withdrawn=True):
        gathering.note(view.id, *(label.id for label in book.view_labels(view.id)))
        if not view.withdrawn_at:
            gathering.free(view.name, *(mark.text for mark in view.annotations))


def sides_of(gathering: Gathering, comparison_id: str) -> tuple[Provenance, Provenance]:
    """What is compared. Raises CaseheadError for an unknown comparison."""
    comparison = gathering.casebook.comparison(comparison_id)
    return gathering.place(comparison.left_id), gathering.place(comparison.right_id)
