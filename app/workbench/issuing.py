"""Operations on reports and packages."""

from __future__ import annotations

from app.workbench.base import Base


class Issuing(Base):
    """To be filled."""
