"""Directions of lights from a rendered mirror ball, errors in degrees."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.ball import (
    Ball,
    ball_through,
    direction_of,
    find_ball,
    find_highlight,
    rig_from_ball,
)
from app.domain import CaseheadError
from correlation.photometric import direction
from tests.relit import ball

CENTRE, RADIUS = (212.3, 161.7), 90.4
LAMPS = {f"light {a}": (float(a), float(e)) for a, e in ((10, 25), (100, 45), (190, 60), (280, 20))}


def apart_deg(first: tuple[float, float], second: tuple[float, float]) -> float:
    return float(np.degrees(np.arccos(min(1.0, direction(*first) @ direction(*second)))))


@pytest.mark.parametrize(("radius", "most_deg"), [(RADIUS, 0.25), (30.3, 0.9)])
def test_directions_are_right_and_their_uncertainty_covers_the_error(
    radius: float, most_deg: float
) -> None:
    pictures = {
        name: ball(*at, CENTRE, radius, seed) for seed, (name, at) in enumerate(LAMPS.items())
    }
    rig = rig_from_ball(pictures, "stand 1")
    assert (rig.name, rig.method) == ("stand 1", "ball")
    assert rig.residual_deg is not None
    for light in rig.lights:
        error = apart_deg((light.azimuth_deg, light.elevation_deg), LAMPS[light.name])
        assert error < most_deg
        assert light.sd_deg is not None and error < 2 * light.sd_deg < 6
    found = find_ball(np.max(list(pictures.values()), axis=0))
    assert (found.x_px, found.y_px) == pytest.approx(CENTRE, abs=0.3)
    assert found.radius_px == pytest.approx(radius, abs=0.4)


def test_a_rim_set_by_hand_will_do() -> None:
    bearing = np.radians([5.0, 80.0, 170.0, 250.0])
    rim = np.column_stack(
        [CENTRE[0] + RADIUS * np.cos(bearing), CENTRE[1] + RADIUS * np.sin(bearing)]
    )
    outline = ball_through(rim.round())
    rig = rig_from_ball({"left": ball(180.0, 40.0)}, "s", outline)
    light = rig.lights[0]
    assert apart_deg((light.azimuth_deg, light.elevation_deg), (180.0, 40.0)) < 1.0
    with pytest.raises(CaseheadError, match="at least three points"):
        ball_through(np.array([[0.0, 0.0], [5.0, 5.0], [9.0, 9.0]]))


def test_the_error_grows_with_that_of_the_highlight() -> None:
    picture, outline = ball(30.0, 45.0), Ball(*CENTRE, RADIUS)
    highlight = find_highlight(picture, outline)
    towards, sure = direction_of(highlight, outline)
    assert np.degrees(np.arccos(towards @ direction(30.0, 45.0))) < 0.3
    vague = direction_of(highlight, Ball(*CENTRE, RADIUS, centre_sd_px=2.0))[1]
    assert vague > 2 * sure


def test_what_is_no_ball_under_one_light_is_refused() -> None:
    outline = Ball(*CENTRE, RADIUS)
    good = ball(30.0, 45.0)
    none = np.minimum(good, 0.14)
    two = np.maximum(good, ball(210.0, 45.0))
    y, x = np.mgrid[:320, :420]
    matt = np.where(np.hypot(x - CENTRE[0], y - CENTRE[1]) < 60, 0.9, 0.1)
    for picture, said in ((none, "no highlight"), (two, "several highlights"), (matt, "much of")):
        with pytest.raises(CaseheadError, match=f"Light left: .*{said}"):
            rig_from_ball({"left": picture.astype(np.float32)}, "s", outline)
    noise = np.random.default_rng(0).uniform(0, 1, (200, 300)).astype(np.float32)
    with pytest.raises(CaseheadError, match="No ball stands out"):
        find_ball(noise)
    with pytest.raises(CaseheadError, match="no edge"):
        find_ball(np.zeros((200, 300), np.float32))
    with pytest.raises(CaseheadError, match="of one size"):
        rig_from_ball({"left": good, "right": good[:100]}, "s")
    with pytest.raises(CaseheadError, match="does not lie in the picture"):
        rig_from_ball({"left": good}, "s", Ball(5000.0, 5000.0, 20.0))
    below = np.full((320, 420), 0.1, np.float32)
    below[160:164, 296:299] = 1.0
    with pytest.raises(CaseheadError, match="below the specimen"):
        rig_from_ball({"left": below}, "s", outline)
