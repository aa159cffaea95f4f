"""The examiner's conclusion on the laboratory's scale. Nothing is chosen beforehand.

What the rules of the scale still ask for is listed while it is written, a sentence each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import CaseheadError, Conclusion
from widgets.compare.desk.noting import noted_of
from widgets.compare.panels.conclude_parts import (
    Choice,
    ExaminedBox,
    OfferBox,
    choice_button,
    heading,
    hint,
    list_in,
    named,
    pad,
)

if TYPE_CHECKING:
    from app.workbench import ConclusionScale, Draft, Noted, ScaleValue
    from widgets.compare.desk import Desk

NOTHING_CHOSEN = "Choose a value of the scale first."
NOTHING_RECORDED = "Nothing was recorded; see what is still missing."
RECORD_KEY = "Ctrl+Return"
OFFERS = "class differences"
"""What a basis of the scale offers in its data to be written into the reasons."""


class ConcludePanel(QWidget):
    """Values of the scale, what they rest on, reasons, the examination; what was said before."""

    def __init__(self, record: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("conclude_panel")
        self._scale: ConclusionScale | None = None
        self._noted = _nothing_noted()
        self._possible = True
        self._why_not = ""
        self._ask = record
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda: self._chose())
        self._values = QVBoxLayout()
        self._values.setSpacing(2)
        self._title = heading("Conclude")
        self._explanation = named(hint(""), "value_explanation")
        self._basis = Choice("basis", self._changed)
        self._basis_reason_label = named(hint(""), "basis_reason_label")
        self._basis_reason = pad("basis_reason", "Why this is justified here", self._changed)
        self._reasons = pad(
            "reasons", "Reasons: what agrees, what differs, and where", self._changed, 62
        )
        self._subclass = pad(
            "subclass_excluded", "Why no subclass influence misleads here", self._changed
        )
        self._offer = OfferBox(self._take_differences)
        self._cautions = named(hint("", "amber"), "conclude_cautions")
        self._examined = ExaminedBox(self._changed)
        self._warnings = named(hint("", "amber"), "conclude_warnings")
        self._missing = named(hint("", "amber"), "conclude_missing")
        self._record = QPushButton("Record conclusion")
        self._record.setObjectName("record_conclusion")
        self._record.setProperty("primary", True)
        self._record.clicked.connect(lambda: self._try())
        for key in (RECORD_KEY, "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._try)
        self._said = named(hint(""), "conclude_says")
        self._earlier = named(hint(""), "earlier_conclusions")
        self._manner = named(hint("", "amber"), "conclude_manner")
        self._lay_out()
        self._changed()

    @property
    def chosen(self) -> str | None:
        """The key of the value chosen, None without one."""
        button = self._group.checkedButton()
        return None if button is None else str(button.property("key"))

    @property
    def reasons(self) -> str:
        """What the examiner wrote."""
        return self._reasons.toPlainText()

    @property
    def draft(self) -> Draft:
        """All that is filled in, as it would be recorded."""
        from app.workbench import Draft

        examined = self._examined
        return Draft(
            self.chosen or "",
            self.reasons,
            self._basis.chosen,
            self._basis_reason.toPlainText(),
            examined.physically,
            examined.by,
            examined.at,
            self._subclass.toPlainText(),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """What the rules of the scale still ask for, a sentence each."""
        if self._scale is None:
            return (NOTHING_CHOSEN,)
        try:
            return self._scale.missing(self.draft, noted=self._noted)
        except CaseheadError as error:
            return (str(error),)

    def set_scale(self, scale: ConclusionScale) -> None:
        """Offer these values."""
        if self._scale == scale:
            return
        self._scale = scale
        self.set_manner(self._manner.text())
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._values.removeWidget(button)
            button.deleteLater()
        for value in scale.values:
            button = choice_button(f"value_{value.key}", value.key, value.label)
            button.setToolTip(value.explanation)
            self._group.addButton(button)
            self._values.addWidget(button)
        self._chose()

    def set_manner(self, verifying: str) -> None:
        """What is given here is a verification, in the manner these words say; "" a conclusion."""
        what = "verification" if verifying else "conclusion"
        scale = f" on the {self._scale.name} scale" if self._scale else ""
        self._title.setText(f"{'Verify' if verifying else 'Conclude'}{scale}")
        self._manner.setText(verifying)
        self._manner.setVisible(bool(verifying))
        self._record.setText(f"Record {what}")
        self._record.setToolTip(f"Record the {what} (Ctrl+Enter); earlier ones stay")

    def set_examiner(self, name: str) -> None:
        """Who works here: offered as the one who examined the specimens, today."""
        self._examined.offer(name, datetime.now().astimezone().date().isoformat())

    def reset(self) -> None:
        """Nothing chosen, nothing written, nothing said."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)
        self._reasons.clear()
        self._basis_reason.clear()
        self._subclass.clear()
        self._examined.reset()
        self._chose()

    def say(self, sentence: str) -> None:
        """A sentence under the button; without one, why nothing can be recorded, if so."""
        sentence = sentence or self._why_not
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def set_recording(self, possible: bool, why_not: str = "") -> None:
        """Whether something can be recorded now; if not, say why."""
        self._possible = possible
        self._record.setEnabled(possible)
        self._why_not = why_not
        if why_not:
            self.say(why_not)

    def show_earlier(self, conclusions: tuple[Conclusion, ...]) -> None:
        """What was concluded before, newest first; only the newest is in force."""
        lines = [self._line(c, index == 0) for index, c in enumerate(reversed(conclusions))]
        self._earlier.setText("<br>".join(lines))
        self._earlier.setVisible(bool(lines))

    def show_desk(self, desk: Desk) -> None:
        """A conclusion is about the pair, however it is seen; what is noted of it bears on it."""
        self.show_noted(noted_of(desk))

    def show_noted(self, noted: Noted) -> None:
        """What was noted of the pair: flags, differences of class."""
        if noted != self._noted:
            self._noted = noted
            self._changed(keep_said=True)

    def take_focus(self) -> None:
        """The keyboard goes to the values, without choosing one."""
        buttons = self._group.buttons()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addWidget(self._manner)
        layout.addLayout(self._values)
        for widget in (
            self._explanation,
            self._offer,
            self._basis,
            self._basis_reason_label,
            self._basis_reason,
            self._reasons,
            self._subclass,
            self._examined,
            self._cautions,
            self._warnings,
            self._missing,
            self._record,
            self._said,
            self._earlier,
        ):
            layout.addWidget(widget)

    def _try(self) -> None:
        """Record, or say why not and go to what is missing."""
        if not self._possible:
            return
        if self.missing:
            self.say(NOTHING_CHOSEN if self.chosen is None else NOTHING_RECORDED)
            self._go_to_missing()
            return
        self._ask()

    def _go_to_missing(self) -> None:
        draft = self.draft
        if not draft.value:
            self.take_focus()
        elif self._basis.isVisible() and not draft.basis:
            self._basis.take_focus()
        elif self._basis_reason.isVisible() and not draft.basis_reason.strip():
            self._basis_reason.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not draft.reasons.strip():
            self._reasons.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._subclass.isVisible() and not draft.subclass_excluded.strip():
            self._subclass.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._examined.take_focus()

    def _value(self) -> ScaleValue | None:
        return self._scale.value(self.chosen) if self._scale and self.chosen else None

    def _chose(self) -> None:
        value = self._value()
        self._explanation.setText(value.explanation if value else "")
        self._explanation.setVisible(value is not None)
        self._basis.show_choice(value.basis if value else None)
        self._changed()

    def _take_differences(self) -> None:
        """The examiner takes the differences over: into the reasons, as what it rests on."""
        value = self._value()
        options = value.basis.options if value and value.basis else ()
        offering = next((option for option in options if option.offers == OFFERS), None)
        if offering is None:
            return
        self._basis.choose(offering.key)
        written, sentence = self.reasons.strip(), self._noted.difference_sentence
        if sentence not in written:
            self._reasons.setPlainText(f"{written}\n{sentence}".strip())
        self._changed()

    def _show_noted(self, value: ScaleValue | None) -> None:
        """What the scale asks and offers because of the notes."""
        scale, draft = self._scale, self.draft
        asked = scale is not None and scale.asks(draft, "subclass_excluded", self._noted)
        self._subclass.setVisible(asked)
        options = value.basis.options if value and value.basis else ()
        offered = any(option.offers == OFFERS for option in options)
        self._offer.show_offer(self._noted.difference_sentence, offered=offered)
        cautions = scale.cautions(draft, self._noted) if scale is not None and value else ()
        list_in(self._cautions, "Worth considering:", cautions)

    def _changed(self, *, keep_said: bool = False) -> None:
        from app.workbench import language_warnings

        value, draft = self._value(), self.draft
        option = value.basis.option(draft.basis) if value and value.basis else None
        asked = option.reason if option else ""
        self._basis_reason_label.setText(asked)
        if asked:
            self._basis_reason.setAccessibleName(asked)
        for widget in (self._basis_reason_label, self._basis_reason):
            widget.setVisible(bool(asked))
        self._show_noted(value)
        texts = (draft.reasons, draft.basis_reason if asked else "", draft.subclass_excluded)
        list_in(self._warnings, "Worth rewording:", language_warnings(*texts))
        list_in(self._missing, "Still missing:", self.missing if value else ())
        if not keep_said:
            self.say("")

    def _line(self, conclusion: Conclusion, in_force: bool) -> str:
        scale = self._scale
        label = escape(scale.label(conclusion.value) if scale else conclusion.value)
        who = conclusion.author
        by = f"{who.examiner}, {who.agency}" if who else "unknown"
        at = conclusion.recorded_at.replace("T", " ").replace("+00:00", " UTC")
        label = f"<b>{label}</b>" if in_force else f"{label} (superseded)"
        said = (conclusion.reasons, *(scale.said(conclusion) if scale else ()))
        rest = "".join(f"<br>{escape(text)}" for text in said if text)
        return f"<p>{label}<br>{escape(by)}, {escape(at)}{rest}</p>"


def _nothing_noted() -> Noted:
    from app.workbench import Noted

    return Noted()


__all__ = ["NOTHING_CHOSEN", "ConcludePanel", "heading", "hint"]
