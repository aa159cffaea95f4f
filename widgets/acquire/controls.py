"""The camera's settings as far as it offers them, with words where it does not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from app.capture.controls import (
    Change,
    Controls,
    Dial,
    DialName,
    Reformat,
    Resize,
    Turn,
    not_offered,
    size_words,
)
from app.capture.measures import Measured
from app.capture.metering import SHARES
from app.domain import CaseheadError
from widgets.acquire.exposing import MODES, Exposing, Mode
from widgets.acquire.spot import SpotOverlay
from widgets.acquire.station import Station
from widgets.acquire.whitening import Whitening
from widgets.common.parts import button, choice, column, label, row

_NO_CAMERA = "Start a camera; what it lets you set is here then."
_NO_SETTINGS = "This source is recorded or sent as it is; nothing of it can be set here."
_SPOT_WORDS = ("30 %", "1 %", "0.1 %")


class CameraControls(QWidget):
    """Every row stays in sight; one that the camera does not offer is disabled and says so."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setObjectName("camera_controls")
        self._station = station
        self.spot = SpotOverlay()
        station.live.add_overlay(self.spot)
        self.exposing = Exposing(self._change)
        self.whitening = Whitening(station)
        self.mode = choice("exposure_mode", "How the exposure is set", MODES.values())
        self.exposure = _spin("exposure_ms", "Exposure time", 0.05, 2000.0, " ms", 2)
        self.lock = button(
            "Lock",
            "exposure_lock",
            "Keep the exposure as it is now",
            self._turn_lock,
            checkable=True,
        )
        self.spots = [
            button(words, f"spot_{n}", f"Meter {words} of the field; click to place it", made)
            for n, words in enumerate(_SPOT_WORDS)
            for made in [self._spot_chooser(n)]
        ]
        self.gain = _spin("gain", "Gain", 0.0, 255.0, "", 1)
        self.kelvin = _spin("white_balance", "White balance of the camera", 2000, 10000, " K", 0)
        self.auto_white = button(
            "Auto", "white_auto", "The camera balances white", self._turn_white, checkable=True
        )
        self.push = button(
            "One push", "white_push", "Make this picture grey on average, shown so", self._push
        )
        self.pick = button(
            "Pick grey",
            "white_pick",
            "Click what is grey in the picture",
            self._pick,
            checkable=True,
        )
        self.plain = button(
            "Plain", "white_plain", "Show the colours as they come", self._as_captured
        )
        self.picture_size = choice("camera_size", "Size of the picture", ())
        self.picture_format = choice("camera_format", "Format of the picture", ())
        self._says = label("", "dim", "controls_say", wrap=True)
        self._build()
        self._listen()
        self.refresh()

    @property
    def controls(self) -> Controls | None:
        """The settings of the camera in use; None where there is none that can be set."""
        session = self._station.camera.session
        return session.controls if session is not None else None

    def refresh(self) -> None:
        """Bring everything to what the camera told last."""
        told = self.controls
        controls = told or Controls()
        self.exposing.camera_says(controls.exposure)
        self._show_exposure(controls.exposure)
        self._show_dial(self.gain, controls.gain, "gain")
        self._show_white(controls)
        _fill(self.picture_size, [size_words(s) for s in controls.sizes], _size_text(controls), 1)
        _fill(self.picture_format, list(controls.formats), controls.format, 1)
        self._says.setText(self._words(told))
        self._station.live.update()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        for made in (*self.spots, self.lock, self.auto_white):
            made.setCheckable(True)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("&Exposure", (self.mode, self.lock)),
            ("Spot", tuple(self.spots)),
            ("&Time", (self.exposure, label("gain", "dim"), self.gain)),
            ("&White", (self.kelvin, self.auto_white)),
            ("", (self.push, self.pick, self.plain)),
            ("&Picture", (self.picture_size, self.picture_format)),
        )
        for number, (words, widgets) in enumerate(rows):
            named = QLabel(words)
            named.setProperty("tone", "dim")
            named.setBuddy(widgets[0])
            grid.addWidget(named, number, 0)
            grid.addLayout(_even(widgets), number, 1)
        whole = column()
        whole.addLayout(grid)
        whole.addWidget(self._says)
        self.setLayout(whole)

    def _listen(self) -> None:
        station = self._station
        station.on_state(self.refresh)
        station.on_measured(self._measured)
        station.on_frame(lambda frame: self.exposing.begin_anew() if frame is None else None)
        self.mode.activated.connect(lambda _: self._choose_mode())
        self.exposure.valueChanged.connect(lambda value: self._turn("exposure", value))
        self.gain.valueChanged.connect(lambda value: self._turn("gain", value))
        self.kelvin.valueChanged.connect(lambda value: self._turn("white_balance", value))
        self.picture_size.activated.connect(self._choose_size)
        self.picture_format.activated.connect(
            lambda _: self._change(Reformat(self.picture_format.currentText()))
        )

    # --- exposure --------------------------------------------------------------------------
    def _choose_mode(self) -> None:
        self.exposing.choose(list(MODES)[self.mode.currentIndex()])
        self.refresh()

    def _turn_lock(self) -> None:
        self.exposing.lock(self.lock.isChecked())
        self.refresh()

    def _spot_chooser(self, number: int) -> Callable[[], None]:
        def choose() -> None:
            self.exposing.choose_share(SHARES[number])
            self.refresh()

        return choose

    def _measured(self, measured: Measured) -> None:
        controls = self.controls
        if controls is not None:
            self.exposing.see(measured.frame, controls.exposure)

    def _show_exposure(self, dial: Dial) -> None:
        exposing = self.exposing
        metered = exposing.mode is Mode.SPOT
        self.mode.setEnabled(dial.offered or dial.auto is not None)
        self.mode.setCurrentIndex(list(MODES).index(exposing.mode))
        self.lock.setEnabled(self.mode.isEnabled() and exposing.mode is not Mode.MANUAL)
        self.lock.setChecked(exposing.locked)
        self._show_dial(self.exposure, dial, "exposure")
        for share, made in zip(SHARES, self.spots, strict=True):
            made.setEnabled(dial.offered)
            made.setChecked(metered and exposing.spot.share == share)
        self.spot.spot = exposing.spot
        self.spot.shown = metered
        if not self.pick.isChecked():
            self.spot.placing = exposing.place if metered and self.isVisible() else None

    # --- white balance ---------------------------------------------------------------------
    def _turn_white(self) -> None:
        self._change(Turn("white_balance", auto=self.auto_white.isChecked()))

    def _push(self) -> None:
        self._try(self.whitening.push)

    def _pick(self) -> None:
        if self.pick.isChecked():
            self.spot.placing = lambda spot: self._picked(spot.x, spot.y)
        else:
            self.refresh()

    def _picked(self, x: float, y: float) -> None:
        self.pick.setChecked(False)
        self.spot.placing = None
        self._try(lambda: self.whitening.pick(x, y))
        self.refresh()

    def _as_captured(self) -> None:
        self.whitening.plain()

    def _try(self, do: Callable[[], None]) -> None:
        try:
            do()
        except CaseheadError as error:
            self._station.tell(str(error), attention=True)

    def _show_white(self, controls: Controls) -> None:
        dial = controls.white_balance
        self._show_dial(self.kelvin, dial, "white_balance")
        self.auto_white.setEnabled(dial.auto is not None)
        self.auto_white.setChecked(bool(dial.auto))
        coloured = self._station.frame is not None and not self._grey
        for made in (self.push, self.pick, self.plain):
            made.setEnabled(coloured)

    # --- what is changed -------------------------------------------------------------------
    def _change(self, change: Change) -> None:
        session = self._station.camera.session
        if session is not None:
            session.change(change)

    def _turn(self, name: DialName, value: float) -> None:
        if name == "exposure":
            self.exposing.by_hand()
        self._change(Turn(name, value=value))

    def _choose_size(self) -> None:
        controls = self.controls
        if controls is not None and 0 <= self.picture_size.currentIndex() < len(controls.sizes):
            asked = [s for s in controls.sizes if size_words(s) == self.picture_size.currentText()]
            for size in asked[:1]:
                self._change(Resize(size))

    def _show_dial(self, field: QDoubleSpinBox, dial: Dial, name: DialName) -> None:
        field.setEnabled(dial.offered)
        with QSignalBlocker(field):
            if dial.offered:
                field.setRange(dial.low, max(dial.high, dial.low))
                field.setSuffix(f" {dial.unit}" if dial.unit else "")
            if dial.value is not None and not field.hasFocus():
                field.setValue(dial.value)
        what = field.accessibleName()
        field.setToolTip(what if dial.offered else not_offered(what.lower()))

    @property
    def _grey(self) -> bool:
        frame = self._station.frame
        return frame is not None and frame.pixels.ndim == 2

    def _words(self, told: Controls | None) -> str:
        if not self._station.running:
            return _NO_CAMERA
        if told is None:
            return _NO_SETTINGS
        if told.said:
            return told.said
        missing = [
            what
            for what, dial in (
                ("exposure time", told.exposure),
                ("gain", told.gain),
                ("white balance", told.white_balance),
            )
            if not dial.offered and not (what == "white balance" and self._grey)
        ]
        return not_offered(" and its ".join(missing)) if missing else ""


def _spin(name: str, what: str, low: float, high: float, unit: str, digits: int) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setObjectName(name)
    made.setAccessibleName(what)
    made.setToolTip(what)
    made.setDecimals(digits)
    made.setRange(low, high)
    made.setSuffix(unit)
    made.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
    made.setKeyboardTracking(False)
    return made


def _even(widgets: tuple[QWidget, ...]) -> QHBoxLayout:
    """Side by side, each as narrow as it must be."""
    made = row(*widgets)
    for number, widget in enumerate(widgets):
        if not isinstance(widget, QLabel):
            widget.setMinimumWidth(40)
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            made.setStretch(number, 2 if isinstance(widget, QComboBox) else 1)
    return made


def _fill(box: QComboBox, entries: list[str], chosen: str, least: int) -> None:
    """Offer these and the one chosen, which may be none of them."""
    if chosen and chosen not in entries:
        entries = [chosen, *entries]
    with QSignalBlocker(box):
        if [box.itemText(n) for n in range(box.count())] != entries:
            box.clear()
            box.addItems(entries)
        box.setCurrentIndex(box.findText(chosen) if chosen else -1)
    box.setEnabled(len(entries) > least)


def _size_text(controls: Controls) -> str:
    return size_words(controls.size) if controls.size else ""
