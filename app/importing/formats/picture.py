"""What every image format comes down to, and the checks they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import CaseheadError

Pixels: TypeAlias = NDArray[Any]

MAX_PIXELS: Final = 200_000_000
PLAUSIBLE_UM: Final = (0.1, 50.0)
DEFAULT_DPI: Final = (508, 600, 720, 800, 1000, 1200, 1440, 2400, 3200, 3600, 4800, 9600)
UM_PER_INCH: Final = 25400.0
DEPTHS: Final = {"uint8": 8, "uint16": 16}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels as stored: uint8 or uint16, (rows, columns) grey or (rows, columns, 3) RGB."""

    array: Pixels
    bits: int
    pixel_um: float | None
    warnings: tuple[str, ...]
    lossy: bool = False


def check_size(width: int, height: int) -> None:
    """Raises CaseheadError for no pixels, or more than can be meant, before anything is decoded."""
    if width <= 0 or height <= 0:
        raise CaseheadError(f"The image holds no pixels: its header states {width} x {height}.")
    if width * height > MAX_PIXELS:
        raise CaseheadError(
            f"The image claims {width} x {height} pixels, more than the "
            f"{MAX_PIXELS // 1_000_000} million that can be read; save the marked area only."
        )


def decode_pixels(data: bytes, width: int, height: int, what: str) -> Pixels:
    """Pixels of a sound file in RGB order, by OpenCV, not turned by any orientation tag."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        raise damaged(what) from error
    if image is None or image.shape[:2] != (height, width):
        raise damaged(what)
    if image.dtype.name not in DEPTHS:
        raise CaseheadError(
            f"The {what} file holds {image.dtype.name} pixels; save it with 8 or 16 bits."
        )
    if image.ndim == 3 and image.shape[2] == 1:
        return image[..., 0]
    if image.ndim == 3 and image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    if image.ndim == 3 and image.shape[2] == 4:
        return cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    return image


def damaged(what: str) -> CaseheadError:
    """The sentence for a file whose pixels do not decode."""
    return CaseheadError(f"The {what} file is damaged and cannot be read; copy or export it again.")


def cut_short(what: str) -> CaseheadError:
    """The sentence for a file that ends before its pixels do."""
    return CaseheadError(f"The {what} file is incomplete: it ends early; copy or export it again.")


def without_alpha(array: Pixels, warnings: list[str]) -> Pixels:
    """The colour channels of an image with opacity."""
    if array.ndim == 2 or array.shape[2] == 3:
        return array
    warnings.append("The transparency (alpha) in the file was left aside.")
    return np.ascontiguousarray(array[..., :3])


def grey_if_equal(array: Pixels) -> Pixels:
    """One channel when all are the same: a palette of greys."""
    if array.ndim == 2:
        return array
    first = array[..., 0]
    same = np.array_equal(first, array[..., 1]) and np.array_equal(first, array[..., 2])
    return np.ascontiguousarray(first) if same else array


def note_depth(array: Pixels, warnings: list[str]) -> int:
    """Bits per sample in use; 16-bit files often hold fewer."""
    if array.dtype != np.uint16:
        return 8
    used = int(np.bitwise_or.reduce(array, axis=None))
    for bits in (8, 10, 12, 14):
        if 0 < used < 2**bits:
            warnings.append(f"The 16-bit pixels use the lowest {bits} bits only.")
            return bits
    return 16


def pixel_um_from_density(
    across: float, down: float, warnings: list[str], *, explicit: bool = False
) -> float | None:
    """Pixel size from pixels per metre, when it can be a microscope's.

    Screen and print densities (72, 96, 300 dpi) are far outside the plausible range and count as
    not stated; so do the round print densities inside it, unless ``explicit`` says that the file
    gives a length unit of its own (ImageJ, OME).
    """
    if not (0 < across < 1e12 and 0 < down < 1e12):
        return None
    pixel = 1e6 / across
    if not PLAUSIBLE_UM[0] <= pixel <= PLAUSIBLE_UM[1]:
        return None
    if abs(across / down - 1) > 1e-3:
        warnings.append(
            f"The file states pixels of {pixel:.4g} x {1e6 / down:.4g} um, which are not square; "
            "its scale was left aside."
        )
        return None
    dpi = UM_PER_INCH / pixel
    if not explicit and any(abs(dpi - usual) < 0.05 for usual in DEFAULT_DPI):
        warnings.append(
            f"The file states {dpi:.0f} dpi ({pixel:.3g} um), which programs write by default; "
            "it was not taken as the scale, give it with --pixel-um if it is true."
        )
        return None
    return pixel
