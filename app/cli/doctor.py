"""``casehead doctor``: is everything here fit for work?"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from app.cli.places import DATABASE
from app.cli.voice import Voice
from app.domain import CaseheadError
from app.store import Casebook

Verdict = Literal["ok", "attention", "problem"]
FREE_LOW = 5 * 10**9
FREE_LEAST = 500 * 10**6
QT_SECONDS = 60
QT_PROBE = (
    "from PySide6.QtWidgets import QApplication; from PySide6.QtCore import qVersion; "
    "QApplication([]); print(qVersion())"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding."""

    verdict: Verdict
    what: str
    sentence: str


def doctor_command(voice: Voice, casebook: Path) -> None:
    """Look at everything, tell it, and refuse (exit code 1) when there is a problem."""
    lines: list[Line] = []
    looks = _looks(voice, casebook)
    for done, (what, look) in enumerate(looks):
        voice.job.report(done, len(looks), f"Looking at {what}")
        lines += [Line(verdict, what, sentence) for verdict, sentence in _looked(look)]
    sound = all(line.verdict != "problem" for line in lines)
    document = {
        "sound": sound,
        "casebook": casebook,
        "lines": [{"verdict": x.verdict, "what": x.what, "sentence": x.sentence} for x in lines],
    }
    voice.result(document, lambda: _written(lines, sound))
    voice.refused = not sound


Look = Callable[[], Iterator[tuple[Verdict, str]]]


def _looks(voice: Voice, casebook: Path) -> list[tuple[str, Look]]:
    return [
        ("python", _python),
        ("packages", _packages),
        ("window", _window),
        ("pictures", _opencv),
        ("cameras", _cameras),
        ("disk", lambda: _disk(casebook)),
        ("casebook", lambda: _casebook(voice, casebook)),
    ]


def _looked(look: Look) -> Iterator[tuple[Verdict, str]]:
    try:
        yield from look()
    except CaseheadError:
        raise
    except Exception as error:  # a check that breaks is a finding, not an end
        yield "problem", f"This could not be looked at ({type(error).__name__}: {error})."


def _python() -> Iterator[tuple[Verdict, str]]:
    yield "ok", f"Python {platform.python_version()} on {platform.platform()}, {sys.executable}"


def _needed() -> list[str]:
    """The packages that Casehead's own installation asks for."""
    wanted = [line for line in metadata.requires("casehead") or () if "extra ==" not in line]
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in wanted]


def _packages() -> Iterator[tuple[Verdict, str]]:
    found = []
    for name in _needed():
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            yield "problem", f"{name} is not installed; run 'make setup' (or 'uv sync')."
    yield "ok", ", ".join(found)


def _window() -> Iterator[tuple[Verdict, str]]:
    """Start Qt in a process of its own: where a library is missing it ends the process."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        probe = subprocess.run(
            [sys.executable, "-c", QT_PROBE],
            capture_output=True,
            text=True,
            timeout=QT_SECONDS,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        yield "problem", f"Qt could not be started ({error})."
        return
    if probe.returncode == 0:
        yield "ok", f"Qt {probe.stdout.strip()} starts"
        return
    last = (probe.stderr.strip().splitlines() or [f"exit code {probe.returncode}"])[-1]
    yield "problem", f"Qt does not start ({last}); 'make setup' says which libraries it needs."


def _opencv() -> Iterator[tuple[Verdict, str]]:
    import cv2
    import numpy as np

    ok, data = cv2.imencode(".png", np.arange(256, dtype=np.uint8).reshape(16, 16))
    back = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if ok else None
    if back is None or back.size != 256 or int(back.sum()) != 32640:
        yield "problem", f"OpenCV {cv2.__version__} does not write and read pictures correctly."
        return
    yield "ok", f"OpenCV {cv2.__version__}, {cv2.getNumberOfCPUs()} processors"


def _cameras() -> Iterator[tuple[Verdict, str]]:
    from app.capture import devices

    found = devices()
    for device in found:
        yield "ok", f"{device.name} ({device.spec})"
    if not found:
        yield "attention", "No camera is connected; the synthetic bench and imports work."


def _disk(casebook: Path) -> Iterator[tuple[Verdict, str]]:
    place = next(p for p in (casebook, *casebook.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    words = f"{free / 1e9:.1f} GB free for {casebook}"
    if free < FREE_LEAST:
        yield "problem", f"Only {words}; free some space before acquiring more."
    elif free < FREE_LOW:
        yield "attention", f"Only {words}; plan for more space."
    else:
        yield "ok", words


def _casebook(voice: Voice, folder: Path) -> Iterator[tuple[Verdict, str]]:
    if not (folder / DATABASE).is_file():
        yield "attention", f"There is no casebook in {folder} yet; it is made at the first start."
        yield from _may_write(folder)
        return
    try:
        casebook = Casebook.open(folder, create=False)
    except CaseheadError as error:
        yield "problem", str(error)
        return
    with casebook:
        if casebook.read_only:
            yield "attention", casebook.notice
        problems = casebook.check(voice.job)
        for problem in problems:
            yield "problem", problem
        if not problems:
            count = len(casebook.provenances())
            yield "ok", f"{folder}: sound, every digest of {count} pictures agrees"


def _may_write(folder: Path) -> Iterator[tuple[Verdict, str]]:
    place = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not os.access(place, os.W_OK):
        yield "problem", f"{place} cannot be written by this user; choose another with --casebook."


def _written(lines: list[Line], sound: bool) -> Iterator[str]:
    for line in lines:
        yield f"{line.verdict:9}  {line.what:9}  {line.sentence}"
    yield "Everything is fit for work." if sound else "There are problems; see above."
