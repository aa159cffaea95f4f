"""Operations on links between cases: chart, timeline, map, open data."""

from __future__ import annotations

from app.workbench.base import Base


class Linking(Base):
    """To be filled."""
