"""What the tree says of an exhibit that lies too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from widgets.casebook.nodes import Row

if TYPE_CHECKING:
    from app.workbench import Workbench


def tell_overdue(workbench: Workbench, root: Row) -> Row:
    """Mark the exhibits of which something is overdue, off the GUI thread; the same rows."""
    exhibits = [row for row in root.walk() if row.sort == "exhibit"]
    said = workbench.overdue_words([row.id for row in exhibits])
    for row in exhibits:
        if row.id in said:
            row.text, row.attention = f"{row.text}  overdue", said[row.id]
    return root
