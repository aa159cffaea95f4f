"""Fast intake in line: what is captured, written in one row; the next case by one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.domain import CaseheadError, Mark, Role
from app.workbench import Registration
from app.workbench.intake import EVIDENCE_LABEL, LabelAnswer
from widgets import theme
from widgets.acquire.intake_labels import LabelWatch
from widgets.acquire.intake_scanner import Scanner
from widgets.acquire.station import Station
from widgets.common.parts import button, choice, label, line, row

T = TypeVar("T")
_PLACE = ("case_number", "exhibit_number", "label")
_FIREARM = ("firearm_make", "firearm_model", "firearm_serial")
_NOTHING = Registration("", "", "")


@dataclass(frozen=True, slots=True)
class _InHand:
    """The cartridge case captures go to, what is recorded of it, and the label read of it."""

    case_id: str
    registration: Registration
    label: str


def make_intake_row(station: Station) -> QWidget:
    """Case, exhibit, label, role, calibre and firearm of what is captured, to be written over."""
    return IntakeRow(station)


class IntakeRow(QWidget):
    """Enter registers what is written; "next case" takes everything over but the label."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setObjectName("intake_row")
        self._station, self._workbench = station, station.workbench
        self._in_hand: _InHand | None = None
        self._shown = _NOTHING
        self._offered: LabelAnswer | None = None
        self._busy = self._unfolded = False
        self._asked = 0
        self._make_fields()
        self._build()
        self.labels = LabelWatch(station, self.heard)
        self.scanner = self._made_scanner()
        station.on_mark(self._mark_chosen)
        station.adding.append(self._settings)
        station.before_keeping.append(lambda _: self._refusal())
        station.actions |= {
            "next case": self.next_case,
            "intake": self.take_focus,
            "read labels": self.turn_reading,
        }

    # --- what others ask for ---------------------------------------------------------------
    def heard(self, text: str) -> None:
        """A label was read, by the camera or a scanner: captures go to what it is on."""
        case_id = self._in_hand.case_id if self._in_hand else ""
        self._run(lambda: self._workbench.read_label(text, case_id), self._answered)

    def next_case(self) -> None:
        """The cartridge case after this one; or, where another was written, that one."""
        in_hand = self._in_hand
        if self._busy:
            return
        if in_hand is None or self._offered is not None or self._written() != self._shown:
            self.register()
            return
        self._run(lambda: self._workbench.next_case(in_hand.case_id), self._registered)

    def register(self) -> None:
        """Register what is written, with the label offered; captures go to it."""
        wanted, offered = self._written(), self._offered
        if offered is None and self._in_hand is not None and wanted == self._shown:
            self._back_to_picture()
            return
        read = offered.text if offered is not None else ""
        self._run(lambda: self._workbench.take_in(wanted, read), self._registered)

    def turn_reading(self) -> None:
        """Read labels held before the camera, or no more."""
        on = not self.labels.on
        self.labels.switch(on)
        self._reading.setChecked(on)
        if on and not self._station.running:
            self._station.tell("Labels are read as soon as the camera runs.")

    def take_focus(self) -> None:
        """To the first field that is to be written: the label, or what is missing before it."""
        empty = (self._lines[name] for name in _PLACE if not self._lines[name].text())
        field = next(empty, self._lines["label"])
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.register()
        elif event.key() == Qt.Key.Key_Escape:
            self._give_up()
        else:
            super().keyPressEvent(event)

    # --- parts -----------------------------------------------------------------------------
    def _make_fields(self) -> None:
        lists = self._workbench.pick_lists()
        self._lines = {
            "case_number": line("intake_case", "Case number", "case"),
            "exhibit_number": line("intake_exhibit", "Exhibit number", "exhibit"),
            "label": line("intake_label", "Label of the cartridge case", "label"),
            "firearm_make": line("intake_make", "Make of the firearm", "make"),
            "firearm_model": line("intake_model", "Model of the firearm", "model"),
            "firearm_serial": line("intake_serial", "Serial number of the firearm", "serial"),
        }
        self._role = choice("intake_role", "Where the cartridge case comes from", list(Role))
        self._calibre = choice(
            "intake_calibre", "Calibre", lists["calibres"], editable=True, empty="calibre"
        )
        self._next = button(
            "",
            "next_case",
            "Next case: the same exhibit, all that stays taken over (Ctrl+Shift+N)",
            self.next_case,
            icon="mdi6.skip-next",
        )
        self._next.setAccessibleName("Next case")
        self._reading = button(
            "",
            "read_labels",
            "Read evidence labels held before the camera (Ctrl+B)",
            self.turn_reading,
            icon="mdi6.barcode-scan",
            checkable=True,
        )
        self._reading.setAccessibleName("Read labels")
        self._role.currentTextChanged.connect(lambda _: self._show_firearm())

    def _build(self) -> None:
        place = row(*(self._lines[name] for name in _PLACE), self._next, self._reading)
        for at, stretch in enumerate((4, 2, 3)):
            place.setStretch(at, stretch)
        kind = row(self._role, self._calibre)
        kind.setStretch(0, 2)
        kind.setStretch(1, 3)
        self._kind, self._gun = QWidget(), QWidget()
        self._kind.setLayout(kind)
        self._gun.setLayout(row(*(self._lines[name] for name in _FIREARM)))
        self._says = label("", "dim", "intake_says", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(place)
        for widget in (self._kind, self._gun, self._says):
            column.addWidget(widget)
        in_order = (self._role, self._calibre, *(self._lines[name] for name in _FIREARM))
        before: QWidget = self._lines["label"]
        for widget in (*in_order, self._next, self._reading):
            QWidget.setTabOrder(before, widget)
            before = widget
        self._say("")
        self._unfold(False)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None:
            self._unfold(self.isAncestorOf(new) or self._offered is not None)

    def _unfold(self, unfolded: bool) -> None:
        """Role, calibre and firearm are seen while they may be written."""
        self._unfolded = unfolded
        self._kind.setVisible(unfolded)
        self._show_firearm()

    def _made_scanner(self) -> Scanner | None:
        try:
            names = self._workbench.label_names
        except CaseheadError as error:
            self._say(str(error), attention=True)
            return None
        return Scanner(self, lambda: _screen_of(self), self.heard, names.gap_ms, names.shortest)

    # --- what is written -------------------------------------------------------------------
    def _written(self) -> Registration:
        texts: dict[str, Any] = {n: " ".join(f.text().split()) for n, f in self._lines.items()}
        made = replace(
            self._shown,
            role=Role(self._role.currentText()),
            calibre=" ".join(self._calibre.currentText().split()),
            **texts,
        )
        place = (made.case_number, made.exhibit_number)
        if place == (self._shown.case_number, self._shown.exhibit_number):
            return made
        # what is not seen here belongs to the exhibit left
        title = self._shown.title if made.case_number == self._shown.case_number else ""
        return replace(made, firing_pin_shape="", breech_face_class="", title=title)

    def _show(self, registration: Registration) -> None:
        self._shown = registration
        for name, field in self._lines.items():
            field.setText(getattr(registration, name))
            field.setCursorPosition(0)
        self._role.setCurrentText(registration.role)
        self._calibre.setCurrentText(registration.calibre)
        self._show_firearm()

    def _show_firearm(self) -> None:
        given = any(self._lines[name].text() for name in _FIREARM)
        self._gun.setVisible(
            self._unfolded and (given or self._role.currentText() == Role.TEST_FIRE)
        )

    # --- the cartridge case in hand --------------------------------------------------------
    def _mark_chosen(self, mark_id: str) -> None:
        """The station's mark is another; one not made yet is of the case that was chosen."""
        target = self._station.target.target
        case_id = "" if target is None else target.cartridge_case_id
        if not mark_id and (not case_id or self._is_in_hand(case_id)):
            return
        self._asked += 1
        asked, workbench = self._asked, self._workbench

        def read() -> _InHand:
            of = workbench.mark(mark_id).cartridge_case_id if mark_id else case_id
            return _InHand(of, workbench.registration_of(of), workbench.label_on(of))

        def done(found: _InHand) -> None:
            if asked == self._asked:
                self._take(found)

        self._station.bridge.run(read, done, owner=self)

    def _is_in_hand(self, case_id: str) -> bool:
        return self._in_hand is not None and self._in_hand.case_id == case_id

    def _take(self, found: _InHand) -> None:
        same = self._is_in_hand(found.case_id)
        self._in_hand = found
        if not same or (self._offered is None and self._written() == self._shown):
            self._offered = None
            self._show(found.registration)
            tip = "Label of the cartridge case"
            self._lines["label"].setToolTip(f"{tip}; read: {found.label}" if found.label else tip)
            self._say("")

    def _settings(self) -> Mapping[str, Any]:
        """What belongs into the record of a capture."""
        read = self._in_hand.label if self._in_hand else ""
        return {EVIDENCE_LABEL: read} if read else {}

    def _refusal(self) -> str:
        """Whether the label read last says that something else lies under the camera."""
        offered = self._offered
        if offered is None or offered.offer is None:
            return ""
        return f"Nothing was captured: {offered.sentence} Esc goes back to the case before."

    # --- what comes back -------------------------------------------------------------------
    def _answered(self, answer: LabelAnswer) -> None:
        if answer.mark_id:
            self._station.tell(answer.sentence)
            self._go_to(answer.mark_id)
            return
        self._offered = answer
        self._say(answer.sentence, attention=True)
        self._station.tell(answer.sentence, attention=True)
        if answer.offer is not None:
            self._show(answer.offer)
        self.take_focus()

    def _registered(self, mark: Mark) -> None:
        self._go_to(mark.id)

    def _go_to(self, mark_id: str) -> None:
        self._in_hand = self._offered = None
        self._station.choose_mark(mark_id)
        self._back_to_picture()

    def _give_up(self) -> None:
        """What was offered or written is left; the case in hand is shown again."""
        self._offered = None
        self._show(_NOTHING if self._in_hand is None else self._in_hand.registration)
        self._say("")
        self._back_to_picture()

    def _run(self, fn: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._busy:
            return
        if self._workbench.read_only:
            self._station.tell(self._workbench.notice, attention=True)
            return
        self._busy = True

        def over(value: T) -> None:
            self._busy = False
            done(value)

        def refused(error: CaseheadError) -> None:
            self._busy = False
            self._say(str(error), attention=True)
            self._station.tell(str(error), attention=True)

        self._station.bridge.run(fn, over, refused, owner=self)

    def _say(self, sentence: str, *, attention: bool = False) -> None:
        self._says.setText(sentence)
        theme.set_tone(self._says, "tone", "amber" if attention else "dim")
        self._says.setVisible(bool(sentence))

    def _back_to_picture(self) -> None:
        self._station.live.setFocus(Qt.FocusReason.OtherFocusReason)


def _screen_of(widget: QWidget) -> QWidget:
    """The whole screen the row is on: a scanner is heard whatever has the focus there."""
    place: QWidget | None = widget
    while place is not None and place.objectName() != "acquire_screen":
        place = place.parentWidget()
    return place or widget
