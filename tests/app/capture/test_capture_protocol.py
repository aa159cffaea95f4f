"""Protocols as data: shipped ones, a laboratory's own, and what is said of damaged files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.capture.protocol import (
    clock_of,
    clock_words,
    deg_of,
    load_protocols,
    protocol_from,
    read_protocol,
)
from app.domain import CartridgeCase, CaseheadError, Light, MarkKind


def case(calibre: str = "", pin: str = "") -> CartridgeCase:
    return CartridgeCase("exhibit", "3A", calibre=calibre, firing_pin_shape=pin)


def own(**changed: Any) -> dict[str, Any]:
    step = {"key": "face", "name": "Face", "mark": "breech face", "light": "ring"}
    return {"name": "Own", "for": {"otherwise": True}, "steps": [step]} | changed


def test_centerfire_asks_for_what_the_trade_takes() -> None:
    protocol = load_protocols().find("centerfire")
    assert protocol is not None
    asked = [(s.mark, s.light, s.optional) for s in protocol.steps]
    assert asked == [
        (MarkKind.BREECH_FACE, Light.RING, False),
        (MarkKind.BREECH_FACE, Light.SIDE, False),
        (MarkKind.FIRING_PIN, Light.RING, False),
        (MarkKind.EJECTOR, Light.RING, False),
        (MarkKind.APERTURE_SHEAR, Light.RING, True),
    ]
    assert all(step.hint for step in protocol.steps)


@pytest.mark.parametrize(
    ("calibre", "pin", "key"),
    [
        (".22 LR", "", "rimfire"),
        ("22lr", "", "rimfire"),
        (".22 Long Rifle HV", "", "rimfire"),
        (".17 HMR", "", "rimfire"),
        ("5.6x15R", "", "rimfire"),
        ("", "Rimfire, bar", "rimfire"),
        (".22-250", "", "centerfire"),
        (".22 Hornet", "", "centerfire"),
        (".223 Remington / 5.56x45", "rectangular", "centerfire"),
        ("9 mm Luger", "elliptical", "centerfire"),
        ("", "", "centerfire"),
    ],
)
def test_class_characteristics_name_the_protocol(calibre: str, pin: str, key: str) -> None:
    assert load_protocols().for_case(case(calibre, pin)).key == key


def test_a_laboratory_replaces_and_adds(tmp_path: Path) -> None:
    (tmp_path / "centerfire.json").write_text(json.dumps(own()), "utf-8")
    shot = own(name="Shotshell", **{"for": {"calibres": ["12 gauge"]}})
    (tmp_path / "shotshell.json").write_text(json.dumps(shot), "utf-8-sig")
    known = load_protocols(tmp_path)
    assert known.complaints == ()
    assert known.for_case(case("9 mm Luger")).name == "Own"
    assert known.for_case(case("12 Gauge")).key == "shotshell"
    assert known.for_case(case(".22 LR")).key == "rimfire"


def test_a_damaged_file_is_told_of_and_the_default_stays(tmp_path: Path) -> None:
    (tmp_path / "centerfire.json").write_text('{"name": "Own",\n "steps": [', "utf-8")
    (tmp_path / "rimfire.json").write_bytes(b"\xff\xfe\x00\x81")
    (tmp_path / "third.json").write_text("[]", "utf-8")
    known = load_protocols(tmp_path)
    assert known.for_case(case("9 mm")).steps == load_protocols().for_case(case("9 mm")).steps
    assert known.find("third") is None
    first, second, third = known.complaints
    assert "centerfire.json is no JSON, line 2" in first and "came with Casehead" in first
    assert "rimfire.json" in second and "came with Casehead" in second
    assert "third.json" in third and "left out" in third


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"steps": []}, "no steps"),
        ({"name": " "}, "no 'name'"),
        ({"stpes": []}, "'stpes' is not known"),
        ({"for": {"calibres": "9 mm"}}, "list of words"),
        ({"orientation": {"drag": {"clock": 13}}}, "hour"),
        ({"steps": [own()["steps"][0]] * 2}, "two steps with the key 'face'"),
        ({"steps": [own()["steps"][0] | {"mark": "primer"}]}, "'primer' is not known"),
        ({"steps": [own()["steps"][0] | {"light": "uv"}]}, "'uv' is not known"),
        ({"steps": [own()["steps"][0] | {"pictures": 0}]}, "from 1 to 50"),
        ({"steps": [own()["steps"][0] | {"optional": "yes"}]}, "true or false"),
        ({"steps": [own()["steps"][0] | {"fields": ["weight"]}]}, "'weight' is not known"),
        ({"steps": [own()["steps"][0] | {"key": "Face 1"}]}, "small letters"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(CaseheadError, match=told) as error:
        protocol_from("own", own(**changed))
    assert str(error.value).startswith("The protocol own.json")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseheadError, match="cannot be read"):
        read_protocol(tmp_path / "none.json")


def test_any_light_takes_every_light() -> None:
    step = own()["steps"][0] | {"light": "any"}
    made = protocol_from("own", own(steps=[step])).step("face")
    assert made.takes(MarkKind.BREECH_FACE, Light.SIDE)
    assert not made.takes(MarkKind.EJECTOR, Light.SIDE)


@pytest.mark.parametrize(
    ("deg", "clock", "words"),
    [(90, 12, "12:00"), (0, 3, "3:00"), (105, 11.5, "11:30"), (195, 8.5, "8:30")],
)
def test_directions_as_on_a_clock(deg: float, clock: float, words: str) -> None:
    assert clock_of(deg) == pytest.approx(clock)
    assert deg_of(clock) == pytest.approx(deg)
    assert clock_words(deg) == words
