"""The keys of leads, hits and verifications."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.key_row import KeyRow

LEDGER = "ledger"
VERIFY = "verify"


def casework_rows() -> Iterable[KeyRow]:
    """Leads, hits and verifications."""
    words = "proposed, open, hits, declined, closed, all leads"
    for number, what in enumerate(words.split(", "), 1):
        does = words if number == 1 else ""
        yield KeyRow(LEDGER, f"show {what}", (f"{number}",), does, "1 ... 6")
    yield KeyRow(LEDGER, "search", ("Ctrl+F",), "find a case, a person, a word")
    yield KeyRow(LEDGER, "silent", ("S",), "only what is silent for too long")
    yield KeyRow(LEDGER, "open", (), "open the pair on the desk", "Enter")
    yield KeyRow(LEDGER, "agree", ("A",), "agree to a proposed lead")
    yield KeyRow(LEDGER, "decline", ("D",), "decline it")
    yield KeyRow(LEDGER, "assign", ("O",), "give it an owner")
    yield KeyRow(LEDGER, "feedback", ("F",), "feedback from investigators")
    yield KeyRow(LEDGER, "close", ("C",), "close it with a reason")
    yield KeyRow(LEDGER, "reopen", ("R",), "open it again")
    yield KeyRow(LEDGER, "issue", ("P",), "write the notice as PDF")
    yield KeyRow(LEDGER, "notice", ("N",), "note a notice that was sent")
    yield KeyRow(LEDGER, "receipt", ("T",), "note its receipt")
    yield KeyRow(LEDGER, "warm", ("W",), "note a warm hit: linked before, not counted")
    words = "waiting for me, asked by me, done, disagreed"
    for number, what in enumerate(words.split(", "), 1):
        does = words if number == 1 else ""
        yield KeyRow(VERIFY, f"show {what}", (f"{number}",), does, "1 ... 4")
    yield KeyRow(VERIFY, "open", (), "open the pair on the desk", "Enter")
    yield KeyRow(VERIFY, "third", ("T",), "ask a third examiner where two disagree")
