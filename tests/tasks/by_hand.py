"""A laboratory begun by hand, in the window alone: its people, their passwords, cases, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from app.casework.zones import computer_zone
from tests.tasks.casework_bench import (
    LINDQVIST,
    MENSAH,
    OKAFOR,
    PASSWORDS,
    CaseworkBench,
)
from tests.window_bench import CONTROL

FIRST_PASSWORD = "changed at once"
SKILLS = ("acquire", "review", "examine")


@dataclass(frozen=True, slots=True)
class Received:
    """A cartridge case as it comes in: what is written of it, and what lies on the stage."""

    case: str
    gun: int
    shot: int
    role: str = "evidence"
    event: str = "shots fired"
    date: str = "2026-04-12"
    place: str = "Pier 4"
    calibre: str = "9 mm Luger"
    firearm: tuple[str, str, str] = ("", "", "")


RECEIVED = (
    Received("2026-0451", 2, 1, place="Quay Street 11"),
    Received("2026-0460", 3, 1, place="Mill Lane"),
    Received(
        *("2025-1107", 1, 2, "test fire", "recovery", "2025-11-03", "Dock Road 9"),
        firearm=("Norvik", "NK-2", "N 24117"),
    ),
    Received("2026-0412", 1, 1),
)
"""The last one is of the gun of the one before; its search finds what is there by then."""


def begin(bench: CaseworkBench) -> None:
    """The first start: who works here; that person administers and does everything else."""
    assert bench.window.current == "start"
    proposed = bench.find(QComboBox, "start_zone").currentText()
    assert proposed == computer_zone()
    bench.fill(
        {
            "start_agency": "Harbor City Police Laboratory",
            "start_ori": "XX0990100",
            "start_station": "Bench 1",
            "start_examiner": OKAFOR,
            "start_zone": "America/New_York",
            "start_password": PASSWORDS[OKAFOR],
            "start_again": PASSWORDS[OKAFOR],
        }
    )
    bench.press(Qt.Key.Key_Return)
    bench.at_work(OKAFOR)


def put_on_record(bench: CaseworkBench, names: Sequence[str] = (MENSAH, LINDQVIST)) -> None:
    """On the page of people: others, with a password each is to change, and what they may do."""
    bench.press(Qt.Key.Key_7, CONTROL)
    bench.press(Qt.Key.Key_F2)
    for name in names:
        _add(bench, name)
    for name in names:
        for skill in SKILLS:
            _grant(bench, name, skill)


def _add(bench: CaseworkBench, name: str) -> None:
    page = bench.window.lab.people
    bench.until(lambda: page.ready and page.table.hasFocus())
    bench.press(Qt.Key.Key_N)
    bench.write("people_name", name)
    bench.tick("people_role_examiner")
    bench.write("people_password", FIRST_PASSWORD)
    bench.write("people_again", FIRST_PASSWORD)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: any(one.name == name for one in page.loaded.staff.people) and page.ready)


def _grant(bench: CaseworkBench, name: str, skill: str) -> None:
    page = bench.window.lab.people
    bench.until(lambda: page.ready and page.table.hasFocus())
    bench.press(Qt.Key.Key_Home, CONTROL)
    bench.go_to(lambda: page.chosen is not None and page.chosen.name == name)
    held = len(page.loaded.staff.qualifications)
    bench.press(Qt.Key.Key_G)
    bench.choose("people_skill", skill)
    bench.write("people_note", f"Competence test {skill}")
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: len(page.loaded.staff.qualifications) == held + 1 and page.ready)


def come_first(bench: CaseworkBench, name: str) -> None:
    """Somebody signs in for the first time, and has to choose a password of their own."""
    bench.to_sign_in()
    bench.write("sign_in_name", name)
    bench.press(Qt.Key.Key_Return)
    bench.write("sign_in_password", FIRST_PASSWORD)
    bench.press(Qt.Key.Key_Return)
    bench.until(lambda: bench.window.current == "password")
    own = PASSWORDS[name]
    bench.fill({"password_old": FIRST_PASSWORD, "password_new": own, "password_again": own})
    bench.press(Qt.Key.Key_Return)
    bench.at_work(name)


def enter(bench: CaseworkBench, received: Received) -> None:
    """Register a cartridge case by the form, and take its picture at the camera."""
    register(bench, received)
    capture(bench, received)


def register(bench: CaseworkBench, one: Received) -> None:
    """By the form, which goes on to the camera."""
    bench.press(Qt.Key.Key_1, CONTROL)
    bench.press(Qt.Key.Key_N, CONTROL)
    bench.until(lambda: not bench.place.bridge.busy)
    bench.choose("role", one.role)
    make, model, serial = one.firearm
    bench.fill(
        {
            "case_number": one.case,
            "exhibit_number": "1",
            "label": "1A",
            "calibre": one.calibre,
            "firing_pin_shape": "circular",
            "breech_face_class": "parallel",
            "event_kind": one.event,
            "event_at": one.date,
            "event_place": one.place,
            "firearm_make": make,
            "firearm_model": model,
            "firearm_serial": serial,
            "new_exhibit_entry_reason": "crime gun",
        }
    )
    bench.press(Qt.Key.Key_Return, CONTROL)
    if make:  # the form says what a firearm needs besides, and leads there
        bench.until_words("registration_says", "type")
        bench.write("new_firearm_type", "pistol")
        bench.press(Qt.Key.Key_Return, CONTROL)
    bench.until(lambda: bench.window.current == "acquire")
    bench.until(lambda: f"{one.case} / 1 / 1A" in bench.words("place"))


def capture(bench: CaseworkBench, one: Received) -> None:
    """At the synthetic bench, of the mark that is in hand."""
    acquire = bench.window.acquire
    bench.press(Qt.Key.Key_F3)
    bench.choose("source_kind", "Synthetic bench")
    bench.write("bench_gun", str(one.gun))
    bench.write("bench_shot", str(one.shot))
    if acquire.camera.session is None and not acquire.station.opening:
        bench.click("source_start")
    name = f"gun {one.gun} shot {one.shot}"
    bench.until(lambda: acquire.camera.name.endswith(name) and not acquire.station.opening)
    bench.until(lambda: acquire.station.frame is not None and not bench.place.bridge.busy)
    bench.press(Qt.Key.Key_F2)
    acquire.live.setFocus()
    bench.press(Qt.Key.Key_Space)
    bench.until(lambda: acquire.filmstrip.count() == 1)
    bench.until(lambda: "Captured and saved." in bench.window.toast.sentence)


def build(bench: CaseworkBench) -> None:
    """Day one: everybody is on record and has come once; four cases are entered and searched."""
    begin(bench)
    put_on_record(bench)
    for name in (MENSAH, LINDQVIST):
        come_first(bench, name)
    bench.sign_in(OKAFOR)
    for received in RECEIVED:
        enter(bench, received)
    bench.until(lambda: bench.workbench.unseen_count() == len(RECEIVED))
    bench.until(lambda: bench.workbench.wait_idle(0.05))
