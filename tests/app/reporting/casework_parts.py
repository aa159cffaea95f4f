"""Reports of casework with one text everywhere that a text can be."""

from __future__ import annotations

import numpy as np

from app.reporting.casework import Bar, CaseworkReport, Course, Stamp, Thumb
from app.reporting.templates import shipped
from app.terms import Author

AT = "2026-03-31T10:15:00+00:00"
STAMP = Stamp(
    Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX1"), AT, "Casehead"
)


def filled(kind: str, text: str, rows: int = 3, stamp: Stamp = STAMP) -> CaseworkReport:
    """Every fact, cell, caption and label of the kind's template says ``text``."""
    facts, tables, thumbs, bars, courses = {}, {}, {}, {}, {}
    for key, section in shipped(kind)["sections"].items():
        names = [f"{key}.left", f"{key}.right"] if "sides" in section else [key]
        for name in names:
            facts[name] = dict.fromkeys(section.get("facts", ()), text)
        if "columns" in section:
            tables[key] = ((text,) * len(section["columns"]),) * rows
        if section.get("thumbs"):
            grey = np.tile(np.arange(160, dtype=np.uint8)[None, :, None], (120, 1, 3))
            thumbs[key] = (Thumb(grey, text),) * 5
        if section.get("bars"):
            bars[key] = (Bar(text, 3.0, text), Bar("none", None, text), Bar("zero", 0.0, "0"))
        if section.get("courses"):
            steps = tuple(f"2026-{month:02}" for month in range(1, 13))
            values = (None, 3.0, 2.0, 0.0, *(float(n) for n in range(8)))
            courses[key] = (Course(text, steps, values, " d"), Course("nothing", ("a",), (None,)))
    words = dict.fromkeys(("case_a", "case_b", "case", "gun", "period", "counts", "scale"), text)
    return CaseworkReport(
        *(kind, text, stamp, facts, tables, thumbs, bars, courses, words, (text,))
    )


def empty(kind: str) -> CaseworkReport:
    """Nothing is known of anything."""
    return CaseworkReport(kind, "", Stamp(None, "", ""))
