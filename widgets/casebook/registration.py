"""The registration form: most of it carried over from the last one; Enter saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from app.casework.moments import shown_moment
from app.casework.record import Field, MissingError, record_fields
from app.domain import CaseheadError, Mark, MarkKind, Role
from app.workbench import Registration, Workbench
from app.workbench.intake import next_label
from widgets.bridge import Bridge
from widgets.casebook.fields import Editor, Fold, editor, fill, grouped, take_focus, text_of, write
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row

_UNKNOWN = "unknown"


class RegistrationDrawer(Drawer):
    """``registered(mark, then_acquire)`` is called once everything is in the casebook."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, registered: Callable[[Mark, bool], None]
    ) -> None:
        super().__init__("registration", "Register a cartridge case")
        self._workbench, self._bridge, self._registered = workbench, bridge, registered
        self._lists = workbench.pick_lists()
        self._lines = {
            "case_number": line("case_number", "Case number", "2026-0412"),
            "title": line("title", "What the case is about", "optional"),
            "exhibit_number": line("exhibit_number", "Exhibit number", "3"),
            "label": line("label", "Label of the cartridge case", "3A"),
            "event_at": line("event_at", "Date of the event", "year-month-day"),
            "event_place": line("event_place", "Place of the event", "street, town"),
            "firearm_make": line("firearm_make", "Make of the firearm", "where known"),
            "firearm_model": line("firearm_model", "Model of the firearm", "where known"),
            "firearm_serial": line("firearm_serial", "Serial number of the firearm", "where known"),
        }
        self._picks = {
            "calibre": self._pick("calibre", "Calibre", "calibres"),
            "firing_pin_shape": self._pick(
                "firing_pin_shape", "Firing-pin shape", "firing_pin_shapes"
            ),
            "breech_face_class": self._pick(
                "breech_face_class", "Breech-face class", "breech_face_classes"
            ),
            "event_kind": self._pick("event_kind", "What happened", "event_kinds"),
        }
        self._role = choice("role", "Where the cartridge case comes from", list(Role))
        self._mark = choice("mark_kind", "Mark to be acquired", list(MarkKind))
        self._facts: dict[str, tuple[Field, Editor]] = {}
        self._carried: Mapping[str, str] = {}
        self.more = Fold("registration_more", "More fields")
        self._save = button("Save", "register", "Register (Enter)", self._enter, primary=True)
        self._on = button(
            "Save and acquire",
            "register_acquire",
            "Register and go to the camera (Ctrl+Enter)",
            lambda: self._submit(then_acquire=True),
        )
        self._build()
        for name in ("firearm_make", "firearm_model", "firearm_serial"):
            self._lines[name].textEdited.connect(lambda _: self._other_firearm())

    def open_carrying_over(self) -> None:
        """Open with what was registered last; only the label is to be written."""
        self._say("")
        self.show()
        self._bridge.run(self._workbench.last_registration, self._carry_over, owner=self)
        self._bridge.run(self._workbench.pick_lists, self._renew_lists, owner=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            ahead = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._submit(then_acquire=ahead)
        else:
            super().keyPressEvent(event)

    def _pick(self, name: str, what: str, listed: str) -> QComboBox:
        return choice(name, what, self._lists[listed], editable=True, empty=_UNKNOWN)

    def _build(self) -> None:
        for title, rows in _SECTIONS:
            self.body.addWidget(label(title, "heading"))
            fields = form()
            for text, name in rows:
                add_row(fields, text, self._field(name))
            self.body.addLayout(fields)
            if title == "Event":
                self._add_always(fields)
        self._build_more()
        self.body.addWidget(self.more)
        self.body.addStretch(1)
        self.foot.addLayout(row(self._save, self._on))

    def _add_always(self, fields: QFormLayout) -> None:
        """What is required and has no place of its own stands in sight."""
        for one in record_fields().all:
            if _in_sight(one):
                add_row(fields, "Entr&y reason", self._fact(one))

    def _build_more(self) -> None:
        layout = form()
        layout.setContentsMargins(0, 0, 0, 8)
        wanted = (one for one in record_fields().all if one.form and not _in_sight(one))
        for group, fields in grouped(wanted).items():
            layout.addRow(label(group, "dim"))
            for one in fields:
                add_row(layout, one.label, self._fact(one))
        self.more.inside.setLayout(layout)

    def _fact(self, of: Field) -> Editor:
        made = editor(of, self._lists, "new")
        self._facts[of.name] = (of, made)
        return made

    def _field(self, name: str) -> QWidget:
        if name == "role":
            return self._role
        if name == "mark_kind":
            return self._mark
        return self._lines.get(name) or self._picks[name]

    def _carry_over(self, last: Registration | None) -> None:
        if last is not None:
            for name, field in self._lines.items():
                text = getattr(last, name)
                field.setText(shown_moment(text) if name == "event_at" else text)
            for name, pick in self._picks.items():
                pick.setCurrentText(getattr(last, name))
            for name, (of, made) in self._facts.items():
                fill(made, of, last.facts.get(name, ""))
            self._role.setCurrentText(last.role)
            self._mark.setCurrentText(last.mark_kind)
            self._lines["label"].setText(next_label(last.label))
            self._carried = {name: text_of(made) for name, (_, made) in self._facts.items()}
        self._note_more()
        take_focus(self._lines["case_number" if last is None else "label"])

    def _other_firearm(self) -> None:
        """What was carried over, mostly out of sight, was said of the firearm before."""
        for name, (of, made) in self._facts.items():
            if of.record == "firearm" and text_of(made) == self._carried.get(name):
                write(made, "")
        self._note_more()

    def _renew_lists(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        """What the laboratory added meanwhile is offered, too; what is written stays."""
        if lists == self._lists:
            return
        self._lists = lists
        for of, made in self._facts.values():
            if of.list and isinstance(made, QComboBox):
                written = made.currentText()
                made.clear()
                made.addItems(["", *lists.get(of.list, ())])
                made.setCurrentText(written)

    def _note_more(self) -> None:
        filled = sum(bool(text_of(made)) for of, made in self._facts.values() if not _in_sight(of))
        self.more.note(f"({filled} filled in)" if filled else "")

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
        facts = {name: text_of(made) for name, (_, made) in self._facts.items()}
        return Registration(
            role=Role(self._role.currentText()),
            mark_kind=MarkKind(self._mark.currentText()),
            **texts,
            facts={name: text for name, text in facts.items() if text},
        )

    def _done(self, mark: Mark, then_acquire: bool) -> None:
        self._set_waiting(False)
        self.close_drawer()
        self._registered(mark, then_acquire)

    def _refused(self, error: CaseheadError) -> None:
        self._set_waiting(False)
        self._say(str(error))
        self._note_more()
        for name in error.names if isinstance(error, MissingError) else ():
            found = self._editor_of(name)
            if found is not None:
                take_focus(found)
                return

    def _editor_of(self, name: str) -> Editor | None:
        """Where a field of the record is written; what is folded away is unfolded."""
        if name in self._facts:
            of, made = self._facts[name]
            if not _in_sight(of):
                self.more.unfold()
            return made
        own = _NAMES.get(name, "")
        if own == "role":
            return self._role
        return self._lines.get(own) or self._picks.get(own)

    def _set_waiting(self, waiting: bool) -> None:
        self._say("")
        for made in (self._save, self._on):
            made.setEnabled(not waiting)


def _in_sight(of: Field) -> bool:
    return of.name == "exhibit.entry_reason"


_NAMES = {
    "case.number": "case_number",
    "exhibit.number": "exhibit_number",
    "event.kind": "event_kind",
    "event.happened_at": "event_at",
    "event.place": "event_place",
    "firearm.make": "firearm_make",
    "firearm.model": "firearm_model",
    "firearm.serial": "firearm_serial",
    "cartridge_case.label": "label",
    "cartridge_case.role": "role",
    "cartridge_case.calibre": "calibre",
    "cartridge_case.firing_pin_shape": "firing_pin_shape",
    "cartridge_case.breech_face_class": "breech_face_class",
}
"""Where a field of the record is on the form."""

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
