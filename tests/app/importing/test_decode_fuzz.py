"""Whatever bytes come, only CaseheadError leaves the decoder."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import CaseheadError
from app.importing.decode import decode
from tests.damaged import encoded, picture, tiff_bytes

SMALL = picture(9, 14)
FILES = [
    encoded(".png", SMALL),
    encoded(".jpg", SMALL),
    encoded(".bmp", SMALL),
    tiff_bytes(SMALL),
    tiff_bytes(SMALL.astype(np.uint16), compression="zlib"),
    tiff_bytes(np.dstack([SMALL] * 3), imagej=True, resolution=(0.4, 0.4)),
    encoded(".tiff", SMALL),
]
edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=5
)


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.sampled_from(FILES), edits, st.floats(0, 1.5))
def test_bytes_changed_anywhere(
    content: bytes, changes: list[tuple[float, bytes]], cut: float
) -> None:
    out = bytearray(content)
    for place, new in changes:
        at = int(place * len(out))
        out[at : at + len(new)] = new
    changed = bytes(out[: int(len(out) * cut)]) if cut < 0.9 else bytes(out)
    with suppress(CaseheadError):
        result = decode(None, changed, "a.png")
        assert result.array.dtype in (np.uint8, np.uint16)
        assert result.array.size > 0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sampled_from([b"", b"BM", b"II*\x00", b"\xff\xd8\xff", b"PK\x03\x04"]), st.binary())
def test_any_bytes_behind_any_signature(signature: bytes, content: bytes) -> None:
    with suppress(CaseheadError):
        decode(None, signature + content, "a.tif")
