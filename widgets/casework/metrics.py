"""How long things take, over time: charts with their numbers beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.casework.clock import Policy
from app.casework.metrics import Metrics
from app.casework.stages import TITLES
from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework import metrics_words as words
from widgets.casework.metrics_chart import StageCharts
from widgets.common.lines import bind
from widgets.common.parts import EmptyState, button, choice, label, row
from widgets.common.refresh import Refresh
from widgets.keys_clock import METRICS
from widgets.navigator import Navigator

_TABLE_PX, _MORE_PX = 400, 130
_FIRST = "entered"


@dataclass(frozen=True, slots=True)
class _Loaded:
    stage: str
    span: tuple[str, str]
    metrics: Metrics
    policy: Policy


class MetricsPage(QWidget):
    """One stage at a time, over a span of months."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("metrics_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self.loaded: _Loaded | None = None
        self._stage, self._months = _FIRST, 12
        self._loading: Refresh[_Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self.charts = StageCharts()
        self._build()
        bind(self, METRICS, self._actions())
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return self.loaded is not None and not self._loading.loading

    def place(self) -> tuple[str, ...]:
        """What the header says."""
        return (TITLES[self._stage], self.span.currentText())

    # --- what can be done ------------------------------------------------------------------
    def step_stage(self, by: int) -> None:
        """The next stage."""
        self.stage.setCurrentIndex((self.stage.currentIndex() + by) % self.stage.count())

    def step_span(self, by: int) -> None:
        """A longer or shorter span."""
        at = min(max(self.span.currentIndex() + by, 0), self.span.count() - 1)
        self.span.setCurrentIndex(at)

    def export(self) -> None:
        """Write all stages of the span as CSV."""
        title = "Write the metrics"
        name, _ = QFileDialog.getSaveFileName(self, title, "metrics.csv", "CSV (*.csv)")
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write it there."""
        since, until = self._span()
        self._bridge.run(
            lambda: self._workbench.export_metrics(path, since, until, overwrite=True),
            lambda written: self._bridge.tell(f"The metrics are written to {written}."),
            owner=self,
            long=True,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.stage = choice("metrics_stage", "Which stage (S)", ())
        self.stage.setMinimumContentsLength(22)
        self._offer(self._workbench.clock_policy())
        self.span = choice("metrics_span", "How far back (+, -)", (w for w, _ in words.SPANS))
        self.span.setMinimumContentsLength(14)
        self.span.setCurrentIndex([months for _, months in words.SPANS].index(self._months))
        self.stage.currentIndexChanged.connect(lambda _: self._chosen())
        self.span.currentIndexChanged.connect(lambda _: self._chosen())
        self.says = label("", "", "metrics_says", wrap=True)
        self.verified = label("", "dim", "metrics_verified", wrap=True)
        self.table = _table()
        top = row(self.stage, self.span, stretch_last=True)
        top.addWidget(
            button("CSV ...", "metrics_export", "Write all stages as CSV (E)", self.export)
        )
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.charts, 1)
        across.addWidget(self.table)
        shown = QWidget()
        shown.setLayout(across)
        across.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyState("metrics_empty")
        self._stack = QStackedWidget()
        for widget in (shown, self._empty):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.says)
        layout.addWidget(self.verified)
        layout.addWidget(self._stack, 1)

    def _actions(self) -> dict[str, Callable[[], None]]:
        return {
            "stage": lambda: self.step_stage(1),
            "stage back": lambda: self.step_stage(-1),
            "longer": lambda: self.step_span(1),
            "shorter": lambda: self.step_span(-1),
            "export": self.export,
        }

    def _offer(self, policy: Policy) -> None:
        for target in policy.targets:
            self.stage.addItem(TITLES.get(target.stage, target.stage), target.stage)
        self.stage.setCurrentIndex(max(self.stage.findData(self._stage), 0))

    # --- showing ---------------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        concerns = changes.casework or changes.traces or changes.settings or changes.cases
        if self.isVisible() and (concerns or changes.acquired or changes.searches):
            self._loading.ask()

    def _chosen(self) -> None:
        self._stage = self.stage.currentData()
        self._months = words.SPANS[self.span.currentIndex()][1]
        self._loading.ask()

    def _span(self) -> tuple[str, str]:
        policy = self._workbench.clock_policy()
        today: date = policy.calendar.local(self._workbench.clock_now()).date()
        return words.span_of(today, self._months)

    def _load(self) -> _Loaded:
        stage, span = self._stage, self._span()
        metrics = self._workbench.metrics(*span, stages=(stage,))
        return _Loaded(stage, span, metrics, self._workbench.clock_policy())

    def _show(self, loaded: _Loaded) -> None:
        self.loaded = loaded
        metrics, target = loaded.metrics, loaded.policy.target(loaded.stage)
        lines = metrics.stage(loaded.stage)
        self.says.setText(words.stage_sentence(metrics, loaded.policy, loaded.stage))
        self.verified.setText(words.verified_sentence(metrics))
        counted = target is not None and target.unit in ("hours", "business days")
        self.charts.show_lines(lines, float(target.amount) if target and counted else None)
        self._fill(loaded.stage, words.rows(metrics, loaded.stage), lines[0].unit if lines else "")
        empty = not any(line.count for line in lines)
        self._empty.say(
            f"{TITLES[loaded.stage].capitalize()}: nothing in this span",
            "Choose a longer span or another stage; what is done in time and late is counted here "
            "by itself.",
        )
        self._stack.setCurrentIndex(1 if empty else 0)
        if self.isVisible():
            self._navigator.say_place("leads", ("Metrics", *self.place()))

    def _fill(self, stage: str, rows: tuple[tuple[str, ...], ...], unit: str) -> None:
        heads = (*words.HEADS, words.NOT_AGREED) if stage == words.VERIFIED else words.HEADS
        self.table.setColumnCount(len(heads))
        self.table.setHorizontalHeaderLabels(heads)
        self.table.setFixedWidth(_TABLE_PX + (_MORE_PX if len(heads) > len(words.HEADS) else 0))
        self.table.setRowCount(len(rows))
        self.table.setToolTip(f"Times in {unit}" if unit else "")
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                font = item.font()
                font.setBold(at == 0)
                item.setFont(font)
                self.table.setItem(at, column, item)
        month = self.table.horizontalHeaderItem(0)
        if month is not None:
            month.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def _table() -> QTableWidget:
    made = QTableWidget(0, len(words.HEADS))
    made.setObjectName("metrics_table")
    made.setAccessibleName("The numbers of the charts, the newest month first")
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(26)
    made.setShowGrid(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setTabKeyNavigation(False)
    header = made.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return made
