"""Operations on people, sign-in and qualifications."""

from __future__ import annotations

from app.workbench.base import Base


class People(Base):
    """To be filled."""
