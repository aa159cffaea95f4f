"""Calibrations and measurements of a scale in words."""

from __future__ import annotations

from app.capture.scale import Measured, Method
from app.domain import Calibration, now

METHOD_WORDS: dict[Method, str] = {
    "ruling": "stage micrometer",
    "dot grid": "dot grid",
    "chessboard": "chessboard",
    "two points": "two points by hand",
    "typed": "typed value",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(moment: str) -> str:
    """A moment as its day: 12 Dec 2026."""
    year, month, day = moment[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


def size_words(pixel_um: float, sd_um: float | None) -> str:
    """2.531 ± 0.0013 µm; without an uncertainty where nobody said one."""
    if sd_um is None:
        return f"{pixel_um:.5g} µm"
    return f"{pixel_um:.5g} ± {sd_um:.2g} µm"


def calibration_words(calibration: Calibration, at: str = "") -> str:
    """One line: the size, how and when it was found, and until when it holds or why it does not."""
    found = (
        size_words(calibration.pixel_um, calibration.sd_um),
        _method_words(calibration.method),
        day_words(calibration.made_at),
        state_words(calibration, at),
    )
    return ", ".join(found)


def state_words(calibration: Calibration, at: str = "") -> str:
    """valid to ..., expired ..., withdrawn ..., failed its check, or pixels not square."""
    at = at or now()
    check = calibration.last_check(at)
    if calibration.withdrawn_at and calibration.withdrawn_at <= at:
        return f"withdrawn {day_words(calibration.withdrawn_at)}"
    if calibration.expires_at and calibration.expires_at <= at:
        return f"expired {day_words(calibration.expires_at)}"
    if check is not None and not check.passed:
        return f"failed its check ({check.off_percent:+.2f} %)"
    if calibration.refusal(at):
        return "pixels not square"
    return f"valid to {day_words(calibration.expires_at)}" if calibration.expires_at else "valid"


def detail_words(calibration: Calibration) -> str:
    """What stands behind it, a line each: who, directions, distortion, the last check."""
    who = calibration.author.examiner if calibration.author else ""
    size = f"{calibration.width} x {calibration.height}" if calibration.width else ""
    lines = [
        calibration.optics.words,
        f"made {day_words(calibration.made_at)} by {who}",
        f"for pictures of {size} pixels" if size else "",
        f"pixels {calibration.pixel_um_x:.5g} by {calibration.pixel_um_y:.5g} µm",
        _bent(calibration.distortion_um, calibration.distortion_percent),
        calibration.note,
    ]
    check = calibration.last_check()
    if check is not None:
        passed = "passed" if check.passed else "failed"
        lines.append(
            f"checked {day_words(check.checked_at)}: {check.off_percent:+.2f} %, {passed} "
            f"({check.tolerance_percent:g} % allowed)"
        )
    return "\n".join(line for line in lines if line)


def measured_words(measured: Measured) -> str:
    """What was found, for the examiner to agree to."""
    said = [
        f"A pixel is {size_words(measured.pixel_um, measured.sd_um)}.",
        measured.sentence,
    ]
    if measured.both_ways and measured.method == "ruling":
        said.append(f"A pixel is {measured.oblong_percent:+.2f} % wider than high.")
    if measured.method == "ruling":
        bent = _bent(measured.distortion_um, measured.distortion_percent)
        said.append(f"{bent[0].upper()}{bent[1:]}." if bent else "")
    return " ".join(part for part in said if part)


def _method_words(method: str) -> str:
    return next((words for name, words in METHOD_WORDS.items() if name == method), method)


def _bent(distortion_um: float | None, distortion_percent: float | None) -> str:
    if distortion_um is None or distortion_percent is None:
        return ""
    return f"the lens moves the corners by {distortion_um:.3g} µm ({distortion_percent:+.2f} %)"
