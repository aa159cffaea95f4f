"""The page on which somebody changes the own password."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import add_row, button, form, label, row
from widgets.start import in_the_middle, secret

_RULES = "10 characters or more, not your name, and none of your last 10 passwords."


class PasswordPage(QWidget):
    """The old one, the new one twice; ``leave`` is called when it is changed or left.

    Where it must be changed, the only other way is ``sign_out``.
    """

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        leave: Callable[[], None],
        sign_out: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("password_page")
        self._workbench, self._bridge, self._leave = workbench, bridge, leave
        self._sign_out = sign_out
        self.must = False
        self._tells = label("", "dim", "password_tells", wrap=True)
        self.old = secret("password_old", "Password so far")
        self.new = secret("password_new", "New password")
        self.again = secret("password_again", "The new password again")
        self._says = label("", "amber", "password_says", wrap=True)
        self._change = button(
            "Change", "password_change", "Use the new password from now on (Enter)", self._go,
            primary=True,
        )  # fmt: skip
        self._back = button("Back", "password_back", "Leave it as it is (Esc)", self._give_up)
        self._build()
        for field in self._fields():
            field.returnPressed.connect(self._go)
            field.textEdited.connect(lambda _: self._says.setText(""))

    def open_for(self, name: str, *, must: bool) -> None:
        """Ask; ``must`` has no way back but signing out."""
        why = f"{name}, an administrator set your password. Choose one that only you know. "
        self._tells.setText((why if must else "") + _RULES)
        self.must = must
        self._back.setText("Sign out" if must else "Back")
        self._back.setAccessibleName(self._back.text())
        for field in self._fields():
            field.clear()
        self._says.setText("")
        self._change.setEnabled(True)
        self.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """The keyboard goes to the first field."""
        self.old.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.old, self.new, self.again

    def _build(self) -> None:
        inside = in_the_middle(self)
        inside.addWidget(label("Change your password", "title"))
        inside.addWidget(self._tells)
        fields = form()
        add_row(fields, "&So far", self.old)
        add_row(fields, "&New", self.new)
        add_row(fields, "A&gain", self.again)
        inside.addLayout(fields)
        inside.addWidget(self._says)
        ways = row(self._back, self._change)
        ways.setStretch(1, 1)
        inside.addLayout(ways)

    def _give_up(self) -> None:
        if self.must:
            self._sign_out()
        else:
            self._leave()

    def _go(self) -> None:
        old, new = self.old.text(), self.new.text()
        if new != self.again.text():
            self._says.setText("The two new passwords differ; write the same one twice.")
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._change.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.change_password(old, new),
            lambda _: self._changed(),
            self._refused,
            owner=self,
        )

    def _changed(self) -> None:
        for field in self._fields():
            field.clear()
        self._bridge.tell("The password is changed.")
        self._leave()

    def _refused(self, error: CaseheadError) -> None:
        self._change.setEnabled(True)
        self._says.setText(str(error))
        self.take_focus()
