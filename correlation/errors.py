"""Errors of the correlation library."""


class CorrelationError(ValueError):
    """Input that cannot be read, prepared or compared; ``str()`` is a sentence for the user."""
