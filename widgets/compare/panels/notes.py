"""The panel of what is drawn over the pair: kinds to draw with, and the list of annotations."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import Annotation, AnnotationKind
from app.picture.annotations import COLOURS
from widgets.compare.desk import Desk, drawn
from widgets.compare.desk.pen import MARKS, SURFACES, TOOL, WORDS
from widgets.compare.panels.conclude import heading, hint
from widgets.compare.panels.keyed_list import KeyedList

Do = Callable[[Callable[[Desk], None]], None]
_SIDES = {
    "both": "on both specimens",
    "left": "on the left specimen",
    "right": "on the right specimen",
}
_ACROSS = 3
_LINES_HIGH = 132


class NotesPanel(QWidget):
    """Kinds, colour and side of what is drawn next; what is there, to find and to change.

    ``do`` carries an operation out on the desk in hand.
    """

    def __init__(self, do: Do) -> None:
        super().__init__()
        self.setObjectName("notes_panel")
        self._do = do
        self._shown: tuple[Annotation, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading("Draw on the specimens"))
        layout.addLayout(self._made_kinds())
        layout.addLayout(self._made_manner())
        layout.addWidget(heading("On this pair"))
        layout.addWidget(self._made_switch())
        layout.addWidget(self._made_list())
        layout.addLayout(self._made_editor())
        self._empty = hint("Nothing is drawn yet. N draws a note, G an area of agreement.")
        layout.addWidget(self._empty)

    def show_desk(self, desk: Desk) -> None:
        """Bring the controls to the desk."""
        pen = desk.pen
        for kind, button in self._kinds.items():
            button.setChecked(desk.tool == TOOL and kind is pen.kind)
        _choose(self._tied, int(not pen.both))
        _choose(self._colour, ["", *COLOURS].index(pen.colour))
        self._switch.setChecked(desk.view.annotations)
        self._show_list(desk.annotations, pen.selected)
        self._show_selected(drawn.selected(desk))
        self._empty.setVisible(not desk.annotations)

    def _made_kinds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(4)
        group = QButtonGroup(self)
        group.setExclusive(False)
        self._kinds: dict[AnnotationKind, QPushButton] = {}
        for place, kind in enumerate((*SURFACES, *MARKS)):
            key = "G" if kind in SURFACES else "N"
            first = kind in (SURFACES[0], MARKS[0])
            words = WORDS[kind].capitalize()
            button = QPushButton(f"{key}  {words}" if first else words)
            button.setObjectName(f"draw_{kind}")
            button.setCheckable(True)
            button.setAccessibleName(f"Draw: {WORDS[kind]}")
            button.setToolTip(f"{words} ({key}{'' if first else ', again until it is in hand'})")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setStyleSheet("padding: 4px 2px")
            button.clicked.connect(lambda _=False, k=kind: self._do(lambda d: _draw_with(d, k)))
            group.addButton(button)
            grid.addWidget(button, place // _ACROSS, place % _ACROSS)
            self._kinds[kind] = button
        return grid

    def _made_manner(self) -> QHBoxLayout:
        self._tied = _combo(
            "annotation_tied",
            "What is drawn next lies on both specimens, or on the one under the pointer (Y)",
        )
        self._tied.addItems(["both specimens", "one specimen"])
        self._tied.activated.connect(lambda at: self._do(lambda d: d.pen.tie(at == 0)))
        self._colour = _combo("annotation_colour", "Colour of what is drawn next")
        self._colour.addItems(["usual colour", *(name for name, _ in COLOURS.values())])
        keys = ["", *COLOURS]
        self._colour.activated.connect(lambda at: self._do(lambda d: d.pen.paint_with(keys[at])))
        row = QHBoxLayout()
        row.addWidget(self._tied, 1)
        row.addWidget(self._colour, 1)
        return row

    def _made_switch(self) -> QCheckBox:
        self._switch = QCheckBox("Show what is drawn  (Shift+N)")
        self._switch.setObjectName("annotations_shown")
        self._switch.setToolTip("Show or hide what is drawn (Shift+N)")
        self._switch.clicked.connect(lambda on: self._do(lambda d: d.set_annotations(on)))
        return self._switch

    def _made_list(self) -> QListWidget:
        tip = "Up and Down take one in hand, Enter goes to it, Del deletes it"
        self._list = KeyedList("annotation_list", "Annotations of this pair", tip, self._key)
        self._list.setFixedHeight(_LINES_HIGH)
        self._list.currentRowChanged.connect(self._chosen)
        self._list.itemActivated.connect(lambda _: self._act(drawn.look_at))
        return self._list

    def _made_editor(self) -> QVBoxLayout:
        self._text = QLineEdit()
        self._text.setObjectName("annotation_text")
        self._text.setAccessibleName("Words of the annotation in hand")
        self._text.setPlaceholderText("words")
        self._text.setToolTip("Words of the annotation in hand")
        self._text.textEdited.connect(self._write)
        self._text.editingFinished.connect(lambda: self._do(lambda d: d.end_gesture()))
        self._side = _combo("annotation_side", "The annotation in hand lies (Y)")
        self._side.addItems(list(_SIDES.values()))
        self._side.activated.connect(self._tie)
        self._go = self._button("Go to", "annotation_go", "Bring it to the middle (Enter)")
        self._go.clicked.connect(lambda: self._act(drawn.look_at))
        self._top = self._button("Top", "annotation_top", "Draw it above all others")
        self._top.clicked.connect(lambda: self._act(drawn.raise_above))
        self._copy = self._button("Copy", "annotation_copy", "Draw the same once more (Ctrl+D)")
        self._copy.clicked.connect(lambda: self._act(drawn.copy))
        self._delete = self._button("Delete", "annotation_delete", "Draw it no more (Del)")
        self._delete.clicked.connect(lambda: self._act(drawn.remove))
        row = QHBoxLayout()
        for button in (self._go, self._top, self._copy, self._delete):
            row.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._text)
        column.addWidget(self._side)
        column.addLayout(row)
        return column

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setStyleSheet("padding: 4px 2px")
        return button

    def _show_list(self, annotations: tuple[Annotation, ...], held: str) -> None:
        self._list.blockSignals(True)
        if annotations != self._shown:
            self._shown = annotations
            self._list.clear()
            for annotation in annotations:
                item = QListWidgetItem(words_of(annotation))
                item.setToolTip(f"{words_of(annotation)}, {_SIDES[annotation.side]}")
                self._list.addItem(item)
        rows = [a.id for a in annotations]
        self._list.setCurrentRow(rows.index(held) if held in rows else -1)
        self._list.blockSignals(False)
        self._list.setVisible(bool(annotations))

    def _show_selected(self, held: Annotation | None) -> None:
        for widget in (self._text, self._side, self._go, self._top, self._copy, self._delete):
            widget.setVisible(bool(self._shown))
            widget.setEnabled(held is not None)
        if held is None:
            self._text.clear()
            return
        indexed = held.kind is AnnotationKind.INDEX
        for widget in (self._side, self._copy):
            widget.setEnabled(not indexed)
        if self._text.text() != held.text.replace("\n", " / "):
            self._text.setText(held.text.replace("\n", " / "))
        _choose(self._side, list(_SIDES).index(held.side))

    def _chosen(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            annotation_id = self._shown[row].id
            self._do(lambda desk: desk.pen.select(annotation_id))

    def _write(self, text: str) -> None:
        self._do(lambda d: drawn.write(d, d.pen.selected, text.replace(" / ", "\n")))

    def _tie(self, place: int) -> None:
        side: drawn.Side = ("both", "left", "right")[place]
        self._do(lambda desk: drawn.tie(desk, desk.pen.selected, side))

    def _act(self, what: Callable[[Desk, str], None]) -> None:
        self._do(lambda desk: what(desk, desk.pen.selected))

    def _key(self, event: QKeyEvent) -> bool:
        """Keys of the list."""
        if event.key() == Qt.Key.Key_Delete:
            self._act(drawn.remove)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._act(drawn.look_at)
        else:
            return False
        return True


def words_of(annotation: Annotation) -> str:
    """For example ``3  note (left): a deep gouge``."""
    number = f"{annotation.number}  " if annotation.number else ""
    text = " ".join(annotation.text.split())
    where = "" if annotation.side == "both" else f" ({annotation.side})"
    flag = " ⚑ subclass" if annotation.subclass else ""
    return f"{number}{WORDS[annotation.kind]}{where}{flag}{': ' if text else ''}{text}"


def _draw_with(desk: Desk, kind: AnnotationKind) -> None:
    if desk.tool == TOOL and desk.pen.kind is kind:
        desk.take_tool("")
        return
    desk.pen.choose(kind)
    if desk.tool != TOOL:
        desk.take_tool(TOOL)


def _combo(name: str, what: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(what)
    combo.setToolTip(what)
    combo.setMinimumContentsLength(6)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _choose(combo: QComboBox, index: int) -> None:
    """Without telling anyone; ``activated`` is of the user alone."""
    if combo.currentIndex() != index:
        combo.setCurrentIndex(index)
