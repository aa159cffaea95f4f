"""The drawer in which a qualified person lets an instrument be used again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from app.domain import CaseheadError, Optics
from app.instruments import InstrumentRelease
from app.workbench import Workbench
from app.workbench.instrument import NOBODY_NAMED
from widgets.bridge import Bridge
from widgets.common.parts import Drawer, add_row, button, choice, form, label, line, row


class SignDrawer(Drawer):
    """Name, standing and reason are all kept, with who worked at the station and when."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__("sign_instrument", "Sign for the instrument", says="sign_says")
        self._workbench, self._bridge = workbench, bridge
        self._optics = Optics("")
        self._why = label("", "amber", "sign_why", wrap=True)
        self._who_may = label("", "dim", "sign_who_may", wrap=True)
        self.signer = choice("sign_signer", "Who signs", (), editable=True)
        self.standing = line("sign_standing", "What qualifies the signer", "quality manager")
        self.reason = QPlainTextEdit()
        self.reason.setObjectName("sign_reason")
        self.reason.setAccessibleName("What was found and done")
        self.reason.setPlaceholderText(
            "What was found and done, for example: lamp replaced, checked again, within limits"
        )
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(110)
        self._sign = button(
            "Sign",
            "sign_keep",
            "Let the instrument be used again; the signature stays on the record",
            self.sign,
            primary=True,
        )
        fields = form()
        add_row(fields, "Si&gner", self.signer)
        add_row(fields, "&Standing", self.standing)
        self.body.addWidget(self._why)
        self.body.addWidget(self._who_may)
        self.body.addLayout(fields)
        self.body.addWidget(label("What was found and done", "dim"))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)
        self.foot.addLayout(row(self._sign, stretch_last=True))

    def open_for(self, optics: Optics, why: str, qualified: tuple[str, ...]) -> None:
        """Ask for the signature of an instrument that is locked because of ``why``."""
        self._optics = optics
        self._why.setText(why)
        self._who_may.setText(f"May sign: {', '.join(qualified)}." if qualified else NOBODY_NAMED)
        self.signer.clear()
        self.signer.addItems(["", *qualified])
        self.standing.clear()
        self.reason.clear()
        self._say("")
        self._sign.setEnabled(True)
        self.show()
        self.signer.setFocus(Qt.FocusReason.OtherFocusReason)

    def sign(self) -> None:
        """Keep the signature."""
        optics, signer = self._optics, self.signer.currentText()
        standing, reason = self.standing.text(), self.reason.toPlainText()
        self._sign.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.sign_instrument(optics, signer, standing, reason),
            self._signed,
            self._refused,
            owner=self,
        )

    def _signed(self, release: InstrumentRelease) -> None:
        self.close_drawer()
        self._bridge.tell(f"Signed by {release.signer}; {self._optics.words} may be used again.")

    def _refused(self, error: CaseheadError) -> None:
        self._sign.setEnabled(True)
        self._say(str(error))
