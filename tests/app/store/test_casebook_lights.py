"""Light rigs and checks of reliefs: added, never changed, vouched for by the journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import CaseheadError
from app.store import Casebook
from app.store.casebook import FILE_NAME
from app.store.light_rigs import LightRig, ReliefCheck, RigLight

LIGHTS = (RigLight("Left", 180.0, 30.0, 0.5), RigLight("right", 0.0, 30.0), RigLight("top", 90, 30))


def test_the_newest_rig_of_a_name_is_in_force_and_all_stay(casebook: Casebook) -> None:
    ball = casebook.keep_pixels(b"a mirror ball", ".png")
    first = casebook.add_light_rig(LightRig(" stand  1 ", LIGHTS, "ball", 0.5, (ball,), "n"))
    assert first.author == casebook.author and first.made_at and first.name == "stand 1"
    second = casebook.add_light_rig(LightRig("Stand 1", LIGHTS[:1]))
    assert casebook.find_light_rig("STAND 1") == second
    assert casebook.light_rigs() == (first, second)
    assert casebook.light_rig(first.id) == first
    assert first.light(" left ") == LIGHTS[0] and first.light("bottom") is None
    assert casebook.find_light_rig("stand 2") is None
    assert casebook.journal(1)[0].detail["supersedes"] == first.id
    assert casebook.check() == ()


def test_nothing_of_a_rig_is_changed(casebook: Casebook, folder: Path) -> None:
    casebook.add_light_rig(LightRig("stand 1", LIGHTS))
    casebook.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        for sql in ("UPDATE light_rig SET lights = '[]'", "DELETE FROM light_rig"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                raw.execute(sql)
        raw.execute("DROP TRIGGER light_rig_never_changed")
        raw.execute("UPDATE light_rig SET lights = '[]'")
        raw.commit()
    with Casebook.open(folder) as opened:
        assert any("light rig" in sentence for sentence in opened.check())


def test_a_rig_without_sense_is_refused(casebook: Casebook) -> None:
    rig = LightRig("stand 1", LIGHTS)
    bad = (
        (replace(rig, name=" "), "a name"),
        (replace(rig, lights=()), "a name of its own"),
        (replace(rig, lights=(LIGHTS[0], RigLight("LEFT", 1, 2))), "a name of its own"),
        (replace(rig, lights=(RigLight("left", 0, 95),)), "cannot stand at"),
        (replace(rig, lights=(RigLight("left", 0, 0),)), "cannot stand at"),
    )
    for one, said in bad:
        with pytest.raises(CaseheadError, match=said):
            casebook.add_light_rig(one)
    assert casebook.light_rigs() == ()


def test_a_check_needs_its_relief(casebook: Casebook) -> None:
    with pytest.raises(Exception, match=r"FOREIGN KEY|missing|refer"):
        casebook.add_relief_check(ReliefCheck("none", "none", {"score": 1.0}))
