"""Settings that the journal tells: whether they are still what it says was set.

Other settings (what a person last chose on a screen, under ``user.``) are no part of the record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from app.store.codec import canonical
from app.store.connection import Connection

_OWN: Final = "user."
_AUTHOR: Final = "author"
_PLACE: Final = ("agency", "station", "ori")
_Of = Callable[[Mapping[str, Any]], Any]


def _plan(told: Mapping[str, Any]) -> Any:
    return {key: value for key, value in told.items() if key != "before"}


TOLD: Final[Mapping[str, tuple[str, str, _Of]]] = {
    "record_rules": (
        "record rules set",
        "whether required fields are enforced",
        lambda told: told["enforced"],
    ),
    "search_area": ("search area set", "the search area", lambda told: told["neighbours"]),
    "backup_plan": ("backup plan set", "the plan of backups", _plan),
    "check_plan": ("check plan set", "the plan of checks", _plan),
    "qualified_people": (
        "qualified people told",
        "who may sign for instruments",
        lambda told: told["names"],
    ),
}
"""By setting: the action that tells it, what it is in words, and its value in the line's detail."""
_LABELLED: Final = "evidence label told"
_SEATED: Final = "author set"


class ToldSettings:
    """Hears every line of the journal, then looks at every setting."""

    def __init__(self) -> None:
        self._by_action = {action: (key, of) for key, (action, _, of) in TOLD.items()}
        self._told: dict[str, tuple[int, str]] = {}
        self._seat: Mapping[str, Any] = {}
        self._names: set[str] = set()

    def hear(self, row: Sequence[Any]) -> None:
        """A line as stored; one that is no JSON is told by the audit."""
        action = row[6]
        if action in self._by_action or action in (_LABELLED, _SEATED):
            with suppress(ValueError, KeyError, TypeError):
                self._hear(int(row[0]), action, str(row[7]), json.loads(row[8]))

    def problems(self, connection: Connection) -> Iterator[str]:
        """A sentence for each setting that another program changed, took away or put in."""
        kept = {
            str(key): str(value)
            for key, value in connection.rows("SELECT key, value FROM setting")
            if not str(key).startswith(_OWN)
        }
        yield from self._of_author(connection, kept.pop(_AUTHOR, ""))
        for key in sorted(kept.keys() | self._told.keys()):
            seq, told = self._told.get(key, (0, ""))
            if told != _plain(kept.get(key, "")):
                yield _sentence(key, seq, there=key in kept)

    def _hear(self, seq: int, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        if action == _SEATED:
            self._seat = detail
            self._names.add(str(detail["examiner"]))
        elif action == _LABELLED:
            text = str(detail["text"])
            self._told[f"label.{text}"] = (seq, canonical(subject))
            self._told[f"label-on.{subject}"] = (seq, canonical(text))
        else:
            key, of = self._by_action[action]
            self._told[key] = (seq, canonical(of(detail)))

    def _of_author(self, connection: Connection, text: str) -> Iterator[str]:
        """Whoever signed in last sits at the station that was told last."""
        if not text and not self._seat:
            return
        try:
            kept = json.loads(text)
            names = self._names | {row[0] for row in connection.rows("SELECT name FROM person")}
            sound = kept["examiner"] in names and all(
                kept.get(key, "") == self._seat.get(key, "") for key in _PLACE
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            yield (
                "Who works here (agency, ORI, station, examiner) is not what the journal says; "
                "another program changed it. Say it again, or restore the file from a backup."
            )


def _plain(text: str) -> str:
    """As the journal writes it; what is no JSON stays, and differs."""
    try:
        return canonical(json.loads(text)) if text else ""
    except ValueError:
        return text


def _sentence(key: str, seq: int, *, there: bool) -> str:
    words = TOLD[key][1] if key in TOLD else f"the setting '{key}'"
    words = words[0].upper() + words[1:]
    if not seq:
        return (
            f"{words} was set by another program: the journal does not tell it. Set it again "
            "here, or restore the file from a backup."
        )
    what = "is not what" if there else "is gone, and not what"
    return (
        f"{words} {what} line {seq} of the journal says; another program changed it. Set it "
        "again here, or restore the file from a backup."
    )
