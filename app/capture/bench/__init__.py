"""A synthetic bench: virtual firearms, the cartridge cases they fired, a microscope over them.

for specimen in demo_specimens(guns=5, shots=2):
    source = BenchSource(specimen, light="ring")
"""

from app.capture.bench.closeups import mark_image_of, mark_scan_of, mark_turn_deg
from app.capture.bench.firearm import (
    MACHININGS,
    PIXEL_UM,
    Machining,
    VirtualFirearm,
    breech_face_of,
)
from app.capture.bench.primer import heights_of, shot_of
from app.capture.bench.source import BenchSource, Stage, view_size
from app.capture.bench.specimens import Specimen, demo_specimens, firearm_number
from app.capture.bench.standard_source import STANDARDS, StandardKind, StandardSource
from app.capture.bench.standards import Look, chessboard_of, dots_of, look, ruling_of
from app.capture.bench.views import image_of, render, scan_of

__all__ = [
    "MACHININGS",
    "PIXEL_UM",
    "STANDARDS",
    "BenchSource",
    "Look",
    "Machining",
    "Specimen",
    "Stage",
    "StandardKind",
    "StandardSource",
    "VirtualFirearm",
    "breech_face_of",
    "chessboard_of",
    "demo_specimens",
    "dots_of",
    "firearm_number",
    "heights_of",
    "image_of",
    "look",
    "mark_image_of",
    "mark_scan_of",
    "mark_turn_deg",
    "render",
    "ruling_of",
    "scan_of",
    "shot_of",
    "view_size",
]
