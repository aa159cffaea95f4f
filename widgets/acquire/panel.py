"""The controls beside the live picture, in the order of the hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from widgets.acquire.meters import Meters
from widgets.acquire.sources import SourcePicker
from widgets.acquire.target import TargetPanel
from widgets.common.parts import button, label, row


class AcquirePanel(QFrame):
    """Source, target, figures; capture always in sight at the foot."""

    def __init__(
        self,
        sources: SourcePicker,
        target: TargetPanel,
        capture: Callable[[], None],
        freeze: Callable[[], None],
        clipped: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("acquire_panel")
        self.setProperty("drawer", True)
        self.setFixedWidth(350)
        self.meters = Meters()
        self.freeze = button("Freeze", "freeze", "Hold the picture (F)", freeze, checkable=True)
        self.clipped = button(
            "Show clipped",
            "show_clipped",
            "Paint pixels at full scale amber, on the screen only",
            clipped,
            checkable=True,
        )
        self.clipped.setChecked(True)
        self.capture = button(
            "Capture  (Space)",
            "capture",
            "Keep the frame you see, lossless (Space)",
            capture,
            primary=True,
            icon="mdi6.camera",
        )
        self.capture.setMinimumHeight(44)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 12)
        layout.addWidget(self._scrolled(sources, target), 1)
        foot = row(self.capture)
        foot.setContentsMargins(16, 0, 16, 0)
        layout.addLayout(foot)

    def _scrolled(self, sources: SourcePicker, target: TargetPanel) -> QWidget:
        inside = QWidget()
        inside.setProperty("panel", True)
        stacked = QVBoxLayout(inside)
        stacked.setContentsMargins(16, 12, 16, 8)
        stacked.setSpacing(10)
        stacked.addWidget(label("Live picture from", "heading"))
        stacked.addWidget(sources)
        stacked.addWidget(target)
        stacked.addWidget(label("Picture", "heading"))
        stacked.addWidget(self.meters)
        stacked.addLayout(row(self.freeze, self.clipped))
        stacked.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area
