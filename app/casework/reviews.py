"""Reviews of searches, leads, verifications and notices."""

from __future__ import annotations
