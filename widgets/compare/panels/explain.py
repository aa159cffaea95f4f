"""Where software sees agreement, to go through area by area: confirm, ignore, next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.picture.caption import AID
from widgets.compare.desk import Desk
from widgets.compare.desk.areas import Areas, Proposed
from widgets.compare.panels.conclude import heading, hint
from widgets.compare.panels.controls import Act

_SIGNS = {"new": "○", "confirmed": "●", "ignored": "–"}
NOT_YET = "Looking for the areas where the two agree best ..."


class ExplainPanel(QWidget):
    """What the score rests on: cells, similarity map, and the best areas one by one."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.setObjectName("explain_panel")
        self._areas: Areas | None = None
        self._cells = _check("cells", "C  Congruent cells on both pictures", act)
        self._similarity = _check("similarity", "M  Similarity map over both", act)
        self._says = hint(NOT_YET)
        self._says.setObjectName("areas_says")
        self._list = QListWidget()
        self._list.setObjectName("areas_list")
        self._list.setAccessibleName("Areas where the two marks agree best")
        self._list.setFixedHeight(200)
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._list.itemActivated.connect(self._chosen)
        self._list.itemClicked.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Where the two agree"))
        layout.addWidget(self._cells)
        layout.addWidget(self._similarity)
        layout.addWidget(self._says)
        layout.addWidget(self._list)
        layout.addLayout(
            _row(
                _button("previous area", "Previous", "Ctrl+Left", act),
                _button("next area", "Next", "Ctrl+Right", act),
            )
        )
        self._confirm = _button("confirm area", "Confirm for the report", "Ctrl+Enter", act)
        self._ignore = _button("ignore area", "Ignore", "Ctrl+Backspace", act)
        layout.addLayout(_row(self._confirm, self._ignore))
        layout.addWidget(hint(f"Proposed by software from the similarity map; {AID}."))

    def show_areas(self, areas: Areas) -> None:
        """Another pair's areas."""
        self._areas = areas

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        has_cells = desk.score is not None and bool(desk.score.cell_list)
        self._cells.setEnabled(has_cells)
        self._cells.setToolTip("" if has_cells else "Align automatically (A) to compute cells.")
        self._cells.setChecked(desk.view.cells)
        self._similarity.setChecked(desk.view.similarity)
        self._similarity.setToolTip(desk.similarity.sentence if desk.similarity else "")
        if self._areas is not None:
            self._show_list(self._areas)

    def _show_list(self, areas: Areas) -> None:
        listed = areas.listed()
        confirmed = sum(one.state == "confirmed" for one in listed)
        words = f"{len(listed)} areas, {confirmed} confirmed." if listed else areas.refusal
        self._says.setText(words if areas.known else NOT_YET)
        self._says.show()
        texts = [_words(one) for one in listed]
        if [self._list.item(i).text() for i in range(self._list.count())] != texts:
            self._list.clear()
            for text in texts:
                self._list.addItem(QListWidgetItem(text))
        self._list.blockSignals(True)
        self._list.setCurrentRow(-1 if areas.at is None else areas.at)
        self._list.blockSignals(False)
        state = listed[areas.at].state if areas.at is not None and listed else "new"
        for button in (self._confirm, self._ignore):
            button.setEnabled(areas.at is not None)
        self._confirm.setText("Take back" if state == "confirmed" else "Confirm for the report")

    def _chosen(self, item: QListWidgetItem) -> None:
        if self._areas is not None:
            self._areas.look_at(self._list.row(item))


def _words(one: Proposed) -> str:
    said = {"new": "", "confirmed": ", confirmed", "ignored": ", ignored"}[one.state]
    return f"{_SIGNS[one.state]}  area {one.number}: correlation {one.area.ccf:.2f}{said}"


def _check(action: str, text: str, act: Act) -> QCheckBox:
    made = QCheckBox(text)
    made.setObjectName(action)
    made.clicked.connect(lambda: act(action))
    return made


def _button(action: str, text: str, key: str, act: Act) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(action.replace(" ", "_"))
    made.setToolTip(f"{text} ({key})")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setStyleSheet("padding: 5px 4px")
    made.clicked.connect(lambda: act(action))
    return made


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for one in buttons:
        row.addWidget(one)
    return row
