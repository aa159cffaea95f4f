"""Validating the comparisons on a laboratory's own data, resumable, with a report."""

from app.validation.degrading import DEGRADATIONS, chosen, degrade
from app.validation.validation import OWN_FILES, OWN_FOLDERS, Validation, Wanted, validate

__all__ = [
    "DEGRADATIONS",
    "OWN_FILES",
    "OWN_FOLDERS",
    "Validation",
    "Wanted",
    "chosen",
    "degrade",
    "validate",
]
