"""The session page: cartridge case, steps of its protocol, and helps for placing it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSlider, QVBoxLayout, QWidget

from app.domain import Changes, MarkKind
from app.workbench.protocols import StepState
from widgets.acquire import circles
from widgets.acquire.finder import Finder
from widgets.acquire.ghost import STEPS, Ghost, Step
from widgets.acquire.intake import make_intake_row
from widgets.acquire.orientation import Orientation
from widgets.acquire.review_region import RegionReview
from widgets.acquire.station import Station
from widgets.acquire.steps import ReasonRow, StepList
from widgets.acquire.walk import NOTHING_CHOSEN, Walk
from widgets.common.parts import button, choice, label, row

_NOT_HERE = "Not on this case: record why the step needs no picture (X)"
_AFTER_ALL = "Recorded as not on this case; take it back (X)"
_FIELDS = {
    "calibre": "calibre",
    "firing_pin_shape": "firing-pin shape",
    "breech_face_class": "breech-face class",
    "headstamp": "headstamp",
}


def make_session_page(station: Station) -> QWidget:
    """What is captured: cartridge case, steps, light and lens, and helps for placing."""
    return SessionPage(station)


class SessionPage(QWidget):
    """Puts the parts together; what each does it does itself."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setObjectName("session_page")
        self.station = station
        self.walk = Walk(station)
        self.ghost = Ghost(station, self._step)
        self.finder = Finder(station, self._kind)
        self.orientation = Orientation(
            station,
            lambda: self.finder.shown.get("outer"),
            lambda seen, at: circles.under(seen, self.finder.shown, at) is not None,
            self.finder.lay_deg,
        )
        self.review = RegionReview(station)
        for overlay in (self.finder, self.ghost, self.orientation):
            overlay.hidden = lambda: self.review.open
            overlay.changed = self._show_helps
        self._placed: object = None
        self._make_parts()
        self._build()
        self.walk.changed.append(self._moved)
        station.on_state(self._show_light)
        station.bridge.changed.connect(self._hear)
        station.actions |= {"settle step": self._ask_reason}
        self._moved()
        self._show_helps()

    # --- parts -----------------------------------------------------------------------------
    def _make_parts(self) -> None:
        self.steps = StepList(self.walk.go)
        self.protocol = choice("protocol", "Protocol this cartridge case follows", ())
        self.protocol.activated.connect(self._choose_protocol)
        self.progress = label("", "dim", "steps_done")
        self.hint = label("", "dim", "step_hint", wrap=True)
        self.says = label("", "amber", "step_says", wrap=True)
        self.reason = ReasonRow(self.walk.settle, self._back_to_picture)
        self.not_here = button(
            *("", "settle_step", _NOT_HERE, self._ask_reason), icon="mdi6.eye-off-outline"
        )
        self.not_here.setAccessibleName("Not on this case")
        self.not_here.setCheckable(True)
        self._previous = button(
            *("", "previous_step", "The step before (PgUp)", self.walk.previous),
            icon="mdi6.chevron-up",
        )
        self._next = button(
            *("", "next_step", "The step after (PgDown)", self.walk.next), icon="mdi6.chevron-down"
        )
        self._ghost = self._help("Ghost", "ghost", "The previous specimen's picture over this (G)")
        self._circles = self._help("Circles", "circles", "Find the mark as you look (C)")
        self._clock = self._help(
            "Clock", "orientation", "How the case lies, and how to turn it (O)"
        )
        self._by = button(
            *("", "orientation_by", "Turn by another landmark (Shift+O)"),
            lambda: self.station.act("orientation by"),
            icon="mdi6.swap-horizontal",
        )
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setObjectName("ghost_opacity")
        self.opacity.setAccessibleName("How strong the ghost is")
        self.opacity.setToolTip("How strong the ghost is ([ and ])")
        self.opacity.setRange(0, len(STEPS) - 1)
        self.opacity.valueChanged.connect(self._opacity_set)

    def _help(self, words: str, name: str, tip: str) -> QPushButton:
        return button(words, f"help_{name}", tip, lambda: self.station.act(name), checkable=True)

    def _build(self) -> None:
        follows = row(self.protocol, self.progress, self._previous, self._next, self.not_here)
        follows.setStretch(0, 1)
        block = QWidget()
        laid = QVBoxLayout(block)
        laid.setContentsMargins(0, 0, 0, 0)
        laid.setSpacing(4)
        laid.addLayout(follows)
        laid.addWidget(self.steps)
        laid.addWidget(self.hint)
        laid.addWidget(self.says)
        laid.addWidget(self.reason)
        self.station.target.add_below(block)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(make_intake_row(self.station))
        column.addWidget(self.station.target)
        column.addLayout(row(self._ghost, self.opacity, self._circles, self._clock, self._by))

    # --- what the parts ask ----------------------------------------------------------------
    def _kind(self) -> MarkKind | None:
        return self.walk.kind

    def _step(self) -> Step | None:
        line = self.walk.line
        if line is None or not self.walk.case_id:
            return None
        return self.walk.case_id, line.step.mark, line.step.light

    def _hear(self, changes: Changes) -> None:
        if changes.acquired:
            self.ghost.look_again()

    # --- showing ---------------------------------------------------------------------------
    def _moved(self) -> None:
        """Another case, step or state."""
        needs, line = self.walk.needs, self.walk.line
        placed = self.walk.case_id, self.walk.kind
        if placed != self._placed:
            self._placed = placed
            self.finder.forget()
            self.orientation.forget()
            self.reason.hide()
            self.review.show("")
        self.steps.show_steps(needs, line)
        self._show_protocols()
        self.progress.setText("" if needs is None else f"{needs.settled} of {len(needs.lines)}")
        self.hint.setText(self._hint())
        self.hint.setToolTip(self._unknown())
        for made in (self._previous, self._next, self.progress):
            made.setVisible(needs is not None)
        settled = line is not None and line.state is StepState.SETTLED
        self.not_here.setChecked(settled)
        self.not_here.setToolTip(_AFTER_ALL if settled else _NOT_HERE)
        self.not_here.setEnabled(line is not None and line.state is not StepState.DONE)
        self.not_here.setVisible(needs is not None)
        self.orientation.show_landmarks(() if needs is None else needs.protocol.landmarks)
        self._show_light()
        self.ghost.look_again()

    def _hint(self) -> str:
        needs, line = self.walk.needs, self.walk.line
        if needs is None:
            return NOTHING_CHOSEN
        if line is None:
            return f"The protocol has no step for the {self.walk.kind or 'mark'}."
        return line.step.hint

    def _unknown(self) -> str:
        """Which class characteristics, not recorded yet, the picture of the step shows."""
        needs, line = self.walk.needs, self.walk.line
        if needs is None or line is None:
            return ""
        case = needs.cartridge_case
        unknown = [_FIELDS[name] for name in line.step.fields if not getattr(case, name)]
        return f"Not recorded yet, and seen here: {', '.join(unknown)}" if unknown else ""

    def _show_protocols(self) -> None:
        needs = self.walk.needs
        known = () if needs is None else needs.known
        self.protocol.blockSignals(True)
        self.protocol.clear()
        for protocol in known:
            self.protocol.addItem(protocol.name, protocol.key)
        if needs is not None:
            self.protocol.setCurrentIndex(self.protocol.findData(needs.protocol.key))
        self.protocol.blockSignals(False)
        self.protocol.setVisible(needs is not None)

    def _show_light(self) -> None:
        words = self.walk.light_words
        if words != self.says.text():
            self.says.setText(words)
        self.says.setVisible(bool(words))

    def _show_helps(self) -> None:
        for made, on in (
            (self._ghost, self.ghost.on),
            (self._circles, self.finder.on),
            (self._clock, self.orientation.on),
        ):
            made.setChecked(on)
        self.opacity.blockSignals(True)
        self.opacity.setValue(STEPS.index(self.ghost.opacity))
        self.opacity.blockSignals(False)
        self.opacity.setVisible(self.ghost.on)
        self._by.setVisible(self.orientation.on and self.orientation.several)
        self._circles.setAccessibleDescription(self.finder.words)
        self._clock.setAccessibleDescription(self.orientation.words)
        self._ghost.setAccessibleDescription(self.ghost.words)

    # --- what the user does ----------------------------------------------------------------
    def _choose_protocol(self, at: int) -> None:
        self.walk.choose_protocol(str(self.protocol.itemData(at)))

    def _ask_reason(self) -> None:
        needs, line = self.walk.needs, self.walk.line
        self.not_here.setChecked(line is not None and line.state is StepState.SETTLED)
        if needs is None or line is None or line.state is StepState.DONE:
            return
        if line.state is StepState.SETTLED:
            self.walk.reopen()
            return
        self.hint.hide()
        self.reason.ask(needs.protocol.reasons)

    def _back_to_picture(self) -> None:
        self.hint.show()
        self.station.live.setFocus(Qt.FocusReason.OtherFocusReason)

    def _opacity_set(self, at: int) -> None:
        self.ghost.set_opacity(STEPS[at])
