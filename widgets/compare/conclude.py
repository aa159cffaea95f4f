"""The examiner's conclusion on the laboratory's scale. Nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import Conclusion

if TYPE_CHECKING:
    from app.workbench import ConclusionScale

NOTHING_CHOSEN = "Choose a value of the scale first; nothing was recorded."


class ConcludePanel(QWidget):
    """Values of the scale, reasons, and what was concluded before."""

    def __init__(self, record: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("conclude_panel")
        self._scale: ConclusionScale | None = None
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda: self._explain())
        self._values = QVBoxLayout()
        self._values.setSpacing(2)
        self._explanation = hint("")
        self._explanation.setObjectName("value_explanation")
        self._reasons = QPlainTextEdit()
        self._reasons.setObjectName("reasons")
        self._reasons.setPlaceholderText("Reasons: what agrees, what differs, and where")
        self._reasons.setTabChangesFocus(True)
        self._reasons.setFixedHeight(62)
        self._record = QPushButton("Record conclusion")
        self._record.setObjectName("record_conclusion")
        self._record.setProperty("primary", True)
        self._record.clicked.connect(lambda: record())
        self._said = hint("")
        self._said.setObjectName("conclude_says")
        self._earlier = hint("")
        self._earlier.setObjectName("earlier_conclusions")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._title = heading("Conclude")
        layout.addWidget(self._title)
        layout.addLayout(self._values)
        for widget in (
            self._explanation,
            self._reasons,
            self._record,
            self._said,
            self._earlier,
        ):
            layout.addWidget(widget)

    @property
    def chosen(self) -> str | None:
        """The key of the value chosen, None without one."""
        button = self._group.checkedButton()
        return None if button is None else str(button.property("key"))

    @property
    def reasons(self) -> str:
        """What the examiner wrote."""
        return self._reasons.toPlainText()

    def set_scale(self, scale: ConclusionScale) -> None:
        """Offer these values."""
        if self._scale == scale:
            return
        self._scale = scale
        self._title.setText(f"Conclude on the {scale.name} scale")
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._values.removeWidget(button)
            button.deleteLater()
        for value in scale.values:
            button = QRadioButton(value.label)
            button.setObjectName(f"value_{value.key}")
            button.setProperty("key", value.key)
            button.setToolTip(value.explanation)
            self._group.addButton(button)
            self._values.addWidget(button)

    def reset(self) -> None:
        """Nothing chosen, nothing written, nothing said."""
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(False)
        self._group.setExclusive(True)
        self._reasons.clear()
        self._explanation.hide()
        self.say("")

    def say(self, sentence: str) -> None:
        """A sentence under the button."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def set_recording(self, possible: bool, why_not: str = "") -> None:
        """Whether something can be recorded now; if not, say why."""
        self._record.setEnabled(possible)
        if why_not:
            self.say(why_not)

    def show_earlier(self, conclusions: tuple[Conclusion, ...]) -> None:
        """What was concluded before, newest first; only the newest is in force."""
        lines = [self._line(c, index == 0) for index, c in enumerate(reversed(conclusions))]
        self._earlier.setText("<br>".join(lines))
        self._earlier.setVisible(bool(lines))

    def take_focus(self) -> None:
        """The keyboard goes to the values, without choosing one."""
        buttons = self._group.buttons()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _explain(self) -> None:
        button = self._group.checkedButton()
        self._explanation.setText("" if button is None else button.toolTip())
        self._explanation.setVisible(button is not None)
        self.say("")

    def _line(self, conclusion: Conclusion, in_force: bool) -> str:
        labels = {v.key: v.label for v in self._scale.values} if self._scale else {}
        label = escape(labels.get(conclusion.value, conclusion.value))
        who = conclusion.author
        by = f"{who.examiner}, {who.agency}" if who else "unknown"
        at = conclusion.recorded_at.replace("T", " ").replace("+00:00", " UTC")
        reasons = f"<br>{escape(conclusion.reasons)}" if conclusion.reasons else ""
        label = f"<b>{label}</b>" if in_force else f"{label} (superseded)"
        return f"<p>{label}<br>{escape(by)}, {escape(at)}{reasons}</p>"


def heading(text: str) -> QLabel:
    """The title of a panel."""
    label = QLabel(text)
    label.setProperty("tone", "heading")
    return label


def hint(text: str) -> QLabel:
    """Small explaining text that wraps."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    label.setProperty("tone", "dim")
    if not text:
        label.hide()
    return label
