"""The marks that are measured on: real ones where they are, otherwise those of the bench."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from app.capture.bench import firearm_number, image_of, scan_of
from app.importing.decode import read_surface
from correlation.surface import Surface

REAL = Path(__file__).parents[3] / "shared" / "data"
NIST_UM = 2.53
PAIR = ("fadul3d/fadul-1-1.x3p", "fadul3d/fadul-1-2.x3p")
RAW = "raw3d/fadul-1-1-raw.x3p"
IMAGES = ("nist2d/fadul-1-1-ring.png", "nist2d/fadul-1-2-ring.png")
CROSSED = ("topmatch3d/k004db1.x3p", "topmatch3d/p0001_interpolated.x3p")


def there(*names: str) -> bool:
    """Whether all of these real files are beside the checkout."""
    return all((REAL / name).exists() for name in names)


def told() -> str:
    """What the figures are about, in words."""
    missing = [
        what
        for what, names in (
            ("3D pair", PAIR), ("raw scan", (RAW,)), ("2D pair", IMAGES),
            ("pair from two instruments", CROSSED),
        )
        if not there(*names)
    ]  # fmt: skip
    if not missing:
        return "Measured on the real marks beside the checkout."
    return (
        f"The real {', '.join(missing)} is not beside the checkout; "
        "marks of the synthetic bench stand in for what is missing."
    )


def pair() -> list[Surface]:
    """Two trimmed scans at 6.25 um by one gun."""
    return [_real(name) for name in PAIR] if there(*PAIR) else [_scan(1, 1), _scan(1, 2)]


def raw_scan() -> Surface:
    """A whole primer at 3.125 um, nothing trimmed or levelled."""
    return _real(RAW) if there(RAW) else _scan(1, 1, 3.125)


def images() -> list[Surface]:
    """Two ring-light images by one gun."""
    if there(*IMAGES):
        return [_real(name) for name in IMAGES]
    return [_image(1, 1), _image(1, 2)]


def crossed() -> list[Surface]:
    """The same case on two instruments."""
    if there(*CROSSED):
        return [_real(name) for name in CROSSED]
    return [_scan(2, 1), _scan(2, 1, 7.5)]


def gallery() -> list[Surface]:
    """Scans to search through."""
    real = sorted((REAL / "fadul3d").glob("*.x3p"))
    if real:
        return [read_surface(path) for path in real]
    return [_scan(gun, shot) for gun in range(1, 7) for shot in (1, 2)]


@cache
def _real(name: str) -> Surface:
    return read_surface(REAL / name, pixel_um=NIST_UM if name.endswith(".png") else None)


def _scan(gun: int, shot: int, pixel_um: float = 6.25) -> Surface:
    heights, pitch_um = scan_of(firearm_number(gun), shot, pixel_um)
    return Surface(np.asarray(heights, np.float32), pitch_um, "scan")


def _image(gun: int, shot: int) -> Surface:
    picture, pixel_um = image_of(firearm_number(gun), shot)
    return Surface(np.asarray(picture / 255, np.float32), pixel_um, "image")
