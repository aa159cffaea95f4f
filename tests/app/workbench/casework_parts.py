"""Several people at one bench, cases with a picture each, and what is done with them."""

from __future__ import annotations

from dataclasses import replace

from stand_in import grey
from workbench_parts import AUTHOR

from app.capture import Frame
from app.casework.reviews import Verification
from app.domain import Annotation, AnnotationKind, Circle, Comparison, Light, Review, Role, now
from app.workbench import Registration, Workbench
from app.workbench.scale import Draft

FIRST, SECOND, THIRD, FOURTH = "J. Doe", "K. Lind", "M. Okoye", "P. Sato"
SURE = Draft(
    "identification", "Striae agree over the whole face.", "", "", True, FIRST, "2024-03-30"
)
UNSURE = Draft("inconclusive-a", "Some striae agree, too few.", examined_physically=False)
NEITHER = Draft("inconclusive-b", "Individual marks are absent.", examined_physically=False)


def as_person(workbench: Workbench, name: str) -> None:
    """Who sits at the bench from now on, by name only."""
    workbench.set_author(replace(AUTHOR, examiner=name))


def sure(name: str) -> Draft:
    """An identification by somebody who examined the specimens."""
    return replace(SURE, examined_by=name)


def acquired(workbench: Workbench, case: str, level: int, label: str = "A", **more: object) -> str:
    """A picture of one grey of a cartridge case; its identifier."""
    wanted = Registration(case, "1", label, **more)  # type: ignore[arg-type]
    mark = workbench.register(wanted)
    frame = Frame(grey(level), level, now(), 0.0, {}, 2.5, Light.RING)
    kept = workbench.capture(mark.id, frame)
    workbench.correct_region(kept.id, Circle(50, 50, 40), None)
    return kept.id


def test_fire(workbench: Workbench, case: str, level: int, label: str, serial: str) -> str:
    """The same of a test fire of a gun of that serial number."""
    gun = {"firearm_make": "Norvik", "firearm_model": "N9", "firearm_serial": serial}
    return acquired(workbench, case, level, label, role=Role.TEST_FIRE, **gun)


test_fire.__test__ = False  # type: ignore[attr-defined]


def case_of(workbench: Workbench, acquired_id: str) -> str:
    return workbench.provenance(acquired_id).case.id


def note(text: str) -> Annotation:
    """Something to draw."""
    return Annotation(AnnotationKind.NOTE, "left", ((1.0, 2.0),), text)


def compared(workbench: Workbench, left: str, right: str) -> Comparison:
    """The comparison of two pictures, saved."""
    return workbench.save_comparison(workbench.open_comparison(left, right))


def concluded(workbench: Workbench, left: str, right: str, by: str = FIRST) -> Comparison:
    """The same with an identification by ``by``."""
    as_person(workbench, by)
    comparison = compared(workbench, left, right)
    workbench.conclude(comparison.id, sure(by))
    return comparison


def verified(
    workbench: Workbench, comparison_id: str, draft: Draft | None = None, by: str = SECOND
) -> Verification:
    """Ask ``by`` and enter the answer; the identification where no draft is given."""
    task = workbench.ask_verification(comparison_id, "blind", by)
    as_person(workbench, by)
    return workbench.verify(task.id, draft or sure(by))


def hit(workbench: Workbench, left: str, right: str) -> Comparison:
    """Everything it takes to link two cases."""
    comparison = concluded(workbench, left, right)
    verified(workbench, comparison.id)
    return comparison


def review_all(workbench: Workbench, search_id: str, review: Review = Review.DISMISSED) -> None:
    for line in workbench.candidates(search_id):
        workbench.review(line.candidate.id, review)
