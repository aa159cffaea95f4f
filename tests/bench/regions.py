"""How well the breech face is found: ``python -m tests.bench.regions [FILE]``.

Every picture outlined by eye (where the real data is beside the checkout) and two hundred from
the bench whose truth is known; prints a table and writes bench-regions.json when told a file.
"""

import app  # noqa: F401  isort: skip  first: it sets the number of threads before numpy is loaded

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.importing.decode import read_surface
from correlation.region import SURE, find_region
from tests.correlation.region_cases import Judged, judged, known

REAL = Path(__file__).parents[3] / "shared" / "data"
OUTLINES = Path(__file__).parents[1] / "correlation" / "outlines.json"


def main() -> None:
    groups: dict[str, list[tuple[str, Judged]]] = {}
    for group, name, found in _all():
        groups.setdefault(group, []).append((name, found))
        word = "silent" if found.silent else "right" if found.right else "told"
        print(
            f"{group:15} {name:32} radius {100 * found.radius:+7.2f} %  "
            f"centre {100 * found.centre:6.2f} %  confidence {found.confidence:.2f}  {word}",
            flush=True,
        )
    figures = {group: _figures([one for _, one in found]) for group, found in groups.items()}
    for group, row in figures.items():
        print(f"{group:15}", "  ".join(f"{key} {value}" for key, value in row.items()))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(figures, indent=1) + "\n")


def _all() -> Iterator[tuple[str, str, Judged]]:
    for name, drawn in json.loads(OUTLINES.read_text())["files"].items():
        path = REAL / name
        if path.exists():
            scale = drawn["pixel_um"] if path.suffix != ".x3p" else None
            found = find_region(read_surface(path, pixel_um=scale))
            yield path.parent.name, path.name, judged(found, tuple(drawn["outer"]["um"]))
    for one in known():
        group = "nothing" if one.truth is None else one.name.rstrip(" 0123456789")
        yield group, one.name, judged(find_region(one.surface), one.truth)


def _figures(found: list[Judged]) -> dict[str, float]:
    there = [one for one in found if np.isfinite(one.radius)]
    sure = [one for one in there if one.confidence >= SURE]
    errors = [100 * abs(one.radius) for one in sure]
    return {
        "n": len(found),
        "median_radius_percent": round(float(np.median(errors)), 2) if errors else 0.0,
        "max_radius_percent": round(max(errors), 2) if errors else 0.0,
        "max_centre_percent": round(max((100 * one.centre for one in sure), default=0.0), 2),
        "right": sum(one.right for one in found),
        "told": sum(one.confidence < SURE for one in found),
        "silent": sum(one.silent for one in found),
    }


if __name__ == "__main__":
    main()
