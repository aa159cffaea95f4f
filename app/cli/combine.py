"""``casehead combine``: frames from files made one picture, written or kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.capture import Frame, encode_png
from app.capture.combine import (
    Averaging,
    Bracketing,
    Combined,
    Lighting,
    LightSet,
    Stacking,
    Stitching,
    average,
    merge_exposures,
    register_lights,
    stack,
    stitch,
)
from app.cli.books import Names, recording
from app.cli.voice import Voice
from app.domain import Acquired, CaseheadError, Light, now
from app.importing.decode import decode
from app.workbench import Registration
from app.workbench.combining import Circumstances


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to combine and how, as given."""

    way: str
    files: Sequence[Path]
    out: Path | None
    exposures: str = ""
    black: float = 0.0
    focus: str = ""
    places: str = ""
    names: str = ""
    pixel_um: float | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where to keep it; without a registration nowhere."""

    folder: Path
    names: Names
    registration: Registration | None
    light: Light = Light.UNKNOWN
    objective: str = ""


def combine_command(voice: Voice, wanted: Wanted, home: Home) -> None:
    """Read, combine, write, keep, and tell what was measured."""
    frames = [_frame(path, wanted.pixel_um) for path in wanted.files]
    pixel_um = wanted.pixel_um or (frames[0].pixel_um if frames else None)
    combined = _combined(wanted, frames, pixel_um)
    if wanted.out is not None:
        _write(wanted.out, combined)
    kept = () if home.registration is None else _kept(voice, home, frames, combined, pixel_um)
    recipe = combined.recipe
    for number, source in enumerate(recipe.sources):
        if not source.used:
            voice.note(f"{wanted.files[number].name}: left out, {source.reason}")
    for note in recipe.notes:
        voice.note(note)
    rows, columns = combined.pixels.shape[:2]
    document = {
        "way": wanted.way,
        "width": columns,
        "height": rows,
        "bits": combined.pixels.dtype.itemsize * 8,
        "file": wanted.out,
        "kept": [{"acquired_id": one.id, "digest": one.digest} for one in kept],
        "recipe": recipe.as_json(),
    }
    voice.result(document, lambda: _lines(document))


def _combined(wanted: Wanted, frames: Sequence[Frame], pixel_um: float | None) -> Combined:
    pixels = [frame.pixels for frame in frames]
    match wanted.way:
        case "average":
            return average(pixels, Averaging(pixel_um))
        case "exposure":
            times = _numbers(wanted.exposures, "--exposures")
            plan = Bracketing(times, black=wanted.black, pixel_um=pixel_um)
            return merge_exposures(pixels, plan)
        case "focus":
            heights = _numbers(wanted.focus, "--focus") if wanted.focus else None
            return stack(pixels, Stacking(_scale(pixel_um), heights))
        case "stitch":
            return stitch(pixels, Stitching(_scale(pixel_um), _places(wanted.places)))
        case _:
            names = tuple(name.strip() for name in wanted.names.split(","))
            return register_lights(pixels, Lighting(_scale(pixel_um), names))


def _kept(
    voice: Voice, home: Home, frames: Sequence[Frame], combined: Combined, pixel_um: float | None
) -> tuple[Acquired, ...]:
    assert home.registration is not None
    with recording(voice, home.folder, home.names, create=True) as workbench:
        mark = workbench.register(home.registration)
        light = None if home.light is Light.UNKNOWN else home.light
        how = Circumstances(light, home.objective, pixel_um)
        if isinstance(combined, LightSet):
            return workbench.keep_light_set(mark.id, frames, combined, how)
        return (workbench.keep_combined(mark.id, frames, combined, how),)


def _frame(path: Path, pixel_um: float | None) -> Frame:
    try:
        found = decode(path, path.read_bytes(), path.name)
    except OSError as error:
        raise CaseheadError(f"{path} cannot be read ({error.strerror}); check it.") from error
    except CaseheadError as error:
        raise CaseheadError(f"{path.name}: {error}") from error
    if found.kind != "image":
        raise CaseheadError(f"{path.name} is a scan; only images can be combined.")
    settings = {"file": path.name}
    return Frame(found.array, 0, now(), 0.0, settings, pixel_um or found.pixel_um)


def _write(out: Path, combined: Combined) -> None:
    try:
        out.write_bytes(encode_png(combined.pixels))
        text = json.dumps(combined.recipe.as_json(), indent=2, ensure_ascii=False)
        out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CaseheadError(
            f"{out} cannot be written ({error.strerror}); choose another place."
        ) from error


def _scale(pixel_um: float | None) -> float:
    if pixel_um is None:
        raise CaseheadError("The files do not carry their scale; give --pixel-um.")
    return pixel_um


def _numbers(text: str, option: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise CaseheadError(
            f'{option} "{text}" is no list of numbers; write for example 0.01,0.04,0.16.'
        ) from error


def _places(text: str) -> tuple[tuple[float, float], ...] | None:
    if not text:
        return None
    pairs = [_numbers(part.replace(":", ","), "--places") for part in text.split(",")]
    if any(len(pair) != 2 for pair in pairs):
        raise CaseheadError(f'--places "{text}" is no list of places; write 0:0,1200:0.')
    return tuple((pair[0], pair[1]) for pair in pairs)


def _lines(document: dict[str, Any]) -> Iterable[str]:
    used = sum(source["used"] for source in document["recipe"]["sources"])
    yield (
        f"{document['way']}: {used} of {len(document['recipe']['sources'])} frames, "
        f"{document['width']} x {document['height']}, {document['bits']} bits"
    )
    for name, value in document["recipe"]["figures"].items():
        if isinstance(value, int | float | str):
            yield f"  {name.replace('_', ' ')}: {value}"
    if document["file"]:
        yield f"Picture: {document['file']}"
    for one in document["kept"]:
        yield f"Kept: {one['acquired_id']}"
