"""Evidence labels drawn for tests: bars as another program writes them, and QR codes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from reportlab.graphics.barcode.code39 import Standard39
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.eanbc import Ean13BarcodeWidget

Grey = NDArray[np.uint8]
QUIET = 12


def modules(text: str, kind: str) -> list[tuple[bool, float]]:
    """Bars (True) and spaces with their widths in modules."""
    if kind == "Code 39":
        return _code39(text)
    if kind == "EAN-13":
        return [(bit == "1", 1.0) for bit in _ean_bits(text)]
    made = Code128(text)
    made.validate()
    made.encode()
    made.decompose()
    return [(c.islower() is False, float("abcd".index(c.lower()) + 1)) for c in made.decomposed]


def _code39(text: str) -> list[tuple[bool, float]]:
    made = Standard39(text, checksum=0)
    made.validate()
    made.encode()
    made.decompose()
    wide = {"b": (True, 1.0), "B": (True, 2.5), "s": (False, 1.0), "S": (False, 2.5)}
    return [wide.get(c, (False, 1.0)) for c in made.decomposed]


def _ean_bits(text: str) -> str:
    made = Ean13BarcodeWidget(text)
    digits = made.value + made._checkdigit(made.value)
    parts = [made._tail]
    made._encode_left(digits, parts.append)
    parts += [made._sep, *(made._right[int(digit)] for digit in digits[7:]), made._tail]
    return "".join(parts)


def bars(text: str, kind: str = "Code 128", module_px: int = 3, height_px: int = 110) -> Grey:
    """A label with quiet zones, black on white, uint8."""
    cells = [(False, float(QUIET)), *modules(text, kind), (False, float(QUIET))]
    row = np.concatenate(
        [np.full(round(width * module_px), 0 if bar else 255) for bar, width in cells]
    ).astype(np.uint8)
    picture = np.full((height_px + 40, row.size), 255, np.uint8)
    picture[20:-20] = row
    return picture


def square(text: str, module_px: int = 6) -> Grey:
    """A QR code with its quiet zone."""
    code = cv2.QRCodeEncoder.create().encode(text)
    large = cv2.resize(code, None, fx=module_px, fy=module_px, interpolation=cv2.INTER_NEAREST)
    edge = 4 * module_px
    return np.asarray(
        cv2.copyMakeBorder(large, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=255), np.uint8
    )


def in_view(
    label: Grey,
    *,
    shape: tuple[int, int] = (1200, 1600),
    turn_deg: float = 0.0,
    blur_px: float = 0.0,
    noise: float = 0.0,
    seed: int = 0,
) -> Grey:
    """The label in the middle of a grey table, as a camera sees it."""
    rows, columns = shape
    turn = cv2.getRotationMatrix2D(
        ((label.shape[1] - 1) / 2, (label.shape[0] - 1) / 2), turn_deg, 1.0
    )
    turn[:, 2] += (columns / 2 - label.shape[1] / 2, rows / 2 - label.shape[0] / 2)
    table = np.full(shape, 150, np.uint8)
    seen = cv2.warpAffine(
        label, turn, (columns, rows), dst=table, borderMode=cv2.BORDER_TRANSPARENT
    ).astype(np.float32)
    if blur_px:
        seen = cv2.GaussianBlur(seen, (0, 0), blur_px)
    light = np.linspace(0.65, 0.95, columns, dtype=np.float32)
    shaded = seen * light + np.random.default_rng(seed).normal(0, noise, shape)
    return np.asarray(shaded.clip(0, 255), np.uint8)
