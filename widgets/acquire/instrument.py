"""What the acquire screen says of its instrument: a check is due, or it is locked."""

from __future__ import annotations

from app.capture import Frame
from app.domain import Changes, Optics
from app.instruments import InstrumentState
from widgets.acquire.seen import optics_of
from widgets.acquire.station import Station


class InstrumentWatch:
    """Looked up off the GUI thread when camera, objective, zoom or checks change.

    It refuses captures while the instrument is locked; ``words`` are for the banner.
    """

    def __init__(self, station: Station) -> None:
        self._station = station
        self._asked = Optics("")
        self._found: tuple[Optics, InstrumentState] | None = None
        station.before_keeping.append(self._refusal)
        station.on_state(self._look)
        station.bridge.changed.connect(self._hear)

    @property
    def state(self) -> InstrumentState:
        """How the instrument in use stands, as far as that is known."""
        used = optics_of(self._station)
        if self._found is not None and self._found[0] == used:
            return self._found[1]
        return InstrumentState()

    @property
    def words(self) -> str:
        """A sentence while something is to be told, else ""."""
        return self.state.sentence if self._station.running else ""

    def _refusal(self, _frame: Frame) -> str:
        state = self.state
        return state.sentence if state.locked else ""

    def _hear(self, changes: Changes) -> None:
        if changes.instruments or changes.calibrations:
            self._ask(self._asked)

    def _look(self) -> None:
        used = optics_of(self._station)
        if used != self._asked:
            self._ask(used)

    def _ask(self, optics: Optics) -> None:
        self._asked = optics
        if not optics.camera:
            return
        workbench = self._station.workbench
        self._station.bridge.run(
            lambda: workbench.instrument_state(optics.camera, optics.objective, optics.zoom),
            lambda state: self._keep(optics, state),
            owner=self._station,
        )

    def _keep(self, optics: Optics, state: InstrumentState) -> None:
        if optics == self._asked:
            self._found = optics, state
            self._station.on_state.tell()
