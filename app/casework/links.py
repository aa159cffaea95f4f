"""Links between cases: leads and hits, derived from what is recorded."""

from __future__ import annotations
