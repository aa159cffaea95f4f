"""The drawer to calibrate the camera: from the picture seen, by hand, or by a known value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton

from app.capture import Frame
from app.capture.scale import Asked, Measured, Method, from_two_points, measure, size_of
from app.domain import Calibration, CaseheadError, InForce, Optics
from app.workbench import Workbench
from app.workbench.calibration_words import (
    METHOD_WORDS,
    calibration_words,
    detail_words,
    measured_words,
)
from widgets.acquire.calibration import pixel_of
from widgets.acquire.live_view import LiveView
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row

_METHODS = tuple(METHOD_WORDS)
_HINTS = {
    "ruling": "Focus on the ruling and let it fill the picture; any rotation will do.",
    "dot grid": "Focus on the grid of dots and let it fill the picture.",
    "chessboard": "Focus on the chessboard and let it fill the picture; the step is a side.",
    "two points": "Hold the picture (F), then drag on it from one mark to another far away.",
    "typed": "Write what a certificate or another program says a pixel is.",
}
_STEPS = {"ruling": "10", "dot grid": "250", "chessboard": "250", "two points": "1000"}


@dataclass(frozen=True, slots=True)
class InUse:
    """What the acquire screen shows now."""

    optics: Optics
    frame: Frame | None
    found: InForce | None


class CalibrateDrawer(Drawer):
    """``in_use`` tells camera, objective, zoom and the frame that is seen."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, live: LiveView, in_use: Callable[[], InUse]
    ) -> None:
        super().__init__("calibrate", "Calibrate the camera", says="calibrate_says")
        self._workbench, self._bridge, self._live, self._in_use = workbench, bridge, live, in_use
        self._measured: Measured | None = None
        self._frame: Frame | None = None
        self._optics = Optics("")
        self._optics_words = label("", "", "calibrate_optics", wrap=True)
        self._force_words = label("", "dim", "calibrate_in_force", wrap=True)
        self._hint = label("", "dim", "calibrate_hint", wrap=True)
        self._result = label("", "", "calibrate_result", wrap=True)
        self.method = choice("calibrate_method", "How to calibrate", METHOD_WORDS.values())
        self.step = line("calibrate_step", "True distance from mark to mark, micrometres", "10")
        self.certain = line(
            "calibrate_certain", "Standard uncertainty of that distance, percent", "0.05"
        )
        self.until = line("calibrate_until", "Last day it holds", "a year from now")
        self._find = button(
            "Measure", "calibrate_measure", "Find the standard in the picture you see", self.measure
        )
        self._keep = button(
            "Keep as calibration",
            "calibrate_keep",
            "From now on for this camera, objective and zoom",
            self.keep,
            primary=True,
        )
        self._check = button(
            "Check only",
            "calibrate_check",
            "Record how far the calibration in force is off by this measurement",
            self.check,
        )
        self._list = QListWidget()
        self._withdraw = button(
            "Withdraw", "calibrate_withdraw", "Take the one chosen out of use", self.withdraw
        )
        self._build()
        self._show_method()

    def open_drawer(self) -> None:
        """Show it for what is in use."""
        self._begin_anew()
        self.show()
        self.refresh()
        self.method.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_drawer(self) -> None:
        """Out of the way; nothing stays drawn on the picture."""
        self._begin_anew()
        self._live.point_with(None)
        super().close_drawer()

    def refresh(self) -> None:
        """Camera, objective, zoom or calibrations have changed."""
        if not self.isVisible():
            return
        used = self._in_use()
        if used.optics != self._optics:
            self._begin_anew()
            self._optics = used.optics
        self._optics_words.setText(used.optics.words)
        found = used.found
        valid = found.calibration if found else None
        self._force_words.setText(
            calibration_words(valid) if valid else (found.sentence if found else "")
        )
        self._show_buttons()
        camera = used.optics.camera
        self._bridge.run(
            lambda: self._workbench.calibrations(camera) if camera else (),
            self._show_list,
            owner=self,
        )

    @property
    def chosen_method(self) -> Method:
        """One of the keys of METHOD_WORDS."""
        return _METHODS[self.method.currentIndex()]

    def measure(self) -> None:
        """Find the standard in the picture that is seen."""
        used = self._in_use()
        frame = used.frame
        if frame is None:
            self._refused(CaseheadError("There is no picture yet; start the camera first."))
            return
        try:
            asked = self._asked(used)
        except CaseheadError as error:
            self._refused(error)
            return
        self._begin_anew()
        self._say("Measuring ...")
        self._find.setEnabled(False)
        self._bridge.run(
            lambda: measure(frame.pixels, asked),
            lambda found: self._measured_on(frame, found),
            self._refused,
            owner=self,
            long=True,
        )

    def keep(self) -> None:
        """Keep what was measured or typed as the calibration in force."""
        used, until = self._in_use(), self.until.text().strip()
        optics, measured, frame = used.optics, self._measured, self._frame
        try:
            typed = self._typed() if self.chosen_method == "typed" else None
        except CaseheadError as error:
            self._refused(error)
            return
        workbench = self._workbench
        if typed is not None:
            self._run(lambda: workbench.type_calibration(optics, *typed, expires_at=until))
        elif measured is not None:
            self._run(lambda: workbench.calibrate(optics, measured, frame, expires_at=until))

    def _run(self, work: Callable[[], Calibration]) -> None:
        self._set_busy(True)
        self._bridge.run(work, self._kept, self._refused, owner=self)

    def check(self) -> None:
        """Record the measurement as a check of the calibration in force."""
        found, measured = self._in_use().found, self._measured
        if found is None or found.latest is None or measured is None:
            return
        calibration_id, made = found.latest.id, measured
        self._set_busy(True)
        self._bridge.run(
            lambda: self._workbench.check_by(calibration_id, made),
            self._checked,
            self._refused,
            owner=self,
        )

    def withdraw(self) -> None:
        """Take the calibration chosen in the list out of use."""
        if self._list.currentRow() < 0:
            return
        calibration_id = str(self._list.currentItem().data(Qt.ItemDataRole.UserRole))
        self._bridge.run(
            lambda: self._workbench.withdraw_calibration(calibration_id),
            lambda _: self._say("Withdrawn; it stays on the record."),
            self._refused,
            owner=self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            first = self._keep if self._keep.isEnabled() else self._find
            if first.isEnabled() and first.isVisible():
                first.click()
        else:
            super().keyPressEvent(event)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._list.setObjectName("calibrations")
        self._list.setAccessibleName("Calibrations of this camera, newest first")
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(120)
        self._list.currentItemChanged.connect(lambda *_: self._show_buttons())
        self._step_label = label("", "dim")
        fields = form()
        add_row(fields, "&Method", self.method)
        self._step_label.setBuddy(self.step)
        fields.addRow(self._step_label, self.step)
        add_row(fields, "&Certain to, %", self.certain)
        add_row(fields, "&Valid until", self.until)
        self.body.addWidget(self._optics_words)
        self.body.addWidget(self._force_words)
        self.body.addLayout(fields)
        self.body.addWidget(self._hint)
        self.body.addLayout(row(self._find, stretch_last=True))
        self.body.addWidget(self._result)
        self.body.addWidget(label("Calibrations of this camera", "heading"))
        self.body.addWidget(self._list, 1)
        self.body.addLayout(row(self._withdraw, stretch_last=True))
        self.foot.addLayout(row(self._keep, self._check))
        self.method.currentIndexChanged.connect(lambda _: self._show_method())
        self.step.textChanged.connect(lambda _: self._written())
        for field in (self.step, self.certain, self.until):
            field.returnPressed.connect(self._entered)

    def _entered(self) -> None:
        """Enter in a field measures, or keeps what is written."""
        first: QPushButton = self._keep if self.chosen_method == "typed" else self._find
        if first.isEnabled():
            first.click()

    def _show_method(self) -> None:
        method = self.chosen_method
        typed = method == "typed"
        self._begin_anew()
        self._hint.setText(_HINTS[method])
        self._step_label.setText("µm per &pixel" if typed else "&Distance, µm")
        self.step.setText(_STEPS.get(method, ""))
        self._find.setVisible(method in ("ruling", "dot grid", "chessboard"))
        by_hand = method == "two points" and self.isVisible()
        self._live.point_with(self._pointed if by_hand else None)
        self._show_buttons()

    # --- what was found --------------------------------------------------------------------
    def _asked(self, used: InUse) -> Asked:
        latest = used.found.latest if used.found else None
        expected = latest.pixel_um if latest and latest.fits(_size(used.frame)) else None
        sd = _number(self.certain.text() or "0.05", "an uncertainty in percent") / 100
        step_um = _number(self.step.text(), "a distance in micrometres")
        method = self.chosen_method
        assert method in ("ruling", "dot grid", "chessboard")
        return Asked(method, step_um, sd, expected)

    def _typed(self) -> tuple[float, float | None]:
        pixel_um = pixel_of(self.step.text())
        if pixel_um is None:
            raise CaseheadError("Write the micrometres per pixel first.")
        certain = self.certain.text().strip()
        sd = _number(certain, "an uncertainty in percent") / 100 * pixel_um if certain else None
        return pixel_um, sd

    def _pointed(self, first: tuple[float, float], second: tuple[float, float], px: float) -> None:
        """Two points were set on the picture; ``px`` is how many pixels one on the screen is."""
        frame = self._in_use().frame
        if frame is None:
            return
        try:
            distance = _number(self.step.text(), "a distance in micrometres")
            found = from_two_points(
                first, second, distance, size_of(frame.pixels), pointing_px=max(px, 1.0)
            )
        except CaseheadError as error:
            self._refused(error)
            return
        self._measured_on(frame, found)

    def _measured_on(self, frame: Frame, found: Measured) -> None:
        self._set_busy(False)
        self._measured, self._frame = found, frame
        self._live.show_marks(found.marks)
        self._result.setText(measured_words(found))
        self._say("")
        self._show_buttons()
        if self._keep.isEnabled():
            self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _written(self) -> None:
        if self._measured is not None:
            self._begin_anew()
        self._show_buttons()

    def _kept(self, calibration: Calibration) -> None:
        self._set_busy(False)
        self._begin_anew()
        self._bridge.tell(f"Calibrated: {calibration_words(calibration)}.")
        self.refresh()

    def _checked(self, calibration: Calibration) -> None:
        self._set_busy(False)
        check = calibration.last_check()
        assert check is not None
        passed = "holds" if check.passed else "does not hold: images are no longer searched"
        self._say(f"Off by {check.off_percent:+.2f} %; the calibration {passed}.")
        self.refresh()

    def _refused(self, error: CaseheadError) -> None:
        self._set_busy(False)
        self._say(str(error))
        self._show_buttons()

    # --- showing ---------------------------------------------------------------------------
    def _begin_anew(self) -> None:
        self._measured = self._frame = None
        self._live.show_marks(())
        self._result.setText("")
        self._say("")

    def _set_busy(self, busy: bool) -> None:
        for made in (self._find, self._keep, self._check):
            made.setEnabled(not busy)

    def _show_buttons(self) -> None:
        used = self._in_use()
        ready = bool(used.optics.camera) and not self._workbench.read_only
        typed = self.chosen_method == "typed" and bool(self.step.text().strip())
        self._find.setEnabled(True)
        self._keep.setEnabled(ready and (typed or self._measured is not None))
        latest = used.found.latest if used.found else None
        self._check.setEnabled(ready and self._measured is not None and latest is not None)
        chosen = self._list.currentRow() >= 0
        self._withdraw.setEnabled(chosen and not self._workbench.read_only)

    def _show_list(self, found: tuple[Calibration, ...]) -> None:
        self._list.clear()
        for calibration in found:
            objective = calibration.optics.objective or "no objective named"
            zoom = f" zoom {calibration.optics.zoom}" if calibration.optics.zoom else ""
            item = QListWidgetItem(f"{objective}{zoom}: {calibration_words(calibration)}")
            item.setData(Qt.ItemDataRole.UserRole, calibration.id)
            item.setToolTip(detail_words(calibration))
            self._list.addItem(item)
        self._show_buttons()


def _size(frame: Frame | None) -> tuple[int, int] | None:
    return None if frame is None else size_of(frame.pixels)


def _number(text: str, what: str) -> float:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        found = float("nan")
    if not 0 <= found < 1e7:
        raise CaseheadError(f"'{text}' is not {what}; write a number.")
    return found
