"""Calibrations on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.capture import Frame
from app.capture.scale import Asked, Measured, Method, measure
from app.cli.books import Names, recording
from app.cli.places import require_casebook
from app.cli.voice import Voice, table
from app.domain import Calibration, CaseheadError, Optics, now
from app.importing.decode import decode, read_bytes
from app.store import Casebook
from app.workbench.calibration_words import (
    METHOD_WORDS,
    calibration_words,
    measured_words,
    size_words,
    state_words,
)

_METHODS: dict[str, Method] = {
    "ruling": "ruling",
    "dot-grid": "dot grid",
    "chessboard": "chessboard",
}
Names3 = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Standard:
    """A picture of a standard and what is known of it; ``certain`` is in percent."""

    file: Path
    name: str
    step_um: float
    certain: float

    def frame(self) -> Frame:
        """The picture. Raises CaseheadError with the file's name."""
        try:
            decoded = decode(self.file, read_bytes(self.file), self.file.name)
        except CaseheadError as error:
            raise CaseheadError(f"{self.file.name}: {error}") from error
        if decoded.scan is not None or decoded.array.dtype not in (np.uint8, np.uint16):
            raise CaseheadError(f"{self.file.name} is no picture; give a PNG, TIFF, BMP or JPEG.")
        return Frame(decoded.array, 1, now(), 0.0, {"file": self.file.name})

    def measure(self, frame: Frame) -> Measured:
        """What a pixel of it is. Raises CaseheadError with the file's name."""
        asked = Asked(_METHODS[self.name], self.step_um, self.certain / 100)
        try:
            return measure(frame.pixels, asked)
        except CaseheadError as error:
            raise CaseheadError(f"{self.file.name}: {error}") from error


def picture_command(
    voice: Voice,
    folder: Path,
    names: Names,
    standard: Standard,
    optics: Names3,
    until: str,
    note: str,
) -> None:
    """Do what ``casehead calibrate picture`` says."""
    frame = standard.frame()
    measured = standard.measure(frame)
    if not optics[0].strip():
        voice.note("Nothing was kept; name the --camera to keep it as a calibration.")
        voice.result(_measured_facts(measured), lambda: [measured_words(measured)])
        return
    with recording(voice, folder, names, create=True) as workbench:
        kept = workbench.calibrate(Optics(*optics), measured, frame, expires_at=until, note=note)
    voice.result(_facts(kept), lambda: [measured_words(measured), _kept(kept)])


def typed_command(
    voice: Voice,
    folder: Path,
    names: Names,
    value: tuple[float, float | None],
    optics: Names3,
    until: str,
    note: str,
) -> None:
    """Do what ``casehead calibrate typed`` says."""
    with recording(voice, folder, names, create=True) as workbench:
        kept = workbench.type_calibration(Optics(*optics), *value, expires_at=until, note=note)
    voice.result(_facts(kept), lambda: [_kept(kept)])


def list_command(voice: Voice, folder: Path, camera: str) -> None:
    """Do what ``casehead calibrate list`` says; also while the window is open."""
    require_casebook(folder)
    wanted = Optics(camera).key[0]
    with Casebook.open(folder, read_only=True) as casebook:
        found = [
            c for c in reversed(casebook.calibrations()) if not wanted or c.optics.key[0] == wanted
        ]
    none = ["No calibrations: see casehead calibrate --help."]
    voice.result([_facts(c) for c in found], lambda: _lines(found) if found else none)


def check_command(
    voice: Voice, folder: Path, which: str, standard: Standard, tolerance: float
) -> None:
    """Do what ``casehead calibrate check`` says."""
    measured = standard.measure(standard.frame())
    with recording(voice, folder) as workbench:
        chosen = _chosen(workbench.calibrations(), which)
        checked = workbench.check_by(chosen.id, measured, tolerance_percent=tolerance)
    check = checked.last_check()
    assert check is not None
    words = f"Off by {check.off_percent:+.3f} % ({check.tolerance_percent:g} % are allowed)."
    if not check.passed:
        voice.refuse(checked.refusal(now()))
    voice.result(_facts(checked), lambda: [words])


def withdraw_command(voice: Voice, folder: Path, which: str, reason: str) -> None:
    """Do what ``casehead calibrate withdraw`` says."""
    with recording(voice, folder) as workbench:
        chosen = _chosen(workbench.calibrations(), which)
        ended = workbench.withdraw_calibration(chosen.id, reason)
    voice.result(_facts(ended), lambda: [f"{_kept(ended)} It stays on the record."])


def _chosen(calibrations: Sequence[Calibration], which: str) -> Calibration:
    wanted = which.strip().casefold()
    found = [c for c in calibrations if wanted and c.id.startswith(wanted)]
    if len(found) != 1:
        said = "no calibration" if not found else f"{len(found)} calibrations"
        raise CaseheadError(
            f"There is {said} whose identifier begins with '{which}'; see casehead calibrate list."
        )
    return found[0]


def _kept(calibration: Calibration) -> str:
    return f"{calibration.optics.words}: {calibration_words(calibration)}."


def _measured_facts(measured: Measured) -> dict[str, Any]:
    return {
        "method": measured.method,
        "pixel_um": measured.pixel_um,
        "pixel_um_x": measured.pixel_um_x,
        "pixel_um_y": measured.pixel_um_y,
        "sd_um": measured.sd_um,
        "distortion_um": measured.distortion_um,
        "distortion_percent": measured.distortion_percent,
        "width": measured.size[0],
        "height": measured.size[1],
        "facts": dict(measured.facts),
        "sentence": measured.sentence,
    }


def _facts(calibration: Calibration) -> dict[str, Any]:
    check = calibration.last_check()
    return {
        "id": calibration.id,
        "camera": calibration.optics.camera,
        "objective": calibration.optics.objective,
        "zoom": calibration.optics.zoom,
        "pixel_um": calibration.pixel_um,
        "pixel_um_x": calibration.pixel_um_x,
        "pixel_um_y": calibration.pixel_um_y,
        "sd_um": calibration.sd_um,
        "method": calibration.method,
        "width": calibration.width or None,
        "height": calibration.height or None,
        "distortion_um": calibration.distortion_um,
        "distortion_percent": calibration.distortion_percent,
        "facts": dict(calibration.facts),
        "picture": calibration.picture or None,
        "note": calibration.note,
        "made_at": calibration.made_at,
        "made_by": calibration.author.examiner if calibration.author else None,
        "expires_at": calibration.expires_at or None,
        "withdrawn_at": calibration.withdrawn_at or None,
        "refusal": calibration.refusal(now()) or None,
        "check": None
        if check is None
        else {
            "checked_at": check.checked_at,
            "true_um": check.true_um,
            "measured_um": check.measured_um,
            "off_percent": check.off_percent,
            "tolerance_percent": check.tolerance_percent,
            "passed": check.passed,
        },
    }


def _lines(calibrations: Sequence[Calibration]) -> list[str]:
    heads = ("id", "camera", "objective", "zoom", "pixel", "method", "made", "state")
    methods = {str(name): words for name, words in METHOD_WORDS.items()}
    rows = [
        (
            c.id[:8],
            c.optics.camera,
            c.optics.objective,
            c.optics.zoom,
            size_words(c.pixel_um, c.sd_um),
            methods.get(c.method, c.method),
            c.made_at[:10],
            state_words(c),
        )
        for c in calibrations
    ]
    return table(heads, rows)
