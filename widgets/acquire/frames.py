"""The page of combined frames: what is made of them, which are taken, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.capture import Pixels
from app.capture.series import KINDS, SeriesKind, Taken
from widgets.acquire.frames_options import FrameOptions
from widgets.acquire.frames_overlay import GhostOverlay, MadeOverlay
from widgets.acquire.frames_work import FramesWork
from widgets.acquire.references import ReferenceLine
from widgets.acquire.station import Station
from widgets.common.images import resized, to_image
from widgets.common.parts import button, label, row

_ICONS = {
    "single": ("mdi6.image-outline", "Single", "Single frames"),
    "average": ("mdi6.sigma", "Average", "Average of many frames: less noise"),
    "exposure": ("mdi6.brightness-6", "Bracket", "Several exposures: nothing saturated or black"),
    "focus": ("mdi6.layers-triple-outline", "Stack", "Focus stack: sharp from top to bottom"),
    "stitch": ("mdi6.view-grid-plus-outline", "Stitch", "Overlapping fields joined"),
    "lights": ("mdi6.lightbulb-group-outline", "Lights", "One picture under several lights"),
}
_THUMB_PX = 44
_PREVIEW_PX = (318, 96)
_GROWS = ("exposure", "focus", "stitch")
"""Kinds whose small picture tells more than their frames."""


def make_frames_page(station: Station) -> QWidget:
    """The page for the panel of the acquire screen."""
    return FramesPage(station)


class FramesPage(QWidget):
    """While it combines, the capture key takes frames for it, whatever page is seen."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setObjectName("frames_page")
        self._station = station
        self.work = FramesWork(station, self._show)
        self._ghost, self._over = GhostOverlay(), MadeOverlay()
        self._depth_wanted = False
        self._shown: tuple[Taken, ...] = ()
        self.options = FrameOptions(self.work)
        self.references = ReferenceLine(station)
        self._kinds = QButtonGroup(self)
        self._counted = label("", "heading", "frames_count")
        self._todo = label("", "", "frames_todo", wrap=True)
        self._says = label("", "dim", "frames_says", wrap=True)
        self.thumbs = _Thumbs(self.work.remove)
        self._picture = QLabel()
        self._finish = _quiet(
            button("Finish  (Enter)", "frames_finish", "Put them together", self.work.finish)
        )
        self._drop = _quiet(
            button("Drop  (Esc)", "frames_drop", "Drop the frames; Ctrl+Z undoes", self.work.back)
        )
        self._undo = _quiet(
            button("Bring back", "frames_undo", "Bring back (Ctrl+Z)", self.work.bring_back)
        )
        self._depth = _quiet(
            button("Depth", "frames_depth", "Show the depth map", self._turn_depth, checkable=True)
        )
        self._build()
        station.live.add_overlay(self._ghost)
        station.live.add_overlay(self._over)
        station.actions |= {
            "finish frames": self.work.finish,
            "drop frames": self.work.back,
            "bring frames back": self.work.bring_back,
            "remove frame": lambda: self.work.remove(len(self.work.series.taken) - 1),
        }
        for kind in KINDS:
            station.actions[f"frames {kind}"] = partial(self.work.choose_kind, kind)
        station.on_mark(lambda _: self._show())
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As over the picture, where no control beside it needs the key."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.work.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.work.back()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.references.refresh()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        kinds = []
        for number, kind in enumerate(KINDS, 1):
            icon, name, does = _ICONS[kind]
            tip = f"{does} (Alt+{number})"
            made = button(name, f"frames_{kind}", tip, partial(self._choose, kind), icon=icon)
            made.setCheckable(True)
            made.setIconSize(QSize(16, 16))
            self._kinds.addButton(_quiet(made))
            kinds.append(made)
        self._picture.setObjectName("frames_preview")
        self._picture.setAccessibleName("What the frames give so far")
        self._picture.setFixedSize(*_PREVIEW_PX)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row(*kinds[:3]))
        layout.addLayout(row(*kinds[3:]))
        layout.addWidget(self.options)
        layout.addWidget(self._counted)
        layout.addWidget(self._todo)
        layout.addWidget(self.thumbs)
        layout.addWidget(self._picture)
        layout.addWidget(self._says)
        layout.addLayout(row(self._finish, self._drop, self._undo, self._depth))
        layout.addWidget(self.references)

    def _choose(self, kind: SeriesKind) -> None:
        self.work.choose_kind(kind)
        self._station.live.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_depth(self) -> None:
        self._depth_wanted = not self._depth_wanted
        self._show()

    # --- showing ---------------------------------------------------------------------------
    def _show(self) -> None:
        work, series = self.work, self.work.series
        self._kinds.buttons()[KINDS.index(series.kind)].setChecked(True)
        combining = work.combining
        self._counted.setText(f"{series.title.capitalize()}: {series.counted}" if combining else "")
        self._counted.setVisible(combining)
        self._todo.setText(_todo(work))
        self._says.setText(work.sentence)
        self._says.setVisible(bool(work.sentence))
        self._show_thumbs()
        self._show_preview()
        self._show_buttons()
        self.options.show_options()
        self.references.setVisible(not combining)
        self._show_over()
        self._lead_capture()

    def _show_thumbs(self) -> None:
        taken = self.work.series.taken
        self.thumbs.setVisible(self.work.combining)
        if taken != self._shown:
            self._shown = taken
            self.thumbs.show_frames(taken)

    def _show_preview(self) -> None:
        pixels = self.work.preview
        grows = self.work.series.kind in _GROWS and self.work.result is None
        self._picture.setVisible(grows and pixels is not None)
        if pixels is not None:
            self._picture.setPixmap(_fitted(pixels, *_PREVIEW_PX))

    def _show_buttons(self) -> None:
        work, taken = self.work, self.work.series.taken
        made = work.result is not None
        for one in (self._finish, self._drop):
            one.setVisible(work.combining)
        self._finish.setText("Keep  (Enter)" if made else "Finish  (Enter)")
        self._finish.setEnabled(not work.busy and (made or not work.series.missing))
        self._drop.setText("Stop" if work.busy else "Back  (Esc)" if made else "Drop  (Esc)")
        self._drop.setEnabled(bool(taken) and not work.keeping)
        self._undo.setVisible(bool(work.series.dropped) and not made)
        result = work.result
        self._depth.setVisible(result is not None and result.depth is not None)

    def _show_over(self) -> None:
        work, result = self.work, self.work.result
        depth = result.depth if result is not None and self._depth_wanted else None
        self._depth.setChecked(depth is not None)
        if result is None:
            self._over.show(None, "")
        elif depth is not None:
            self._over.show(depth, "depth: dark is low, black is not sure", work.pixel_um)
        else:
            self._over.show(result.picture, f"{work.series.title}, not kept yet", work.pixel_um)
        last = work.series.taken[-1].frame if work.series.taken else None
        fields = work.series.kind == "stitch" and work.result is None
        self._ghost.show(last if fields else None, work.follow.watch.moved)
        self._station.live.update()

    def _lead_capture(self) -> None:
        """What the capture key does now."""
        work, station = self.work, self._station
        if not work.combining:
            if station.keeper_words:
                station.keeper_words = ""
                station.keep_with(None)
            return
        words = capture_words(work)
        if words != station.keeper_words:
            station.keeper_words = words
            station.keep_with(work.take)


