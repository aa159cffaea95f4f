"""Evidence labels as read from a code: which cartridge case each is on."""

from __future__ import annotations

from app.domain import CaseheadError
from app.store.records import Records

_OF = "label."
_ON = "label-on."


class EvidenceLabels(Records):
    """A label told is in the journal; a setting finds it again."""

    def tell_label(self, text: str, cartridge_case_id: str) -> None:
        """Record that the label of this text is on that cartridge case; again changes nothing.

        A cartridge case may have several labels, the newest is the one ``label_on`` tells.
        Raises CaseheadError when the label is on another cartridge case.
        """
        with self.transaction():
            held = self.labelled(text)
            if held is not None and held != cartridge_case_id:
                raise CaseheadError(f"The label '{text}' is on another cartridge case already.")
            if held == cartridge_case_id:
                return
            self._tell("evidence label told", cartridge_case_id, {"text": text})
            self._set_setting(_OF + text, cartridge_case_id)
            self._set_setting(_ON + cartridge_case_id, text)

    def labelled(self, text: str) -> str | None:
        """The id of the cartridge case the label is on; None when it was never told."""
        found: str | None = self._setting(_OF + text)
        return found

    def label_on(self, cartridge_case_id: str) -> str:
        """The newest label told of a cartridge case, nothing when there is none."""
        return str(self._setting(_ON + cartridge_case_id, ""))
