"""The quality line over Capture: what the picture seen is worth, and what was just captured."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.capture import Frame
from app.capture.measures import Measured
from app.capture.quality import Quality
from app.domain import Acquired, CaseheadError, Light
from widgets.acquire.filmstrip import quality_in
from widgets.acquire.newest import Newest
from widgets.acquire.station import Station
from widgets.acquire.verdicts import said_of, sign, verdict_of
from widgets.common.parts import button, label, line, row

LEAST_S = 0.5
"""Between two live verdicts: one that flickers cannot be read, and nothing is spent on it."""
_SIGN_PX = 18


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A frame to be judged, and as what."""

    frame: Frame
    mark_id: str
    light: Light
    pixel_um: float | None


class Verdict(QWidget):
    """A sign and the verdict in words; ``reason`` is the first of its reasons, "" without one."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._what = what
        self.reason = ""
        self._sign = QLabel()
        self._sign.setFixedSize(_SIGN_PX, _SIGN_PX)
        self.words = label("", name=f"{name}_words")
        self.setLayout(row(self._sign, label(what, "dim"), self.words, stretch_last=True))

    def show_quality(self, quality: Quality | None, otherwise: str = "") -> None:
        """Show a verdict, or what is to be said without one."""
        self._sign.setVisible(quality is not None)
        self.reason, words, tip = "", otherwise, ""
        if quality is not None:
            self._sign.setPixmap(sign(quality.verdict, _SIGN_PX, self.devicePixelRatioF()))
            self.reason = quality.reasons[0] if quality.reasons else ""
            words, tip = verdict_of(quality), said_of(quality)
        self.words.setText(words)
        self.setToolTip(tip)
        self.setAccessibleName(f"{self._what}: {words}. {self.reason}".strip())


class QualityLine(QFrame):
    """The live verdict beside that of the last capture, and what can be done about this one.

    There is room for one reason: that of the capture while it waits for a word, else the live one.
    """

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setObjectName("quality_line")
        self._station = station
        self._captured_id = ""
        self._waits = self._asking = False
        self._due = 0.0
        self.live = Verdict("live_quality", "Quality")
        self.last = Verdict("captured_quality", "Captured")
        self.reason = label("", "dim", "quality_reason", wrap=True)
        self._worker: Newest[_Seen, Quality | None] = Newest(
            self._judge, self._show_live, station.bridge.report, "quality"
        )
        station.camera.closing += [self._worker.close]
        self._build()
        station.actions["use all the same"] = self.ask_reason
        station.on_measured(self._measured)
        station.on_frame(self._came)
        station.on_mark(lambda _: self._mark_changed())
        station.on_captured(self.show_captured)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        use = button(
            "Use it all the same",
            "use_all_the_same",
            "Search it and let it count although its quality asks for another one; say why (U)",
            self.ask_reason,
        )
        again = button(
            "Capture again",
            "capture_again",
            "Keep the frame you see now; the one before stays too (Space)",
            self._station.capture,
        )
        self._doing = QWidget()
        self._doing.setLayout(row(use, again))
        self._why = line("use_reason", "Why it is used all the same (Esc: back)", "Why? Then Enter")
        self._why.returnPressed.connect(self._use_it)
        back = QShortcut(QKeySequence("Esc"), self._why)
        back.setContext(Qt.ShortcutContext.WidgetShortcut)
        back.activated.connect(self._ask_no_more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row(self.live, self.last))
        for part in (self.reason, self._doing, self._why):
            layout.addWidget(part)
        self.live.show_quality(None, "no picture")
        self._forget()

    def _show(self) -> None:
        reason = self.last.reason if self._waits else self.live.reason
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.last.setVisible(bool(self._captured_id))
        self._doing.setVisible(self._waits and not self._asking)
        self._why.setVisible(self._waits and self._asking)

    # --- the picture seen ------------------------------------------------------------------
    def _measured(self, measured: Measured) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + LEAST_S
        station = self._station
        self._worker.give(_Seen(measured.frame, station.mark_id, station.light, station.pixel_um))

    def _judge(self, seen: _Seen) -> Quality | None:
        """On the worker's thread."""
        judge = self._station.workbench.judge
        try:
            return judge(seen.frame, seen.mark_id, seen.light, seen.pixel_um)
        except CaseheadError:  # the casebook is being closed, or the mark is gone
            return None

    def _show_live(self, quality: Quality | None) -> None:
        if self._station.frame is not None:
            self.live.show_quality(quality, "not measured")
            self._show()

    def _came(self, frame: Frame | None) -> None:
        if frame is None:
            self._worker.forget()
            self.live.show_quality(None, "no picture")
            self._show()

    # --- what was captured -----------------------------------------------------------------
    def show_captured(self, acquired: Acquired) -> None:
        """The verdict of what was just kept, or chosen among what was."""
        self._captured_id = acquired.id
        self._waits, self._asking = acquired.held_back, False
        self.last.show_quality(quality_in(acquired), "not measured")
        self._why.clear()
        self._show()

    def _mark_changed(self) -> None:
        """What waits for a word is asked for again where its mark's pictures are shown."""
        if self._waits:
            self._forget()

    def _forget(self) -> None:
        self._captured_id = ""
        self._waits = self._asking = False
        self._show()

    def ask_reason(self) -> None:
        """Let the examiner write why the last capture is used all the same."""
        if not self._waits:
            self._station.tell("Nothing captured here waits for a word; it is used already.")
            return
        self._asking = True
        self._show()
        self._why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_no_more(self) -> None:
        """The capture still waits."""
        self._asking = False
        self._show()
        self._station.live.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use_it(self) -> None:
        which, why, station = self._captured_id, self._why.text(), self._station
        station.bridge.run(
            lambda: station.workbench.use_all_the_same(which, why), self._used, owner=self
        )

    def _used(self, acquired: Acquired) -> None:
        self.show_captured(acquired)
        self._station.live.setFocus(Qt.FocusReason.OtherFocusReason)
        self._station.tell("The picture is used all the same; the reason is kept with it.")
