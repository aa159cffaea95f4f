"""A station's own key: what it signs in a journal, and what it remembers having signed.

Keys are Ed25519 (RFC 8032). The private one never enters a casebook: it lies with the user's own
data, so that a casebook in other hands can be read and checked, and not signed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import platformdirs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain import CaseheadError

FOLDER_VARIABLE = "CASEHEAD_KEYS"
"""Names another folder for the keys of this computer."""

_PRIVATE, _TRUSTED, _SEALS = "station.pem", "trusted", "seals"
_log = logging.getLogger(__name__)


def key_id(public: bytes) -> str:
    """What a public key of 32 bytes is called: the first half of its SHA-256, 32 digits."""
    return hashlib.sha256(public).hexdigest()[:32]


def signed_by(public: bytes, digest: str, signature: bytes) -> bool:
    """Whether the signature over a line's digest was made with the key of ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Seal:
    """The last line that this computer signed in a journal."""

    seq: int
    digest: str


class Keys:
    """The keys of a folder: this station's own, made when there is none, and those trusted."""

    def __init__(self, folder: Path | None = None) -> None:
        told = os.environ.get(FOLDER_VARIABLE, "")
        usual = platformdirs.user_data_path("casehead", appauthor=False) / "keys"
        self.folder = folder or (Path(told).expanduser() if told else usual)
        self._key: Ed25519PrivateKey | None = None
        self._public = b""

    @property
    def public(self) -> bytes:
        """The station's public key, 32 bytes. Raises CaseheadError when there can be no key."""
        if not self._public:
            raw = forms.Encoding.Raw, forms.PublicFormat.Raw
            self._public = self._private().public_key().public_bytes(*raw)
        return self._public

    def sign(self, digest: str) -> bytes:
        """64 bytes. Raises CaseheadError when there can be no key."""
        return self._private().sign(digest.encode())

    def trust(self, public: bytes) -> str:
        """Know another station's key from now on; returns its name."""
        if len(public) != 32:
            raise CaseheadError("A public key has 64 hexadecimal digits; copy it whole.")
        name = key_id(public)
        self._write(self.folder / _TRUSTED / f"{name}.hex", public.hex().encode())
        return name

    def trusted(self) -> frozenset[str]:
        """The names of the keys that this computer knows, its own among them."""
        found = {self._name_of(path) for path in self._listed()}
        with suppress(OSError, CaseheadError):  # another user's, or none yet
            if (self.folder / _PRIVATE).exists():
                found.add(key_id(self.public))
        return frozenset(filter(None, found))

    def seal(self, journal: str, casebook: Path, seal: Seal) -> None:
        """Remember the last line signed in a casebook; ``journal`` is its first line's digest."""
        facts = {"casebook": str(casebook), "seq": seal.seq, "digest": seal.digest}
        try:
            self._write(self._seal_path(journal, casebook), json.dumps(facts).encode(), False)
        except CaseheadError as error:
            _log.warning("what was signed could not be remembered: %s", error)

    def sealed(self, journal: str, casebook: Path) -> Seal | None:
        """The last line this computer signed there; None when it knows of none."""
        try:
            facts = json.loads(self._seal_path(journal, casebook).read_text(encoding="utf-8"))
            return Seal(int(facts["seq"]), str(facts["digest"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _seal_path(self, journal: str, casebook: Path) -> Path:
        name = hashlib.sha256(f"{journal}\n{casebook}".encode()).hexdigest()[:32]
        return self.folder / _SEALS / f"{name}.json"

    def _listed(self) -> Iterator[Path]:
        with suppress(OSError):
            yield from sorted((self.folder / _TRUSTED).glob("*.hex"))

    def _name_of(self, path: Path) -> str:
        try:
            return key_id(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except (OSError, ValueError):
            return ""

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            path = self.folder / _PRIVATE
            self._key = _read(path) if _is_there(path) else self._made(path)
        return self._key

    def _made(self, path: Path) -> Ed25519PrivateKey:
        made = Ed25519PrivateKey.generate()
        form = forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
        self._write(path, made.private_bytes(*form), unless_there=True)
        return _read(path)

    def _write(
        self, path: Path, data: bytes, durable: bool = True, unless_there: bool = False
    ) -> None:
        """Whole or not at all, for this user's eyes only."""
        part = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(part, "xb", opener=lambda name, how: os.open(name, how, 0o600)) as stream:
                stream.write(data)
                if durable:
                    stream.flush()
                    os.fsync(stream.fileno())
            if unless_there:  # two programs that start at once agree on one key
                with suppress(FileExistsError):
                    os.link(part, path)
                part.unlink()
            else:
                part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise CaseheadError(
                f"The station's key cannot be kept in {path.parent}: {error.strerror}. Make that "
                f"folder writable, or name another in {FOLDER_VARIABLE}."
            ) from error


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise CaseheadError(_REFUSED.format(path=path, why=error.strerror)) from error


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = forms.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise CaseheadError(_REFUSED.format(path=path, why=error.strerror)) from error
    except ValueError as error:
        raise CaseheadError(_DAMAGED.format(path=path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CaseheadError(_DAMAGED.format(path=path))
    return key


_REFUSED = (
    "The station's key {path} cannot be read: {why}. It belongs to the user who runs Casehead; "
    "restore its permissions."
)
_DAMAGED = (
    "The station's key {path} is damaged; restore it from a backup, or move it away, and a new "
    "one is begun."
)
