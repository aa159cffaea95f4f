"""The review clock: stages, business days, targets."""

from __future__ import annotations
