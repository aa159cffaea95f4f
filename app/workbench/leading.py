"""Operations on reviews of searches, leads, hits and notices."""

from __future__ import annotations

from app.workbench.noticing import Noticing
from app.workbench.phrases import language_warnings


class Leading(Noticing):
    """Reviews of lists, leads, links between cases and notices, all together."""

    def language_warnings(self, *texts: str) -> tuple[str, ...]:
        """A sentence for each thing in free texts that must not be written so (R20)."""
        return language_warnings(*texts)
