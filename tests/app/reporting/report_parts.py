"""A comparison report with everything in it, to be changed by the tests."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np

from app.domain import (
    Acquired,
    Agency,
    Annotation,
    AnnotationKind,
    Author,
    CaptureRecord,
    CartridgeCase,
    Case,
    Conclusion,
    Event,
    Exhibit,
    Firearm,
    Mark,
    Provenance,
    Role,
)
from app.reporting import (
    ComparisonReport,
    ReportClassLine,
    ReportConclusion,
    ReportSide,
    ReportView,
)

WHO = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
AT = "2026-03-31T10:15:00+00:00"


def side(number: str, label: str, role: Role) -> ReportSide:
    """A cartridge case with its event and firearm."""
    agency = Agency("a" * 32, "Harbor City Police Laboratory", "XX0990100")
    case = Case(number, agency.id, "Shooting at the harbour")
    exhibit = Exhibit(case.id, "3", "cartridge case from the pavement")
    cartridge = CartridgeCase(exhibit.id, label, role, "9 mm Luger", "elliptical", "arched")
    mark = Mark(cartridge.id)
    acquired = Acquired(
        mark.id,
        "image",
        "ab" * 32,
        2592,
        1944,
        "png",
        CaptureRecord(AT, WHO, "Bench camera", objective="2x"),
        2.53,
        file_name="3A.png",
    )
    place = Provenance(acquired, mark, cartridge, exhibit, case, agency)
    event = Event(case.id, "fatal shooting", "2026-01-02", "Pier 4")
    return ReportSide(place, event, (Firearm(exhibit.id, "Ruger", "P95", "123", "9 mm Luger"),))


def view(title: str = "The best area", lines: int = 3) -> ReportView:
    """A picture that says which way up it is."""
    ramp = np.tile(np.arange(300, dtype=np.uint8)[None, :, None], (180, 1, 3))
    ramp[:60, :60] = (230, 120, 0)
    return ReportView(title, ramp, tuple(f"line {n} below the picture" for n in range(lines)))


def concluded(value: str, reasons: str) -> ReportConclusion:
    """A conclusion with its examination."""
    found = Conclusion(
        "c" * 32, "AFTE", value, reasons, WHO, AT, "", "", True, "R. Okafor", "2026-03-30"
    )
    said = ("Examined physically by R. Okafor on 2026-03-30.",)
    return ReportConclusion(found, value.capitalize(), "Explained by the scale.", said)


def full(**changes: Any) -> ComparisonReport:
    """A whole report."""
    report = ComparisonReport(
        side("2026-0412", "3A", Role.EVIDENCE),
        side("2025-1107", "T1", Role.TEST_FIRE),
        {
            "alignment": "turn 24.1°   dx 152 µm   dy -30 µm",
            "precision": "Alignment ±0.2° and ±3 µm, overlap 4.1 mm²",
            "light": "light from 135° at 45°",
            "adjust": "left: contrast +20, inverted",
            "method": "congruent cells 1",
            "score": "19 of 24 cells agree; correlation 0.61; an aid, not a conclusion",
        },
        (view(),),
        (
            Annotation(AnnotationKind.AGREEMENT, "both", ((0, 0), (100, 0), (50, 90)), "Striae", 1),
            Annotation(AnnotationKind.NOTE, "left", ((10.0, -20.0),), "A scratch of the slide", 2),
        ),
        "AFTE",
        (concluded("inconclusive-a", "Few marks."), concluded("identification", "Striae agree.")),
        WHO,
        AT,
        "Casehead 0.1.0",
        (
            ReportClassLine("Calibre", "9 mm Luger", "9 mm Luger", "agree"),
            ReportClassLine("Breech-face class", "parallel", "arched", "differ", True),
            ReportClassLine("Aperture shear", "present", "", ""),
        ),
        ("Possible subclass influence on the comparison: parallel marks of one make",),
    )
    return replace(report, **changes)


def pages(data: bytes) -> int:
    """How many there are."""
    return len(re.findall(rb"/Type /Page\b", data))


def text_of(data: bytes) -> str:
    """What the pages draw, operators and all, with the words in the order of the pages."""
    found = []
    for part in data.split(b"endobj"):
        head, _, rest = part.partition(b"stream")
        if not rest or b"/Image" in head or b"/ASCII85Decode" not in head:
            continue  # pictures, and fonts
        body = rest.partition(b"endstream")[0]
        raw = zlib.decompress(base64.a85decode(body.strip().removesuffix(b"~>")))
        if b"begincmap" not in raw:
            found.append(re.sub(rb"\\(\d{3}|.)", _unescaped, raw).decode("cp1252", "replace"))
    return "\n".join(found).replace(") Tj (", "")  # a line in pieces


def _unescaped(match: re.Match[bytes]) -> bytes:
    one = match.group(1)
    return bytes([int(one, 8)]) if one.isdigit() else one
