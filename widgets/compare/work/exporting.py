"""Out of the desk as files: the view as PNG or TIFF, the report of the comparison as PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.domain import CancelledError, CaseheadError, Comparison
from app.picture import Mode
from app.picture.solid_view import KEY, SolidView
from widgets.compare.desk import Desk

if TYPE_CHECKING:
    from app.jobs import Job
    from app.workbench import Exported, Shown, Workbench
    from widgets.bridge import Bridge

STOPPED = "The export was stopped; no file was written."


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file to choose in the dialog."""

    words: str
    suffixes: tuple[str, ...]
    whole: bool = False

    @property
    def filter(self) -> str:
        """As the file dialog wants it."""
        return f"{self.words} ({' '.join(f'*{suffix}' for suffix in self.suffixes)})"


VIEW_KINDS = (
    FileKind("PNG picture of the field as seen", (".png",)),
    FileKind("TIFF picture of the field as seen", (".tif", ".tiff")),
    FileKind("PNG picture of both marks whole", (".png",), whole=True),
    FileKind("TIFF picture of both marks whole", (".tif", ".tiff"), whole=True),
)
SOLID_KINDS = (
    FileKind("PNG picture of the 3D view", (".png",)),
    FileKind("TIFF picture of the 3D view", (".tif", ".tiff")),
)
REPORT_KINDS = (FileKind("PDF report", (".pdf",)),)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a file goes; ``overwrite`` when the examiner agreed to replace the one there."""

    path: Path
    whole: bool = False
    overwrite: bool = False


AskTarget = Callable[[QWidget, str, str, Sequence[FileKind]], Target | None]


def ask_target(parent: QWidget, title: str, name: str, kinds: Sequence[FileKind]) -> Target | None:
    """Where and as what a file is to be written; None when the examiner thinks better of it.

    The dialog asks before it takes the name of a file that is there; where the suffix it lacked
    makes another name of it, that is asked here.
    """
    filters = [kind.filter for kind in kinds]
    chosen, picked = QFileDialog.getSaveFileName(parent, title, name, ";;".join(filters))
    if not chosen:
        return None
    typed = Path(chosen)
    kind = kinds[filters.index(picked)] if picked in filters else kinds[0]
    path = named(typed, kind, kinds)
    taken = path.exists()
    if taken and path != typed and not _may_replace(parent, path):
        return None
    return Target(path, kind.whole, overwrite=taken)


def named(typed: Path, kind: FileKind, kinds: Sequence[FileKind]) -> Path:
    """The name with a suffix; one that another of the ``kinds`` has is left as it was typed."""
    known = {suffix for one in kinds for suffix in one.suffixes}
    if typed.suffix.lower() in known:
        return typed
    return typed.with_name(typed.name + kind.suffixes[0])


def _may_replace(parent: QWidget, path: Path) -> bool:
    asked = f"There is a file {path.name} already. Replace it?"
    answer = QMessageBox.question(parent, "Replace the file", asked)
    return answer == QMessageBox.StandardButton.Yes


class Exports:
    """Asks where to, and has the workbench write there; the desk goes on meanwhile."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QWidget,
        ask: AskTarget = ask_target,
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._ask = ask

    def view(self, desk: Desk, name: str, solid: SolidView | None = None) -> None:
        """Write what is seen now, in 3D if it is; ``name`` (without suffix) is offered for the
        file."""
        name, kinds = (f"{name} 3D", SOLID_KINDS) if solid else (name, VIEW_KINDS)
        target = self._ask(self._owner, "Export the view", f"{name}.png", kinds)
        if target is None:
            return
        comparison, shown = _as_shown(desk, solid)
        self._start(
            f"Export {target.path.name}",
            lambda job: self._workbench.export_view(
                comparison,
                target.path,
                whole=target.whole,
                overwrite=target.overwrite,
                shown=shown,
                job=job,
            ),
            "The picture was written to",
        )

    def report(self, desk: Desk, name: str, solid: SolidView | None = None) -> None:
        """Write the report of the comparison."""
        target = self._ask(self._owner, "Report of the comparison", f"{name}.pdf", REPORT_KINDS)
        if target is None:
            return
        comparison, shown = _as_shown(desk, solid)
        self._start(
            f"Report {target.path.name}",
            lambda job: self._workbench.export_report(
                comparison, target.path, overwrite=target.overwrite, shown=shown, job=job
            ),
            "The report was written to",
        )

    def _start(self, name: str, write: Callable[[Job], Exported], words: str) -> None:
        self._bridge.start(
            name,
            write,
            lambda done: self._bridge.tell(f"{words} {done.path}. {done.sentence}".strip()),
            self._failed,
            self._owner,
        )

    def _failed(self, error: CaseheadError) -> None:
        stopped = isinstance(error, CancelledError)
        self._bridge.tell(STOPPED if stopped else str(error), attention=True)


def _as_shown(desk: Desk, solid: SolidView | None) -> tuple[Comparison, Shown]:
    """The desk as it is this moment, saved or not."""
    from app.workbench import Shown

    seen = desk.seen if desk.view.mode is Mode.BLINK else desk.view
    view = seen.to_dict() | ({KEY: solid.to_dict()} if solid else {})
    comparison, sides = replace(desk.as_comparison(), view=view), (desk.left, desk.right)
    return comparison, Shown(desk.score, desk.annotations, sides, desk.remarks)
