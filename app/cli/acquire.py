"""``casehead acquire``: frames from a camera into the casebook, without a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.capture import CaptureSession, Frame, devices, open_source
from app.cli.books import Names, recording
from app.cli.bring import telling_how
from app.cli.pictures import mark_place, score_facts
from app.cli.voice import Voice, table
from app.domain import Acquired, Light, Search
from app.workbench import CandidateLine, Registration, Workbench

FRAME_SECONDS = 15.0
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """How to acquire; what is None is taken from the frame."""

    source: str
    count: int = 1
    light: Light | None = None
    objective: str = ""
    pixel_um: float | None = None
    zoom: str = ""


def list_command(voice: Voice) -> None:
    """List the cameras connected now."""
    found = devices()
    if not found:
        voice.note("No camera is connected; use a stream, a video, a folder or the bench.")
    documents = [{"name": d.name, "source": d.spec} for d in found]
    voice.result(documents, lambda: table(("camera", "source"), [(d.name, d.spec) for d in found]))


def acquire_command(
    voice: Voice,
    folder: Path,
    names: Names,
    registration: Registration,
    setting: Setting,
    search: bool,
) -> None:
    """Register, grab, keep, and search what was kept."""
    documents = []
    with recording(voice, folder, names, create=True) as workbench:
        for acquired in acquire(voice, workbench, registration, setting):
            found = _searched(voice, workbench, acquired) if search else None
            documents.append(_facts(workbench, acquired, found))
    voice.result({"casebook": folder, "acquired": documents}, lambda: _lines(documents))


def acquire(
    voice: Voice, workbench: Workbench, registration: Registration, setting: Setting
) -> list[Acquired]:
    """Frames of the source, kept under the mark registered. Nothing is registered without one.

    Raises CaseheadError when the source delivers nothing.
    """
    frames, camera = grab(voice, setting.source, setting.count)
    with telling_how():
        mark = workbench.register(registration)
    kept = []
    for frame in frames:
        acquired = workbench.capture(
            mark.id,
            frame,
            light=setting.light,
            objective=setting.objective,
            pixel_um=setting.pixel_um,
            camera=camera,
            zoom=setting.zoom,
        )
        voice.note(f"{workbench.provenance(acquired.id).name}: saved from {camera}.")
        kept.append(acquired)
    return kept


def grab(voice: Voice, spec: str, count: int = 1) -> tuple[list[Frame], str]:
    """``count`` frames through a capture session, which is closed again, and the camera's name.

    Raises SourceLost, a CaseheadError, when they do not come.
    """
    frames: list[Frame] = []
    with CaptureSession(open_source(spec)) as session:
        for done in range(count):
            voice.job.report(done, count, f"Waiting for {session.source.name}")
            last = frames[-1] if frames else None
            frames.append(session.wait_for_frame(FRAME_SECONDS, newer_than=last))
    return frames, session.source.name


def search_facts(search: Search, candidates: Iterable[CandidateLine]) -> dict[str, Any]:
    """A finished search and its best candidates, for ``--json``."""
    return {
        "id": search.id,
        "state": str(search.state),
        "surveyed": search.surveyed,
        "compared": search.compared,
        "left_out": search.left_out,
        "message": search.message,
        "candidates": [
            {
                "rank": line.candidate.rank,
                **mark_place(line.provenance),
                **score_facts(line.candidate.score),
            }
            for line in list(candidates)[:SHOWN]
        ],
    }


def candidate_table(candidates: Iterable[CandidateLine]) -> list[str]:
    """The best candidates, for people."""
    rows = [
        (
            line.candidate.rank,
            line.provenance.name,
            line.provenance.cartridge_case.role,
            f"{line.candidate.score.score:.3f}",
            f"{line.candidate.score.ccf:.3f}",
            f"{line.candidate.score.congruent_cells}/{line.candidate.score.cells}",
            f"{line.candidate.score.alignment.rotation_deg:.1f}",
        )
        for line in list(candidates)[:SHOWN]
    ]
    return table(("rank", "mark", "role", "score", "ccf", "cells", "turn"), rows)


def _searched(voice: Voice, workbench: Workbench, acquired: Acquired) -> Search | None:
    if acquired.held_back:
        voice.note("It was kept but not searched, because its quality asks for another picture.")
        return None
    if not acquired.searchable:
        voice.note("Its scale is not known, so it was kept but not searched; give --pixel-um.")
        for warning in acquired.warnings:
            voice.note(warning)
        return None
    return workbench.search(acquired.id, voice.job)


def _facts(workbench: Workbench, acquired: Acquired, search: Search | None) -> dict[str, Any]:
    place = workbench.provenance(acquired.id)
    found = None if search is None else search_facts(search, workbench.candidates(search.id))
    return {
        **mark_place(place),
        "digest": acquired.digest,
        "width": acquired.width,
        "height": acquired.height,
        "pixel_um": acquired.pixel_um,
        "light": str(acquired.record.light),
        "camera": acquired.record.camera,
        "captured_at": acquired.record.captured_at,
        "quality": acquired.record.settings.get("quality"),
        "search": found,
    }


def _lines(documents: list[dict[str, Any]]) -> Iterable[str]:
    for document in documents:
        scale = document["pixel_um"]
        words = f"{scale:g} um per pixel" if scale else "scale not known"
        yield f"{document['mark']}: {document['width']} x {document['height']}, {words}"
        yield from _quality_lines(document["quality"])
        search = document["search"]
        if search is None:
            continue
        yield f"  {search['compared']} compared"
        for found in search["candidates"]:
            yield f"  {found['rank']:3}  {found['mark']}  score {found['score']:.3f}"


def _quality_lines(quality: dict[str, Any] | None) -> Iterable[str]:
    if quality is None:
        return
    yield f"  quality: {quality['verdict']}"
    for reason in quality["reasons"]:
        yield f"    {reason}"
