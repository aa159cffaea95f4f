"""The lights of an image: which images can be laid on it, in what order, by what names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from workbench_parts import frame, picture, registration

from app.domain import CaseheadError, Circle, Light
from app.workbench import Workbench
from app.workbench.lights import LIGHT_AZIMUTH


def keep(
    workbench: Workbench,
    mark_id: str,
    seed: int,
    light: Light = Light.SIDE,
    azimuth: object = None,
    side: int = 96,
    pixel_um: float | None = 2.5,
) -> str:
    settings = {} if azimuth is None else {LIGHT_AZIMUTH: azimuth}
    taken = replace(
        frame(seed), settings=settings, pixel_um=pixel_um, light=light, pixels=picture(seed, side)
    )
    return workbench.capture(mark_id, taken, camera="bench").id


def test_ring_light_comes_first_then_the_sides_round_the_circle(workbench: Workbench) -> None:
    mark = workbench.register(registration()).id
    made = [
        keep(workbench, mark, 1, azimuth=270),
        keep(workbench, mark, 2, Light.RING),
        keep(workbench, mark, 3, azimuth=-270.0),
        keep(workbench, mark, 4, Light.UNKNOWN),
        keep(workbench, mark, 5, Light.UNKNOWN, azimuth="left"),
    ]
    found = workbench.lights_of(made[0])
    assert [c.name for c in found] == ["ring", "side 90°", "side 270°", "other", "other (2)"]
    assert [c.acquired_id for c in found][:3] == [made[1], made[2], made[0]]
    assert {c.acquired_id for c in found} == set(made)
    assert workbench.lights_of(made[3]) == found


def test_only_images_that_lie_on_each_other_are_of_a_set(workbench: Workbench) -> None:
    mark = workbench.register(registration()).id
    other_mark = workbench.register(registration("3B")).id
    own = keep(workbench, mark, 1, Light.RING)
    keep(workbench, mark, 2, side=80)
    keep(workbench, mark, 3, pixel_um=2.6)
    keep(workbench, mark, 4, pixel_um=None)
    keep(workbench, other_mark, 5)
    assert [c.acquired_id for c in workbench.lights_of(own)] == [own]
    unscaled = keep(workbench, mark, 6, pixel_um=None)
    assert workbench.lights_of(unscaled) == ()
    with pytest.raises(CaseheadError, match="no image or scan"):
        workbench.lights_of("nothing")


def test_a_replaced_record_is_no_light_of_its_own(workbench: Workbench) -> None:
    mark = workbench.register(registration()).id
    own = keep(workbench, mark, 1, Light.RING)
    old = keep(workbench, mark, 2, pixel_um=3.0)
    new = workbench.settle_scale(old, 2.5)
    assert [c.acquired_id for c in workbench.lights_of(own)] == [own, new.id]
    newer = workbench.settle_scale(own, 2.6)
    assert [c.acquired_id for c in workbench.lights_of(own)] == [own, new.id]
    assert [c.acquired_id for c in workbench.lights_of(newer.id)] == [newer.id]


def test_another_light_is_shown_with_the_outline_of_the_image_it_stands_for(
    workbench: Workbench,
) -> None:
    mark = workbench.register(registration()).id
    own, other = keep(workbench, mark, 1, Light.RING), keep(workbench, mark, 2)
    outer = Circle(120.0, 118.0, 90.0)
    workbench.correct_region(own, outer, None)
    workbench.correct_region(other, Circle(100.0, 100.0, 50.0), None)
    side = workbench.side_lit(own, other)
    assert side.focus == outer
    assert (side.pixels == workbench.side(other).pixels).all()
    assert side.name == workbench.side(own).name
