"""What a camera lets us set: exposure, gain, white balance, size and format of the picture.

A setting counts as offered while the camera tells a value for it and takes another when it is set;
one that reads back unchanged is not offered, and that is said in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias, runtime_checkable

DialName: TypeAlias = Literal["exposure", "gain", "white_balance"]
Size: TypeAlias = tuple[int, int]
DIALS: tuple[DialName, ...] = ("exposure", "gain", "white_balance")
WORDS: dict[DialName, str] = {
    "exposure": "exposure time",
    "gain": "gain",
    "white_balance": "white balance",
}


@dataclass(frozen=True, slots=True)
class Dial:
    """One value in ``unit`` between ``low`` and ``high``; ``auto`` None: no automatic is offered.

    ``offered`` False: it cannot be set. ``value`` None: the camera does not tell it.
    """

    offered: bool = False
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    auto: bool | None = None

    def clamped(self, value: float) -> float:
        """Within what may be asked for."""
        return min(max(value, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Controls:
    """The settings as the camera told them last; ``said`` is what came of the last change.

    ``sizes`` and ``formats`` may be asked for and are not promised.
    """

    exposure: Dial = field(default_factory=Dial)
    gain: Dial = field(default_factory=Dial)
    white_balance: Dial = field(default_factory=Dial)
    size: Size | None = None
    sizes: tuple[Size, ...] = ()
    format: str = ""
    formats: tuple[str, ...] = ()
    said: str = ""

    def dial(self, name: DialName) -> Dial:
        """One of the three."""
        return {"exposure": self.exposure, "gain": self.gain}.get(name, self.white_balance)

    def with_dial(self, name: DialName, dial: Dial) -> Controls:
        """The same with one dial another."""
        if name == "exposure":
            return replace(self, exposure=dial)
        if name == "gain":
            return replace(self, gain=dial)
        return replace(self, white_balance=dial)


@dataclass(frozen=True, slots=True)
class Turn:
    """Set a dial to a value in its unit, or turn its automatic on or off."""

    dial: DialName
    value: float | None = None
    auto: bool | None = None


@dataclass(frozen=True, slots=True)
class Resize:
    """Ask for pictures of this width and height."""

    size: Size


@dataclass(frozen=True, slots=True)
class Reformat:
    """Ask for pictures in this format (a FOURCC)."""

    format: str


Change: TypeAlias = Turn | Resize | Reformat


@runtime_checkable
class Controllable(Protocol):
    """A source whose camera can be set; both are called on the thread that reads it."""

    def controls(self) -> Controls:
        """The settings as they are now, while it is open."""
        ...

    def apply(self, change: Change) -> Controls:
        """Make a change as far as the camera offers it; ``said`` tells where it does not."""
        ...


def not_offered(what: str) -> str:
    """The sentence for what the camera does not take."""
    return (
        f"This camera does not offer its {what} to other programs; "
        "set it at the camera or the light."
    )


def stays(what: str, asked: str, told: str) -> str:
    """The sentence for a value the camera did not take."""
    return f"The camera does not offer {asked} as {what}; it stays at {told}."


def size_words(size: Size) -> str:
    """1920 x 1080."""
    return f"{size[0]} x {size[1]}"
