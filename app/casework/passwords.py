"""Passwords: the rules they keep, their hashes, and how wrong ones are slowed."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.casework.people import name_key
from app.domain import CaseheadError

LEAST_LENGTH = 10
MOST_LENGTH = 1024
REMEMBERED = 10
"""A new password is none of the last so many."""
LONGEST_WAIT_S = 900

_HASHER = PasswordHasher()
"""argon2id by RFC 9106 (its second recommended choice); the parameters are in every hash."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passwords in a row for one name, and when the last was given (ISO 8601, UTC)."""

    failures: int = 0
    last_at: str = ""

    def wait_s(self, at: datetime) -> int:
        """Whole seconds until the next try is looked at: 1, 2, 4, ... up to a quarter hour.

        A clock that was set back does not lengthen the wait beyond one full turn.
        """
        if not self.failures or not self.last_at:
            return 0
        full = min(1 << min(self.failures - 1, 32), LONGEST_WAIT_S)
        left = datetime.fromisoformat(self.last_at) + timedelta(seconds=full) - at
        return min(max(math.ceil(left.total_seconds()), 0), full)


def hashed(password: str) -> str:
    """The argon2id hash, with its salt and parameters."""
    return _HASHER.hash(_plain(password))


def agrees(password_hash: str, password: str) -> bool:
    """Whether that is the password; a hash that cannot be read agrees with none."""
    try:
        return _HASHER.verify(password_hash, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def of_nobody() -> str:
    """A hash to work on for a name that is not on record: that takes as long as a wrong one."""
    return hashed("no password at all")


def check_password(password: str, name: str, earlier: tuple[str, ...] = ()) -> None:
    """Raises CaseheadError unless a password keeps the rules; ``earlier`` are hashes of before."""
    if not password:
        raise CaseheadError("Give a password; an empty one is none.")
    if len(password) < LEAST_LENGTH:
        raise CaseheadError(
            f"The password has {len(password)} characters; it needs {LEAST_LENGTH}."
        )
    if len(password) > MOST_LENGTH:
        raise CaseheadError(f"A password has at most {MOST_LENGTH} characters.")
    if _letters(password) == _letters(name):
        raise CaseheadError("The password must not be the name; choose another one.")
    if any(agrees(one, password) for one in earlier[-REMEMBERED:]):
        raise CaseheadError(
            f"This is one of the last {REMEMBERED} passwords; choose one that was not used."
        )


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _letters(text: str) -> str:
    return "".join(letter for letter in name_key(text) if letter.isalnum())
