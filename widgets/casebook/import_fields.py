"""Fields of the record that hold for all files of an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.casework.record import Field, record_fields
from app.workbench.bringing import FROM_FILES
from widgets.casebook.fields import Editor, Fold, editor, grouped, take_focus, text_of, write
from widgets.common.parts import add_row, form, label

PickLists = Mapping[str, tuple[str, ...]]
_ELSEWHERE = (*FROM_FILES, "cartridge_case.role", "cartridge_case.calibre")
"""What the names of the files say, and what the drawer asks anyway."""


class ImportFields(Fold):
    """Made when first unfolded; what is required of an entry is in sight, the rest under "More"."""

    def __init__(self, lists: PickLists) -> None:
        self._lists = lists
        self._editors: dict[str, Editor] = {}
        self.more = Fold("import_more", "More fields")
        super().__init__("import_record", "Record", self._build)
        self.more.hide()

    @property
    def values(self) -> dict[str, str]:
        """What is filled in, by ``Field.name``."""
        texts = {name: text_of(made) for name, made in self._editors.items()}
        return {name: text for name, text in texts.items() if text}

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab goes through, in order."""
        return tuple(self._editors.values())

    def clear(self) -> None:
        """For other files."""
        for made in self._editors.values():
            write(made, "")

    def require(self, rules: bool) -> None:
        """Where the record has rules its fields are in sight from the start."""
        self.note("(required)" if rules else "(may be completed later)")
        if rules:
            self.unfold()

    def ask_for(self, names: Iterable[str]) -> bool:
        """Write the first of these fields next; False when none of them is here."""
        self.unfold()
        for name in names:
            made = self._editors.get(name)
            if made is not None:
                if self.more.isAncestorOf(made):
                    self.more.unfold()
                take_focus(made)
                return True
        return False

    def _build(self) -> None:
        if self._editors:
            return
        fields = [one for one in record_fields().all if one.name not in _ELSEWHERE]
        inside = QVBoxLayout(self.inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._rows(one for one in fields if _in_sight(one)))
        others = [one for one in fields if (one.form or one.required) and not _in_sight(one)]
        self.more.inside.setLayout(self._rows(others))
        inside.addWidget(self.more)
        self.more.show()

    def _rows(self, fields: Iterable[Field]) -> QFormLayout:
        made = form()
        for group, members in grouped(fields).items():
            made.addRow(label(group, "dim"))
            for one in members:
                self._editors[one.name] = editor(one, self._lists, "import")
                add_row(made, one.label, self._editors[one.name])
        return made


def _in_sight(of: Field) -> bool:
    return of.required and of.record in ("event", "exhibit", "cartridge_case")
