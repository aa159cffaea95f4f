"""Fatal and non-fatal shootings counted by month and by place: a small chart and a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.store.places import Count
from widgets import theme
from widgets.common.parts import choice, label

_COLUMNS = ("", "fatal", "non-fatal", "not said")
_BY_TIME, _BY_PLACE = "by month", "by place"
_BARS = 36
_WIDTHS = (56, 82, 74)


class Bars(QWidget):
    """The last months as bars: fatal filled, non-fatal hatched, not said empty."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("shooting_bars")
        self.setMinimumHeight(120)
        self.counts: tuple[Count, ...] = ()

    def sizeHint(self) -> QSize:
        return QSize(260, 130)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """The last three years of them."""
        self.counts = tuple(c for c in counts if c.name)[-_BARS:]
        first = self.counts[0].name if self.counts else ""
        last = self.counts[-1].name if self.counts else ""
        self.setAccessibleName(f"Shootings a month from {first} to {last}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), theme.colours()
        if not self.counts:
            return
        top, foot = 16, self.height() - 18
        most = max(count.total for count in self.counts)
        wide = max(self.width() / len(self.counts), 3.0)
        ink = QColor(look.text)
        patterns = (
            QBrush(ink),
            QBrush(ink, Qt.BrushStyle.BDiagPattern),
            QBrush(Qt.BrushStyle.NoBrush),
        )
        for number, count in enumerate(self.counts):
            y = float(foot)
            for value, brush in zip(
                (count.fatal, count.non_fatal, count.unsaid), patterns, strict=True
            ):
                high = value / most * (foot - top)
                if value:
                    box = QRect(
                        round(number * wide + 1), round(y - high), round(wide - 3), round(high)
                    )
                    painter.setPen(QPen(ink, 1))
                    painter.setBrush(brush)
                    painter.drawRect(box)
                y -= high
        painter.setPen(QColor(look.dim))
        painter.drawText(0, 11, f"{most} a month at most")
        painter.drawText(0, self.height() - 3, self.counts[0].name)
        right = self.rect().adjusted(0, 0, 0, -1)
        ends = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        if len(self.counts) > 2:
            painter.drawText(right, ends, self.counts[-1].name)


class CountsPart(QWidget):
    """What is counted over all shootings of the casebook in the period, linked or not."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("counts_part")
        self.setProperty("panel", True)
        self.bars = Bars()
        self.by = choice("counts_by", "Count by month or by place", (_BY_TIME, _BY_PLACE))
        self.by.currentIndexChanged.connect(lambda _: self._fill())
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setObjectName("counts_table")
        self.table.setAccessibleName("Shootings counted")
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at, wide in enumerate(_WIDTHS, 1):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(at, wide)
        self._says = label("", "dim", "counts_says", wrap=True)
        self._times: tuple[Count, ...] = ()
        self._places: tuple[Count, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self._says, self.bars, self.by):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)

    def show_counts(self, times: tuple[Count, ...], places: tuple[Count, ...]) -> None:
        """By month and by place."""
        self._times, self._places = times, places
        fatal, non_fatal = (sum(getattr(c, n) for c in times) for n in ("fatal", "non_fatal"))
        unsaid = sum(c.unsaid for c in times)
        self._says.setText(
            f"All shootings on record in the period: {fatal} fatal, {non_fatal} non-fatal, "
            f"{unsaid} of which it is not said. Filled: fatal, hatched: non-fatal, empty: not said."
            if times
            else "No shooting is recorded in this period. Record events with their kind and day."
        )
        self.bars.show_counts(times)
        self._fill()

    def _fill(self) -> None:
        counts = self._times[::-1] if self.by.currentText() == _BY_TIME else self._places
        self.table.setRowCount(len(counts))
        for at, count in enumerate(counts):
            words = (count.name or "not said", count.fatal, count.non_fatal, count.unsaid)
            for column, value in enumerate(words):
                item = QTableWidgetItem(str(value))
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                else:
                    item.setToolTip(str(value))
                self.table.setItem(at, column, item)
