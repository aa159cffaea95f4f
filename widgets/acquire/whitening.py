"""White balance by software: shown, and kept beside the picture as a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.capture import Frame
from app.capture.metering import SHARES, Spot
from app.capture.white import SETTING, Gains, grey_here, one_push
from app.domain import CaseheadError
from widgets.acquire.station import Station


class Whitening:
    """The gains in use; the frames themselves are never changed."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.gains = Gains()
        station.adding.append(self._recipe)
        station.on_frame(lambda frame: self.plain() if frame is None else None)

    def push(self) -> None:
        """The whole picture grey on average. Raises CaseheadError where that cannot be told."""
        self._use(one_push(self._frame()))

    def pick(self, x: float, y: float) -> None:
        """What is there (shares of width and height) is grey. Raises CaseheadError as above."""
        self._use(grey_here(self._frame(), Spot(x, y, SHARES[2])))

    def plain(self) -> None:
        """The colours as they come."""
        self._use(Gains())

    def _frame(self) -> Frame:
        frame = self._station.frame
        if frame is None:
            raise CaseheadError("There is no picture yet; start the camera first.")
        return frame

    def _use(self, gains: Gains) -> None:
        self.gains = gains
        self._station.live.balance(gains)

    def _recipe(self) -> Mapping[str, Any]:
        return {} if self.gains.neutral else {SETTING: self.gains.as_json()}
