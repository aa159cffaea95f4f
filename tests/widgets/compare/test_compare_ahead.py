"""Neighbours loaded ahead: which, how much memory, when dropped; and the list's strip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from threading import Event

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.domain import Changes, Circle, Review
from app.workbench import Workbench
from tests.app.matching.several_marks import BREECH, Story, build
from widgets.bridge import Bridge
from widgets.compare.view.strip import FOLDED_HEIGHT, Band, Strip
from widgets.compare.work.ahead import Ahead, pixels_bytes
from widgets.compare.work.loading import Loaded, Walk, load, siblings_of

PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return build(tmp_path_factory.mktemp("ahead") / "casebook")


@pytest.fixture
def workbench(held: Story, tmp_path: Path) -> Iterator[Workbench]:
    copytree(held.folder, tmp_path / "casebook")
    made = Workbench(tmp_path / "casebook", automatic_search=False)
    yield made
    made.close()


@pytest.fixture
def ids(workbench: Workbench, held: Story) -> tuple[str, ...]:
    found = workbench.candidates(held.searches[BREECH])
    return tuple(line.candidate.id for line in found)


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    return lambda reached: qtbot.waitUntil(reached, timeout=PATIENCE_MS)


def walk_at(workbench: Workbench, ids: tuple[str, ...], place: int) -> Walk:
    found = siblings_of(workbench, ("", ""), ids[place], ids)
    return Walk(ids[place], ids, found)


@pytest.fixture
def ahead(qtbot: QtBot, workbench: Workbench, bridge: Bridge) -> Ahead:
    return Ahead(workbench, bridge, QObject(bridge))


def test_two_on_and_one_back_are_loaded_and_shared(
    workbench: Workbench, ids: tuple[str, ...], ahead: Ahead, until: Until
) -> None:
    walk = walk_at(workbench, ids, 1)
    here = walk.siblings[1]
    pair = load(workbench, here.query_id, here.acquired_id, ids[1], ahead.side)
    ahead.look(walk, pair)
    until(lambda: not ahead.loading)
    assert ahead.ready == {ids[0], ids[1], ids[2], ids[3]}
    taken = ahead.take(walk.siblings[2])
    assert taken is not None
    query = walk.siblings[2].query_id
    mine = {pair.comparison.left_id: pair.left, pair.comparison.right_id: pair.right}
    theirs = {taken.comparison.left_id: taken.left, taken.comparison.right_id: taken.right}
    assert mine[query] is theirs[query]
    one = pixels_bytes([taken], [pair])
    assert 0 < one < pixels_bytes([taken])
    assert ahead.used_bytes == 3 * one
    ahead.look(walk_at(workbench, ids, 4))
    until(lambda: not ahead.loading)
    assert ahead.ready == {ids[3]}


def test_the_least_likely_go_when_there_is_too_much(
    qtbot: QtBot, workbench: Workbench, bridge: Bridge, ids: tuple[str, ...], until: Until
) -> None:
    probe = Ahead(workbench, bridge, bridge)
    probe.look(walk_at(workbench, ids, 1))
    until(lambda: not probe.loading)
    small = Ahead(workbench, bridge, bridge, budget_bytes=probe.used_bytes // 2)
    small.look(walk_at(workbench, ids, 1))
    until(lambda: not small.loading)
    assert small.ready == {ids[2]}
    assert small.used_bytes <= probe.used_bytes // 2


def another(pair: Loaded | None, before: Loaded) -> bool:
    """Whether it was loaded again; the two may be alike."""
    return pair is not None and pair is not before


def test_what_has_changed_is_loaded_anew(
    workbench: Workbench, ids: tuple[str, ...], ahead: Ahead, until: Until
) -> None:
    walk = walk_at(workbench, ids, 0)
    ahead.look(walk)
    until(lambda: not ahead.loading)
    before = ahead.take(walk.siblings[1])
    assert before is not None
    workbench.save_comparison(before.comparison)
    until(lambda: another(ahead.take(walk.siblings[1]), before))
    again = ahead.take(walk.siblings[1])
    assert again is not None and again.left is before.left
    workbench.correct_region(walk.siblings[1].acquired_id, Circle(240.0, 240.0, 200.0), None)
    until(lambda: another(ahead.take(walk.siblings[1]), again))
    newest = ahead.take(walk.siblings[1])
    assert newest is not None
    focus = {newest.left.focus, newest.right.focus}
    assert Circle(240.0, 240.0, 200.0) in focus


def test_one_overtaken_is_given_up(
    workbench: Workbench,
    ids: tuple[str, ...],
    ahead: Ahead,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = Event(), Event()
    read: list[str] = []
    side = Workbench.side

    def slow(self: Workbench, acquired_id: str) -> object:
        read.append(acquired_id)
        begun.set()
        assert go_on.wait(30)
        return side(self, acquired_id)

    monkeypatch.setattr(Workbench, "side", slow)
    ahead.look(walk_at(workbench, ids, 0))
    assert begun.wait(30)
    ahead.drop()
    ahead.look(Walk())
    go_on.set()
    until(lambda: not ahead.loading)
    assert ahead.ready == frozenset()
    assert len(read) == 1


def test_one_that_cannot_be_read_is_left_out(
    workbench: Workbench, ids: tuple[str, ...], ahead: Ahead, until: Until
) -> None:
    walk = walk_at(workbench, ids, 0)
    digest = workbench.provenance(walk.siblings[1].acquired_id).acquired.digest
    next(workbench.folder.glob(f"pixels/*/{digest}.*")).unlink()
    ahead.look(walk)
    until(lambda: not ahead.loading)
    assert ahead.ready == {ids[2]}


def test_the_strip_shows_the_list_and_goes_where_it_is_clicked(
    qtbot: QtBot, workbench: Workbench, bridge: Bridge, ids: tuple[str, ...], until: Until
) -> None:
    went: list[str] = []
    strip = Strip(workbench, bridge, went.append)
    qtbot.addWidget(strip)
    strip.resize(900, 90)
    strip.show_walk(Walk())
    assert not strip.isVisible()
    workbench.review(ids[0], Review.KEPT)
    strip.show_walk(walk_at(workbench, ids, 1))
    assert not strip.is_open  # a low window
    assert strip.height() == FOLDED_HEIGHT
    fold = strip.findChild(QAbstractButton, "fold_strip")
    assert isinstance(fold, QAbstractButton)
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert strip.is_open
    assert strip.left == "4 of 5 left"
    band = strip.findChild(Band, "strip_band")
    assert isinstance(band, Band)
    until(lambda: band.width() > 400 and strip.ready)
    assert all(strip._tiles._drawn[key].image is not None for key in strip._tiles._drawn)
    assert len(strip._tiles._drawn) == 5
    qtbot.mouseClick(band, Qt.MouseButton.LeftButton, pos=band.rect_of(3).center())
    assert went == [ids[3]]
    assert band.index_at(QPoint(band.rect_of(4).center())) == 4
    strip.show_walk(walk_at(workbench, ids, 1))
    strip.set_bare(True)
    assert not strip.isVisible()
    strip.set_bare(False)
    assert strip.isVisible()


def test_other_changes_drop_nothing(
    workbench: Workbench, ids: tuple[str, ...], ahead: Ahead, until: Until
) -> None:
    walk = walk_at(workbench, ids, 0)
    ahead.look(walk)
    until(lambda: not ahead.loading)
    before = ahead.take(walk.siblings[1])
    ahead._hear(Changes(searches=frozenset({"s"}), candidates=frozenset({ids[0]})))
    assert ahead.take(walk.siblings[1]) is before
    ahead._hear(Changes(searches=frozenset({"s"})))
    assert ahead.take(walk.siblings[1]) is None
    until(lambda: ahead.take(walk.siblings[1]) is not None)
