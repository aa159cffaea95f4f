"""People, their roles and qualifications."""

from __future__ import annotations
