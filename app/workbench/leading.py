"""Operations on reviews of searches, leads, hits and notices."""

from __future__ import annotations

from app.workbench.base import Base


class Leading(Base):
    """To be filled."""
