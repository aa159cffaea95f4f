"""Fields of the record, what is required of them, corrections, custody."""

from __future__ import annotations
