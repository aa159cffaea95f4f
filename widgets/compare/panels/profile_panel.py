"""The panel of the profile: how it is made, its two curves, and getting them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.picture.profile import csv_text
from widgets.compare.desk import Desk
from widgets.compare.desk.measures import SHIFT_UM_RANGE, WIDTH_UM_RANGE, ProfileSettings
from widgets.compare.panels.conclude_parts import heading, hint
from widgets.compare.panels.controls import Act

if TYPE_CHECKING:
    from widgets.compare.panels.profile_plot import ProfilePlot

AskFile = Callable[[QWidget, str, str], Path | None]
Save = Callable[[Path, bytes], None]
EMPTY = "Press P and drag a line through both specimens: their two curves are drawn here together."
_REACH_UM = 200.0
_PLOT_PX = 190
_FRAME_MS = 40


def ask_file(parent: QWidget, name: str, kinds: str) -> Path | None:
    """Where a file is to be written, None when the examiner thinks better of it."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Export the profile", name, kinds)
    return Path(chosen).with_suffix(Path(name).suffix) if chosen else None


class LargePlot(QWidget):
    """The profile in a window of its own."""

    def __init__(
        self,
        parent: QWidget,
        on_cursor: Callable[[float | None], None],
        closed: Callable[[], None],
    ) -> None:
        from widgets.compare.panels.profile_plot import ProfilePlot

        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("profile_window")
        self.setWindowTitle("Casehead: profile")
        self.resize(1000, 560)
        self._closed = closed
        self.plot = ProfilePlot(on_cursor, "large_profile")
        QVBoxLayout(self).addWidget(self.plot)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._closed()


