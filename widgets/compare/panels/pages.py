"""The panels of the drawer, put on their pages."""

from __future__ import annotations

from collections.abc import Callable

from widgets.compare.desk import Desk
from widgets.compare.panels.adjust_panel import AdjustPanel
from widgets.compare.panels.aligning import AlignmentPanel
from widgets.compare.panels.class_panel import ClassPanel
from widgets.compare.panels.conclude import ConcludePanel
from widgets.compare.panels.controls import Act
from widgets.compare.panels.drawer import Page
from widgets.compare.panels.explain import ExplainPanel
from widgets.compare.panels.helpers_panel import HelpersPanel
from widgets.compare.panels.index_panel import IndexPanel
from widgets.compare.panels.keeping import KeepingPanel
from widgets.compare.panels.light_panel import LightPanel
from widgets.compare.panels.meaning import MeaningPanel
from widgets.compare.panels.measuring import MeasuringPanel
from widgets.compare.panels.notes import NotesPanel
from widgets.compare.panels.profile_panel import ProfilePanel, Save
from widgets.compare.panels.subclass_panel import SubclassPanel
from widgets.compare.panels.verify_panel import VerifyPanel
from widgets.compare.panels.views import ViewsPanel


class Panels:
    """Everything in the drawer; ``desk`` gives the pair in hand."""

    def __init__(
        self,
        act: Act,
        desk: Callable[[], Desk | None],
        record: Callable[[], None],
        save: Save,
        verify: Callable[[ConcludePanel], VerifyPanel],
    ) -> None:
        def do(what: Callable[[Desk], None]) -> None:
            held = desk()
            if held is not None:
                what(held)

        self.alignment = AlignmentPanel(
            act, lambda alignment, what: do(lambda d: d.set_alignment(alignment, what))
        )
        self.light = LightPanel(act, do)
        self.adjust = AdjustPanel(act, do)
        self.measuring = MeasuringPanel(act)
        self.profile = ProfilePanel(act, save)
        self.helpers = HelpersPanel(act)
        self.notes = NotesPanel(do)
        self.index = IndexPanel(act, do)
        self.classes = ClassPanel(do)
        self.subclass = SubclassPanel(act, do)
        self.views = ViewsPanel()
        self.meaning = MeaningPanel()
        self.explain = ExplainPanel(act)
        self.conclude = ConcludePanel(record)
        self.verify = verify(self.conclude)
        self.keeping = KeepingPanel(act)

    def pages(self) -> tuple[Page, ...]:
        """The pages in their order, with the keys that open them."""
        return (
            Page("align", "Align", "F2", (self.alignment,)),
            Page("light", "Light", "F3", (self.light, self.adjust)),
            Page("measure", "Measure", "F4", (self.measuring, self.profile, self.helpers)),
            Page("notes", "Notes", "F5", (self.notes, self.index)),
            Page("explain", "Explain", "F6", (self.meaning, self.explain)),
            Page("conclude", "Conclude", "F7", (self.verify, self.conclude)),
            Page("keep", "Keep", "F8", (self.keeping, self.views)),
            Page("class", "Class", "F9", (self.classes, self.subclass)),
        )
