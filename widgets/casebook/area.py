"""The search area: searching beyond it for a reason, and saying what it is."""

from __future__ import annotations

from collections.abc import Callable

from app.domain import Agency, CaseheadError, Search
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.asking import AskDrawer, Field, Question, Values

_ALL = "all"
Area = tuple[Agency, ...] | None
Begun = Callable[[Search], None]


class AreaDrawer(AskDrawer):
    """Both are told in the journal with their reasons."""

    def __init__(self, workbench: Workbench, bridge: Bridge) -> None:
        super().__init__("area", workbench, bridge)

    def ask_beyond(self, acquired_id: str, begun: Begun) -> None:
        """Search for a picture everywhere; ``begun`` gets the search."""

        def work(values: Values) -> Search:
            reason = values["reason"]
            if not reason.strip():
                raise CaseheadError("Say why this search goes further; the journal keeps it.")
            return self._workbench.search_in_background(acquired_id, beyond=reason)

        def ask(area: Area) -> None:
            question = Question(
                "Search beyond the area",
                "Search everywhere",
                (Field("reason", "Reason", "text", "why this search goes further"),),
                area_words(area),
                "The search goes beyond the search area; the journal keeps why.",
            )
            self.ask(question, work, begun)

        self._bridge.run(self._workbench.search_area, ask, owner=self)

    def ask_area(self) -> None:
        """Say which agencies are searched by default."""

        def work(values: Values) -> None:
            names = [name.strip() for name in values["neighbours"].split(";") if name.strip()]
            unlimited = [name.casefold() for name in names] == [_ALL]
            self._workbench.set_search_area(None if unlimited else names, values["reason"])

        def ask(area: Area) -> None:
            named = _ALL if area is None else "; ".join(a.name for a in area[1:])
            fields = (
                Field(
                    "neighbours", "Neighbouring agencies", "line", "names, parted by ;", (), named
                ),
                Field("reason", "Reason", "text", "agreement, policy"),
            )
            about = f"{area_words(area)} Write 'all' to search everything there is."
            said = "The search area is set; searches from now on keep to it."
            self.ask(Question("Search area", "Set the area", fields, about, said), work)

        self._bridge.run(self._workbench.search_area, ask, owner=self)


def area_words(area: Area) -> str:
    """What is searched by default, as a sentence."""
    if area is None:
        return "No search area is set: every search looks at all agencies' entries."
    if len(area) == 1:
        return f"The search area is the own agency, {area[0].name}."
    return f"The search area is {area[0].name} with {', '.join(a.name for a in area[1:])}."
