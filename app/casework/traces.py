"""Trace requests."""

from __future__ import annotations
