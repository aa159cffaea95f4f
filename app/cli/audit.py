"""``casehead audit``: what it does and says."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from app.cli.voice import Voice
from app.domain import CaseheadError
from app.store import Casebook
from app.store.audit import Audit
from app.store.signing import Keys, key_id


def verify_command(voice: Voice, folder: Path) -> None:
    """Verify a casebook; refused when anything does not hold."""
    with Casebook.open(folder, read_only=True) as casebook:
        found, problems = casebook.verify(voice.job)
    voice.refused = bool(problems or found.strangers)
    document = {
        "casebook": folder,
        "holds": not voice.refused,
        "lines": found.lines,
        "signed": found.signed,
        "head": found.head,
        "keys": [
            {"key": s.id, "public": s.public, "station": s.station, "known": s.known}
            for s in found.signers.values()
        ],
        "lost": [one.seq for one in found.lost],
        "breaks": [{"line": one.seq, "what": one.what} for one in found.breaks],
        "problems": problems,
    }
    voice.result(document, lambda: _told(found, problems, not voice.refused))


def key_command(voice: Voice) -> None:
    """This station's public key."""
    public = Keys().public
    voice.result(
        {"key": key_id(public), "public": public.hex()},
        lambda: [f"{key_id(public)}  {public.hex()}"],
    )


def trust_command(voice: Voice, public: str) -> None:
    """Know a key. Raises CaseheadError for what is none."""
    try:
        raw = bytes.fromhex(public.strip())
    except ValueError:
        raise CaseheadError("A public key has 64 hexadecimal digits; copy it whole.") from None
    name = Keys().trust(raw)
    voice.result({"key": name}, lambda: [f"The key {name} is known from now on."])


def script_command(voice: Voice) -> None:
    """The program for verifying without Casehead."""
    text = files("resources").joinpath("verify_journal.py").read_text(encoding="utf-8")
    voice.result({"script": text}, lambda: [text.rstrip()])


def _told(found: Audit, problems: tuple[str, ...], holds: bool) -> Iterator[str]:
    yield from problems
    for signer in found.signers.values():
        known = "known here" if signer.known else "NOT known here"
        yield (
            f"Key {signer.id} of {signer.station}, {known}: {signer.lines} lines, "
            f"{signer.first} to {signer.last}."
        )
    for signer in found.strangers:
        yield (
            f"Ask {signer.station} for its public key; when it is {signer.public}, say "
            f"casehead audit trust {signer.public}"
        )
    for one in found.lost:
        yield f"Line {one.seq} {one.what}. Was a backup put back?"
    if found.unsigned_to:
        yield (
            f"Lines 1 to {found.unsigned_to} are older than signing; "
            f"line {found.unsigned_to + 1} vouches for them."
        )
    yield f"{found.lines} lines, {found.signed} signed; the last one's digest is {found.head}."
    yield "It holds." if holds else "It does NOT hold."
