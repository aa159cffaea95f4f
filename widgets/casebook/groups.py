"""The drawer that sorts the cartridge cases of a scene into guns, by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.casework.guns import SceneLine, letter_of
from app.casework.sorting import Sorting, line_words
from app.domain import CaseheadError
from app.workbench import Workbench
from app.workbench.grouping import Sorted
from widgets.bridge import Bridge
from widgets.casebook.groups_merge import MergePart
from widgets.casebook.nodes import Row
from widgets.common.parts import Drawer, button, choice, column, label, line, row

_HOW = (
    "Press a letter (or 1 to 9) to put the cartridge case into that gun, 0 or Delete for none, "
    "Space for the one that is entered. Nothing is recorded before you keep it."
)
_WIDTH = 440
_LIST_PX = 210


@dataclass(frozen=True, slots=True)
class Scene:
    """What is sorted: a case, of it perhaps only an exhibit."""

    case_id: str
    case_number: str
    exhibit_id: str = ""
    exhibit_words: str = ""


def scene_of(row: Row | None) -> Scene | None:
    """The case a row of the tree is in, with its exhibit where it is in one."""
    case = row.above("case") if row is not None else None
    if row is None or case is None:
        return None
    exhibit = row.above("exhibit")
    words = exhibit.text.split("  ")[0] if exhibit is not None else ""
    return Scene(case.id, case.text.split("  ")[0], exhibit.id if exhibit else "", words)


class SortingList(QListWidget):
    """Rows of cartridge cases; ``pressed`` gets every letter, digit, Space and Delete."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("sorting_list")
        self.setAccessibleName("Cartridge cases to sort into guns")
        self.setUniformItemSizes(True)
        self._pressed = pressed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._pressed("0")
        elif plain and event.key() == Qt.Key.Key_Space:
            self._pressed(" ")
        elif plain and (letter_of(event.text()) or event.text() == "0"):
            self._pressed(event.text())
        else:
            super().keyPressEvent(event)


class GroupsDrawer(Drawer):
    """What is sorted is a draft until it is kept; every step of it can be taken back."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__("groups", "Sort into guns", _WIDTH, says="sorting_says")
        self._workbench, self._bridge = workbench, bridge
        self.scene: Scene | None = None
        self._held = self.sorting = Sorting((), {}, {})
        self._before: list[Sorting] = []
        self._last_act = ""
        self.loading = False
        self._scope = choice("sorting_scope", "Which cartridge cases are sorted", ())
        self._scope.currentIndexChanged.connect(lambda _: self._load())
        self.list = SortingList(self.press)
        self._counts = label("", "heading", "sorting_counts", wrap=True)
        self._reason = line("sorting_reason", "Why they are sorted so", "optional reason")
        self._keep = button(
            "Keep", "sorting_keep", "Record it (Ctrl+Enter)", self.keep, primary=True
        )
        self._undo = button("Undo", "sorting_undo", "Take the last step back (Ctrl+Z)", self.undo)
        self.merging = MergePart(workbench, bridge, self._load)
        self._build()

    def open_for(self, scene: Scene) -> None:
        """Sort the cartridge cases of a case, first those of its exhibit where one is named."""
        self.scene = scene
        self._scope.blockSignals(True)
        self._scope.clear()
        whole = f"All of case {scene.case_number}"
        self._scope.addItems([scene.exhibit_words, whole] if scene.exhibit_id else [whole])
        self._scope.blockSignals(False)
        self._last_act = ""
        self.show()
        self._load()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def press(self, key: str) -> None:
        """A letter or digit sorts the row in hand and goes on, "0" takes out, " " chooses."""
        at = self.list.currentRow()
        if not 0 <= at < len(self.sorting.lines):
            return
        case_id = self.sorting.lines[at].member.cartridge_case_id
        choosing = key == " "
        made = (
            self.sorting.choose(case_id) if choosing else self.sorting.put(case_id, letter_of(key))
        )
        if made.changed_from(self.sorting):
            self._before.append(self.sorting)
            self.sorting = made
        if not choosing:
            self.list.setCurrentRow(min(at + 1, len(self.sorting.lines) - 1))
        self._show_rows()

    def undo(self) -> None:
        """The last step of the draft; with none, what was kept last is taken back."""
        if self._before:
            self.sorting = self._before.pop()
            self._show_rows()
        elif self._last_act:
            act, self._last_act = self._last_act, ""
            self._bridge.run(
                partial(self._workbench.undo_sorting, act), lambda _: self._load(), owner=self
            )

    def keep(self) -> None:
        """Record what differs from the casebook."""
        scene = self.scene
        if scene is None or self.loading or not self.sorting.changed_from(self._held):
            return  # while another scene is loaded, what is drafted is not of it
        letters, chosen = self.sorting.to_keep, tuple(self.sorting.chosen.values())
        why = self._reason.text()
        self._keep.setEnabled(False)
        self._bridge.run(
            lambda: self._workbench.sort_scene(scene.case_id, letters, chosen, why),
            self._kept,
            self._refused,
            owner=self,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        elif control and event.key() == Qt.Key.Key_Z:
            self.undo()
        else:
            super().keyPressEvent(event)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.list.setMinimumHeight(_LIST_PX)
        sizing = column(self._scope, label(_HOW, "dim", wrap=True))
        self.body.addLayout(sizing)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._counts)
        self.body.addWidget(self.merging)
        self.foot.addWidget(self._reason)
        self.foot.addLayout(row(self._keep, self._undo, stretch_last=True))

    # --- loading and showing ---------------------------------------------------------------
    def _load(self) -> None:
        scene = self.scene
        if scene is None:
            return
        narrow = scene.exhibit_id if self._scope.count() == 2 and not self._whole else ""
        self.loading = True
        self._bridge.run(
            lambda: self._workbench.scene(scene.case_id, narrow),
            self._loaded,
            self._not_loaded,
            owner=self,
        )
        self.merging.open_for(scene.case_id, scene.case_number)

    @property
    def _whole(self) -> bool:
        return self._scope.currentIndex() == self._scope.count() - 1

    def _loaded(self, lines: tuple[SceneLine, ...]) -> None:
        self.loading = False
        self._held = self.sorting = Sorting.of(lines)
        self._before.clear()
        self._say("")
        self._show_rows()
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _not_loaded(self, error: CaseheadError) -> None:
        self._loaded(())
        self._say(str(error))

    def _show_rows(self) -> None:
        lines = self.sorting.lines
        while self.list.count() > len(lines):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(lines):
            self.list.addItem(QListWidgetItem())
        for at, one in enumerate(lines):
            letter, about, stands = line_words(self.sorting, one)
            item = self.list.item(at)
            item.setText(f"{letter}   {about}" + (f"   {stands}" if stands else ""))
            item.setToolTip(one.member.name)
        empty = "There are no cartridge cases here yet; register them first."
        self._counts.setText(self.sorting.words if lines else empty)
        self._keep.setEnabled(
            self.sorting.changed_from(self._held) and not self._workbench.read_only
        )
        self._undo.setEnabled(bool(self._before or self._last_act))

    def _kept(self, done: Sorted) -> None:
        self._last_act = done.act_id
        count = len(done.groups)
        self._bridge.tell(f"Kept: {count} gun{'' if count == 1 else 's'} in this case.")
        self._reason.clear()
        self._load()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, error: Exception) -> None:
        self._say(str(error))
        self._show_rows()
