"""The link chart on the screen: nodes that can be chosen, links told apart by their strokes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QMouseEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPolygonItem, QGraphicsSimpleTextItem

from app.casework.drawn import (
    ABOUT_PX,
    DIM,
    INK,
    LABEL_PX,
    PANEL,
    Mark,
    Outline,
    Stroke,
    Words,
    edge_marks,
    node_marks,
)
from app.casework.graph import Chart, Edge, Node
from app.casework.layout import NODE_H, NODE_W, Laid
from widgets import theme
from widgets.casework.zoom_view import ZoomView

_ROOM = 40.0
_WORDS_AIR_PX = 12
_READABLE = 0.62


class NodeItem(QGraphicsPolygonItem):
    """The part of a node that is clicked; its words and second outline lie over it."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node
        self.setToolTip("\n".join(f"{name}: {value}" for name, value in node.facts))
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class ChartView(ZoomView):
    """``chosen`` is called with a node's id, ``opened`` on a double click."""

    def __init__(self, chosen: Callable[[str], None], opened: Callable[[], None]) -> None:
        super().__init__("link_chart", "Link chart of cases, guns and events")
        self._chosen, self._opened = chosen, opened
        self.chart = Chart()
        self._laid = Laid({}, 0.0, 0.0)
        self.current = ""
        self._items: dict[str, NodeItem] = {}
        self._ring = QGraphicsPolygonItem()

    def show_chart(self, chart: Chart, laid: Laid) -> None:
        """Draw it, where it is another; the node in hand stays in hand while it is there."""
        if chart == self.chart and laid == self._laid:
            return
        self.chart, self._laid = chart, laid
        self.redraw()
        self.show_at_first()
        self.choose(self.current if self.current in self._items else "", tell=False)

    def begin(self) -> None:
        """All of it where it can be read so, else its top left, where the newest group is."""
        self.fit()
        if self.chart.nodes and self.scale_now < _READABLE:
            self.scale(_READABLE / self.scale_now, _READABLE / self.scale_now)
            seen = self.mapToScene(self.viewport().rect()).boundingRect()
            corner = self.whole.topLeft()
            self.centerOn(corner + QPointF(seen.width() / 2, seen.height() / 2))

    def redraw(self) -> None:
        """In the colours of the look in use."""
        self.wear()
        scene = self.scene()
        scene.clear()
        self._items = {}
        at = self._laid.places
        for edge in self.chart.edges:
            self._draw_edge(edge, at[edge.a], at[edge.b])
        for node in self.chart.nodes:
            self._draw_node(node, at[node.id])
        self._ring = QGraphicsPolygonItem()
        self._ring.setPen(QPen(QColor(theme.colours().accent), 3.0))
        self._ring.setZValue(5)
        self._ring.hide()
        scene.addItem(self._ring)
        self.whole = QRectF(0, 0, self._laid.width, self._laid.height)
        around = self.whole.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
        scene.setSceneRect(around.adjusted(-2000, -2000, 2000, 2000))
        self.whole = around if self.chart.nodes else QRectF()
        self._show_ring()

    def choose(self, node_id: str, *, tell: bool = True) -> None:
        """Put the ring around a node, "" around none."""
        self.current = node_id
        self._show_ring()
        if node_id:
            self.show_point(QPointF(*self._laid.places[node_id]))
        if tell:
            self._chosen(node_id)

    def step(self, by: int) -> None:
        """The next or previous node as they are read: by rows of the chart."""
        order = sorted(self._items, key=self._reading_order)
        if not order:
            return
        at = order.index(self.current) + by if self.current in self._items else 0
        self.choose(order[at % len(order)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._node_at(event)
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found.node.id)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._node_at(event) is not None:
            self._opened()
        else:
            super().mouseDoubleClickEvent(event)

    def place_of(self, node_id: str) -> QPointF:
        """Where the middle of a node is seen, in pixels of the view."""
        return QPointF(self.mapFromScene(QPointF(*self._laid.places[node_id])))

    def _node_at(self, event: QMouseEvent) -> NodeItem | None:
        for item in self.items(event.position().toPoint()):
            if isinstance(item, NodeItem):
                return item
        return None

    def _reading_order(self, node_id: str) -> tuple[float, float]:
        x, y = self._laid.places[node_id]
        return (y // NODE_H, x)

    def _show_ring(self) -> None:
        place = self._laid.places.get(self.current)
        self._ring.setVisible(place is not None)
        if place is not None:
            box = QRectF(0, 0, NODE_W + 12, NODE_H + 12)
            box.moveCenter(QPointF(*place))
            self._ring.setPolygon(QPolygonF(box))

    def _draw_edge(self, edge: Edge, a: tuple[float, float], b: tuple[float, float]) -> None:
        for mark in edge_marks(edge, a, b):
            item = self._add(mark, QGraphicsPolygonItem)
            if item is not None:
                item.setToolTip(edge.words)
                item.setZValue(1 if isinstance(mark, Outline) else 0)

    def _draw_node(self, node: Node, at: tuple[float, float]) -> None:
        first = True
        for mark in node_marks(node, at):
            item = self._add(mark, lambda: NodeItem(node))
            if item is None:
                continue
            item.setZValue(2 if first else 3)
            if first and isinstance(item, NodeItem):
                self._items[node.id] = item
                first = False

    def _add(self, mark: Mark, make: Callable[[], QGraphicsPolygonItem]) -> QGraphicsItem | None:
        scene = self.scene()
        match mark:
            case Stroke(points, width, colour, dash):
                pen = QPen(self._ink(colour), width)
                if dash:
                    pen.setDashPattern([length / width for length in dash])
                (ax, ay), (bx, by) = points[0], points[-1]
                return scene.addLine(ax, ay, bx, by, pen)
            case Outline(points, fill, width, colour, kind):
                shape = make()
                shape.setPolygon(QPolygonF([QPointF(*point) for point in points]))
                shape.setPen(QPen(self._ink(colour), width))
                shape.setBrush(QBrush(self._fill(fill, kind)))
                scene.addItem(shape)
                return shape
            case Words():
                return self._add_words(mark)

    def _add_words(self, mark: Words) -> QGraphicsSimpleTextItem:
        font = QFont(self.font())
        font.setPixelSize(round(LABEL_PX if mark.bold else ABOUT_PX))
        font.setBold(mark.bold)
        text = QFontMetricsF(font).elidedText(
            mark.text, Qt.TextElideMode.ElideRight, NODE_W - _WORDS_AIR_PX
        )
        item = self.scene().addSimpleText(text, font)
        item.setBrush(QBrush(self._ink(mark.colour)))
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        size = item.boundingRect()
        item.setPos(mark.at[0] - size.width() / 2, mark.at[1] - size.height() * 0.78)
        return item

    def _ink(self, colour: str) -> QColor:
        """The ink of a sheet in the look in use."""
        look = theme.colours()
        return QColor(look.dim if colour == DIM else look.text)

    def _fill(self, fill: str, kind: str) -> QColor:
        look = theme.colours()
        if fill == INK:
            return QColor(look.text)
        if kind == "dot":
            return QColor(look.ground)
        return QColor(look.raised if fill == PANEL else look.panel)
