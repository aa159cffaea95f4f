"""Both scans as solids side by side, turned with the mouse; drawn over the evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QCheckBox, QLabel, QSlider, QVBoxLayout, QWidget

from app.picture.geometry import Matrix
from app.picture.solid import (
    EXAGGERATION_RANGE,
    Camera,
    first_camera,
    placed_left,
    placed_right,
    solid_picture,
)
from app.picture.solid_view import Solids, SolidView, solids_of
from widgets import theme
from widgets.common.images import paint_words, resized, to_image
from widgets.common.parts import button, row
from widgets.compare.desk import Desk
from widgets.compare.desk.noting import flag_plate
from widgets.compare.panels.controls import Act
from widgets.compare.view.flag import paint_flag
from widgets.compare.view.footer import SentenceLabel
from widgets.compare.view.relief_parts import (
    HINTS,
    WHEEL_STEP,
    camera_after,
    camera_words,
    paint_bars,
)

NO_SCAN = "This specimen was pictured in 2D; only a scan has a relief to be seen from an angle."
_TURN_PER_PX = 0.4
_STEP_DEG = 5.0
_MOVING = 0.55
"""Share of the pixels across that are drawn while the hand moves; all of them 150 ms later."""
_AT_REST_MS = 150

_LEAVING = (
    ("export", "E  Export", "The 3D view as PNG or TIFF, with caption and scale (E)"),
    ("save named", "⇧S  Keep", "Keep this 3D view with the comparison, for the report (Shift+S)"),
)

Run = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class ReliefView(QWidget):
    """Lies over ``over`` while it is open. ``run`` calls a function off the GUI thread and
    another with what it returned; ``on_key`` gets keys that are not its own, ``act`` the names of
    actions, ``closed`` is called when it is left."""

    def __init__(
        self,
        over: QWidget,
        run: Run,
        on_key: Callable[[QKeyEvent], bool],
        closed: Callable[[], None] = lambda: None,
        act: Act = lambda _action: None,
    ) -> None:
        super().__init__(over)
        self.setObjectName("relief_view")
        self.setAccessibleName("3D view of both scans")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._over, self._run, self._on_key, self._closed = over, run, on_key, closed
        self._act = act
        self._desk: Desk | None = None
        self._solids: Solids = (None, None)
        self._made_of: tuple[Any, ...] = ()
        self._camera: Camera | None = None
        self._form = True
        self._last = QPointF()
        self._moving = False
        self._image: QImage | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_AT_REST_MS)
        self._rest.timeout.connect(self._come_to_rest)
        self._build()
        over.installEventFilter(self)
        self.hide()

    @property
    def camera(self) -> Camera | None:
        """Where the solids are looked at from; None before they are there."""
        return self._camera

    @property
    def ready(self) -> bool:
        """Whether the solids are there."""
        return any(solid is not None for solid in self._solids)

    @property
    def seen(self) -> SolidView | None:
        """How the solids are seen now; None while they are not."""
        if self._camera is None or not self.isVisible():
            return None
        width, height = self._pane_px()
        return SolidView(self._camera, self._form, (2 * width, height))

    def open(self, desk: Desk, seen: SolidView | None = None) -> None:
        """Show the pair's scans: as they were ``seen``, else as last or in full."""
        if desk is not self._desk:
            self._camera, self._solids, self._made_of = None, (None, None), ()
        self._desk = desk
        self.setGeometry(self._over.rect())
        self.show()
        if seen is not None:
            width, height = self._pane_px()
            self._camera = seen.sized((2 * width, height)).camera
            self._form = seen.form
            self._keep_form.setChecked(seen.form)
            self._look_again()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._prepare()

    def leave(self) -> None:
        """Back to the evidence."""
        self.hide()
        self._closed()

    def show_desk(self, desk: Desk | None) -> None:
        """The pair, its alignment or its light has changed."""
        if desk is not self._desk:
            self.hide()
            self._desk = None
        elif self.isVisible() and desk is not None:
            self._prepare()
            self._look_again()

    def set_camera(self, camera: Camera) -> None:
        """Look from there."""
        if camera != self._camera:
            self._camera = camera
            self._look_again()

    def drawn(self, *, moving: bool = False) -> NDArray[np.uint8]:
        """Both panes as they are seen now, uint8 grey; fewer pixels while ``moving``."""
        share = _MOVING if moving else 1.0
        size = self._pane_px(share)
        panes = [self._pane(index, size, share) for index in (0, 1)]
        if self._desk is not None and self._desk.view.exchanged:
            panes.reverse()
        return np.hstack(panes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._own_key(event) or self._on_key(event):
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        step, self._last = event.position() - self._last, event.position()
        camera = self._camera
        if camera is None:
            return
        if event.buttons() == Qt.MouseButton.LeftButton:
            turned = camera.turned(step.x() * _TURN_PER_PX, step.y() * _TURN_PER_PX)
            self.set_camera(turned)
        elif event.buttons():
            ratio = self.devicePixelRatioF()
            self.set_camera(camera.panned(step.x() * ratio, step.y() * ratio))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        self._come_to_rest()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120.0
        if self._camera is not None and notches:
            self.set_camera(self._camera.zoomed(WHEEL_STEP**notches))
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.EVIDENCE))
        if self._camera is None or self._desk is None:
            painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Preparing the relief ...")
            return
        if self._image is None:
            self._image = self._made_image()
        painter.drawImage(QPointF(0, 0), self._image)
        self._paint_over(painter, self._camera, self._desk)

    def _build(self) -> None:
        self._words = SentenceLabel("relief_words", Qt.AlignmentFlag.AlignLeft)
        self._height = QSlider(Qt.Orientation.Horizontal)
        self._height.setObjectName("relief_exaggeration")
        self._height.setAccessibleName("Exaggeration of heights")
        self._height.setToolTip("Exaggeration of heights (PgUp, PgDown)")
        self._height.setRange(*(round(100 * log(end)) for end in EXAGGERATION_RANGE))
        self._height.setFixedWidth(180)
        self._height.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._height.valueChanged.connect(self._slid)
        self._keep_form = QCheckBox("Form as measured (G)")
        self._keep_form.setObjectName("relief_form")
        self._keep_form.setToolTip("With the form of the primer, or levelled (G)")
        self._keep_form.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._keep_form.setChecked(self._form)
        self._keep_form.clicked.connect(lambda on: self._set_form(on))
        close = button("Esc  Back", "relief_close", "Leave the 3D view (Esc)", self.leave)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hint = SentenceLabel("relief_hint", Qt.AlignmentFlag.AlignRight)
        hint.set_wordings(HINTS)
        bar = row(QLabel("Heights"), self._height, self._words, self._keep_form)
        bar.setStretch(2, 1)
        bar.addWidget(hint, 1)
        for action, text, tip in _LEAVING:
            name = f"relief_{action.split()[0]}"
            leaving = button(text, name, tip, partial(self._act, action))
            leaving.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            bar.addWidget(leaving)
        bar.addWidget(close)
        bar.setContentsMargins(10, 4, 10, 4)
        bar.setSpacing(12)
        self._bar = QWidget()
        self._bar.setProperty("panel", True)
        self._bar.setAutoFillBackground(True)
        self._bar.setLayout(bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(self._bar)

    def _pane_px(self, share: float = 1.0) -> tuple[int, int]:
        """Width and height of one pane in pixels of the screen, or a share of them."""
        ratio = self.devicePixelRatioF() * share
        return max(round(self.width() / 2 * ratio), 2), max(round(self._room() * ratio), 2)

    def _room(self) -> int:
        """Height of the panes."""
        return max(self.height() - self._bar.sizeHint().height(), 2)

    def _prepare(self) -> None:
        """Have the solids made when there are none of these sides yet."""
        desk = self._desk
        if desk is None:
            return
        left, right, form = desk.left, desk.right, self._form
        wanted = (left.relief, right.relief, form)
        if self._made_of and all(a is b for a, b in zip(wanted, self._made_of, strict=True)):
            return
        self._made_of = wanted

        def done(solids: Solids) -> None:
            if self._made_of is wanted and desk is self._desk:
                self._solids = solids
                if self._camera is None:
                    self._begin()
                self._look_again()

        self._run(lambda: solids_of(left, right, form=form), done)

    def _begin(self) -> None:
        """As it is seen first."""
        both = [solid for solid in self._solids if solid is not None]
        if both and self._desk is not None:
            self._camera = first_camera(both[0], both[-1], self._pane_px(), (0.0, 0.0))

    def _pane(self, index: int, size: tuple[int, int], share: float) -> NDArray[np.uint8]:
        solid, camera, desk = self._solids[index], self._camera, self._desk
        if solid is None or camera is None or desk is None:
            return np.full((size[1], size[0]), 18, np.uint8)
        placed: Matrix = placed_left() if index == 0 else placed_right(desk.alignment)
        seen = camera.zoomed(share)
        return solid_picture(solid, placed, seen, desk.view.lights[index], size)

    def _made_image(self) -> QImage:
        ratio = self.devicePixelRatioF()
        picture = self.drawn(moving=self._moving)
        if self._moving:
            whole = round(self.width() * ratio), round(self._room() * ratio)
            picture = resized(picture, *whole)
        image = to_image(picture)
        image.setDevicePixelRatio(ratio)
        return image

    def _look_again(self) -> None:
        self._image = None
        self._moving = True
        self._rest.start()
        camera = self._camera
        if camera is not None:
            self._words.set_wordings(camera_words(camera))
            self._height.blockSignals(True)
            self._height.setValue(round(100 * log(camera.exaggeration)))
            self._height.blockSignals(False)
        self.update()

    def _come_to_rest(self) -> None:
        self._rest.stop()
        if self._moving:
            self._moving, self._image = False, None
            self.update()

    def _slid(self, value: int) -> None:
        if self._camera is not None:
            self.set_camera(self._camera.with_exaggeration(float(f"{exp(value / 100):.3g}")))

    def _set_form(self, form: bool) -> None:
        self._form = form
        self._keep_form.setChecked(form)
        self._prepare()

    def _own_key(self, event: QKeyEvent) -> bool:
        camera = self._camera
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if camera is None or plain:
            return False
        if event.key() == Qt.Key.Key_G:
            self._set_form(not self._form)
        elif event.key() in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self._begin()
            self._look_again()
        else:
            step = (
                3 * _STEP_DEG
                if event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                else _STEP_DEG
            )
            after = camera_after(camera, event.key(), step)
            if after is None:
                return False
            self.set_camera(after)
        return True

    def _paint_over(self, painter: QPainter, camera: Camera, desk: Desk) -> None:
        middle = self.width() / 2
        painter.fillRect(QRectF(middle - 0.5, 0, 1, self._room()), QColor(theme.ACCENT_ON_EVIDENCE))
        sides = [(desk.left, self._solids[0]), (desk.right, self._solids[1])]
        if desk.view.exchanged:
            sides.reverse()
        um_per_px = camera.um_per_px * self.devicePixelRatioF()
        for index, (side, solid) in enumerate(sides):
            pane = QRectF(index * middle, 0, middle, self._room())
            paint_words(painter, pane.topLeft() + QPointF(12, 24), side.name)
            if solid is None:
                painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
                painter.drawText(
                    pane, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, NO_SCAN
                )
            else:
                paint_bars(painter, pane, camera, um_per_px)
        paint_flag(painter, flag_plate(desk), self.width(), 36)
