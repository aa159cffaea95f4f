"""The golden picture and that of the check chosen, to see what a figure cannot tell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain import CaseheadError
from app.instruments import InstrumentCheck, ReferenceCase
from app.workbench import Workbench
from app.workbench.instrument_words import local_day
from widgets.bridge import Bridge
from widgets.common.images import Shown
from widgets.common.parts import label
from widgets.common.picture import PictureView

_SIDE_PX = 640
_TALL_PX = 150


class CheckPictures(QWidget):
    """One above the other, each with what it is; read off the GUI thread."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__()
        self.setObjectName("check_pictures")
        self._load: Callable[[str], Shown] = lambda d: workbench.check_thumbnail(d, _SIDE_PX)
        self._bridge = bridge
        self._wanted = {"golden": "", "check": ""}
        self.views = {
            "golden": PictureView("golden_picture", "Golden picture of the reference case"),
            "check": PictureView("check_picture", "The reference case at the check chosen"),
        }
        self._words = {name: label("", "dim", f"{name}_words") for name in self.views}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for name, view in self.views.items():
            view.setFixedHeight(_TALL_PX)
            column.addWidget(self._words[name])
            column.addWidget(view)

    def show_reference(self, reference: ReferenceCase | None) -> None:
        """Show its golden picture; None shows nothing."""
        self.setVisible(reference is not None)
        if reference is not None:
            words = f"Golden picture, {local_day(reference.made_at)}"
            self._show("golden", reference.digest, words, reference.width * reference.pixel_um)

    def show_check(self, check: InstrumentCheck | None) -> None:
        """Show the picture of a check."""
        for widget in (self._words["check"], self.views["check"]):
            widget.setVisible(check is not None)
        if check is not None:
            self._show("check", check.digest, f"Check, {local_day(check.checked_at)}", None)

    def _show(self, name: str, digest: str, words: str, width_um: float | None) -> None:
        self._words[name].setText(words)
        if self._wanted[name] == digest:
            return
        self._wanted[name] = digest
        self.views[name].show_pixels(None, None)
        self._bridge.run(
            lambda: self._load(digest),
            lambda pixels: self._loaded(name, digest, pixels, width_um),
            lambda error: self._missing(name, digest, error),
            owner=self,
            long=True,
        )

    def _loaded(self, name: str, digest: str, pixels: Shown, width_um: float | None) -> None:
        if self._wanted[name] == digest:
            self.views[name].show_pixels(pixels, width_um)

    def _missing(self, name: str, digest: str, error: CaseheadError) -> None:
        if self._wanted[name] == digest:
            self._words[name].setText("The picture cannot be read.")
            self._words[name].setToolTip(str(error))
