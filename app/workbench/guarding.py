"""Operations on the journal, backups and the integrity check."""

from __future__ import annotations

from app.workbench.base import Base


class Guarding(Base):
    """To be filled."""
