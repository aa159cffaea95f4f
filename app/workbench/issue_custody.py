"""The chain of custody of an exhibit or a case, gathered from the record and the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.casework.record import HandOver
from app.domain import CaseheadError, Exhibit, Provenance
from app.reporting.casework import CaseworkReport
from app.reporting.words import joined, when
from app.store.extracts import SignedLine, compared_with, is_case, lines_about
from app.workbench.issue_values import WAITS, Gathering, by, when_told

_OTHER_PAPERS = ("custody exported", "statistics exported")
"""What carries nothing of the evidence when it is written out."""
_SENT = ("entry queued", "entry sent")


def custody(gathering: Gathering, subject_id: str) -> CaseworkReport:
    """Who had the items, and what of them left the casebook; of an exhibit or of a whole case.

    Raises CaseheadError where ``subject_id`` is neither.
    """
    exhibits = _exhibits(gathering, subject_id)
    alone = len(exhibits) == 1 and exhibits[0].id == subject_id
    case = gathering.case(exhibits[0].case_id if alone else subject_id)
    subject = f"{case.number} / {exhibits[0].number}" if alone else case.number
    pictures = tuple(pictures_of(gathering, exhibits))
    tables = {
        "items": tuple(_items(gathering, exhibits)),
        "hand_overs": tuple(_hand_overs(gathering, exhibits)),
        "pictures": tuple(map(_picture, pictures)),
    }
    left = tuple(_left(gathering, None if alone else case.id, exhibits, pictures))
    moments = [line.at for line in left]
    stamp = gathering.stamp()
    newest = max((stamp.as_of, *moments))
    return CaseworkReport(
        "custody",
        subject,
        gathering.stamp(newest),
        facts={
            "about": {
                "case": joined(case.number, case.title),
                "exhibits": ", ".join(one.number for one in exhibits),
                "agency": gathering.agency_name(case),
            }
        },
        tables=tables | {"exports": tuple(_exports(gathering, left))},
        words={"subject": subject},
        flags=tuple(
            f"Exhibit {one.number}: {gap}"
            for one in exhibits
            for gap in gathering.workbench.custody_gaps(one.id)
        ),
    )


def pictures_of(gathering: Gathering, exhibits: tuple[Exhibit, ...]) -> Iterator[Provenance]:
    """Every picture of some exhibits, superseded ones too, in the order of the record."""
    book = gathering.casebook
    for exhibit in exhibits:
        for cartridge in book.cartridge_cases(exhibit.id):
            for mark in book.marks(cartridge.id):
                for acquired in book.acquired_of(mark.id):
                    yield gathering.place(acquired.id)


def hand_over_words(gathering: Gathering, one: HandOver) -> str:
    """Where, why and under what seal."""
    gathering.free(one.purpose, one.place, one.note, one.seal)
    seal = f"seal {one.seal}" if one.seal else ""
    return "\n".join(filter(None, (joined(one.purpose, one.place, seal), one.note)))


def _exhibits(gathering: Gathering, subject_id: str) -> tuple[Exhibit, ...]:
    book = gathering.casebook
    if is_case(book, subject_id):
        return book.exhibits(subject_id)
    try:
        return (book.exhibit(subject_id),)
    except CaseheadError:
        raise CaseheadError(
            "A chain of custody is of an exhibit or of a case; name one of them."
        ) from None


def _items(gathering: Gathering, exhibits: tuple[Exhibit, ...]) -> Iterator[tuple[str, ...]]:
    for one in exhibits:
        facts = gathering.facts("exhibit", one.id)
        gathering.free(one.description)
        times = (facts.get(key, "") for key in ("collected_at", "submitted_at", "received_at"))
        collected, submitted, received = map(when_told, times)
        yield (
            one.number,
            one.description,
            joined(collected, facts.get("collector", "")),
            submitted,
            received,
        )


def _hand_overs(gathering: Gathering, exhibits: tuple[Exhibit, ...]) -> Iterator[tuple[str, ...]]:
    for exhibit in exhibits:
        for one in gathering.workbench.hand_overs(exhibit.id):
            gathering.note(one.id)
            yield (
                exhibit.number,
                when_told(one.handed_at),
                one.given_by,
                one.received_by,
                hand_over_words(gathering, one),
                by(one.author, one.noted_at),
            )


def _picture(place: Provenance) -> tuple[str, ...]:
    acquired, record = place.acquired, place.acquired.record
    item = f"{place.exhibit.number} / {place.cartridge_case.label}, {place.mark.kind}"
    how = record.camera or (f"file {acquired.file_name}" if acquired.file_name else "")
    taken = when(record.captured_at) if record.captured_at else ""
    return item, taken, joined(by(record.author), how), acquired.digest


def _left(
    gathering: Gathering,
    case_id: str | None,
    exhibits: tuple[Exhibit, ...],
    pictures: tuple[Provenance, ...],
) -> Iterator[SignedLine]:
    """The lines of the journal that tell of something written out, of these items."""
    own = {place.acquired.id for place in pictures}
    subjects = own | {exhibit.id for exhibit in exhibits}
    subjects.update(compared_with(gathering.casebook, own))
    if case_id:
        subjects.add(case_id)
    for line in lines_about(gathering.casebook, subjects):
        if line.action in _SENT or (line.written_out and line.action not in _OTHER_PAPERS):
            yield line


def _exports(gathering: Gathering, left: Iterable[SignedLine]) -> Iterator[tuple[str, ...]]:
    """A row for each; which report of a hidden comparison it was would tell what was concluded."""
    hidden = gathering.workbench.hidden_subjects()
    for line in left:
        told = line.told
        what = line.action.removesuffix(" exported").removesuffix(" issued")
        to = str(told.get("file", "") or told.get("folder", ""))
        digest = str(told.get("sha256", ""))
        if line.subject in hidden:
            what, to, digest = WAITS, "", ""
        who = joined(line.examiner, line.agency, line.station)
        yield when(line.at), what, to, who, digest, str(line.seq)
