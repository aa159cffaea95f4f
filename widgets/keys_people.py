"""The keys of the page of people."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.key_row import KeyRow

PEOPLE = "people"


def people_rows() -> Iterable[KeyRow]:
    """Letters, while the list of people has the keyboard."""
    yield KeyRow(PEOPLE, "add", ("N",), "put somebody on record")
    yield KeyRow(PEOPLE, "roles", ("R",), "roles of whoever is chosen")
    yield KeyRow(PEOPLE, "qualify", ("G",), "grant a qualification")
    yield KeyRow(PEOPLE, "withdraw", ("W",), "withdraw the qualification in hand")
    yield KeyRow(PEOPLE, "reset", ("P",), "give a password, to be changed at once")
    yield KeyRow(PEOPLE, "retire", ("X",), "retire, or let work here again")
    yield KeyRow(PEOPLE, "policy", ("O",), "how people sign in; when a station locks")
    yield KeyRow(PEOPLE, "own password", ("M",), "change the own password")
