"""Whatever bytes come, only CorrelationError leaves the readers."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from correlation.al3d import read_al3d
from correlation.errors import CorrelationError
from correlation.x3p import read_x3p
from tests.damaged import al3d_bytes, encoded, main_xml, relief, x3p_bytes, zipped

UM = relief(6, 8)
METRES = UM * 1e-6
TEXTS = [f"{value:g}" for value in METRES.ravel()]
SMALL = [
    x3p_bytes(METRES, compression=0),
    x3p_bytes(METRES.astype(np.float32), members={"bindata/mask.png": encoded(".png", UM > 0)}),
    x3p_bytes(METRES, datums=TEXTS, compression=0),
    x3p_bytes(
        np.round(UM * 100).astype(np.int16),
        increments=("6e-6", "6e-6", "1e-8"),
        valid_link="bindata/valid.bin",
        members={"bindata/valid.bin": bytes([255] * 6)},
        compression=0,
    ),
]
LIMITED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=6
)


def edited(content: bytes, changes: list[tuple[float, bytes]], cut: float) -> bytes:
    out = bytearray(content)
    for place, new in changes:
        at = int(place * len(out))
        out[at : at + len(new)] = new
    return bytes(out[: int(len(out) * cut)]) if cut < 0.9 else bytes(out)


@LIMITED
@given(st.sampled_from(SMALL), edits, st.floats(0, 1.5))
def test_bytes_changed_anywhere(content: bytes, changes: list[tuple[float, bytes]], cut: float):
    with suppress(CorrelationError):
        read_x3p(edited(content, changes, cut))


@LIMITED
@given(st.sampled_from([main_xml(METRES), main_xml(METRES, datums=TEXTS)]), edits)
def test_main_xml_changed_in_a_sound_archive(xml: bytes, changes: list[tuple[float, bytes]]):
    content = x3p_bytes(METRES, xml=edited(xml, changes, 1.0), compression=0)
    with suppress(CorrelationError):
        read_x3p(content)


numbers = st.sampled_from(
    ["0", "-1", "1e-300", "1e300", "1e308", "5e-324", "nan", "x", "", "1", "6e-6"]
)


@LIMITED
@given(
    increments=st.tuples(numbers, numbers, numbers),
    offset=numbers,
    axis_types=st.sampled_from(["IIA", "AIA", "IAA", "AAA", "III", "XYZ"]),
    code=st.sampled_from(["I", "L", "F", "D", "Q", ""]),
    data=st.binary(max_size=600) | st.lists(st.floats(width=32), min_size=18, max_size=18),
)
def test_any_header_with_any_points(
    increments: tuple[str, str, str],
    offset: str,
    axis_types: str,
    code: str,
    data: bytes | list[float],
) -> None:
    stored = data if isinstance(data, bytes) else np.array(data, "<f8").tobytes()
    xml = main_xml(
        METRES,
        increments=increments,
        z_offset=offset,
        axis_types=axis_types,
        z_code=code or " ",
        size=(3, 2, 1),
    )
    content = zipped({"main.xml": xml, "bindata/data.bin": stored})
    with suppress(CorrelationError):
        scan = read_x3p(content)
        assert np.isfinite(scan.heights_um).any()
        assert scan.pixel_um > 0


@LIMITED
@given(st.lists(st.tuples(*[st.floats(width=32)] * 3), min_size=6, max_size=6))
def test_any_absolute_positions(points: list[tuple[float, float, float]]) -> None:
    xml = main_xml(METRES, axis_types="AAA", increments=("1", "1", "1"), size=(3, 2, 1))
    content = zipped({"main.xml": xml, "bindata/data.bin": np.array(points, "<f8").tobytes()})
    with suppress(CorrelationError):
        read_x3p(content)


@LIMITED
@given(edits, st.floats(0, 1.5))
def test_al3d_bytes_changed_anywhere(changes: list[tuple[float, bytes]], cut: float) -> None:
    with suppress(CorrelationError):
        read_al3d(edited(al3d_bytes(METRES), changes, cut))
