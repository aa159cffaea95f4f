"""The drawer with the form of a trace request: what the record knows is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.casework.trace_form import Field, Form
from app.casework.traces import TraceRequest
from app.domain import CaseheadError
from app.workbench import Workbench, language_warnings
from widgets import theme
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, button, choice, label, line, row

_TEXT_PX = 58
_WIDTH = 430


class TraceForm(Drawer):
    """What was written stays until it is recorded; what is still missing is said all the time."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, recorded: Callable[[TraceRequest], None]
    ) -> None:
        super().__init__("trace_form", "Trace request", _WIDTH)
        self._workbench, self._bridge, self._recorded = workbench, bridge, recorded
        self._form: Form = workbench.trace_form()
        self._request: TraceRequest | None = None
        self._filling = False
        self.fields: dict[str, QWidget] = {}
        self._labels: dict[str, QWidget] = {}
        self._gun = label("", "", "trace_form_gun", wrap=True)
        self._raised = label("", "amber", "trace_form_raised", wrap=True)
        self._lacks = label("", "dim", "trace_form_lacks", wrap=True)
        self._keep = button(
            "Record request",
            "trace_form_keep",
            "Record the request; it is then due to be sent (Ctrl+Enter)",
            self.submit,
            primary=True,
        )
        self._build()

    @property
    def values(self) -> dict[str, str]:
        """What is filled in now, by field."""
        return {key: _value(widget) for key, widget in self.fields.items()}

    def open_for(self, draft: TraceRequest, gun: str) -> None:
        """Fill the form in; an unfinished one for the same gun stays as it was left."""
        held = self._request
        same = held is not None and (held.firearm_id, held.replaces) == (
            draft.firearm_id,
            draft.replaces,
        )
        self._gun.setText(gun)
        self._raised.setText(draft.raised_by)
        self._raised.setVisible(bool(draft.raised_by))
        if not same:
            self._request = draft
            self._fill(draft.fields)
        self._keep.setEnabled(True)
        self._say("")
        self._look()
        self.show()
        self._first_lacking().setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Record what is filled in."""
        request = self._now()
        if request is None or not self._keep.isEnabled():
            return
        self._keep.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.request_trace(request), self._kept, self._refused, owner=self
        )

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.body.addWidget(self._gun)
        self.body.addWidget(self._raised)
        for key, title in self._form.groups:
            self.body.addWidget(label(title, "heading"))
            rows = QVBoxLayout()
            rows.setSpacing(2)
            for field in self._form.fields:
                if field.group == key:
                    self._add(rows, field)
            self.body.addLayout(rows)
        self.body.addWidget(label(self._form.unchecked, "dim", "trace_form_unchecked", wrap=True))
        self.foot.addWidget(self._lacks)
        self.foot.addLayout(row(self._keep, stretch_last=True))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            made = QShortcut(QKeySequence(keys), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(self.submit)

    def _add(self, rows: QVBoxLayout, field: Field) -> None:
        made = self._made(field)
        words = label(field.label, "dim", f"trace_{field.key}_label")
        words.setBuddy(made)
        rows.addWidget(words)
        rows.addWidget(made)
        self.fields[field.key], self._labels[field.key] = made, words

    def _made(self, field: Field) -> QWidget:
        name = f"trace_{field.key}"
        if field.codes is not None:
            made = choice(name, field.label, (), editable=bool(field.others))
            made.clear()
            made.addItem("", "")
            for code, words in field.codes.items():
                made.addItem(words if words.startswith(code) else f"{code}  {words}", code)
            made.currentTextChanged.connect(lambda _: self._look())
            return made
        if field.long:
            text = QPlainTextEdit()
            text.setObjectName(name)
            text.setAccessibleName(field.label)
            text.setTabChangesFocus(True)
            text.setFixedHeight(_TEXT_PX)
            text.textChanged.connect(self._look)
            return text
        written = line(name, field.label, "year-month-day" if field.is_date else "")
        written.textChanged.connect(lambda _: self._look())
        return written

    # --- filling ---------------------------------------------------------------------------
    def _fill(self, values: Mapping[str, str]) -> None:
        self._filling = True
        for key, widget in self.fields.items():
            _set(widget, values.get(key, ""))
        self._filling = False

    def _now(self) -> TraceRequest | None:
        request = self._request
        return replace(request, fields=self.values) if request is not None else None

    def _look(self) -> None:
        """Mark what is missing, warn of words that do not belong in a document."""
        request = self._now()
        if request is None or self._filling:
            return
        lacking = set(self._workbench.trace_lacks(request))
        for field in self._form.fields:
            lacks = field.label in lacking
            theme.set_tone(self._labels[field.key], "tone", "amber" if lacks else "dim")
        texts = [w.toPlainText() for w in self.fields.values() if isinstance(w, QPlainTextEdit)]
        told = [f"Still needed: {', '.join(sorted(lacking))}."] if lacking else []
        self._lacks.setText("\n".join((*told, *language_warnings(*texts))))
        self._lacks.setVisible(bool(self._lacks.text()))

    def _first_lacking(self) -> QWidget:
        request = self._now()
        lacking = set(self._workbench.trace_lacks(request)) if request is not None else set()
        found = (self.fields[f.key] for f in self._form.fields if f.label in lacking)
        return next(found, self.fields[self._form.fields[0].key])

    def _kept(self, request: TraceRequest) -> None:
        self._request = None
        self.close_drawer()
        self._bridge.tell("The trace request is recorded; send it and say so here.")
        self._recorded(request)

    def _refused(self, error: CaseheadError) -> None:
        self._keep.setEnabled(True)
        self._say(str(error))


def _value(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        known = widget.findText(widget.currentText())
        return str(widget.itemData(known)) if known >= 0 else widget.currentText().strip()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText().strip()
    assert isinstance(widget, QLineEdit)
    return widget.text().strip()


def _set(widget: QWidget, value: str) -> None:
    if isinstance(widget, QComboBox):
        known = widget.findData(value)
        widget.setCurrentIndex(max(known, 0))
        if known < 0 and widget.isEditable():
            widget.setEditText(value)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(value)
    elif isinstance(widget, QLineEdit):
        widget.setText(value)
