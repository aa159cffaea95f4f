"""The page of reliefs: where the lights are, the relief of a light set, what it is and is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.capture.relief import FORM_UM, NOT_CALIBRATED
from app.domain import Changes
from app.workbench.relief_words import quality_words, rig_words, verified_words
from widgets.acquire.frames_overlay import MadeOverlay
from widgets.acquire.relief_work import ReliefWork
from widgets.acquire.rig_editor import RigEditor
from widgets.acquire.station import Station
from widgets.common.parts import add_row, button, choice, form, label, line, row

AskPath = Callable[[QWidget, str], Path | None]
_FOLDER = "relief_folder"


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Where to write the x3p file; None when nowhere."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Export the relief", name, "X3P (*.x3p)")
    return Path(chosen) if chosen else None


def make_relief_page(station: Station) -> QWidget:
    """The page for the panel of the acquire screen."""
    return ReliefPage(station)


class ReliefPage(QWidget):
    """Two leaves: the relief, and the lights of the stand."""

    def __init__(self, station: Station, ask: AskPath = ask_path) -> None:
        super().__init__()
        self.setObjectName("relief_page")
        self._station, self.ask = station, ask
        self.work = ReliefWork(station, self._show)
        self._over = MadeOverlay()
        self.editor = RigEditor(self.work, lambda: self._turn(0))
        self.rigs = choice("relief_rig", "Lights of the stand", ())
        self.sets = choice("relief_set", "Light set of this cartridge case", ())
        self.form = line("relief_form", "Waves longer than this are taken out, µm", f"{FORM_UM:g}")
        self._says = label("", "amber", "relief_says", wrap=True)
        self._quality = label("", "", "relief_quality", wrap=True)
        self._verified = label("", "", "relief_verified", wrap=True)
        self._not = label(_in_short(NOT_CALIBRATED), "dim", "relief_is_not", wrap=True)
        self._not.setToolTip(NOT_CALIBRATED)
        self._make_buttons()
        self._leaves = QStackedWidget()
        self._build()
        station.live.add_overlay(self._over)
        station.on_mark(lambda _: self.work.other_mark())
        station.on_captured(lambda _: self._heard())
        station.bridge.changed.connect(self._hear)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.work.refresh()
        self._show_over()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._show_over()

    # --- building --------------------------------------------------------------------------
    def _make_buttons(self) -> None:
        work = self.work
        self._edit = _small("Lights ...", "relief_lights", "Where they are", self._turn_lights)
        self._make = _small("Work out", "relief_make", "Heights from the light set", self._work_out)
        self._keep = _small("Keep as scan", "relief_keep", "A scan of this mark", work.keep)
        self._check = _small("Verify", "relief_check", "Against a measured scan", self._verify)
        self._export = _small("Export x3p", "relief_export", "Write a file", self._write)
        self._compare = _small("Compare", "relief_compare", "On the desk, any light", work.compare)

    def _build(self) -> None:
        leaf = QWidget()
        column = QVBoxLayout(leaf)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        beside = row(self.rigs, self._edit)
        beside.setStretch(0, 1)
        holder = QWidget()
        holder.setLayout(beside)
        fields = form()
        add_row(fields, "Lights", holder)
        add_row(fields, "Light &set", self.sets)
        add_row(fields, "&Form from, µm", self.form)
        column.addLayout(fields)
        for words in (self._says, self._quality, self._verified):
            column.addWidget(words)
        column.addLayout(row(self._make, self._keep))
        column.addLayout(row(self._check, self._export, self._compare))
        column.addWidget(self._not)
        column.addStretch(1)
        self._leaves.addWidget(leaf)
        self._leaves.addWidget(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._leaves)
        self.rigs.activated.connect(self.work.choose_rig)
        self.sets.activated.connect(self.work.choose_set)

    def _turn(self, leaf: int) -> None:
        self._leaves.setCurrentIndex(leaf)
        self._show()

    def _turn_lights(self) -> None:
        self.editor.begin(self.work.rig)
        self._turn(1)

    # --- what the examiner does ------------------------------------------------------------
    def _work_out(self) -> None:
        if self.work.working is not None:
            self.work.stop()
            return
        text = self.form.text().strip().replace(",", ".") or f"{FORM_UM:g}"
        try:
            form_um = float(text)
        except ValueError:
            self._station.tell(f"'{text}' is no length in micrometres.", attention=True)
            return
        self.work.work_out(form_um)

    def _verify(self) -> None:
        if self.work.scans:
            self.work.check(self.work.scans[0].id)

    def _write(self) -> None:
        workbench = self._station.workbench
        folder = Path(str(workbench.setting(_FOLDER, str(Path.home()))))
        chosen = self.ask(self, str(folder / "relief.x3p"))
        if chosen is not None:
            workbench.set_setting(_FOLDER, str(chosen.parent))
            self.work.export(chosen)

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.acquired:
            self._heard()

    def _heard(self) -> None:
        if self.isVisible():
            self.work.refresh()

    def _show(self) -> None:
        work = self.work
        rigs = [rig.name for rig in work.known.rigs] or ["none yet"]
        sets = [one.words for one in work.known.sets] or ["none yet"]
        for field, entries, at in ((self.rigs, rigs, work.rig_at), (self.sets, sets, work.set_at)):
            if [field.itemText(n) for n in range(field.count())] != entries:
                field.clear()
                field.addItems(entries)
            field.setCurrentIndex(at)
        self.rigs.setToolTip(rig_words(work.rig) if work.rig is not None else "")
        self._say()
        self._show_buttons()
        self.editor.show_work()
        self._show_over()

    def _say(self) -> None:
        work, recipe = self.work, self.work.recipe
        going = "Working it out ..." if work.working is not None else ""
        says = going or work.complaint or ("" if recipe is not None else work.missing)
        told = "" if recipe is None else quality_words(recipe)
        verified = verified_words(work.checks) if recipe is not None else ""
        for words, text in ((self._says, says), (self._quality, told), (self._verified, verified)):
            words.setText(text)
            words.setVisible(bool(text))

    def _show_buttons(self) -> None:
        work, kept = self.work, self.work.kept is not None
        self._make.setText("Stop" if work.working is not None else "Work out")
        self._make.setEnabled(not work.missing)
        self._keep.setEnabled(work.made is not None)
        self._check.setEnabled(kept and bool(work.scans))
        self._export.setEnabled(kept)
        self._compare.setEnabled(bool(work.beside))

    def _show_over(self) -> None:
        work = self.work
        seen = self.isVisible() and work.picture is not None
        words = "relief, not kept yet" if work.made is not None else "relief"
        self._over.show(work.picture if seen else None, words, work.pixel_um)
        self._station.live.update()


def _in_short(statement: str) -> str:
    """The first and the last sentence; the tooltip and the file have all."""
    first, *_, last = statement.split(". ")
    return f"{first}. {last}"


def _small(text: str, name: str, tip: str, do: Callable[[], object]) -> QPushButton:
    made = button(text, name, tip, do)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
