"""Recompute every score in a defence package: recompute_scores.py PACKAGE [RECORD ...]

PACKAGE is the zip, or the folder it was unpacked to; RECORD limits it to some candidates or saved
views. Needs Python 3.11 and Casehead (free software) of the version that made the scores: its
library "correlation" computes them, and "app.importing" reads the files. Every stored file is
first held against its SHA-256. For each score the marks are cut out of the stored pictures once
more, compared once more, and score, correlation and cells held against what was recorded.

Sums are rounded otherwise by other processors and numbers of threads. A pair with two places of
nearly the same score may then come out at the other one; both places are told, and it counts as
not reproduced.

Exit code 0: every score was reproduced, to 1e-4. 1: one was not, or a file was changed. 2: it
cannot be said, for Casehead is not installed or its method is another version.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
from functools import cache
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program has it, and before numpy

try:
    import numpy as np

    from app.capture.shading import shading_of
    from app.importing.decode import LUMA, decode, surface_of
    from correlation.compare import compare
    from correlation.errors import CorrelationError
    from correlation.placement import score_at
    from correlation.prepare import METHOD, VERSION, prepare
    from correlation.region import Disc
    from correlation.surface import Surface
except ImportError as error:
    sys.stderr.write(
        f"Casehead is not installed for this Python ({error}). Install it, or run this program "
        "with the Python it is installed for; nothing was computed.\n"
    )
    sys.exit(2)

TOLERANCE = 1e-4
EXACT = ("cells", "congruent_cells")
CLOSE = ("score", "ccf")


class Package:
    """The files of a package, zip or folder."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path) if path.is_file() else None
        self._folder = path
        self.pictures = {one["id"]: one for one in self.json("pictures.json")}
        self.scores = self.json("scores.json")
        self.surface = cache(self._surface)
        self.prepared = cache(self._prepared)

    def read(self, name: str) -> bytes:
        return self._zip.read(name) if self._zip else (self._folder / name).read_bytes()

    def json(self, name: str):
        return json.loads(self.read(name))

    def changed(self) -> list[str]:
        """The evidence whose bytes are not those of its name."""
        names = sorted({one["file"] for one in self.pictures.values()})
        return [n for n in names if hashlib.sha256(self.read(n)).hexdigest() != Path(n).stem]

    def _decoded(self, picture):
        units = picture["units"]
        sure = {k: units[k] for k in ("xy_unit", "z_unit")} if units.get("sure") == "yes" else {}
        return decode(None, self.read(picture["file"]), picture["file_name"], **sure)

    def _surface(self, picture_id: str) -> Surface:
        """The picture as numbers with its scale, uneven light taken out where it is recorded."""
        picture = self.pictures[picture_id]
        decoded, units = self._decoded(picture), picture["units"]
        if decoded.scan is not None or not ("flat" in units or "dark" in units):
            return surface_of(decoded, picture["pixel_um"])[0]
        references = (self._reference(units.get(kind)) for kind in ("flat", "dark"))
        values = shading_of(*references).taken_out(decoded.array)
        grey = values if values.ndim == 2 else np.asarray(values @ LUMA, np.float32)
        return Surface(grey, picture["pixel_um"], "image")

    def _reference(self, digest):
        return decode(None, self.read(f"evidence/{digest}.png"), "").array if digest else None

    def _prepared(self, picture_id: str, region_id: str):
        picture = self.pictures[picture_id]
        region = picture["regions"][region_id]
        outer = Disc(*region["outer_um"])
        inner = Disc(*region["inner_um"]) if region["inner_um"] else None
        return prepare(self.surface(picture_id), outer, inner, mark=picture["mark"])


def differences(stored, found) -> list[str]:
    """What is not as it was recorded."""
    close = [n for n in CLOSE if abs(getattr(found, n) - stored[n]) > TOLERANCE]
    exact = [n for n in EXACT if getattr(found, n) != stored[n]]
    told = [f"{n} {getattr(found, n)}, recorded {stored[n]}" for n in (*close, *exact)]
    turns = found.rotation_deg, stored["rotation_deg"]
    if told and abs(turns[0] - turns[1]) > TOLERANCE:
        told.append(f"turned by {turns[0]:.2f} degrees, recorded {turns[1]:.2f}")
    return told


def ways(package: Package, one):
    """Every way the score can have come about, the likeliest first."""
    stored = one["stored"]
    for left_region in one["regions"][0]:
        for right_region in one["regions"][1]:
            left = package.prepared(one["left"], left_region)
            right = package.prepared(one["right"], right_region)
            for way in one["ways"]:
                if way == "found":
                    yield lambda a=left, b=right: compare(a, b)
                elif way == "exchanged":
                    yield lambda a=left, b=right: compare(b, a)
                else:
                    laid = stored["rotation_deg"], tuple(stored["shift_um"])
                    yield lambda a=left, b=right, at=laid: score_at(a, b, *at)


def recomputed(package: Package, one) -> list[str]:
    """Nothing when some way gives the recorded score; else what the first way gave."""
    first = None
    for way in ways(package, one):
        try:
            told = differences(one["stored"], way())
        except CorrelationError as error:
            told = [str(error)]
        if not told:
            return []
        first = first or told
    return first or ["no region is recorded for one of the pictures"]


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stdout.write(__doc__)
        return 1
    try:
        package = Package(Path(arguments[0]))
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"This is no whole package ({type(error).__name__}: {error}).\n")
        return 1
    return redone(package, set(arguments[1:]))


def redone(package: Package, wanted: set[str]) -> int:
    """Every score in it, or those of some records; the exit code."""
    changed = package.changed()
    for name in changed:
        sys.stdout.write(f"CHANGED  {name}: its bytes are not those of its SHA-256\n")
    failed = unsaid = 0
    chosen = [one for one in package.scores if not wanted or one["record"] in wanted]
    for one in chosen:
        stored = one["stored"]
        names = [package.pictures[one[side]]["name"] for side in ("left", "right")]
        label = f"{one['of']} {one['record'][:8]}, {names[0]} with {names[1]}"
        if (stored["method"], stored["version"]) != (METHOD, VERSION):
            unsaid += 1
            made = f"{stored['method']} {stored['version']}"
            sys.stdout.write(f"UNSAID   {label}: made by {made}, here is {METHOD} {VERSION}\n")
            continue
        told = recomputed(package, one)
        failed += bool(told)
        said = "; ".join(told) or f"score {stored['score']:.6f}, ccf {stored['ccf']:.6f}"
        sys.stdout.write(f"{'DIFFERS ' if told else 'the same'} {label}: {said}\n")
    same = len(chosen) - failed - unsaid
    sys.stdout.write(f"{same} of {len(chosen)} scores reproduced to {TOLERANCE:g}.\n")
    return 1 if failed or changed else 2 if unsaid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
