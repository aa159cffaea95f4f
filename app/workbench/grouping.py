"""Operations on gun groups."""

from __future__ import annotations

from app.workbench.base import Base


class Grouping(Base):
    """To be filled."""
