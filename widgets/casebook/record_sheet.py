"""One record of the chosen row: what is recorded can be read, what is empty written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.casework.record import Field, missing_sentence
from app.workbench.recording import FieldLine, RecordSheet
from widgets.casebook.fields import Editor, Fold, editor, grouped, text_of
from widgets.common.parts import button, form, label, row

PickLists = Mapping[str, tuple[str, ...]]
AskCorrection = Callable[[RecordSheet, FieldLine], None]


class SheetView(Fold):
    """Its fields are made when it is first unfolded; ``correct`` is called to change one."""

    def __init__(
        self, sheet: RecordSheet, picks: PickLists, *, writable: bool, correct: AskCorrection
    ) -> None:
        self.sheet = sheet
        self._picks, self._correct = picks, correct
        self._writable = writable and sheet.own
        self.editors: dict[str, tuple[Field, Editor]] = {}
        self._built = False
        self.stops: list[QWidget] = []
        self.changed: Callable[[], None] = lambda: None
        name = f"sheet_{sheet.kind}{'' if sheet.record_id else '_new'}"
        super().__init__(name, sheet.title, self._build)
        lacking = len(sheet.missing)
        told = f"({lacking} required missing)" if lacking else ""
        self.stops.append(self.head)
        self.note(told if sheet.record_id else "(none yet)")

    @property
    def written(self) -> dict[str, str]:
        """What was written into empty fields, by key."""
        found = {key: text_of(made) for key, (_, made) in self.editors.items()}
        return {key: text for key, text in found.items() if text}

    def _build(self) -> None:
        if self._built:
            return
        self._built = True
        layout = QVBoxLayout(self.inside)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(6)
        says = missing_sentence(self.sheet.missing)
        if says:
            layout.addWidget(label(says, "amber", f"{self.objectName()}_missing", wrap=True))
        if not self.sheet.own:
            layout.addWidget(
                label("Another agency's record; it stays as it came.", "dim", wrap=True)
            )
        lines = {one.field.name: one for one in self.sheet.lines}
        groups = grouped(one.field for one in self.sheet.lines)
        for group, fields in groups.items():
            if len(groups) > 1:
                layout.addWidget(label(group, "dim"))
            rows = form()
            for of in fields:
                self._add(rows, lines[of.name])
            layout.addLayout(rows)
        self.changed()

    def _add(self, rows: QFormLayout, one: FieldLine) -> None:
        words = QLabel(one.field.label)
        words.setProperty("tone", "amber" if one.missing else "dim")
        words.setToolTip(one.field.help)
        words.setWordWrap(True)
        words.setFixedWidth(112)
        if one.recorded or not self._writable:
            rows.addRow(words, self._recorded(one))
            return
        made = editor(one.field, self._picks, "record")
        words.setBuddy(made)
        if one.value:  # it follows from something else; writing here settles it
            inside = made.lineEdit() if isinstance(made, QComboBox) else made
            if inside is not None:
                inside.setPlaceholderText(one.shown)
        self.editors[one.field.key] = (one.field, made)
        self.stops.append(made)
        rows.addRow(words, made)

    def _recorded(self, one: FieldLine) -> QWidget:
        value = label(one.shown or "unknown", "", f"recorded_{one.field.record}_{one.field.key}")
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setToolTip(one.shown[:400])
        value.setMinimumWidth(60)
        held = QWidget()
        held.setProperty("panel", True)
        if not one.recorded or not self._writable:
            held.setLayout(row(value))
            return held
        change = button(
            "",
            f"correct_{one.field.record}_{one.field.key}",
            f"Correct: {one.field.label}",
            lambda: self._correct(self.sheet, one),
            icon="mdi6.pencil-outline",
        )
        change.setProperty("flat", True)
        change.setAccessibleName(f"Correct {one.field.words}")
        self.stops.append(change)
        across = row(value, change)
        across.setStretch(0, 1)
        held.setLayout(across)
        return held
