"""Operations on the review clock, the board and its metrics."""

from __future__ import annotations

from app.workbench.base import Base


class Clocking(Base):
    """To be filled."""
