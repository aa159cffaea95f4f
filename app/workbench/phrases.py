"""Phrases that do not belong in a conclusion or a report; a warning each."""

from app.reporting.phrases import PhraseRule, language_warnings

__all__ = ["PhraseRule", "language_warnings"]
