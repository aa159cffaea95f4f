"""What an exhibit needs, as data: the steps an examiner is walked through at the camera."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from app.domain import CartridgeCase, CaseheadError, Light, MarkKind

FOLDER = "protocols"
"""Where in a casebook a laboratory keeps its own."""
FIELDS = ("calibre", "firing_pin_shape", "breech_face_class", "headstamp")
"""Class characteristics of a cartridge case that a step's picture shows."""
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_STEP_KEYS = {"key", "name", "mark", "light", "optional", "pictures", "hint", "fields"}
_KEYS = {"name", "for", "orientation", "reasons", "steps"}


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of picture: of which mark, under which light, how many.

    ``light`` is unknown where any will do. ``fields`` are those of FIELDS that can be read there.
    """

    key: str
    name: str
    mark: MarkKind
    light: Light
    optional: bool = False
    pictures: int = 1
    hint: str = ""
    fields: tuple[str, ...] = ()

    def takes(self, mark: MarkKind, light: Light) -> bool:
        """Whether a picture of that mark under that light is one of this step."""
        return mark is self.mark and self.light in (Light.UNKNOWN, light)


@dataclass(frozen=True, slots=True)
class Landmark:
    """What a case is turned by, and the hour of the clock it is to point to.

    ``found`` where the direction of parallel marks is meant, which is found in the picture.
    """

    name: str
    clock: float
    hint: str = ""
    found: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """The steps for one class of cartridge cases.

    It is for cases whose calibre or firing-pin shape holds one of the phrases; ``otherwise``
    for all that no other one is for. ``reasons`` are offered where a step needs no picture.
    """

    key: str
    name: str
    steps: tuple[Step, ...]
    calibres: tuple[str, ...] = ()
    firing_pin_shapes: tuple[str, ...] = ()
    otherwise: bool = False
    landmarks: tuple[Landmark, ...] = ()
    reasons: tuple[str, ...] = ()

    def step(self, key: str) -> Step:
        """The step of that key. Raises CaseheadError when there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise CaseheadError(f"The protocol {self.name} has no step '{key}'.")

    def is_for(self, cartridge_case: CartridgeCase) -> bool:
        """Whether the class characteristics of a case name this one."""
        return _holds(cartridge_case.calibre, self.calibres) or _holds(
            cartridge_case.firing_pin_shape, self.firing_pin_shapes
        )


@dataclass(frozen=True, slots=True)
class Protocols:
    """Those in use, and a sentence for each file of the laboratory that cannot be."""

    all: tuple[Protocol, ...]
    complaints: tuple[str, ...] = ()

    def find(self, key: str) -> Protocol | None:
        """The one of that key."""
        return next((one for one in self.all if one.key == key), None)

    def for_case(self, cartridge_case: CartridgeCase) -> Protocol:
        """The one its class characteristics name, else the one for all others."""
        for protocol in self.all:
            if protocol.is_for(cartridge_case):
                return protocol
        return next((one for one in self.all if one.otherwise), self.all[0])


def load_protocols(own: Path | None = None) -> Protocols:
    """Those shipped as ``resources/protocols/*.json``, replaced and joined by those in ``own``.

    A file in ``own`` that cannot be used is told of, and what it would have replaced stays.
    """
    found = {key: protocol_from(key, json.loads(text)) for key, text in _shipped()}
    complaints: list[str] = []
    files = sorted(own.glob("*.json")) if own is not None and own.is_dir() else []
    for path in files:
        try:
            found[path.stem] = read_protocol(path)
        except CaseheadError as error:
            stays = "the one that came with Casehead is used" if path.stem in found else "left out"
            complaints.append(f"{error} ({stays})")
    return Protocols(tuple(found.values()), tuple(complaints))


