"""The line of flat and dark references: which are in force, and taking them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.capture import Frame
from app.capture.shading import ReferenceKind
from app.domain import CaseheadError, Light, Optics
from app.store.shading_references import ShadingReference
from app.workbench.shading import References
from widgets.acquire.station import Station
from widgets.common.parts import button, label, row

FRAMES = 16
_TIPS = {
    "flat": "Even light: put a plain surface under the lens, out of focus, then press",
    "dark": "The sensor alone: cover the lens, light off, then press",
}


class ReferenceLine(QWidget):
    """Pictures stay as captured; with a reference they are read without uneven light."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._kind: ReferenceKind | None = None
        self._frames: list[Frame] = []
        self._asked: object = None
        self._words = label("", "dim", "references", wrap=True)
        self._use = QCheckBox("Use for captures")
        self._use.setObjectName("references_use")
        self._use.setToolTip("Pictures stay as captured; what is read of them is corrected")
        self._use.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._use.toggled.connect(self._used)
        made = [
            button("Take flat", "take_flat", _TIPS["flat"], lambda: self.take("flat")),
            button("Take dark", "take_dark", _TIPS["dark"], lambda: self.take("dark")),
        ]
        for one in made:
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._words)
        layout.addLayout(row(*made, self._use))
        station.on_frame(self._came)
        station.on_state(self.refresh)
        station.bridge.changed.connect(self._hear)

    def take(self, kind: ReferenceKind) -> None:
        """The mean of the next frames becomes the reference."""
        if not self._station.running or self._station.frame is None:
            self._station.tell("There is no picture yet; start the camera first.", attention=True)
            return
        self._kind, self._frames = kind, []
        self._words.setText(f"Taking {FRAMES} frames ...")

    def refresh(self) -> None:
        """Ask again what is in force, where anything it depends on is another."""
        station, frame = self._station, self._station.frame
        if not self.isVisible() or self._kind is not None:
            return
        size = None if frame is None else (frame.pixels.shape[1], frame.pixels.shape[0])
        optics, light = Optics(station.camera.name, *station.optics), station.light
        if (optics, light, size) == self._asked:
            return
        self._asked = (optics, light, size)
        workbench = station.workbench
        station.bridge.run(
            lambda: (workbench.references_for(optics, light, size), workbench.shading_used),
            lambda found: self._show(*found),
            owner=self,
        )

    def _hear(self, changes: object) -> None:
        if getattr(changes, "calibrations", False):
            self._asked = None
            self.refresh()

    def _show(self, found: References, used: bool) -> None:
        both = (("flat field", found.flat), ("dark", found.dark))
        parts = [f"{words} of {_day(one)}" for words, one in both if one is not None]
        told = f"Even light by {' and '.join(parts)}." if parts else "No flat or dark reference."
        self._words.setText(found.sentence or told)
        self._use.blockSignals(True)
        self._use.setChecked(used)
        self._use.blockSignals(False)
        self._use.setVisible(found.any)

    def _used(self, used: bool) -> None:
        workbench = self._station.workbench
        self._station.bridge.run(lambda: workbench.use_shading(used), owner=self)

    def _came(self, frame: Frame | None) -> None:
        if self._kind is None:
            return
        if frame is None:
            self._end()
            return
        self._frames.append(frame)
        if len(self._frames) >= FRAMES:
            self._keep(self._kind, self._frames)
            self._kind, self._frames = None, []

    def _keep(self, kind: ReferenceKind, frames: list[Frame]) -> None:
        station = self._station
        optics, workbench = Optics(station.camera.name, *station.optics), station.workbench
        light = station.light if kind == "flat" else Light.UNKNOWN
        station.bridge.run(
            lambda: workbench.keep_reference(kind, optics, frames, light),
            self._kept,
            self._refused,
            self,
            True,
        )

    def _kept(self, reference: ShadingReference) -> None:
        self._station.tell(f"The {reference.kind} reference is kept; captures are read with it.")
        self._end()

    def _refused(self, error: CaseheadError) -> None:
        self._station.tell(str(error), attention=True)
        self._end()

    def _end(self) -> None:
        self._kind, self._frames, self._asked = None, [], None
        self.refresh()


def _day(reference: ShadingReference) -> str:
    return reference.made_at[:10]
