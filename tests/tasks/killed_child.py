"""The programs that test_killed kills: saving through the casebook, the workbench, casework.

Run as a nursery: it loads everything once, then forks a child for each line it reads. A child
confirms each save with one line of JSON, written only after the save has returned.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from app.domain import (
    Acquired,
    Alignment,
    Annotation,
    AnnotationKind,
    AnnotationSet,
    Author,
    Candidate,
    CaptureRecord,
    CartridgeCase,
    Case,
    Circle,
    Comparison,
    Conclusion,
    Exhibit,
    Mark,
    Region,
    SavedView,
    Score,
    Search,
    SearchState,
    now,
)
from app.store import Casebook

Grey: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]

AUTHOR = Author("Example County Laboratory", "bench 1", "J. Doe", "EX0001")


def confirm(**facts: Any) -> None:
    """Tell what has been saved: one write, so that a kill never leaves half a line."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def through_the_casebook(folder: Path, seed: int) -> None:
    """Capture, import and search as the services do them, until killed."""
    random = np.random.default_rng(seed)
    casebook = Casebook.open(folder)
    casebook.set_author(AUTHOR)
    for turn in count():
        with casebook.transaction():
            case = casebook.add_case(Case(f"{seed}-{turn}"))
            exhibit = casebook.add_exhibit(Exhibit(case.id, "1"))
            mark = _mark(casebook, exhibit, "1A")
        confirm(case=case.id, marks=[mark.id])
        query = _capture(casebook, mark, random)
        references = [_import(casebook, exhibit, f"R{n}", random) for n in range(3)]
        _search(casebook, query, references, random)


def _mark(casebook: Casebook, exhibit: Exhibit, label: str) -> Mark:
    fired = casebook.add_cartridge_case(CartridgeCase(exhibit.id, label))
    return casebook.add_mark(Mark(fired.id))


def _acquired(casebook: Casebook, mark: Mark, random: np.random.Generator) -> Acquired:
    data = random.bytes(int(random.integers(1, 400_000)))
    digest = casebook.keep_pixels(data, "png")
    return Acquired(mark.id, "image", digest, 9, 9, "png", CaptureRecord(now(), AUTHOR), 2.5)


def _capture(casebook: Casebook, mark: Mark, random: np.random.Generator) -> Acquired:
    acquired = casebook.add_acquired(_acquired(casebook, mark, random))
    confirm(acquired=acquired.id, digest=acquired.digest)
    casebook.add_region(Region(acquired.id, Circle(1, 2, 3), None, 0.5))
    confirm(region=acquired.id)
    return acquired


def _import(
    casebook: Casebook, exhibit: Exhibit, label: str, random: np.random.Generator
) -> Acquired:
    with casebook.transaction():
        mark = _mark(casebook, exhibit, label)
        acquired = casebook.add_acquired(_acquired(casebook, mark, random))
    confirm(acquired=acquired.id, digest=acquired.digest)
    return acquired


def _search(
    casebook: Casebook, query: Acquired, references: list[Acquired], random: np.random.Generator
) -> None:
    search = casebook.add_search(Search(query.id, SearchState.RUNNING, planned=len(references)))
    confirm(search=search.id, state="running", compared=0)
    listed = []
    for rank, reference in enumerate(references, start=1):
        score = Score("m", "1", float(random.random()), 0.5, 40, 9, Alignment(), 0.9, 0.1)
        listed.append(Candidate(search.id, reference.id, rank, score))
    with casebook.transaction():
        casebook.replace_candidates(search.id, listed)
        casebook.update_search(
            Search(query.id, SearchState.DONE, compared=len(listed), id=search.id)
        )
    confirm(search=search.id, state="done", compared=len(listed))
    pair = Comparison(query.id, references[0].id, Alignment(), candidate_id=listed[0].id)
    with casebook.transaction():
        casebook.add_comparison(pair)
        casebook.add_conclusion(Conclusion(pair.id, "afte", "inconclusive-a"))
    confirm(concluded=pair.id)
    for count_drawn in (1, 2):
        notes = [
            Annotation(AnnotationKind.NOTE, "both", ((float(n), 0.0),), number=n)
            for n in range(count_drawn)
        ]
        drawn = casebook.add_annotations(AnnotationSet(pair.id, tuple(notes)))
        confirm(drawn=drawn.id, on=pair.id)
    kept = casebook.add_saved_view(SavedView(pair.id, "Rim", Alignment(), {}, drawn.annotations))
    confirm(view=kept.id)


def through_the_workbench(folder: Path, seed: int) -> None:
    """Capture, import and search as an examiner does them, until killed."""
    import cv2

    from app.capture import Frame
    from app.importing.importer import ImportOptions
    from app.jobs import Job
    from app.workbench import Registration, Workbench

    workbench = Workbench(folder, workers=1)
    workbench.set_author(AUTHOR)
    random = np.random.default_rng(seed)
    heads = [np.load(path) for path in sorted(folder.parent.glob("head*.npy"))]
    confirm(ready=True)
    for turn in count():
        calibre = f"{seed}-{turn}"  # of its own, so that a search stays short however many kills
        mark = workbench.register(Registration(calibre, "1", "1A", calibre=calibre))
        confirm(marks=[mark.id])
        frame = Frame(_noisy(heads[0], random), turn, now(), 0.0, {"gain": 1.5}, _PIXEL_UM)
        query = workbench.capture(mark.id, frame, camera="bench")
        confirm(acquired=query.id, digest=query.digest)
        paths = [folder.parent / f"{seed}-{turn}-{n}.png" for n in range(len(heads))]
        for path, head in zip(paths, heads, strict=True):
            cv2.imwrite(str(path), _noisy(head, random))
        options = ImportOptions(pixel_um=_PIXEL_UM, case_number=f"{calibre} i", calibre=calibre)
        report = workbench.import_paths(paths, options, Job(_imported(sorted(paths))))
        for acquired_id in report.acquired_ids:
            confirm(acquired=acquired_id)
        search = workbench.search(query.id)
        confirm(search=search.id, state="done", compared=search.compared)


def _imported(paths: list[Path]) -> Callable[[int, int, str], None]:
    """Confirms each file when the import goes on to the next."""
    digests = [sha256(path.read_bytes()).hexdigest() for path in paths]

    def listener(done: int, total: int, what: str) -> None:
        if done:
            confirm(imported=digests[done - 1])

    return listener


_PIXEL_UM = 12.0


def _noisy(head: Grey, random: np.random.Generator) -> Grey:
    """The same head in another picture."""
    noise = random.integers(0, 6, head.shape, dtype=np.uint8)
    return np.asarray(np.minimum(head, 249) + noise, dtype=np.uint8)


def nursery() -> None:
    """Fork a child for every line ``FOLDER SEED`` read, and tell when it is gone.

    Nothing is computed before the fork: threads of OpenCV would not live on in the child.
    """
    program = through_the_casebook
    if sys.argv[1] == "workbench":
        import app.workbench

        assert app.workbench
        program = through_the_workbench
    if sys.argv[1] == "casework":
        sys.path.insert(0, str(Path(__file__).parents[2]))
        from tests.tasks.killed_casework import through_casework

        def program(folder: Path, seed: int) -> None:
            through_casework(folder, seed, confirm)

    for line in sys.stdin:
        folder, seed = line.rsplit(" ", 1)
        child = os.fork()
        if child == 0:
            program(Path(folder), int(seed))
            os._exit(0)
        confirm(child=child)
        _, status = os.waitpid(child, 0)
        confirm(gone=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    nursery()
