"""Operations on the fields of the record, corrections and custody."""

from __future__ import annotations

from app.workbench.base import Base


class Recording(Base):
    """To be filled."""
