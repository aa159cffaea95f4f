"""The calibration that holds for the camera, objective and zoom in use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain import Calibration, InForce, Optics
from app.workbench import Workbench
from widgets.bridge import Bridge

Size = tuple[int, int]


class ScaleInUse:
    """Looked up off the GUI thread when the optics, the picture's size or calibrations change."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, owner: QObject, changed: Callable[[], None]
    ) -> None:
        self._workbench, self._bridge = workbench, bridge
        self._owner, self._changed = owner, changed
        self._asked: tuple[Optics, Size] | None = None
        self._found: tuple[tuple[Optics, Size], InForce] | None = None

    def of(self, optics: Optics, size: Size) -> InForce | None:
        """What holds for these; None until it is known, when ``changed`` is called."""
        key = optics, size
        if self._asked != key:
            self._asked = key
            self._look(key)
        if self._found is not None and self._found[0] == key:
            return self._found[1]
        return None

    def look_again(self) -> None:
        """Calibrations have changed."""
        if self._asked is not None:
            self._look(self._asked)

    def _look(self, key: tuple[Optics, Size]) -> None:
        optics, size = key
        self._bridge.run(
            lambda: self._workbench.calibration_for(optics, size=size),
            lambda found: self._keep(key, found),
            owner=self._owner,
        )

    def _keep(self, key: tuple[Optics, Size], found: InForce) -> None:
        if key == self._asked:
            self._found = key, found
            self._changed()


def measured(found: InForce | None) -> Calibration | None:
    """A valid calibration that was measured, not typed: nothing else may then be written."""
    calibration = found.calibration if found else None
    return calibration if calibration is not None and calibration.method != "typed" else None
