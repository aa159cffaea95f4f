"""Measured quality of a picture, with a plain verdict: good, usable, or redo and why.

The limits are data (``resources/quality.json``). Nothing here identifies anything, and a verdict
never deletes a picture: what is to be redone is kept, and an examiner may use it all the same.
"""

from app.capture.quality.assess import assess
from app.capture.quality.place import Place, find_place
from app.capture.quality.thresholds import Limit, Thresholds, load_thresholds, read_thresholds
from app.capture.quality.values import METHOD, VERDICTS, VERSION, Quality, Verdict

__all__ = [
    "METHOD",
    "VERDICTS",
    "VERSION",
    "Limit",
    "Place",
    "Quality",
    "Thresholds",
    "Verdict",
    "assess",
    "find_place",
    "load_thresholds",
    "read_thresholds",
]
