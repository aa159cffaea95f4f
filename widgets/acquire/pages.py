"""Pages of the panel that are made of what the station holds."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.acquire.controls import CameraControls
from widgets.acquire.sources import SourcePicker
from widgets.acquire.station import Station


def make_camera_page(station: Station, sources: SourcePicker) -> QWidget:
    """Where the live picture comes from, and how the camera is set."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    column.addWidget(sources)
    column.addWidget(CameraControls(station))
    return page
