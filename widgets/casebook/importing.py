"""The import drawer: what to bring in, what holds for all of it, and what became of each file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QListWidgetItem, QWidget

from app.casework.record import MissingError
from app.domain import CaseheadError, Light, Role
from app.workbench import ImportOptions, ImportReport, Workbench
from widgets import theme
from widgets.bridge import Bridge
from widgets.casebook.fields import take_focus
from widgets.casebook.import_fields import ImportFields
from widgets.common.parts import (
    Drawer,
    add_row,
    button,
    choice,
    form,
    label,
    line,
    row,
    wrapped_list,
)

AskPaths = Callable[[QWidget], tuple[Path, ...]]
_KINDS = "Images and scans (*.png *.tif *.tiff *.bmp *.jpg *.jpeg *.x3p);;All files (*)"
_UNITS = {"as the file says": None, "metres": "m", "millimetres": "mm", "micrometres": "um"}


def ask_folder(parent: QWidget) -> tuple[Path, ...]:
    """A folder to import, nothing when the examiner thinks better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, "Import a folder")
    return (Path(chosen),) if chosen else ()


def ask_files(parent: QWidget) -> tuple[Path, ...]:
    """Files to import."""
    chosen, _ = QFileDialog.getOpenFileNames(parent, "Import files", "", _KINDS)
    return tuple(Path(name) for name in chosen)


class ImportDrawer(Drawer):
    """Paths are chosen first, then what holds for all of them; the report stays until closed."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        ask_folder: AskPaths = ask_folder,
        ask_files: AskPaths = ask_files,
    ) -> None:
        super().__init__("import", "Import images and scans")
        self._workbench, self._bridge = workbench, bridge
        self._asks = {"folder": ask_folder, "files": ask_files}
        self._paths: tuple[Path, ...] = ()
        self._pixel = line(
            "import_pixel_um", "Size of a pixel in micrometres", "where the files do not say"
        )
        self._case = line("import_case", "Case number", "the name of each file's folder")
        lists = workbench.pick_lists()
        self._calibre = choice(
            "import_calibre", "Calibre", lists["calibres"], editable=True, empty="unknown"
        )
        self.fields = ImportFields(lists)
        self._light = choice("import_light", "Light of the images", ("unknown", "ring", "side"))
        self._role = choice("import_role", "Where the cartridge cases come from", list(Role))
        self._xy = choice("import_xy_unit", "Unit of the scans' distances", _UNITS)
        self._z = choice("import_z_unit", "Unit of the scans' heights", _UNITS)
        self._chosen = label("Nothing is chosen yet.", "dim", "import_chosen", wrap=True)
        self._report = wrapped_list("import_report", "What became of each file")
        self._report.setMinimumHeight(160)
        self._report.hide()
        self._go = button("Import", "import_go", "Bring them in (Enter)", self._start, primary=True)
        self._build()

    def open_with(self, kind: str) -> None:
        """Ask for a "folder" or for "files", then show what can be said of them."""
        paths = self._asks[kind](self)
        if paths:
            self.open_for(paths)

    def open_for(self, paths: tuple[Path, ...]) -> None:
        """Show what can be said of these paths."""
        if paths != self._paths:
            self.fields.clear()
        self._paths = paths
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        self._chosen.setText(f"{paths[0]}{more}")
        self._say("")
        self._report.hide()
        self._go.setEnabled(True)
        self.show()
        self._pixel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bridge.run(self._workbench.record_rules, self.fields.require, owner=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._start()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.body.addWidget(self._chosen)
        fields = form()
        add_row(fields, "µm per &pixel", self._pixel)
        add_row(fields, "&Light", self._light)
        add_row(fields, "&Case number", self._case)
        add_row(fields, "&Role", self._role)
        add_row(fields, "C&alibre", self._calibre)
        add_row(fields, "Scans: &distances", self._xy)
        add_row(fields, "Scans: &heights", self._z)
        self.body.addLayout(fields)
        self.body.addWidget(self.fields)
        self.body.addWidget(
            label(
                "Exhibit number and label come from each file's name; what a file says of itself "
                "fills what is left empty here. Without a scale an image is kept, but cannot be "
                "searched until its scale is settled.",
                "dim",
                wrap=True,
            )
        )
        self.body.addWidget(self._report, 1)
        self.body.addStretch(0)
        self.foot.addLayout(row(self._go))

    def _start(self) -> None:
        if not self._go.isEnabled() or not self._paths:
            return
        try:
            options = self._options()
        except ValueError:
            self._say(
                f"'{self._pixel.text()}' is no number; write micrometres per pixel, such as 2.53."
            )
            self._pixel.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        paths = self._paths
        self._go.setEnabled(False)
        self._say("")
        self._bridge.start(
            f"Importing {paths[0].name}",
            lambda job: self._workbench.import_paths(paths, options, job),
            lambda report: self._done(paths, report),
            lambda error: self._refused(paths, error),
            owner=self,
        )

    def _options(self) -> ImportOptions:
        text = self._pixel.text().strip().replace(",", ".")
        return ImportOptions(
            pixel_um=float(text) if text else None,
            xy_unit=_UNITS[self._xy.currentText()],  # type: ignore[arg-type]
            z_unit=_UNITS[self._z.currentText()],  # type: ignore[arg-type]
            light=Light(self._light.currentText()),
            case_number=self._case.text(),
            role=Role(self._role.currentText()),
            calibre=self._calibre.currentText(),
            facts=self.fields.values,
        )

    def _done(self, paths: tuple[Path, ...], report: ImportReport) -> None:
        if paths is not self._paths or not self.isVisible():
            self._bridge.tell(report.sentence, attention=bool(report.refused))
        if paths is not self._paths:  # what is to be said of others stands here now
            return
        self._go.setEnabled(True)
        self._report.clear()
        first = sorted(report.outcomes, key=lambda outcome: outcome.ok)
        for outcome in first:
            name = "mdi6.check" if outcome.ok else "mdi6.alert-outline"
            colour = theme.colours().dim if outcome.ok else theme.colours().amber
            item = QListWidgetItem(theme.icon(name, colour), outcome.sentence)
            item.setToolTip(str(outcome.path))
            self._report.addItem(item)
        self._report.setVisible(bool(first))
        self._say(report.sentence)

    def _refused(self, paths: tuple[Path, ...], error: CaseheadError) -> None:
        if paths is not self._paths or not self.isVisible():
            self._bridge.tell(str(error), attention=True)
        if paths is not self._paths:
            return
        self._go.setEnabled(True)
        self._say(str(error))
        if isinstance(error, MissingError):
            first = error.names[0] if error.names else ""
            if first == "cartridge_case.calibre" or not self.fields.ask_for(error.names):
                take_focus(self._calibre)
