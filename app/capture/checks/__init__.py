"""Checks of an instrument with a reference cartridge case: measured, judged, scheduled."""

from app.capture.checks.due import Due, due_of
from app.capture.checks.judging import Judgement, judged
from app.capture.checks.limits import limits_of
from app.capture.checks.measuring import Golden, Measurement, figures_of, golden_of, measured
from app.capture.checks.settings import CheckSettings, check_settings
from app.capture.checks.words import number_words

__all__ = [
    "CheckSettings",
    "Due",
    "Golden",
    "Judgement",
    "Measurement",
    "check_settings",
    "due_of",
    "figures_of",
    "golden_of",
    "judged",
    "limits_of",
    "measured",
    "number_words",
]
