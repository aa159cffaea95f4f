"""The casebook screen: tree, image, region, scale, registration, import, pairs."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.workbench import ImportOptions, Registration, Workbench
from app.workbench.intake import next_label
from tests.widgets.conftest import acquired_of, bench_frame
from widgets.casebook import CasebookScreen
from widgets.casebook.nodes import rows_of
from widgets.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def screen(window: MainWindow) -> CasebookScreen:
    return window.casebook


def field(screen: CasebookScreen, name: str) -> QLineEdit:
    found = screen.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def words(screen: CasebookScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def click(qtbot: QtBot, screen: CasebookScreen, name: str) -> None:
    found = screen.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    qtbot.mouseClick(found, LEFT)


def shown(qtbot: QtBot, screen: CasebookScreen) -> None:
    qtbot.waitUntil(lambda: screen.ready and screen.picture.region_shown, timeout=20_000)


def test_the_tree_has_everything_and_the_image_its_facts(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen, workbench: Workbench
) -> None:
    screen.choose(acquired_of(workbench, "2026-0440"))
    shown(qtbot, screen)
    assert words(screen, "fact_role") == "test fire"
    assert words(screen, "fact_pixel") == "12 µm"
    assert "automatically" in words(screen, "fact_region")
    place = window.findChild(QLabel, "place")
    assert isinstance(place, QLabel)
    assert place.text().startswith(
        "Casebook  ›  Case 2026-0440  ›  Exhibit 1  ›  Cartridge case T1"
    )


def test_choice_and_unfolding_survive_a_change(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    chosen = acquired_of(workbench, "2026-0440")
    screen.choose(chosen)
    tree = screen.tree
    first = tree.model().index(0, 0)
    tree.collapse(first)
    workbench.register(Registration("2026-0500", "1", "1A"))
    qtbot.waitUntil(lambda: tree.model().rowCount() == 5)
    assert tree.current_row is not None
    assert tree.current_row.id == chosen
    assert not tree.isExpanded(tree.model().index(0, 0))
    assert tree.isExpanded(tree.model().index(1, 0))


def test_the_filter_keeps_what_has_all_words(workbench: Workbench) -> None:
    cases = workbench.tree()
    assert len(rows_of(cases).rows) == 4
    assert [r.text for r in rows_of(cases, "9 mm").rows] == ["2026-0412", "2026-0440", "2026-0451"]
    found = rows_of(cases, "0451 LUGER").rows
    assert [r.text for r in found] == ["2026-0451"]
    assert [r.sort for r in found[0].walk()][-1] == "acquired"
    assert rows_of(cases, "0451 test").rows == []


def test_filtering_by_keyboard(qtbot: QtBot, window: MainWindow, screen: CasebookScreen) -> None:
    qtbot.keyClick(screen.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is field(screen, "filter")
    qtbot.keyClicks(field(screen, "filter"), ".45")
    qtbot.waitUntil(lambda: screen.tree.model().rowCount() == 1)
    field(screen, "filter").clear()
    qtbot.waitUntil(lambda: screen.tree.model().rowCount() == 4)


def test_registering_carries_over_and_refuses_in_words(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    qtbot.keyClick(screen.tree, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: field(screen, "case_number").text() == "2026-0460")
    label = field(screen, "label")
    assert label.text() == "1B"
    assert label.selectedText() == "1B"
    label.clear()
    qtbot.keyClick(label, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "label" in words(screen, "registration_says"))
    qtbot.keyClicks(label, "1C")
    qtbot.keyClick(label, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not screen.registration.isVisible())
    qtbot.waitUntil(
        lambda: screen.tree.current_row is not None and screen.tree.current_row.sort == "mark"
    )
    last = workbench.last_registration()
    assert last is not None
    assert (last.case_number, last.label, last.calibre) == ("2026-0460", "1C", ".45 Auto")
    assert screen.tree.hasFocus()


def test_coming_back_one_writes_on_where_one_was(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen
) -> None:
    screen.act("new")
    title = screen.registration._lines["title"]
    qtbot.waitUntil(lambda: screen.focusWidget() is screen.registration._lines["label"])
    title.setFocus()
    for name in ("candidates", "casebook"):
        window.place.go(name)
    assert screen.focusWidget() is title
    screen.registration.close_drawer()
    for name in ("candidates", "casebook"):
        window.place.go(name)
    assert screen.focusWidget() is screen.tree


@pytest.mark.parametrize(
    ("last", "following"),
    [("3A", "3B"), ("T1", "T2"), ("K-09", "K-10"), ("B", "C"), ("9", "10"), ("3Z", ""), ("x?", "")],
)
def test_the_next_label(last: str, following: str) -> None:
    assert next_label(last) == following


def test_import_reports_a_sentence_for_every_file(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "2025-1107"
    folder.mkdir()
    cv2.imwrite(str(folder / "K1.png"), bench_frame(2, 1).pixels)
    (folder / "K2.png").write_bytes(b"not a picture")
    screen.importing.open_for((folder,))
    qtbot.keyClicks(field(screen, "import_pixel_um"), "12 um")
    qtbot.keyClick(field(screen, "import_pixel_um"), Qt.Key.Key_Return)
    assert "no number" in words(screen, "import_says")
    field(screen, "import_pixel_um").setText("12")
    qtbot.keyClick(field(screen, "import_pixel_um"), Qt.Key.Key_Return)
    report = screen.findChild(QListWidget, "import_report")
    assert isinstance(report, QListWidget)
    qtbot.waitUntil(lambda: report.count() == 2)
    assert report.item(0).text().startswith("K2.png:")
    assert "1 imported, 1 refused" in words(screen, "import_says")
    qtbot.waitUntil(lambda: screen.tree.model().rowCount() == 5)


def test_the_path_to_import_is_asked_for_and_may_be_withheld(
    qtbot: QtBot, screen: CasebookScreen, tmp_path: Path
) -> None:
    answers: list[tuple[Path, ...]] = [(), (tmp_path / "a.png", tmp_path / "b.png")]
    screen.importing._asks["files"] = lambda parent: answers.pop(0)
    qtbot.keyClick(screen.tree, Qt.Key.Key_I, CONTROL_SHIFT)
    assert not screen.importing.isVisible()
    qtbot.keyClick(screen.tree, Qt.Key.Key_I, CONTROL_SHIFT)
    assert screen.importing.isVisible()
    assert "and 1 more" in words(screen, "import_chosen")
    qtbot.keyClick(screen.importing, Qt.Key.Key_Escape)
    assert not screen.importing.isVisible()


def test_a_scale_is_asked_for_and_settled(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench, tmp_path: Path
) -> None:
    path = tmp_path / "K9.png"
    cv2.imwrite(str(path), bench_frame(1, 1).pixels)
    report = workbench.import_paths([path], ImportOptions(case_number="2026-0499"))
    screen.choose(report.acquired_ids[0])
    qtbot.waitUntil(lambda: screen.ready and field(screen, "settle_pixel_um").isVisible())
    assert words(screen, "fact_pixel") == "not known"
    search = screen.findChild(QPushButton, "casebook_search")
    assert isinstance(search, QPushButton)
    assert not search.isEnabled()
    qtbot.keyClicks(field(screen, "settle_pixel_um"), "12,0")
    qtbot.keyClick(field(screen, "settle_pixel_um"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: words(screen, "fact_pixel") == "12 µm", timeout=10_000)
    assert not field(screen, "settle_pixel_um").isVisible()
    assert acquired_of(workbench, "2026-0499") != report.acquired_ids[0]
    shown(qtbot, screen)
    assert search.isEnabled()


def test_dragging_a_circle_corrects_the_region(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    acquired_id = acquired_of(workbench, "2026-0412")
    screen.choose(acquired_id)
    shown(qtbot, screen)
    before = workbench.region(acquired_id)
    centre, radius = screen.picture.preview.on_screen(before.outer)
    start = (centre + type(centre)(radius, 0)).toPoint()
    end = start - QPoint(30, 0)
    qtbot.mousePress(screen.picture.preview, LEFT, pos=start)
    qtbot.mouseMove(screen.picture.preview, end)
    qtbot.mouseRelease(screen.picture.preview, LEFT, pos=end)
    qtbot.waitUntil(lambda: workbench.region(acquired_id).source == "examiner")
    after = workbench.region(acquired_id)
    um_per_px = before.outer.radius_um / radius
    assert after.outer.radius_um == pytest.approx(before.outer.radius_um - 30 * um_per_px, abs=15)
    assert after.inner == before.inner
    qtbot.waitUntil(lambda: "examiner" in words(screen, "fact_region"))


def test_the_region_is_corrected_by_keyboard_and_taken_back(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench
) -> None:
    acquired_id = acquired_of(workbench, "2026-0412")
    screen.choose(acquired_id)
    shown(qtbot, screen)
    before = workbench.region(acquired_id)
    preview = screen.picture.preview
    preview.setFocus()
    qtbot.keyClick(preview, Qt.Key.Key_Right)
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    qtbot.keyClick(preview, Qt.Key.Key_Return)
    assert workbench.region(acquired_id) == before
    for key in (Qt.Key.Key_I, Qt.Key.Key_Down, Qt.Key.Key_Plus, Qt.Key.Key_Return):
        qtbot.keyClick(preview, key)
    qtbot.waitUntil(lambda: workbench.region(acquired_id).source == "examiner")
    after = workbench.region(acquired_id)
    assert before.inner is not None and after.inner is not None
    assert after.inner.y_um - before.inner.y_um == pytest.approx(20)
    assert after.inner.radius_um - before.inner.radius_um == pytest.approx(20)
    assert after.outer == before.outer


def test_a_region_that_cannot_be_is_refused_and_drawn_back(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen, workbench: Workbench
) -> None:
    acquired_id = acquired_of(workbench, "2026-0412")
    screen.choose(acquired_id)
    shown(qtbot, screen)
    before = workbench.region(acquired_id)
    centre, radius = screen.picture.preview.on_screen(before.outer)
    start = (centre + type(centre)(radius, 0)).toPoint()
    qtbot.mousePress(screen.picture.preview, LEFT, pos=start)
    end = centre.toPoint() + QPoint(10, 0)
    qtbot.mouseMove(screen.picture.preview, end)
    qtbot.mouseRelease(screen.picture.preview, LEFT, pos=end)
    qtbot.waitUntil(lambda: "inner circle" in window.toast.sentence)
    assert workbench.region(acquired_id) == before
    qtbot.waitUntil(lambda: screen.picture.preview._drawn["outer"] == before.outer)


def test_two_pictures_are_compared_by_picking_the_second(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen, workbench: Workbench
) -> None:
    screen.choose(acquired_of(workbench, "2026-0412"))
    shown(qtbot, screen)
    qtbot.keyClick(screen.tree, Qt.Key.Key_C)
    assert "2026-0412 / 1 / 1A" in words(screen, "pick_strip")
    qtbot.keyClick(screen.tree, Qt.Key.Key_Escape)
    assert not screen._strip.isVisible()
    qtbot.keyClick(screen.tree, Qt.Key.Key_C)
    screen.choose(acquired_of(workbench, "2026-0440"))
    assert window.current == "compare"
    qtbot.waitUntil(lambda: window.compare.desk is not None, timeout=20_000)


def test_searching_from_the_casebook_opens_its_list(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen, workbench: Workbench
) -> None:
    screen.choose(acquired_of(workbench, "2026-0451"))
    shown(qtbot, screen)
    qtbot.keyClick(screen.tree, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.current == "candidates")
    qtbot.waitUntil(lambda: len(window.candidates.model.lines) == 2, timeout=30_000)
    assert workbench.wait_idle(10)


def test_an_exhibit_is_exported_where_the_examiner_says(
    qtbot: QtBot, window: MainWindow, screen: CasebookScreen, tmp_path: Path
) -> None:
    screen.doing.ask_folder = lambda parent, why: tmp_path / "exchange"
    (tmp_path / "exchange").mkdir()
    qtbot.keyClick(screen.tree, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: bool(window.toast.sentence))
    assert list((tmp_path / "exchange").glob("*/entries/*/entry.json"))


def test_a_damaged_picture_is_told_and_the_next_is_shown(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench, tmp_path: Path
) -> None:
    damaged = workbench.provenance(acquired_of(workbench, "2026-0451")).acquired
    for path in (workbench.folder / "pixels").rglob(f"*{damaged.digest}*"):
        path.chmod(0o644)
        path.write_bytes(b"damaged")
    screen.choose(damaged.id)
    nothing = "casebook_nothing_title"
    qtbot.waitUntil(lambda: words(screen, nothing) == "This image cannot be shown")
    assert words(screen, "casebook_nothing_sentence")
    screen.choose(acquired_of(workbench, "2026-0412"))
    shown(qtbot, screen)
    assert screen.picture.preview.isVisible()


CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
