"""The chart of cases and guns that are linked."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.navigator import Navigator


class LinksPage(QWidget):
    """To be filled."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("links_page")
