"""people, roles, passwords and qualifications: what is kept and how."""

from __future__ import annotations

from typing import Any

from app.store.codec import Codec
from app.store.records import Records

VOUCHED: tuple[Codec[Any], ...] = ()


class People(Records):
    """To be filled."""