def read_protocol(path: Path) -> Protocol:
    """A protocol from a file. Raises CaseheadError, a sentence that names the file."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "unknown"
        raise CaseheadError(f"The protocol {path.name} cannot be read: {reason}.") from error
    except ValueError as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CaseheadError(
            f"The protocol {path.name} is no JSON{line}; correct or remove the file."
        ) from error
    return protocol_from(path.stem, data)


def protocol_from(key: str, data: Any) -> Protocol:
    """A protocol out of its JSON. Raises CaseheadError, a sentence saying what is wrong."""
    where = f"The protocol {key}.json"
    told = _mapping(data, where, _KEYS)
    goes = _mapping(
        told.get("for", {}), f"{where}: 'for'", {"calibres", "firing_pin_shapes", "otherwise"}
    )
    steps = told.get("steps")
    if not isinstance(steps, list) or not steps:
        raise CaseheadError(f"{where} has no steps; list one or more under 'steps'.")
    made = tuple(_step(one, f"{where}, step {n}") for n, one in enumerate(steps, 1))
    keys = [step.key for step in made]
    if len(set(keys)) < len(keys):
        twice = next(k for k in keys if keys.count(k) > 1)
        raise CaseheadError(f"{where} has two steps with the key '{twice}'; rename one.")
    return Protocol(
        key,
        _text(told, "name", where),
        made,
        _texts(goes.get("calibres", []), f"{where}: 'calibres'"),
        _texts(goes.get("firing_pin_shapes", []), f"{where}: 'firing_pin_shapes'"),
        _flag(goes, "otherwise", where),
        tuple(_landmarks(told.get("orientation", {}), where)),
        _texts(told.get("reasons", []), f"{where}: 'reasons'"),
    )


def clock_of(deg: float) -> float:
    """The hour, above 0 to 12, a direction (degrees counter-clockwise from the right) points to."""
    return 12.0 - ((deg - 90.0) % 360.0) / 30.0


def deg_of(clock: float) -> float:
    """The direction of an hour of the clock: degrees counter-clockwise from the right."""
    return (90.0 - 30.0 * clock) % 360.0


def clock_words(deg: float) -> str:
    """A direction as on a clock, to five minutes: "2:30"."""
    minutes = round(clock_of(deg) * 12) * 5 % 720
    return f"{minutes // 60 or 12}:{minutes % 60:02d}"


def _shipped() -> Iterator[tuple[str, str]]:
    folder = resources.files("resources").joinpath("protocols")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            yield file.name.removesuffix(".json"), file.read_text("utf-8")


def _step(data: Any, where: str) -> Step:
    told = _mapping(data, where, _STEP_KEYS)
    key = _text(told, "key", where)
    if not _KEY.fullmatch(key):
        raise CaseheadError(f"{where}: the key '{key}' may hold small letters, digits and '-'.")
    pictures = told.get("pictures", 1)
    if not isinstance(pictures, int) or isinstance(pictures, bool) or not 1 <= pictures <= 50:
        raise CaseheadError(f"{where}: 'pictures' is a whole number from 1 to 50.")
    fields = _texts(told.get("fields", []), f"{where}: 'fields'")
    for field in fields:
        _one_of(field, FIELDS, f"{where}: 'fields'")
    light = _text(told, "light", where)
    lights = (*map(str, (Light.RING, Light.SIDE)), "any")
    return Step(
        key,
        _text(told, "name", where),
        MarkKind(_one_of(_text(told, "mark", where), list(map(str, MarkKind)), f"{where}: 'mark'")),
        Light.UNKNOWN if _one_of(light, lights, f"{where}: 'light'") == "any" else Light(light),
        _flag(told, "optional", where),
        pictures,
        _text(told, "hint", where, needed=False),
        fields,
    )


def _landmarks(data: Any, where: str) -> Iterator[Landmark]:
    where = f"{where}: 'orientation'"
    for name, one in _mapping(data, where).items():
        told = _mapping(one, f"{where}, '{name}'", {"clock", "hint", "found"})
        clock = told.get("clock", 12)
        if not isinstance(clock, int | float) or isinstance(clock, bool) or not 0 < clock <= 12:
            raise CaseheadError(f"{where}: the clock of '{name}' is an hour above 0 to 12.")
        hint = _text(told, "hint", where, needed=False)
        yield Landmark(name, float(clock), hint, _flag(told, "found", where))


def _mapping(data: Any, where: str, known: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise CaseheadError(f"{where} must hold names with values in braces.")
    for name in data:
        if known is not None and name not in known:
            raise CaseheadError(f"{where}: '{name}' is not known; use {', '.join(sorted(known))}.")
    return data


def _text(data: Mapping[str, Any], name: str, where: str, *, needed: bool = True) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise CaseheadError(f"{where} has no '{name}' in words; write one.")
    return value.strip()


def _texts(data: Any, where: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(one, str) and one.strip() for one in data):
        raise CaseheadError(f"{where} is a list of words in brackets.")
    return tuple(data)


def _flag(data: Mapping[str, Any], name: str, where: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise CaseheadError(f"{where}: '{name}' is true or false.")
    return value


def _one_of(value: str, known: Sequence[str], where: str) -> str:
    if value not in known:
        raise CaseheadError(f"{where}: '{value}' is not known; use one of {', '.join(known)}.")
    return value


def _holds(text: str, phrases: Sequence[str]) -> bool:
    """Whether one of the phrases is in the text as whole words, capitals and blanks aside."""
    words = _words(text)
    return any(f" {_words(phrase).strip()} " in words for phrase in phrases)


def _words(text: str) -> str:
    """Its words and numbers with a blank between any two: "22LR" is " 22 lr "."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