class ProfilePanel(QWidget):
    """``save`` writes bytes to a file and says so; ``ask_path`` asks where."""

    def __init__(self, act: Act, save: Save, ask_path: AskFile = ask_file) -> None:
        super().__init__()
        self.setObjectName("profile_panel")
        self._save, self._ask_path = save, ask_path
        self._desk: Desk | None = None
        self._plot: ProfilePlot | None = None
        self._large: LargePlot | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._catch_up)
        self._empty = hint(EMPTY)
        self._empty.setObjectName("profile_empty")
        self._level = QCheckBox("Form removed (scans)")
        self._level.setObjectName("profile_level")
        self._level.setToolTip("Take the smooth form of the specimen off its heights")
        self._level.clicked.connect(lambda on: self._set(level=bool(on)))
        self._width = _spin("profile_width", "band ", WIDTH_UM_RANGE, 5.0)
        self._width.setToolTip("Mean over a band of this width about the line")
        self._width.valueChanged.connect(lambda um: self._set(width_um=um))
        self._shift = _spin("profile_shift", "shift ", SHIFT_UM_RANGE, 1.0)
        self._shift.setToolTip("Shift the right curve along the line")
        self._shift.valueChanged.connect(lambda um: self._set(shift_um=um))
        self._best = _button(
            "Best", "profile_best", "Shift with the highest correlation", self._fit
        )
        self._enlarge = _button(
            "Enlarge", "profile_enlarge", "The plot in a window of its own", self._open_large
        )
        self._csv = _button(
            "CSV ...",
            "profile_csv",
            "Export both curves as CSV (Ctrl+P)",
            lambda: act("profile csv"),
        )
        self._png = _button("PNG ...", "profile_png", "Export the plot as PNG", self.export_png)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(heading("Profile through both"))
        self._column.addWidget(self._empty)
        self._column.addLayout(_row(self._width, self._shift, self._best))
        self._column.addWidget(self._level)
        self._column.addLayout(_row(self._enlarge, self._csv, self._png))

    def show_desk(self, desk: Desk) -> None:
        """Bring plot and controls to the desk."""
        if desk is not self._desk:
            if self._desk is not None:
                self._desk.measures.listeners.remove(self._heard)
            self._desk = desk
            desk.measures.listeners.append(self._heard)
        self._show(desk)

    def export_csv(self) -> None:
        """Write both curves where the examiner says."""
        desk = self._desk
        found = desk.measures.profile if desk is not None else None
        if desk is None or found is None:
            return
        path = self._ask_path(self, "profile.csv", "Table (*.csv)")
        if path is not None:
            self._save(path, csv_text(found, _names(desk)).encode())

    def export_png(self) -> None:
        """Write the plot where the examiner says."""
        if self._plot is None or self._desk is None or self._desk.measures.profile is None:
            return
        path = self._ask_path(self, "profile.png", "PNG picture (*.png)")
        if path is not None:
            self._save(path, self._plot.png())

    def _heard(self) -> None:
        seen = self.isVisible() or self._large is not None
        if seen and not self._later.isActive():
            # lines are dragged faster than plots are drawn
            self._later.start(_FRAME_MS)

    def _catch_up(self) -> None:
        if self._desk is not None:
            self._show(self._desk)

    def _show(self, desk: Desk) -> None:
        measures = desk.measures
        found = measures.profile
        self._show_settings(measures.settings)
        for widget in (self._best, self._enlarge, self._csv, self._png):
            widget.setEnabled(found is not None)
        self._empty.setVisible(found is None)
        if found is not None and self._plot is None:
            self._plot = self._made_plot()
        if self._plot is not None:
            self._plot.setVisible(found is not None)
        for plot in (self._plot, self._large.plot if self._large else None):
            if plot is not None:
                plot.show_profile(found, _names(desk), measures.along_um)

    def _made_plot(self) -> ProfilePlot:
        # its library takes a while to load: only who draws a profile waits for it
        from widgets.compare.panels.profile_plot import ProfilePlot

        plot = ProfilePlot(self._point, "profile")
        plot.plot.setFixedHeight(_PLOT_PX)
        self._column.insertWidget(2, plot)
        return plot

    def _show_settings(self, settings: ProfileSettings) -> None:
        self._level.setChecked(settings.level)
        for spin, value in ((self._width, settings.width_um), (self._shift, settings.shift_um)):
            spin.blockSignals(True)
            spin.setValue(value)
            spin.blockSignals(False)

    def _set(
        self,
        width_um: float | None = None,
        shift_um: float | None = None,
        level: bool | None = None,
    ) -> None:
        if self._desk is None:
            return
        now = self._desk.measures.settings
        if width_um is not None:
            now = replace(now, width_um=width_um)
        if shift_um is not None:
            now = replace(now, shift_um=shift_um)
        if level is not None:
            now = replace(now, level=level)
        self._desk.measures.set_up(now)

    def _fit(self) -> None:
        found = self._desk.measures.profile if self._desk is not None else None
        if found is not None:
            self._set(shift_um=found.best_shift(_REACH_UM))

    def _point(self, along_um: float | None) -> None:
        if self._desk is not None:
            self._desk.measures.point_at(along_um)

    def _open_large(self) -> None:
        if self._large is None:
            self._large = LargePlot(self.window(), self._point, self._large_closed)
        self._large.show()
        self._large.activateWindow()
        if self._desk is not None:
            self._show(self._desk)

    def _large_closed(self) -> None:
        large, self._large = self._large, None
        if large is not None:
            large.deleteLater()


def _names(desk: Desk) -> tuple[str, str]:
    return desk.left.title or "left", desk.right.title or "right"


def _spin(name: str, prefix: str, reach: tuple[float, float], step: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setObjectName(name)
    spin.setAccessibleName(f"{prefix}in micrometres")
    spin.setDecimals(1)
    spin.setRange(*reach)
    spin.setSingleStep(step)
    spin.setPrefix(prefix)
    spin.setSuffix(" µm")
    spin.setMinimumWidth(60)
    spin.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    spin.setKeyboardTracking(False)
    return spin


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return row


def _button(text: str, name: str, tip: str, do: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: do())
    return button
