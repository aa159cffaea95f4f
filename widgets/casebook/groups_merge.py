"""Merging a gun with another or with a recovered firearm, and what became of it over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.casework.guns import GunGroup
from app.casework.sorting import history_words
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.parts import button, choice, label, line, wrapped_list

_FOUND_PX = 72


@dataclass(frozen=True, slots=True)
class Told:
    """The guns of the case, and the history of each in words."""

    guns: tuple[GunGroup, ...] = ()
    history: tuple[tuple[str, ...], ...] = ()


class MergePart(QWidget):
    """``merged`` is called once two guns are one."""

    def __init__(self, workbench: Workbench, bridge: Bridge, merged: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("merge_part")
        self.setProperty("panel", True)
        self._workbench, self._bridge, self._merged = workbench, bridge, merged
        self.told = Told()
        self._number = ""
        self._gun = choice("merge_gun", "Gun of this case", ())
        self._gun.currentIndexChanged.connect(lambda _: self._show_history())
        self._words = line(
            "merge_words",
            "Name, firearm or case number of the other gun",
            "another gun, firearm or case",
        )
        self._words.textEdited.connect(self._search)
        self.found = QListWidget()
        self.found.setObjectName("merge_found")
        self.found.setAccessibleName("Guns and recovered firearms found")
        self.found.setFixedHeight(_FOUND_PX)
        self._reason = line("merge_reason", "Why they are one gun", "reason, kept with it")
        self._reason.returnPressed.connect(self.merge)
        self._merge = button("Merge", "merge_go", "Make the two guns one", self.merge)
        self.history = wrapped_list("gun_history", "What became of this gun, newest first")
        self.history.setFixedHeight(_FOUND_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label("Guns of this case", "heading"))
        for widget in (self._gun, self.history, label("Merge it with", "dim")):
            layout.addWidget(widget)
        for more in (self._words, self.found, self._reason, self._merge):
            layout.addWidget(more)
        self._offer(False)

    def open_for(self, case_id: str, number: str) -> None:
        """Show the guns of a case."""
        self._number = number
        self._bridge.run(lambda: self._load(case_id), self._show, owner=self)

    def merge(self) -> None:
        """Make the gun and the one chosen one."""
        other = self.found.currentItem()
        at = self._gun.currentIndex()
        if other is None or not 0 <= at < len(self.told.guns):
            self._bridge.tell("Choose the gun to merge with in the list first.")
            return
        gun, chosen, why = self.told.guns[at].id, str(other.data(_ID)), self._reason.text()
        self._bridge.run(
            lambda: self._workbench.merge_with(gun, chosen, why), self._done, owner=self
        )

    def _done(self, gun: GunGroup) -> None:
        self._bridge.tell(f"Merged: {gun.words}.")
        for field in (self._words, self._reason):
            field.clear()
        self.found.clear()
        self._offer(False)
        self._merged()

    def _load(self, case_id: str) -> Told:
        guns = self._workbench.gun_groups(case_id)
        return Told(guns, tuple(self._history_of(gun) for gun in guns))

    def _history_of(self, gun: GunGroup) -> tuple[str, ...]:
        steps = [s for s in self._workbench.gun_history(gun.id) if s.gun_id == gun.id]
        cases = {s.cartridge_case_id for s in steps}
        labels = {
            m.cartridge_case_id: m.label if m.case_number == self._number else m.name
            for m in self._workbench.gun_members(cases)
        }
        names = self._workbench.gun_names({s.other_id for s in steps if s.other_id})
        told = []
        for step in reversed(steps):
            other = names.get(step.other_id or "", "")
            label_ = labels.get(step.cartridge_case_id, "")
            words = history_words(step.act, step.kind, label_, other, step.reason)
            who = step.author.examiner if step.author else ""
            told.append(f"{step.stepped_at[:10]}  {words}  ({who})")
        return tuple(told)

    def _show(self, told: Told) -> None:
        self.told = told
        kept = self._gun.currentIndex()
        self._gun.blockSignals(True)
        self._gun.clear()
        self._gun.addItems([gun.words for gun in told.guns])
        self._gun.setCurrentIndex(min(max(kept, 0), len(told.guns) - 1))
        self._gun.blockSignals(False)
        self.setVisible(bool(told.guns))
        self._merge.setEnabled(not self._workbench.read_only)
        self._show_history()

    def _show_history(self) -> None:
        self.history.clear()
        at = self._gun.currentIndex()
        if 0 <= at < len(self.told.guns) and self.told.guns[at].doubt:
            self.history.addItem(self.told.guns[at].doubt)
        if 0 <= at < len(self.told.history):
            self.history.addItems(list(self.told.history[at]))

    def _search(self, words: str) -> None:
        if not words.strip():
            self.found.clear()
            self._offer(False)
            return
        self._bridge.run(
            lambda: self._workbench.find_guns(words),
            lambda found: self._show_found(words, found),
            owner=self,
        )

    def _show_found(self, words: str, found: tuple[tuple[str, str], ...]) -> None:
        if words != self._words.text():
            return
        at = self._gun.currentIndex()
        own = f"gun {self.told.guns[at].id}" if 0 <= at < len(self.told.guns) else ""
        self.found.clear()
        for key, name in found:
            if key != own:
                item = QListWidgetItem(name)
                item.setData(_ID, key)
                self.found.addItem(item)
        self.found.setCurrentRow(0)
        self._offer(True)

    def _offer(self, found: bool) -> None:
        """What is needed to merge is there once something was looked for."""
        for widget in (self.found, self._reason, self._merge):
            widget.setVisible(found)


_ID = Qt.ItemDataRole.UserRole