def _todo(work: FramesWork) -> str:
    """What to do now, or what goes on."""
    if work.working is not None:
        return f"Making the {work.series.title} ..."
    if work.keeping:
        return "Saving ..."
    if work.result is not None:
        return "Look at it: Enter keeps it, Esc goes back to the frames."
    return work.follow.sentence or work.series.instruction


def _quiet(made: QPushButton) -> QPushButton:
    """A click leaves the keyboard with the picture."""
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _fitted(pixels: Pixels, width: int, height: int) -> QPixmap:
    factor = min(width / pixels.shape[1], height / pixels.shape[0])
    size = (max(round(pixels.shape[n] * factor), 1) for n in (1, 0))
    return QPixmap.fromImage(to_image(resized(pixels, *size)))


class _Thumbs(QListWidget):
    """The frames taken, in order; Delete takes the chosen one out."""

    def __init__(self, remove: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName("frames_taken")
        self.setAccessibleName("Frames taken; Delete takes the chosen one out")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setIconSize(QSize(_THUMB_PX, _THUMB_PX))
        self.setFixedHeight(_THUMB_PX + 36)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setToolTip("Delete takes the chosen frame out; double-click too")
        self._remove = remove
        self._icons: dict[int, QIcon] = {}
        self.itemDoubleClicked.connect(lambda item: remove(self.row(item)))

    def show_frames(self, taken: tuple[Taken, ...]) -> None:
        """Show these, the newest in sight."""
        self.clear()
        icons = {id(one.frame): self._icons.get(id(one.frame)) or _icon(one) for one in taken}
        self._icons = icons
        for number, one in enumerate(taken, 1):
            item = QListWidgetItem(icons[id(one.frame)], _thumb_words(one, number))
            self.addItem(item)
        if taken:
            self.scrollToItem(self.item(len(taken) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self._remove(self.currentRow())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _icon(one: Taken) -> QIcon:
    return QIcon(_fitted(one.frame.pixels, _THUMB_PX, _THUMB_PX))


def _thumb_words(one: Taken, number: int) -> str:
    if one.light:
        return one.light
    return f"{one.exposure:g}x" if one.exposure else str(number)


def capture_words(work: FramesWork) -> str:
    """What the capture key does, as on its button."""
    series = work.series
    if work.result is not None:
        return f"Keep the {series.title}"
    if work.running:
        return "Stop taking frames"
    if series.kind == "average":
        return f"Take {series.count} frames"
    if series.kind == "lights" and series.next_light:
        return f"Take {series.next_light}"
    return f"Take frame {len(series.taken) + 1}"
