"""Operations on trace requests."""

from __future__ import annotations

from app.workbench.base import Base


class Tracing(Base):
    """To be filled."""
