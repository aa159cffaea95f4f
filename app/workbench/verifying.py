"""Operations on verifications."""

from __future__ import annotations

from app.workbench.base import Base


class Verifying(Base):
    """To be filled."""
