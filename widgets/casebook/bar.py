"""The buttons above the image: what can be done with what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton

from widgets.common.parts import button

_BUTTONS = (
    ("new", "New", "mdi6.plus", "Register a cartridge case (Ctrl+N)"),
    ("import", "Import", "mdi6.folder-download-outline", "Bring in images and scans (Ctrl+I)"),
    ("acquire", "Acquire", "mdi6.camera-outline", "Go to the camera with this mark (A)"),
    ("search", "Search", "mdi6.magnify", "Search the casebook for this mark (S)"),
    ("compare", "Compare", "mdi6.circle-half-full", "Compare with another image (C)"),
    ("record", "Record", "mdi6.card-text-outline", "Fields, corrections, custody (R)"),
    ("groups", "Guns", "mdi6.select-group", "Sort the cartridge cases of a scene into guns (G)"),
    ("issue", "Report", "mdi6.file-document-outline", "Issue a report or a package (P)"),
    ("export", "Export", "mdi6.export", "Export the exhibit's entry into a folder (E)"),
)
_ICON_PX = 20
_LEAST_PX = 44


class ActionBar(QFrame):
    """``act`` is called with the action's name."""

    def __init__(self, act: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("casebook_actions")
        self.setProperty("panel", True)
        self._buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        for name, text, icon, tip in _BUTTONS:
            made = button(text, f"casebook_{name}", tip, partial(self._do, act, name), icon=icon)
            self._buttons[name] = made
            layout.addWidget(made)
        layout.addStretch(1)
        self._buttons["import"].setMenu(self._import_menu(act))
        self._icons = {name: made.icon() for name, made in self._buttons.items()}
        self._words = {name: made.text() for name, made in self._buttons.items()}
        self._roomy = layout.sizeHint().width()
        self._tight = self._roomy - _ICON_PX * len(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for both, the words stay; where there is none for them, the icons,
        with the words to be pointed at."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """The icons alone."""
        return QSize(_LEAST_PX * len(self._buttons), super().minimumSizeHint().height())

    def _fit(self) -> None:
        for name, made in self._buttons.items():
            worded = self.width() >= self._tight
            iconic = not worded or self.width() >= self._roomy
            made.setText(self._words[name] if worded else "")
            made.setIcon(self._icons[name] if iconic else QIcon())
        layout = self.layout()
        if layout is not None:
            layout.activate()  # at once: else it is drawn cut, with the widths of before

    def show_state(
        self, *, writable: bool, searchable: bool, pictures: int, exhibit: bool, case: bool
    ) -> None:
        """What is possible now; ``pictures`` are chosen in the tree."""
        for name in ("new", "import", "acquire"):
            self._buttons[name].setEnabled(writable)
        self._buttons["search"].setEnabled(writable and searchable)
        self._buttons["compare"].setEnabled(pictures in (1, 2))
        self._words["compare"] = "Compare these" if pictures == 2 else "Compare"
        self._fit()
        self._buttons["export"].setEnabled(writable and exhibit)
        self._buttons["groups"].setEnabled(writable and case)
        self._buttons["record"].setEnabled(case)

    def _do(self, act: Callable[[str], None], name: str) -> None:
        if name != "import":
            act(name)

    def _import_menu(self, act: Callable[[str], None]) -> QMenu:
        menu = QMenu(self)
        for name, text in (
            ("import folder", "Import a folder ..."),
            ("import files", "Import files ..."),
            ("receive", "Receive other stations' entries ..."),
        ):
            made = QAction(text, self)
            made.setObjectName(name.replace(" ", "_"))
            made.triggered.connect(partial(_ignoring_checked, act, name))
            menu.addAction(made)
        return menu


def _ignoring_checked(act: Callable[[str], None], name: str, _checked: bool = False) -> None:
    act(name)
