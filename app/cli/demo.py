"""``casehead demo``: a casebook to look at, made with the bench through the real operations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.capture import encode_png
from app.cli.acquire import Setting, acquire, grab
from app.cli.books import Names, recording
from app.cli.bring import bring
from app.cli.demo_cases import (
    ARCHIVE,
    ARCHIVE_CASE,
    ARCHIVE_FACTS,
    ARCHIVE_PIXEL_UM,
    AUTHOR,
    CALIBRE,
    EVIDENCE,
    KNOWN,
    SEARCHED,
    SHOTS,
    ArchivePicture,
    Shot,
)
from app.cli.demo_casework import do_casework, pictured
from app.cli.demo_facts import waiting
from app.cli.demo_people import BY_NAME, put_on_record
from app.cli.places import DATABASE
from app.cli.voice import Voice
from app.domain import CaseheadError, Light, Provenance, Review
from app.store import Casebook
from app.workbench import CandidateLine, ImportOptions, Workbench

DEMO_SETTING = "demo"
NAMES = Names(AUTHOR.agency, AUTHOR.station, AUTHOR.examiner, AUTHOR.ori)


@dataclass(frozen=True, slots=True)
class Built:
    """What the demo casebook holds, and how much of it this run added."""

    folder: Path
    pictures: int
    added: int
    searches: int
    comparisons: int
    hits: int
    leads: int
    people: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """What ``--json`` prints."""
        return {
            "casebook": self.folder,
            "pictures": self.pictures,
            "added": self.added,
            "searches": self.searches,
            "comparisons": self.comparisons,
            "hits": self.hits,
            "leads": self.leads,
            "people": self.people,
            "sign_in": "by name only",
        }

    def lines(self) -> list[str]:
        """The same for people."""
        new = f"{self.added} of them new" if self.added else "all from an earlier run"
        return [
            f"The demo casebook in {self.folder} holds {self.pictures} pictures ({new}), "
            f"{self.searches} searches, {self.comparisons} comparisons, {self.hits} hit and "
            f"{self.leads} lead.",
            f"{BY_NAME} At work in it: {', '.join(self.people)}.",
            f"Open it with: casehead gui --casebook {self.folder}",
        ]


def build_demo(voice: Voice, folder: Path) -> Built:
    """Make the demo casebook in ``folder``, or complete the one that is there.

    Raises CaseheadError when the folder holds another casebook.
    """
    _claim(folder)
    with recording(voice, folder, NAMES, create=True) as workbench:
        put_on_record(workbench)
        before = len(pictures_of(workbench))
        _capture(voice, workbench, SHOTS)
        _receive(workbench)
        _import(voice, workbench, ARCHIVE)
        _search(voice, workbench)
        _review(workbench)
        found = pictures_of(workbench)
        voice.note("Recording reviews, conclusions, a verification and a lead ...")
        do_casework(workbench, pictured(found))
        return Built(
            folder,
            len(found),
            len(found) - before,
            len(workbench.searches()),
            len(workbench.comparisons()),
            len(workbench.hits()),
            len(workbench.leads()),
            tuple(person.name for person in workbench.people()),
        )


def pictures_of(workbench: Workbench) -> dict[str, Provenance]:
    """All current pictures by identifier."""
    return {
        acquired.id: workbench.provenance(acquired.id)
        for case in workbench.tree()
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
        for mark in cartridge_case.marks
        for acquired in mark.acquired
    }


def held(workbench: Workbench, shot: Shot) -> Provenance | None:
    """The picture of a shot, when an earlier run has acquired it."""
    wanted = shot.registration
    name = f"{wanted.case_number} / {wanted.exhibit_number} / {wanted.label}"
    found = [p for p in pictures_of(workbench).values() if p.name == name]
    return next((p for p in found if p.acquired.record.light == shot.light), None)


def _claim(folder: Path) -> None:
    """Mark an empty casebook as the demo's; refuse one that is not."""
    known = (folder / DATABASE).is_file()
    with Casebook.open(folder) as casebook:
        if casebook.setting(DEMO_SETTING):
            return
        if known and casebook.author is not None:
            raise CaseheadError(
                f"{folder} holds a casebook that is not the demo's, and invented cases do not "
                "belong into it; choose another folder with --casebook."
            )
        casebook.set_setting(DEMO_SETTING, True)


def _capture(voice: Voice, workbench: Workbench, shots: Iterable[Shot]) -> None:
    missing = [shot for shot in shots if held(workbench, shot) is None]
    if missing:
        voice.note(f"Acquiring {len(missing)} cartridge cases from the synthetic bench ...")
    for shot in missing:
        setting = Setting(shot.source, light=Light(shot.light), objective="4x")
        acquire(voice, workbench, shot.registration, setting)


def _receive(workbench: Workbench) -> None:
    """One exhibit more, which waits for its pictures."""
    late = waiting()
    if all(node.case.number != late.case_number for node in workbench.tree()):
        workbench.register(late)


def _import(voice: Voice, workbench: Workbench, pictures: Iterable[ArchivePicture]) -> None:
    known = {p.cartridge_case.label for p in pictures_of(workbench).values()}
    missing = [picture for picture in pictures if picture.name not in known]
    if not missing:
        return
    voice.note(f"Importing {len(missing)} pictures of the archive ...")
    options = ImportOptions(
        pixel_um=ARCHIVE_PIXEL_UM,
        light=Light.RING,
        case_number=ARCHIVE_CASE,
        calibre=CALIBRE,
        facts=ARCHIVE_FACTS,
    )
    with TemporaryDirectory(prefix="casehead-") as folder:
        for picture in missing:
            (frame,), _ = grab(voice, f"bench:gun={picture.gun},shot={picture.shot}")
            path = Path(folder) / f"{picture.name}.png"
            path.write_bytes(encode_png(frame.pixels))
        bring(voice, workbench, [Path(folder)], options)


def _search(voice: Voice, workbench: Workbench) -> None:
    done = {line.search.acquired_id for line in workbench.searches() if line.search.finished_at}
    queries = [_named(workbench, name) for name in SEARCHED]
    for query in queries:
        if query.acquired.id not in done:
            voice.note(f"Searching {query.name} ...")
            workbench.search(query.acquired.id, voice.job)


def _review(workbench: Workbench) -> None:
    """Say something of the candidates of one search, as an examiner would have."""
    query = _named(workbench, EVIDENCE)
    for line in workbench.searches():
        if line.search.acquired_id != query.acquired.id:
            continue
        candidates = workbench.candidates(line.search.id)
        if candidates and all(c.candidate.review is Review.NEW for c in candidates):
            _say(workbench, candidates)
            workbench.mark_seen(line.search.id)
        return


def _say(workbench: Workbench, candidates: tuple[CandidateLine, ...]) -> None:
    for line in candidates:
        same = line.provenance.name.startswith(KNOWN.rpartition("/")[0])
        if same or line.candidate.rank <= 4:
            workbench.review(line.candidate.id, Review.KEPT if same else Review.DISMISSED)


def _named(workbench: Workbench, name: str) -> Provenance:
    return next(p for p in pictures_of(workbench).values() if p.name == name)
