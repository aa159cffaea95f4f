"""The casebook as rows of a tree: plain values, made off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.casework.record import RecordKind
from app.domain import Acquired, Light
from app.workbench import CartridgeCaseNode, CaseNode, ExhibitNode, MarkNode

_NO_LINKS: Mapping[str, str] = {}
Sort = Literal["case", "exhibit", "cartridge_case", "mark", "acquired"]


@dataclass(slots=True, eq=False)
class Row:
    """One row; ``text`` is read and searched. What is below one that is not ``read`` is fetched
    when it is opened.
    """

    sort: Sort
    id: str
    text: str
    parent: Row | None = None
    number: int = 0
    rows: list[Row] = field(default_factory=list)
    acquired: Acquired | None = None
    attention: str = ""
    read: bool = True

    def add(self, row: Row) -> Row:
        """Put a row below this one."""
        row.parent, row.number = self, len(self.rows)
        self.rows.append(row)
        return row

    def above(self, sort: Sort) -> Row | None:
        """This row or the one above it of that sort."""
        row: Row | None = self
        while row is not None and row.sort != sort:
            row = row.parent
        return row

    def walk(self) -> Iterator[Row]:
        """This row and all below it."""
        waiting = [self]
        while waiting:
            row = waiting.pop()
            yield row
            waiting.extend(reversed(row.rows))


def rows_of(
    cases: Iterable[CaseNode], words: str = "", linked: Mapping[str, str] = _NO_LINKS
) -> Row:
    """The (invisible) root over all cases; with ``words`` only what has them all, and its path.

    ``linked`` says, by case, with which others it is linked.
    """
    root = Row("case", "", "")
    wanted = words.casefold().split()
    for node in cases:
        case = _case(node, linked.get(node.case.id, ""))
        if _keep(case, wanted, ""):
            root.add(case)
    return root


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows below an invisible root, and each by its identifier.

    ``more`` says that there are older cases than those listed, of ``count`` in all.
    """

    root: Row
    by_id: dict[str, Row]
    more: bool = False
    count: int = 0

    @classmethod
    def of(cls, root: Row, *, more: bool = False, count: int = 0) -> Rows:
        """Looked through once, where nobody waits."""
        return cls(root, {row.id: row for row in root.walk() if row is not root}, more, count)


def _case(node: CaseNode, linked: str) -> Row:
    said = filter(None, (node.case.number, node.case.title, linked))
    row = Row("case", node.case.id, "  ".join(said), read=node.read)
    for exhibit in node.exhibits:
        _exhibit(row, exhibit)
    return row


def _exhibit(parent: Row, node: ExhibitNode) -> None:
    about = f"  {node.exhibit.description}" if node.exhibit.description else ""
    row = parent.add(Row("exhibit", node.exhibit.id, f"Exhibit {node.exhibit.number}{about}"))
    for cartridge_case in node.cartridge_cases:
        _cartridge_case(row, cartridge_case)


def _cartridge_case(parent: Row, node: CartridgeCaseNode) -> None:
    case = node.cartridge_case
    text = "  ".join(filter(None, (case.label, node.gun, str(case.role), case.calibre)))
    row = parent.add(Row("cartridge_case", case.id, text))
    for mark in node.marks:
        _mark(row, mark)


def _mark(parent: Row, node: MarkNode) -> None:
    empty = "" if node.acquired else "no image yet"
    text = str(node.mark.kind) + (f"  ({empty})" if empty else "")
    row = parent.add(Row("mark", node.mark.id, text))
    for acquired in node.acquired:
        made = Row("acquired", acquired.id, picture_words(acquired), acquired=acquired)
        made.attention = _attention(acquired)
        row.add(made)


def _attention(acquired: Acquired) -> str:
    if acquired.pixel_um is None:
        return "Its scale is not known"
    return "Its quality asks for another picture" if acquired.held_back else ""


def picture_words(acquired: Acquired) -> str:
    """What kind of picture it is, in a few words."""
    light = acquired.record.light
    what = "scan" if acquired.kind == "scan" else "image"
    lit = f"{what}, {light} light" if light is not Light.UNKNOWN else what
    name = acquired.file_name or acquired.record.objective
    return "  ".join(filter(None, (lit, name)))


def _keep(row: Row, wanted: list[str], above: str) -> bool:
    """Drop the rows below that neither have all words on their path nor lead to one that has."""
    path = f"{above} {row.text.casefold()}"
    if all(word in path for word in wanted):
        return True
    kept = [below for below in row.rows if _keep(below, wanted, path)]
    row.rows.clear()
    for below in kept:
        row.add(below)
    return bool(kept)


def record_of(row: Row | None) -> tuple[RecordKind, str] | None:
    """The nearest record with fields: the row itself, or what it is of."""
    while row is not None and row.text:
        if row.sort in ("case", "exhibit", "cartridge_case"):
            return row.sort, row.id
        row = row.parent
    return None


def path_of(row: Row | None) -> tuple[str, ...]:
    found: list[str] = []
    while row is not None and row.text:
        prefix = {"case": "Case ", "cartridge_case": "Cartridge case "}.get(row.sort, "")
        found.insert(0, f"{prefix}{row.text.split('  ')[0]}")
        row = row.parent
    return tuple(found)


def no_picture(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "Nothing is chosen", "Choose an image in the tree to look at it."
    below = [found for found in row.walk() if found.sort == "acquired"]
    if below or not row.read:
        return row.text, "Open it in the tree and choose an image to look at it."
    return f"{row.text}", "There is no image yet: acquire one with the camera, or import it."
