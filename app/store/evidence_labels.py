"""Evidence labels as read from a code: which cartridge case each is on."""

from __future__ import annotations

import json

from app.domain import CaseheadError, now
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
            self._remember(_OF + text, cartridge_case_id)
            self._remember(_ON + cartridge_case_id, text)

    def labelled(self, text: str) -> str | None:
        """The id of the cartridge case the label is on; None when it was never told."""
        return self._remembered(_OF + text)

    def label_on(self, cartridge_case_id: str) -> str:
        """The newest label told of a cartridge case, nothing when there is none."""
        return self._remembered(_ON + cartridge_case_id) or ""

    def _remembered(self, key: str) -> str | None:
        found = self._connection.row("SELECT value FROM setting WHERE key = ?", (key,))
        return str(json.loads(found[0])) if found else None

    def _remember(self, key: str, value: str) -> None:
        self._connection.run(
            "INSERT INTO setting (key, value, changed_at) VALUES (?, ?, ?) ON CONFLICT (key) "
            "DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
            (key, json.dumps(value), now()),
        )
