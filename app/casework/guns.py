"""Gun groups: several specimens as one gun, with merges and splits."""

from __future__ import annotations
