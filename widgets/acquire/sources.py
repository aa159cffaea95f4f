"""Choosing where the live picture comes from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from app.capture import Device, devices
from app.domain import CaseheadError
from widgets.bridge import Bridge
from widgets.common.parts import button, choice, label, line, row

AskPath = Callable[[QWidget, bool], Path | None]
_NO_CAMERA = "no camera found"
_STREAM, _VIDEO, _FOLDER, _BENCH = (
    "Stream address",
    "Video file",
    "Folder of frames",
    "Synthetic bench",
)


def ask_path(parent: QWidget, folder: bool) -> Path | None:
    """A video file or a folder of frames."""
    if folder:
        chosen = QFileDialog.getExistingDirectory(parent, "Folder of frames")
    else:
        chosen, _ = QFileDialog.getOpenFileName(parent, "Video file")
    return Path(chosen) if chosen else None


class SourcePicker(QWidget):
    """``start(spec)`` and ``stop()`` are called by its button; ``spec`` is for open_source."""

    def __init__(
        self,
        bridge: Bridge,
        start: Callable[[str], None],
        stop: Callable[[], None],
        ask_path: AskPath = ask_path,
    ) -> None:
        super().__init__()
        self.setObjectName("source_picker")
        self._bridge, self._start, self._stop, self._ask = bridge, start, stop, ask_path
        self._devices: tuple[Device, ...] = ()
        self.kind = choice("source_kind", "Where the live picture comes from", ())
        self.address = line("stream_address", "Address of the stream", "http://... or rtsp://...")
        self.path = line("source_path", "Path of the video or folder", "choose ...")
        self.gun, self.shot = _spin("bench_gun", "Firearm"), _spin("bench_shot", "Shot")
        self._toggle = button(
            "Start", "source_start", "Start the live picture", self._turn, primary=True
        )
        again = button("", "look_again", "Look for cameras again", self.look, icon="mdi6.refresh")
        self._running = False
        self._pages = QStackedWidget()
        self._build(again)
        self._fill()
        self.kind.currentIndexChanged.connect(lambda _: self._show_page())
        self.address.returnPressed.connect(self._turn)
        for spin in (self.gun, self.shot):
            spin.valueChanged.connect(lambda _: self._other_specimen())
        self.look()

    @property
    def spec(self) -> str:
        """What is chosen. Raises CaseheadError when something is missing."""
        kind = self.kind.currentText()
        if kind == _STREAM:
            return _given(self.address.text(), "Give the address of the stream first.")
        if kind == _VIDEO:
            return "video:" + _given(self.path.text(), "Choose the video file first.")
        if kind == _FOLDER:
            return "folder:" + _given(self.path.text(), "Choose the folder of frames first.")
        if kind == _BENCH:
            return f"bench:gun={self.gun.value()},shot={self.shot.value()},light=ring"
        spec = self.kind.currentData()
        return _given(
            str(spec or ""),
            "No camera was found; connect one and look again, or choose another source.",
        )

    def look(self) -> None:
        """List the cameras connected now."""
        self._bridge.run(devices, self._found, owner=self, long=True)

    def show_running(self, running: bool) -> None:
        """Whether the button starts or stops."""
        self._running = running
        self._toggle.setText("Stop" if running else "Start")
        self._toggle.setAccessibleName(self._toggle.text())
        self._toggle.setToolTip(f"{self._toggle.text()} the live picture")

    def choose_bench(self, gun: int = 1, shot: int = 1) -> None:
        """Choose a cartridge case of the synthetic bench."""
        self.kind.setCurrentText(_BENCH)
        for spin, value in ((self.gun, gun), (self.shot, shot)):
            spin.setValue(value)

    def choose_stream(self, address: str) -> None:
        """Choose a stream."""
        self.kind.setCurrentText(_STREAM)
        self.address.setText(address)

    def _build(self, again: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        first = row(self.kind, again, self._toggle)
        first.setStretch(0, 1)
        layout.addLayout(first)
        browse = button("...", "browse", "Choose the file or folder", self._browse)
        for parts in (
            (),
            (self.address,),
            (self.path, browse),
            (label("Firearm", "dim"), self.gun, label("shot", "dim"), self.shot),
        ):
            page = QWidget()
            page.setLayout(row(*parts))
            self._pages.addWidget(page)
        layout.addWidget(self._pages)

    def _fill(self) -> None:
        chosen = self.kind.currentText()
        self.kind.blockSignals(True)
        self.kind.clear()
        for device in self._devices:
            self.kind.addItem(device.name, device.spec)
        if not self._devices:
            self.kind.addItem(_NO_CAMERA)
        for name in (_STREAM, _VIDEO, _FOLDER, _BENCH):
            self.kind.addItem(name)
        found = self.kind.findText(chosen)
        self.kind.setCurrentIndex(max(found, 0) if chosen != _NO_CAMERA else 0)
        self.kind.blockSignals(False)
        self._show_page()

    def _found(self, found: tuple[Device, ...]) -> None:
        self._devices = found
        self._fill()

    def _show_page(self) -> None:
        pages = {_STREAM: 1, _VIDEO: 2, _FOLDER: 2, _BENCH: 3}
        page = pages.get(self.kind.currentText(), 0)
        self._pages.setCurrentIndex(page)
        self._pages.setVisible(page > 0)

    def _browse(self) -> None:
        path = self._ask(self, self.kind.currentText() == _FOLDER)
        if path is not None:
            self.path.setText(str(path))

    def _turn(self) -> None:
        if self._running:
            self._stop()
            return
        try:
            spec = self.spec
        except CaseheadError as error:
            self._bridge.tell(str(error), attention=True)
            return
        self._start(spec)

    def _other_specimen(self) -> None:
        if self._running and self.kind.currentText() == _BENCH:
            self._start(self.spec)


def _given(text: str, otherwise: str) -> str:
    if not text.strip():
        raise CaseheadError(otherwise)
    return text.strip()


def _spin(name: str, what: str) -> QSpinBox:
    made = QSpinBox()
    made.setObjectName(name)
    made.setAccessibleName(what)
    made.setToolTip(f"{what} of the synthetic bench")
    made.setRange(1, 99)
    return made
