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
from app.capture.bench.source import BenchSource, Stage
from app.capture.bench.specimens import Specimen, demo_specimens, firearm_number
from app.capture.bench.views import image_of, render, scan_of

__all__ = [
    "MACHININGS",
    "PIXEL_UM",
    "BenchSource",
    "Machining",
    "Specimen",
    "Stage",
    "VirtualFirearm",
    "breech_face_of",
    "demo_specimens",
    "firearm_number",
    "heights_of",
    "image_of",
    "mark_image_of",
    "mark_scan_of",
    "mark_turn_deg",
    "render",
    "scan_of",
    "shot_of",
]
