"""From one line of text to a source: what settings, the command line and the camera list use."""

from __future__ import annotations

from pathlib import Path

from app.capture.bench import (
    MACHININGS,
    STANDARDS,
    BenchSource,
    Machining,
    Specimen,
    StandardSource,
    firearm_number,
    look,
    view_size,
)
from app.capture.cameras import OpenCVDevice, StreamSource, devices
from app.capture.files import FrameFolder, VideoFile
from app.capture.frame import Source
from app.domain import CaseheadError, Light

_STREAMS = ("http://", "https://", "rtsp://", "rtsps://", "rtmp://", "udp://", "tcp://")
_FORMS = (
    "device:0, http://... or rtsp://..., video:PATH, folder:PATH, or bench:gun=1,shot=2,light=ring"
)


def open_source(spec: str) -> Source:
    """The source ``spec`` names, ready for a session (not opened yet).

    ``device:0`` | ``http://...`` | ``rtsp://...`` | ``video:PATH`` | ``folder:PATH`` |
    ``bench:gun=1,shot=2,light=ring,machining=milled``. Videos and folders play over and over.
    With ``scale=untold`` the bench's camera does not say what a pixel measures (``um``); for
    calibrating it there is ``bench:show=ruling,step=10,um=2.53,turn=12`` (see STANDARDS).
    Raises CaseheadError, a sentence, for a wrong spec or an absent file.
    """
    spec = spec.strip()
    if spec.lower().startswith(_STREAMS):
        return _stream(spec)
    kind, _, rest = spec.partition(":")
    match kind.strip().lower():
        case "device":
            return _device(rest.strip())
        case "video":
            return _video(rest)
        case "folder":
            return _folder(rest)
        case "bench":
            return _bench(rest)
    raise CaseheadError(f'"{spec}" names no camera; use {_FORMS}.')


def _stream(spec: str) -> Source:
    if not spec.partition("://")[2].strip("/"):
        raise CaseheadError(f'The address "{spec}" names no host; give it whole.')
    return StreamSource(spec)


def _device(text: str) -> Source:
    if not text.isdecimal():
        raise CaseheadError(f'"{text}" is no camera number; use device:0 for the first camera.')
    names = {device.spec: device.name for device in devices()}
    return OpenCVDevice(int(text), names.get(f"device:{int(text)}"))


def _video(text: str) -> Source:
    path = Path(text).expanduser()
    if not text or not path.is_file():
        raise CaseheadError(f'There is no video "{text}"; check the path.')
    return VideoFile(path)


def _folder(text: str) -> Source:
    path = Path(text).expanduser()
    if not text or not path.is_dir():
        raise CaseheadError(f'There is no folder "{text}"; check the path.')
    return FrameFolder(path)


def _bench(text: str) -> Source:
    options = {"gun": "1", "shot": "1", "light": "ring", "machining": "", "rate": "20"}
    options |= {"show": "", "step": "10", "um": "5.06", "turn": "0", "scale": "told"}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition("=")
        if name.strip() not in options or not value.strip():
            raise CaseheadError(
                f'The bench does not understand "{part}"; write gun=1,shot=2,light=ring.'
            )
        options[name.strip()] = value.strip()
    if options["show"]:
        return _standard(options)
    firearm = firearm_number(_count("gun", options["gun"]), _machining(options["machining"]))
    specimen = Specimen(firearm, _count("shot", options["shot"]))
    return BenchSource(
        specimen,
        light=_light(options["light"]),
        rate=_count("rate", options["rate"]),
        pixel_um=_length("um", options["um"]),
        tells_scale=options["scale"] != "untold",
    )


def _standard(options: dict[str, str]) -> Source:
    """A length standard instead of a cartridge case."""
    for kind in STANDARDS:
        if options["show"] == kind:
            pixel_um = _length("um", options["um"])
            seen = look(pixel_um, _number("turn", options["turn"]), size=view_size(pixel_um))
            step_um = _length("step", options["step"])
            return StandardSource(kind, seen, step_um, rate=_count("rate", options["rate"]))
    raise CaseheadError(
        f'The bench has no standard "{options["show"]}"; use one of {", ".join(STANDARDS)}.'
    )


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CaseheadError(f'"{text}" will not do for {name}; use a number.') from None


def _length(name: str, text: str) -> float:
    found = _number(name, text)
    if not 0.1 <= found <= 10_000:
        raise CaseheadError(f'"{text}" will not do for {name}; use micrometres, such as 2.53.')
    return found


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise CaseheadError(f'"{text}" will not do for {name}; use a whole number from 1 upwards.')
    return int(text)


def _light(text: str) -> Light:
    if text not in (Light.RING, Light.SIDE):
        raise CaseheadError(f'The bench has no light "{text}"; use ring or side.')
    return Light(text)


def _machining(text: str) -> Machining | None:
    if not text:
        return None
    for machining in MACHININGS:
        if text == machining:
            return machining
    raise CaseheadError(
        f'The bench knows no machining "{text}"; use one of {", ".join(MACHININGS)}.'
    )
