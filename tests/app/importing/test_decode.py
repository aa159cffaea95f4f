"""Files as they come: decoded by content, damage told in one sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.domain import CaseheadError
from app.importing.decode import Decoded, decode, read_surface, surface_of, to_grey
from tests.damaged import (
    al3d_bytes,
    damaged_contents,
    damaged_files,
    encoded,
    picture,
    png_bytes,
    png_chunk,
    relief,
    tiff_bytes,
    x3p_bytes,
)

GREY = picture()
DEEP = GREY.astype(np.uint16) * 257
COLOUR = np.dstack([GREY, GREY // 2, 255 - GREY])
BGR = np.ascontiguousarray(COLOUR[..., ::-1])
DATA = Path(__file__).parents[4] / "shared" / "data"


def decoded(content: bytes, name: str = "") -> Decoded:
    return decode(None, content, name)


def rows_of(array: np.ndarray) -> bytes:
    return b"".join(b"\x00" + row.tobytes() for row in array)


def png_with(extra: bytes) -> bytes:
    return png_bytes(GREY.shape[1], GREY.shape[0], rows_of(GREY), extra=extra)


@pytest.mark.parametrize(
    ("content", "found", "expected"),
    [
        (encoded(".png", GREY), "png", GREY),
        (encoded(".png", DEEP), "png", DEEP),
        (encoded(".png", BGR), "png", COLOUR),
        (encoded(".bmp", GREY), "bmp", GREY),
        (encoded(".bmp", BGR), "bmp", COLOUR),
        (encoded(".tiff", GREY), "tiff", GREY),
        (encoded(".tiff", DEEP), "tiff", DEEP),
        (encoded(".tiff", BGR), "tiff", COLOUR),
        (tiff_bytes(GREY), "tiff", GREY),
        (tiff_bytes(DEEP, byteorder=">"), "tiff", DEEP),
        (tiff_bytes(GREY, bigtiff=True), "tiff", GREY),
        (tiff_bytes(DEEP, tile=(16, 16)), "tiff", DEEP),
        (tiff_bytes(DEEP, tile=(16, 16), compression="zlib", predictor=True), "tiff", DEEP),
        (tiff_bytes(COLOUR), "tiff", COLOUR),
        (
            tiff_bytes(np.moveaxis(COLOUR, -1, 0), photometric="rgb", planarconfig="separate"),
            "tiff",
            COLOUR,
        ),
    ],
)
def test_pixels_come_out_as_stored(content: bytes, found: str, expected: np.ndarray) -> None:
    result = decoded(content)
    assert (result.kind, result.format, result.lossy) == ("image", found, False)
    assert result.array.dtype == expected.dtype
    np.testing.assert_array_equal(result.array, expected)
    assert result.bits == expected.dtype.itemsize * 8
    assert result.warnings == ()
    assert result.pixel_um is None


def test_a_jpeg_is_marked_lossy() -> None:
    result = decoded(encoded(".jpg", GREY, cv2.IMWRITE_JPEG_QUALITY, 95))
    assert (result.format, result.lossy, result.bits) == ("jpeg", True, 8)
    assert np.abs(result.array.astype(int) - GREY).max() < 12
    assert "lossy" in result.warnings[0]
    progressive = decoded(encoded(".jpg", BGR, cv2.IMWRITE_JPEG_PROGRESSIVE, 1))
    assert progressive.array.shape == COLOUR.shape


def test_a_jpeg_cut_and_closed_again_warns_of_its_even_foot() -> None:
    content = encoded(".jpg", picture(120, 90))
    result = decoded(content[: len(content) // 2] + b"\xff\xd9")
    assert any("even tone" in w for w in result.warnings)
    assert not any("even tone" in w for w in decoded(content).warnings)


def test_a_palette_of_greys_becomes_grey_and_one_of_colours_colour() -> None:
    ramp = bytes(v for i in range(256) for v in (i, i, i))
    content = png_with(png_chunk(b"PLTE", ramp))
    content = content.replace(
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 0, 0, 0, 0)),
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 3, 0, 0, 0)),
    )
    np.testing.assert_array_equal(decoded(content).array, GREY)
    reddish = bytes(v for i in range(256) for v in (i, i // 2, 0))
    result = decoded(content.replace(png_chunk(b"PLTE", ramp), png_chunk(b"PLTE", reddish)))
    np.testing.assert_array_equal(result.array[..., 0], GREY)
    np.testing.assert_array_equal(result.array[..., 2], 0)


def test_a_tiff_palette_of_greys_becomes_grey() -> None:
    ramp = np.repeat((np.arange(256) * 257).astype(np.uint16)[np.newaxis], 3, axis=0)
    for packing in (None, "zlib"):
        content = tiff_bytes(GREY, photometric="palette", colormap=ramp, compression=packing)
        np.testing.assert_array_equal(decoded(content).array, GREY)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff"])
def test_opacity_is_left_aside_with_a_warning(suffix: str) -> None:
    result = decoded(encoded(suffix, np.dstack([BGR, GREY])))
    np.testing.assert_array_equal(result.array, COLOUR)
    assert "alpha" in result.warnings[0]


def test_white_counted_as_zero_is_turned_round() -> None:
    result = decoded(tiff_bytes(255 - GREY, photometric="miniswhite"))
    np.testing.assert_array_equal(result.array, GREY)
    assert result.warnings


def test_twelve_bits_in_sixteen_are_noted() -> None:
    result = decoded(encoded(".png", GREY.astype(np.uint16) * 16))
    assert result.bits == 12
    assert "12 bits" in result.warnings[0]


def test_the_first_of_several_pages_is_read_with_a_warning() -> None:
    result = decoded(tiff_bytes(np.stack([GREY, 255 - GREY]), photometric="minisblack"))
    np.testing.assert_array_equal(result.array, GREY)
    assert "2 pictures" in result.warnings[0]


def _per_metre(across: int, down: int, unit: int = 1) -> bytes:
    return png_with(png_chunk(b"pHYs", struct.pack(">IIB", across, down, unit)))


@pytest.mark.parametrize(
    ("content", "pixel_um"),
    [
        (_per_metre(395256, 395256), 2.53),
        (tiff_bytes(resolution=(1e4 / 2.53, 1e4 / 2.53), resolutionunit="CENTIMETER"), 2.53),
        (tiff_bytes(resolution=(25400 / 2.53, 25400 / 2.53), resolutionunit="INCH"), 2.53),
        (tiff_bytes(imagej=True, resolution=(1 / 2.53, 1 / 2.53), metadata={"unit": "um"}), 2.53),
        (
            tiff_bytes(imagej=True, resolution=(0.1, 0.1), metadata={"unit": "micron"}),
            10.0,
        ),
        (
            tiff_bytes(
                ome=True,
                metadata={
                    "PhysicalSizeX": 2.53,
                    "PhysicalSizeXUnit": "\u00b5m",
                    "PhysicalSizeY": 2.53,
                    "PhysicalSizeYUnit": "\u00b5m",
                },
            ),
            2.53,
        ),
    ],
)
def test_a_stated_scale_is_taken(content: bytes, pixel_um: float) -> None:
    result = decoded(content)
    assert result.pixel_um == pytest.approx(pixel_um, rel=1e-4)
    assert result.warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        _per_metre(11811, 11811),
        _per_metre(2835, 2835),
        _per_metre(395256, 395256, unit=0),
        _per_metre(0, 0),
        tiff_bytes(resolution=(72, 72), resolutionunit="INCH"),
        tiff_bytes(resolution=(96, 96), resolutionunit="INCH"),
        tiff_bytes(resolution=(1 / 2.53, 1 / 2.53), resolutionunit="NONE"),
    ],
)
def test_the_densities_of_screens_and_printers_are_no_scale(content: bytes) -> None:
    assert decoded(content).pixel_um is None


def test_a_round_print_density_within_range_is_told_and_not_taken() -> None:
    result = decoded(tiff_bytes(resolution=(1200, 1200), resolutionunit="INCH"))
    assert result.pixel_um is None
    assert "1200 dpi" in result.warnings[0]


def test_pixels_that_are_not_square_give_no_scale() -> None:
    result = decoded(_per_metre(395256, 400000))
    assert result.pixel_um is None
    assert "not square" in result.warnings[0]


def test_a_wrong_ending_is_told_and_a_right_one_is_not() -> None:
    assert decoded(encoded(".png"), "a.PNG").warnings == ()
    assert decoded(encoded(".png"), "a").warnings == ()
    result = decoded(encoded(".png"), "a.tif")
    assert result.format == "png"
    assert "ends in .tif" in result.warnings[0]
    assert decode(Path("b.bmp"), encoded(".png"), "").warnings


def test_scans_decode_with_their_heights_and_scale() -> None:
    scan = decoded(x3p_bytes(), "a.x3p")
    assert (scan.kind, scan.format, scan.lossy) == ("scan", "x3p", False)
    assert scan.scan is not None
    assert scan.array is scan.scan.heights_um
    assert scan.pixel_um == pytest.approx(6.25)
    assert decoded(al3d_bytes(relief() * 1e-6)).format == "al3d"


@pytest.mark.parametrize(("name", "content"), damaged_contents())
def test_every_damage_is_one_sentence(
    name: str, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CaseheadError) as caught:
        decoded(content, name)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 260
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".bmp", ".jpg"])
def test_a_file_cut_anywhere_is_never_read_as_whole(suffix: str) -> None:
    content = encoded(suffix)
    for end in range(0, len(content) - 2, max(1, len(content) // 60)):
        with pytest.raises(CaseheadError):
            decoded(content[:end])


def test_what_was_found_instead_is_named() -> None:
    for content, what in ((b"GIF89a", "GIF"), (b"%PDF-1.7", "PDF"), (b"hello there", "text")):
        with pytest.raises(CaseheadError, match=what):
            decoded(content)


def test_grey_is_linear_over_the_full_range() -> None:
    np.testing.assert_allclose(to_grey(GREY), GREY / 255, atol=1e-6)
    np.testing.assert_allclose(to_grey(DEEP), GREY / 255, atol=1e-6)
    assert to_grey(COLOUR).dtype == np.float32
    expected = COLOUR @ np.array([0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(to_grey(COLOUR), expected, atol=1e-6)
    with pytest.raises(CaseheadError):
        to_grey(GREY.astype(float))


def test_an_image_without_scale_is_a_sentence_not_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(".png"))
    with pytest.raises(CaseheadError, match=r"a\.png: .*--pixel-um"):
        read_surface(path)
    surface = read_surface(path, 2.53)
    assert (surface.kind, surface.pixel_um) == ("image", 2.53)
    np.testing.assert_array_equal(surface.values, to_grey(GREY))


def test_a_given_scale_wins_over_the_stated_one_with_a_warning() -> None:
    image = decoded(_per_metre(395256, 395256))
    surface, warnings = surface_of(image)
    assert surface.pixel_um == pytest.approx(2.53, rel=1e-4)
    assert warnings == ()
    surface, warnings = surface_of(image, 3.0)
    assert surface.pixel_um == 3.0
    assert "3 um was given" in warnings[0]
    assert surface_of(image, 2.53)[1] == ()


@pytest.mark.parametrize("given", [0.0, -1.0, float("nan"), 1e9])
def test_an_impossible_scale_is_refused(given: float) -> None:
    with pytest.raises(CaseheadError, match="not plausible"):
        surface_of(decoded(encoded(".png")), given)


def test_a_scan_in_unclear_units_asks_and_takes_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.x3p"
    path.write_bytes(x3p_bytes(relief() * 1e-3, increments=("0.0275", "0.0275", "1")))
    with pytest.raises(CaseheadError, match="--xy-unit"):
        read_surface(path)
    told: list[str] = []
    surface = read_surface(path, xy_unit="mm", z_unit="mm", warn=told.append)
    assert surface.kind == "scan"
    assert surface.pixel_um == pytest.approx(27.5)
    np.testing.assert_allclose(surface.values, relief(), atol=1e-5)
    assert told[0].startswith("a.x3p: ")


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseheadError, match="not there"):
        read_surface(tmp_path / "missing.png")
    with pytest.raises(CaseheadError, match="folder"):
        read_surface(tmp_path)


def test_damaged_files_are_written_for_other_tests(tmp_path: Path) -> None:
    written = damaged_files(tmp_path / "bad")
    assert len(written) == len({name for name, _ in written}) > 40
    assert all(path.name == name and path.exists() for name, path in written)


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="no real data beside the checkout")
def test_real_ring_light_images_are_grey_with_the_scale_their_tags_state() -> None:
    for path in sorted((DATA / "nist2d").glob("*.png")):
        result = decode(path, path.read_bytes(), path.name)
        assert result.array.shape == (1944, 2592)
        assert result.array.dtype == np.uint8
        assert result.warnings == ()
        stated = path.name.startswith(("fadul", "cary", "light"))
        assert result.pixel_um == (pytest.approx(2.53, rel=1e-4) if stated else None)


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="no real data beside the checkout")
def test_real_photographs_are_colour_lossy_and_without_scale() -> None:
    for path in sorted((DATA / "primers-colour").glob("*.jpg"))[::10]:
        result = decode(path, path.read_bytes(), path.name)
        assert (result.array.ndim, result.lossy, result.pixel_um) == (3, True, None)
        assert len(result.warnings) == 1
