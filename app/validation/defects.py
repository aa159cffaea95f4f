"""What went wrong inside the software during a run: a sentence for people, the rest in a file."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

ERRORS: Final = "errors.log"


@dataclass(slots=True, eq=False)
class Defects:
    """Errors nobody foresaw: one file's, or one pair's, and no reason to end a run of hours.

    Safe from any thread.
    """

    folder: Path
    sentences: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def told(self, what: str, error: Exception) -> str:
        """Keep the traceback in the folder's log; the sentence that stands in the results."""
        report = "".join(traceback.format_exception(error))
        short = f"{what}: Something went wrong inside Casehead ({type(error).__name__}: {error})"
        with self._lock:
            sentence = f"{short}; {self._kept(what, report)}"
            self.sentences.append(sentence)
        return sentence

    def _kept(self, what: str, report: str) -> str:
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            with (self.folder / ERRORS).open("a", encoding="utf-8") as log:
                log.write(f"{stamp} {what}\n{report}\n")
        except OSError as refusal:
            return f"its log {ERRORS} could not be written ({refusal.strerror or refusal})."
        return f"the details are in {ERRORS}: please report them."
