"""The registration form: most of it carried over from the last one; Enter saves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain import CaseheadError, Mark, MarkKind, Role
from app.workbench import Registration, Workbench
from app.workbench.intake import next_label
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row

_UNKNOWN = "unknown"


class RegistrationDrawer(Drawer):
    """``registered(mark, then_acquire)`` is called once everything is in the casebook."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, registered: Callable[[Mark, bool], None]
    ) -> None:
        super().__init__("registration", "Register a cartridge case")
        self._workbench, self._bridge, self._registered = workbench, bridge, registered
        lists = workbench.pick_lists()
        self._lines = {
            "case_number": line("case_number", "Case number", "2026-0412"),
            "title": line("title", "What the case is about", "optional"),
            "exhibit_number": line("exhibit_number", "Exhibit number", "3"),
            "label": line("label", "Label of the cartridge case", "3A"),
            "event_at": line("event_at", "Date of the event", "year-month-day"),
            "event_place": line("event_place", "Place of the event", "optional"),
            "firearm_make": line("firearm_make", "Make of the firearm", "where known"),
            "firearm_model": line("firearm_model", "Model of the firearm", "where known"),
            "firearm_serial": line("firearm_serial", "Serial number of the firearm", "where known"),
        }
        self._picks = {
            "calibre": _pick("calibre", "Calibre", lists["calibres"]),
            "firing_pin_shape": _pick(
                "firing_pin_shape", "Firing-pin shape", lists["firing_pin_shapes"]
            ),
            "breech_face_class": _pick(
                "breech_face_class", "Breech-face class", lists["breech_face_classes"]
            ),
            "event_kind": _pick("event_kind", "What happened", lists["event_kinds"]),
        }
        self._role = choice("role", "Where the cartridge case comes from", list(Role))
        self._mark = choice("mark_kind", "Mark to be acquired", list(MarkKind))
        self._says = label("", "amber", "registration_says", wrap=True)
        self._save = button("Save", "register", "Register (Enter)", self._enter, primary=True)
        self._on = button(
            "Save and acquire",
            "register_acquire",
            "Register and go to the camera (Ctrl+Enter)",
            lambda: self._submit(then_acquire=True),
        )
        self._build()

    def open_carrying_over(self) -> None:
        """Open with what was registered last; only the label is to be written."""
        self._says.setText("")
        self.show()
        self._bridge.run(self._workbench.last_registration, self._carry_over, owner=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            ahead = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._submit(then_acquire=ahead)
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        for title, rows in _SECTIONS:
            self.body.addWidget(label(title, "heading"))
            fields = form()
            for text, name in rows:
                add_row(fields, text, self._field(name))
            self.body.addLayout(fields)
        self.body.addStretch(1)
        self.foot.addWidget(self._says)
        self.foot.addLayout(row(self._save, self._on))

    def _field(self, name: str) -> QWidget:
        if name == "role":
            return self._role
        if name == "mark_kind":
            return self._mark
        return self._lines.get(name) or self._picks[name]

    def _carry_over(self, last: Registration | None) -> None:
        if last is not None:
            for name, field in self._lines.items():
                field.setText(getattr(last, name))
            for name, pick in self._picks.items():
                pick.setCurrentText(getattr(last, name))
            self._role.setCurrentText(last.role)
            self._mark.setCurrentText(last.mark_kind)
            self._lines["label"].setText(next_label(last.label))
        first = self._lines["case_number" if last is None else "label"]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    def _enter(self) -> None:
        self._submit(then_acquire=False)

    def _submit(self, *, then_acquire: bool) -> None:
        if not self._save.isEnabled():
            return
        self._set_waiting(True)
        wanted = self._filled_in()
        self._bridge.run(
            lambda: self._workbench.register(wanted),
            lambda mark: self._done(mark, then_acquire),
            self._refused,
            owner=self,
        )

    def _filled_in(self) -> Registration:
        texts = {name: field.text() for name, field in self._lines.items()}
        texts |= {name: pick.currentText() for name, pick in self._picks.items()}
        return Registration(
            role=Role(self._role.currentText()),
            mark_kind=MarkKind(self._mark.currentText()),
            **texts,
        )

    def _done(self, mark: Mark, then_acquire: bool) -> None:
        self._set_waiting(False)
        self.close_drawer()
        self._registered(mark, then_acquire)

    def _refused(self, error: CaseheadError) -> None:
        self._set_waiting(False)
        self._says.setText(str(error))
        for name in ("case_number", "exhibit_number", "label"):
            field = self._lines[name]
            if not field.text().strip():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _set_waiting(self, waiting: bool) -> None:
        self._says.setText("")
        for made in (self._save, self._on):
            made.setEnabled(not waiting)


_SECTIONS = (
    (
        "Cartridge case",
        (
            ("Case &number", "case_number"),
            ("&Title", "title"),
            ("&Exhibit", "exhibit_number"),
            ("&Label", "label"),
            ("&Role", "role"),
            ("&Mark", "mark_kind"),
        ),
    ),
    (
        "Class characteristics",
        (
            ("&Calibre", "calibre"),
            ("Firing &pin", "firing_pin_shape"),
            ("&Breech face", "breech_face_class"),
        ),
    ),
    (
        "Event",
        (("&What", "event_kind"), ("&Date", "event_at"), ("Pl&ace", "event_place")),
    ),
    (
        "Firearm",
        (("Ma&ke", "firearm_make"), ("M&odel", "firearm_model"), ("&Serial", "firearm_serial")),
    ),
)


def _pick(name: str, what: str, entries: tuple[str, ...]) -> QComboBox:
    return choice(name, what, entries, editable=True, empty=_UNKNOWN)
