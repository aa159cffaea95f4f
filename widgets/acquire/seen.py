"""What the acquire screen sees now, for a check or a golden picture."""

from __future__ import annotations

from dataclasses import dataclass

from app.capture import Frame, SessionState
from app.domain import CaseheadError, Light, Optics
from widgets.acquire.station import Station


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame with how it was taken; ``pixel_um`` is what was typed, None where nothing was."""

    optics: Optics
    frame: Frame
    light: Light
    pixel_um: float | None


def optics_of(station: Station) -> Optics:
    """The instrument in use on the acquire screen; without a camera its name is ""."""
    return Optics(station.camera.name, *station.optics)


def seen_on(station: Station) -> Seen:
    """The frame of this moment, or the one that is held.

    Unseen, the acquire screen shows no new frames; the newest is asked of the camera itself.
    Raises CaseheadError when there is none.
    """
    session = station.camera.session
    frame = station.frame if station.frozen or session is None else session.newest()
    if session is None or frame is None:
        raise CaseheadError(
            "There is no live picture: start the camera, put the reference case under it and focus."
        )
    if session.state is not SessionState.LIVE and not station.frozen:
        raise CaseheadError(f"There is no live picture: {session.sentence}")
    how = station.circumstances()
    light = how.light or Light.UNKNOWN
    return Seen(
        Optics(how.camera, how.objective, how.zoom),
        frame,
        light if frame.light is Light.UNKNOWN else frame.light,
        how.pixel_um,
    )
