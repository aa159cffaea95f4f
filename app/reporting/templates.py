"""The wording of reports: as shipped in ``resources/report``, or as a laboratory has it.

A laboratory's file has the name of the shipped one and holds only what it says otherwise. It is
taken whole or, where anything in it is wrong, not at all; then the shipped wording is used and
a sentence says why. Caveats stay as they are; a laboratory may say more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any

from app.domain import CaseheadError
from app.reporting.phrases import language_warnings

FOLDER = "report_templates"
"""Where in a casebook's folder a laboratory's own templates lie."""
_LARGEST = 1_000_000
_LONGEST, _LONGEST_COLUMN = 2000, 100
"""Letters of one text: a frame and the heads of a table stay on one page."""
_LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of report; ``told`` says what is wrong with the laboratory's own."""

    words: Mapping[str, Any]
    told: str = ""


def shipped(kind: str) -> Mapping[str, Any]:
    """The words as shipped."""
    return _shipped(kind)


def template(kind: str, folder: Path | None = None) -> Template:
    """The words of a kind: a laboratory's own where ``folder`` has them and they are sound."""
    base = _shipped(kind)
    path = None if folder is None else folder / f"{kind}.json"
    if path is None or not path.is_file():
        return Template(base)
    try:
        return Template(_laid_over(base, _read(path)))
    except CaseheadError as error:
        return Template(
            base,
            f"The laboratory's template {path.name} is not used: {error} "
            "The shipped wording is used instead.",
        )


def sentences(words: Any) -> Iterator[str]:
    """Every text of a template, with the marks of its places taken out."""
    if isinstance(words, str):
        yield "".join(part[0] for part in Formatter().parse(words))
    elif isinstance(words, Mapping):
        for one in words.values():
            yield from sentences(one)
    elif isinstance(words, list):
        for one in words:
            yield from sentences(one)


@cache
def _shipped(kind: str) -> Mapping[str, Any]:
    file = resources.files("resources").joinpath("report", f"{kind}.json")
    found: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise CaseheadError("it is far larger than a template can be.")
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CaseheadError(f"it cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise CaseheadError("it is no JSON in UTF-8.") from error
    if not isinstance(found, dict):
        raise CaseheadError("it does not hold an object with names and texts.")
    return found


def _laid_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises CaseheadError for the first thing that cannot be used."""
    made = _merged(base, own, "")
    _need_said(made)
    warned = language_warnings(*sentences(own))
    if warned:
        raise CaseheadError(warned[0])
    return made


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], where: str) -> dict[str, Any]:
    made = dict(base)
    for key, value in own.items():
        named = f"{where}{key}"
        if key not in base:
            raise CaseheadError(f"nothing is called '{named}' in this report.")
        if key in ("must_say", "framed"):
            raise CaseheadError(f"what a report must say and frame ('{named}') cannot be changed.")
        was = base[key]
        if type(value) is not type(was):
            raise CaseheadError(f"'{named}' is of another kind than in the shipped template.")
        if isinstance(value, dict):
            made[key] = _merged(was, value, f"{named}.")
            continue
        if isinstance(value, list):
            _check_list(was, value, named)
        _check_places(was, value, named)
        _check_length(value, named)
        made[key] = value
    return made


def _check_list(was: list[Any], own: list[Any], named: str) -> None:
    kinds = {type(one) for one in was} or {str}
    if any(type(one) not in kinds for one in own):
        raise CaseheadError(f"'{named}' holds other things than in the shipped template.")
    if not named.endswith((".text", ".lines")) and len(own) != len(was):
        raise CaseheadError(f"'{named}' needs {len(was)} entries.")
    if named.endswith(".shares") and min(own) <= _LEAST_SHARE * sum(own):
        raise CaseheadError(f"'{named}' leaves a column without room.")


def _check_length(own: Any, named: str) -> None:
    longest = _LONGEST_COLUMN if named.endswith(".columns") else _LONGEST
    if any(len(text) > longest for text in _texts(own)):
        raise CaseheadError(f"'{named}' is longer than {longest} letters.")


def _check_places(was: Any, own: Any, named: str) -> None:
    """Places in braces must be those that the report fills."""
    known = set(_places(was))
    for place in _places(own):
        if place not in known:
            raise CaseheadError(f"'{named}' has a place '{{{place}}}' that is never filled.")


def _texts(words: Any) -> Iterator[str]:
    """Those of one entry, a text or a list."""
    return (one for one in (words if isinstance(words, list) else [words]) if isinstance(one, str))


def _places(words: Any) -> Iterator[str]:
    for text in _texts(words):
        try:
            found = list(Formatter().parse(text))
        except ValueError as error:
            raise CaseheadError(f"its braces do not pair up in '{text[:40]}'.") from error
        for _, place, spec, conversion in found:
            if place is not None:
                yield (
                    place + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                )


def _need_said(words: Mapping[str, Any]) -> None:
    """What a report must say, by the place where it says it: more may be said, and nothing less."""
    for named, phrases in words.get("must_say", {}).items():
        found: Any = words
        for key in named.split("."):
            found = found[key]
        told = " ".join(sentences(found)).casefold()
        for phrase in phrases:
            if phrase.casefold() not in told:
                raise CaseheadError(f"'{named}' must say: {phrase.rstrip('.')}.")
