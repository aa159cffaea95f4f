"""What a reader of x3p files meets in the wild, on small files made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from correlation.errors import CorrelationError
from correlation.x3p import X3p, read_x3p
from tests.damaged import damaged_contents, encoded, main_xml, relief, x3p_bytes

UM = relief()
METRES = UM * 1e-6


def assert_reads_as_relief(scan: X3p, atol: float = 1e-5) -> None:
    np.testing.assert_allclose(scan.heights_um + scan.z_origin_um, UM, atol=atol)


def test_a_plain_file_reads_in_micrometres_with_its_metadata() -> None:
    scan = read_x3p(x3p_bytes())
    assert_reads_as_relief(scan)
    assert scan.heights_um.dtype == np.float32
    assert scan.heights_um.flags.writeable
    assert scan.pixel_um == pytest.approx(6.25)
    assert scan.increment_um == pytest.approx((6.25, 6.25))
    assert scan.warnings == ()
    assert (scan.units.xy_how, scan.units.z_how, scan.units.sure) == ("stated", "stated", True)
    assert scan.mask is None
    assert dict(scan.metadata) == {
        "date": "2011-01-24T13:00:00",
        "creator": "A. Tester",
        "manufacturer": "Maker",
        "model": "M1",
        "serial": "7",
        "version": "2.0",
        "calibration_date": "2011-01-20",
        "probing_type": "NonContacting",
        "probing_identification": "10x",
        "comment": "made up",
        "revision": "ISO5436 - 2000",
    }


def test_row_zero_is_the_first_y_and_nothing_is_flipped() -> None:
    z = np.zeros((4, 6))
    z[0, :] = np.arange(6) * 1e-6
    z[3, 0] = 9e-6
    scan = read_x3p(x3p_bytes(z), z_unit="m")
    np.testing.assert_allclose(scan.heights_um[0], np.arange(6), atol=1e-6)
    assert scan.heights_um[3, 0] == pytest.approx(9)


def test_a_path_reads_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.x3p"
    path.write_bytes(x3p_bytes())
    assert_reads_as_relief(read_x3p(path))
    with pytest.raises(CorrelationError, match="cannot be opened"):
        read_x3p(tmp_path / "nothing.x3p")


@pytest.mark.parametrize(
    "options",
    [
        {"root": "ISO5436"},
        {"root": "ISO5436_2"},
        {"root": "p:ISO5436"},
        {"head": ""},
        {"head": "\ufeff<?xml version='1.0' encoding='UTF-8'?>"},
        {"revision": "ISO5436 \u2013 2000"},
        {"revision": ""},
        {"revision": "ISO25178-72:2017/DAM1"},
        {"increments": ("6.25e-06", "6.25e-06", None)},
        {"increments": ("6.25e-06", "6.25e-06", "")},
        {"increments": ("0.00000625", "6.25E-0006", "1.0")},
        {"z_offset": ""},
        {"checksum": ""},
        {"link": "bindata\\data.bin"},
        {"link": "./BINDATA/Data.bin"},
        {"folder": "my scan/"},
        {"folder": "a/b/"},
        {"members": {"bindata/": b"", "__MACOSX/._main.xml": b"x", "extra/notes.txt": b"x"}},
        {"members": {"www\\example\\notes.txt": b"x"}},
    ],
    ids=str,
)
def test_every_spelling_and_wrapping_reads_the_same(options: dict[str, object]) -> None:
    scan = read_x3p(x3p_bytes(**options))  # type: ignore[arg-type]
    assert_reads_as_relief(scan)
    assert scan.warnings == ()


def test_main_xml_may_be_utf16_or_hold_a_stray_byte_of_a_code_page() -> None:
    text = main_xml(METRES).decode()
    utf16 = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert_reads_as_relief(read_x3p(x3p_bytes(xml=utf16)))
    stray = text.replace("made up", "made up \xb5").encode("latin-1")
    scan = read_x3p(x3p_bytes(xml=stray))
    assert_reads_as_relief(scan)
    assert scan.metadata["comment"] == "made up \xb5"


def test_whole_numbers_with_step_offset_and_valid_points() -> None:
    raw = np.round(UM / 0.001).astype(np.int32)
    valid = np.ones(raw.shape, dtype=bool)
    valid[2, 3:7] = valid[0, 0] = False
    raw[~valid] = 123456
    content = x3p_bytes(
        raw + 500,
        increments=("6.25e-06", "6.25e-06", "1e-9"),
        z_offset="-0.5e-6",
        valid_link="bindata/valid.bin",
        members={"bindata/valid.bin": np.packbits(valid.ravel(), bitorder="little").tobytes()},
    )
    scan = read_x3p(content)
    np.testing.assert_array_equal(np.isnan(scan.heights_um), ~valid)
    np.testing.assert_allclose(scan.heights_um[valid], UM[valid], atol=6e-4)


def test_int16_and_float32_heights() -> None:
    raw = np.round(UM / 0.01).astype(np.int16)
    steps = ("6.25e-06", "6.25e-06", "1e-8")
    assert_reads_as_relief(read_x3p(x3p_bytes(raw, increments=steps)), atol=6e-3)
    assert_reads_as_relief(read_x3p(x3p_bytes(METRES.astype(np.float32))), atol=1e-5)


def test_the_step_of_real_heights_counts_too() -> None:
    content = x3p_bytes(UM.copy(), increments=("6.25e-06", "6.25e-06", "1e-6"))
    assert_reads_as_relief(read_x3p(content))


def test_nan_and_infinite_heights_are_missing() -> None:
    z = METRES.copy()
    z[1, 1], z[2, 2], z[3, 3] = np.nan, np.inf, -np.inf
    heights = read_x3p(x3p_bytes(z)).heights_um
    assert np.isnan(heights[[1, 2, 3], [1, 2, 3]]).all()
    assert np.isnan(heights).sum() == 3


def test_heights_written_as_text_with_empty_ones_missing() -> None:
    datums = [f"{value:.17g}" for value in METRES.ravel()]
    datums[5] = ""
    scan = read_x3p(x3p_bytes(METRES, datums=datums))
    assert np.isnan(scan.heights_um[0, 5])
    assert np.isnan(scan.heights_um).sum() == 1
    np.testing.assert_allclose(scan.heights_um[1:], UM[1:], atol=1e-5)


def test_only_the_first_of_several_layers_is_read_with_a_warning() -> None:
    scan = read_x3p(x3p_bytes(np.stack([METRES, METRES * 7, METRES * 9])))
    assert_reads_as_relief(scan)
    assert scan.warnings == ("The file holds 3 layers; the first one was read.",)


def _placed(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> bytes:
    stacked = np.stack([x, y, z], axis=-1)
    return x3p_bytes(
        stacked,
        axis_types="AAA",
        increments=("1", "1", "1"),
        size=(z.shape[1], z.shape[0], 1),
    )


def test_absolute_positions_on_an_even_grid() -> None:
    y, x = np.mgrid[: UM.shape[0], : UM.shape[1]] * 3e-6
    scan = read_x3p(_placed(x + 5e-3, y - 1e-3, METRES))
    assert_reads_as_relief(scan)
    assert scan.pixel_um == pytest.approx(3.0)
    assert scan.warnings == ()


def test_absolute_positions_that_fall_are_not_flipped() -> None:
    y, x = np.mgrid[: UM.shape[0], : UM.shape[1]] * 3e-6
    assert_reads_as_relief(read_x3p(_placed(x, -y, METRES)))
    assert_reads_as_relief(read_x3p(_placed(-x, y, METRES)))


def test_absolute_positions_of_a_turned_specimen_keep_rows_and_columns() -> None:
    y, x = np.mgrid[: UM.shape[0], : UM.shape[1]] * 3e-6
    turned_x, turned_y = 0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y
    scan = read_x3p(_placed(turned_x, turned_y, METRES))
    assert_reads_as_relief(scan)
    assert scan.pixel_um == pytest.approx(3.0)


def test_absolute_positions_on_an_uneven_grid_are_interpolated_with_holes_kept() -> None:
    random = np.random.default_rng(3)
    y, x = np.mgrid[:60, :80].astype(float)
    x += random.uniform(-0.2, 0.2, x.shape)
    y += random.uniform(-0.2, 0.2, y.shape)
    z = 3 * np.sin(x / 9) + 2 * np.cos(y / 11)
    z[20:30, 30:50] = np.nan
    scan = read_x3p(_placed(x * 2e-6, y * 2e-6, z * 1e-6))
    assert any("interpolated" in w for w in scan.warnings)
    step = scan.pixel_um / 2
    rows, columns = np.mgrid[: scan.heights_um.shape[0], : scan.heights_um.shape[1]] * step
    expected = 3 * np.sin((columns + x.min()) / 9) + 2 * np.cos((rows + y.min()) / 11)
    found = scan.heights_um
    assert np.isnan(found[24, 40])
    known = np.isfinite(found)
    assert known.mean() > 0.9
    assert np.abs(found - expected)[known].max() < 0.02


def test_points_unequally_spaced_are_brought_to_a_square_grid_missing_kept() -> None:
    y, x = np.mgrid[:20, :60].astype(float)
    z = (2 * np.sin(x / 10) + 0.5 * y) * 1e-6
    z[10, 30] = np.nan
    scan = read_x3p(x3p_bytes(z, increments=("3e-6", "6e-6", "1")))
    assert scan.pixel_um == pytest.approx(3.0)
    assert scan.increment_um == pytest.approx((3.0, 6.0))
    assert scan.heights_um.shape == (39, 60)
    np.testing.assert_allclose(scan.heights_um[0::2][:10], z[:10] * 1e6, atol=1e-5)
    np.testing.assert_allclose(scan.heights_um[1], (z[0] + z[1]) / 2 * 1e6, atol=1e-5)
    assert np.isnan(scan.heights_um[19:22, 30]).all()
    assert np.isnan(scan.heights_um).sum() == 3
    assert any("square grid" in w for w in scan.warnings)


def test_a_pitch_equal_within_a_thousandth_is_left_alone() -> None:
    scan = read_x3p(x3p_bytes(increments=("2.279984e-06", "2.279794e-06", "1")))
    assert_reads_as_relief(scan)
    assert scan.warnings == ()


def test_a_wrong_md5_is_a_warning_and_the_scan_is_read() -> None:
    scan = read_x3p(x3p_bytes(checksum="0" * 32))
    assert_reads_as_relief(scan)
    assert len(scan.warnings) == 1
    assert "MD5" in scan.warnings[0]
    wrong_main = read_x3p(x3p_bytes(members={"md5checksum.hex": b"0" * 32}))
    assert "main.xml" in wrong_main.warnings[0]


def test_large_absolute_heights_keep_their_detail_through_an_origin() -> None:
    scan = read_x3p(x3p_bytes(METRES + 1.0))
    assert scan.z_origin_um == pytest.approx(1e6, abs=100)
    np.testing.assert_allclose(
        scan.heights_um - scan.heights_um[0, 0], UM - UM[0, 0], rtol=0, atol=1e-5
    )


def test_a_placement_turned_in_space_is_told() -> None:
    turned = "<Rotation><r11>1</r11><r22>0.9</r22><r33>1</r33></Rotation></Axes>"
    xml = main_xml(METRES).replace(b"</Axes>", turned.encode())
    assert any("rotated" in w for w in read_x3p(x3p_bytes(xml=xml)).warnings)


def test_a_drawing_white_on_black_outlines_the_white() -> None:
    outline = np.zeros(UM.shape, dtype=bool)
    outline[3:9, 4:20] = True
    drawing = np.zeros((*UM.shape, 4), np.uint8)
    drawing[..., 3] = 255
    drawing[outline, :3] = 255
    scan = read_x3p(x3p_bytes(members={"bindata/mask.png": encoded(".png", drawing)}))
    assert scan.mask is not None
    np.testing.assert_array_equal(scan.mask, outline)
    assert scan.warnings == ()


def test_the_stated_background_of_a_drawing_is_not_outlined_and_colours_are_joined() -> None:
    drawing = np.empty((*UM.shape, 3), np.uint8)
    drawing[:] = (0x32, 0x7F, 0xCD)
    drawing[2:4, 2:9] = (0, 0, 255)
    drawing[6:8, 2:9] = (0, 255, 0)
    drawing[20:] = 0
    content = x3p_bytes(
        members={"bindata/mask.png": encoded(".png", drawing)},
        extra="<Mask><Background>#cd7f32</Background></Mask>",
    )
    scan = read_x3p(content)
    assert scan.mask is not None
    assert scan.mask.sum() == 28
    assert "2 colours" in scan.warnings[0]


@pytest.mark.parametrize(
    "drawing", [b"not a png", encoded(".png", np.full((9, 9), 255, np.uint8)), b""]
)
def test_an_unusable_drawing_is_left_aside_with_a_warning(drawing: bytes) -> None:
    scan = read_x3p(x3p_bytes(members={"bindata/mask.png": drawing}))
    assert scan.mask is None
    assert "mask.png" in scan.warnings[0]


@pytest.mark.parametrize(
    ("name", "content"), [(n, c) for n, c in damaged_contents() if n.endswith(".x3p")]
)
def test_damage_is_one_sentence(name: str, content: bytes) -> None:
    with pytest.raises(CorrelationError) as caught:
        read_x3p(content)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 260
    assert "\n" not in sentence


def test_a_claim_of_exabytes_is_refused_before_memory_is_asked_for() -> None:
    with pytest.raises(CorrelationError, match="claims 3000000000 x 3000000000"):
        read_x3p(x3p_bytes(METRES, size=(3_000_000_000, 3_000_000_000, 1)))
    with pytest.raises(CorrelationError, match="claims"):
        read_x3p(x3p_bytes(METRES, size=(10**29, 10**29, 1)))


def test_a_password_is_told() -> None:
    content = bytearray(x3p_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 1)
    with pytest.raises(CorrelationError, match="password"):
        read_x3p(bytes(content))


@pytest.mark.parametrize("step", ["0", "", "nan", "1e400", "many"])
def test_a_pitch_that_is_no_length_is_refused(step: str) -> None:
    with pytest.raises(CorrelationError):
        read_x3p(x3p_bytes(increments=(step, step, "1")))
