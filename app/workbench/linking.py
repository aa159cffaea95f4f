"""Operations on links between cases: chart, timeline, map, open data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

from app.casework.graph import CASES_SHOWN, Chart, ChartFilter, chart_of, choose, together
from app.casework.graph_files import csv_files, graphml_of
from app.casework.layout import Laid, laid
from app.casework.links import Link
from app.casework.open_data import OpenData, Row, open_data, privacy
from app.casework.svg import svg_of
from app.domain import CaseheadError
from app.picture.chart_picture import png_of
from app.picture.writing import check_free, write_whole
from app.store.places import Count
from app.workbench.blinding import WITHHELD
from app.workbench.linked import Linked

CASES_ON_TIMELINE = 400
EVERYTHING = ChartFilter()
OPEN_KEY = "open_data_key"
_Choices = tuple[tuple[Link, ...], tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class LinkChart:
    """A chart with the places of its nodes, and what its filters can be set to."""

    chart: Chart = field(default_factory=Chart)
    laid: Laid = field(default_factory=lambda: Laid({}, 0.0, 0.0))
    agencies: tuple[str, ...] = ()
    calibres: tuple[str, ...] = ()
    links: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Files that were written, with the SHA-256 of each."""

    files: tuple[tuple[Path, str], ...]

    @property
    def sentence(self) -> str:
        """What to tell."""
        return "Written: " + ", ".join(str(path) for path, _ in self.files) + "."


class Linking(Linked):
    """What is drawn is derived from recorded leads and hits; nothing can be linked by hand."""

    _linked_choices: _Choices | None = None

    def link_chart(
        self,
        wanted: ChartFilter = EVERYTHING,
        *,
        events: bool = True,
        most: int = CASES_SHOWN,
    ) -> LinkChart:
        """The chart of linked cases, guns and events that fit ``wanted``, laid out."""
        links = self.links()
        chart = self._chart(links, wanted, events, most)
        agencies, calibres = self._choices(links)
        return LinkChart(chart, laid(chart), agencies, calibres, len(links))

    def linked_events(self, wanted: ChartFilter = EVERYTHING) -> LinkChart:
        """The chart of linked cases with their events, not laid out, for timeline and map."""
        links = self.links()
        chart = self._chart(links, wanted, True, CASES_ON_TIMELINE)
        agencies, calibres = self._choices(links)
        return LinkChart(chart, Laid({}, 0.0, 0.0), agencies, calibres, len(links))

    def shootings_by_time(self, since: str = "", until: str = "") -> tuple[Count, ...]:
        """Fatal and non-fatal shootings of each month (2026-03), the oldest first."""
        return self._casebook.shootings_by_time(since, until)

    def shootings_by_place(
        self, since: str = "", until: str = "", limit: int = 200
    ) -> tuple[Count, ...]:
        """Fatal and non-fatal shootings of each place, that with most first."""
        return self._casebook.shootings_by_place(since, until, limit)

    def export_links(
        self,
        wanted: ChartFilter,
        path: Path,
        *,
        events: bool = True,
        overwrite: bool = False,
    ) -> Written:
        """Write the chart: .png, .svg, .graphml, or .csv (which makes two files, of nodes and of
        edges). The journal tells it with the SHA-256.

        Raises CaseheadError for another ending, for a file that is there, and when nothing fits.
        """
        drawn = self.link_chart(wanted, events=events)
        self._refuse_partly(drawn.chart, wanted)
        if not drawn.chart.nodes:
            raise CaseheadError("No linked case fits these filters; there is nothing to write.")
        files = _files(drawn, path)
        return self._written(files, "link chart exported", overwrite=overwrite)

    def open_data(self) -> OpenData:
        """Everything that would go out as open data, to be looked through; nothing is written.

        What is counted is made anew from the records first, where the casebook can be written.
        """
        self._refuse_hidden_hits()
        if not self.read_only:
            self._casebook.rebuild_events()
        rules, guns = privacy(), self._guns_by_hits()
        rows = [
            Row(s.event_id, guns.get(s.case_id, ""), s.month, rules.area_of(*s.where), s.outcome)
            for s in self._casebook.shootings()
        ]
        return open_data(rows, rules, str(self.setting(OPEN_KEY) or token_hex(32)))

    def write_open_data(self, shown: OpenData, folder: Path, *, overwrite: bool = False) -> Written:
        """Write what ``open_data`` showed, as it was shown, into a folder; the journal tells it.

        Raises CaseheadError when the casebook cannot be written (the identifiers have to stay the
        same), for a file that is there, and where it would tell of a hit that is hidden.
        """
        self._need_writable()
        self._refuse_hidden_hits()
        kept = self.setting(OPEN_KEY)
        if kept not in (None, shown.key):
            raise CaseheadError("The open data was made anew meanwhile; look through it again.")
        for name, _ in shown.files:
            check_free(folder / name, overwrite=overwrite)
        self.set_setting(OPEN_KEY, shown.key)
        files = tuple((folder / name, text.encode()) for name, text in shown.files)
        return self._written(files, "open data exported", overwrite=overwrite)

    def recount_shootings(self) -> int:
        """Make what is counted by place and time anew from the records; how much was wrong."""
        self._need_writable()
        return self._casebook.rebuild_events()

    def _refuse_partly(self, chart: Chart, wanted: ChartFilter) -> None:
        """Raises CaseheadError where a chart would go out without links that are hidden."""
        if self._veil().cases:
            whole = self._chart(self._all(), wanted, False, CASES_SHOWN)
            if whole.links != chart.links:
                raise CaseheadError(WITHHELD)

    def _guns_by_hits(self) -> dict[str, str]:
        """By case: the first case of those that hits tie together, which names the gun."""
        found: dict[str, str] = {}
        for cases in set(together(link.pair for link in self.hits()).values()):
            found |= dict.fromkeys(cases, self._casebook.first_of_cases(cases))
        return found

    def _written(
        self, files: tuple[tuple[Path, bytes], ...], action: str, *, overwrite: bool
    ) -> Written:
        """Write files and tell the journal, where one is kept."""
        told = []
        for path, data in files:
            write_whole(path, data, overwrite=overwrite)
            told.append((path, hashlib.sha256(data).hexdigest()))
        if not self.read_only and self.author is not None:
            names = {path.name: digest for path, digest in told}
            self._casebook.tell_export(action, told[0][0].name, {"files": names})
        return Written(tuple(told))

    def _choices(self, links: tuple[Link, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Read once for the same links."""
        known = self._linked_choices
        if known is None or known[0] is not links:
            ends = {case for link in links for case in link.pair}
            known = self._linked_choices = (links, self._casebook.linked_choices(ends))
        return known[1]

    def _chart(
        self, links: tuple[Link, ...], wanted: ChartFilter, events: bool, most: int
    ) -> Chart:
        ends = {case for link in links for case in link.pair}
        fitting = self._casebook.fitting_cases(ends, wanted) if wanted.by_case else None
        named = self._casebook.cases_numbered(wanted.number, ends) if wanted.number else None
        if wanted.case_id:
            named = frozenset((wanted.case_id,))
        chosen = choose(links, wanted.wanted, fitting, named, most)
        facts, guns = self._casebook.case_facts(chosen.case_ids), self._veil().guns
        if guns:
            facts = {
                one: replace(case, guns=tuple(gun for gun in case.guns if gun.id not in guns))
                for one, case in facts.items()
            }
        return chart_of(chosen, facts, events=events)


def _files(drawn: LinkChart, path: Path) -> tuple[tuple[Path, bytes], ...]:
    match path.suffix.lower():
        case ".png":
            return ((path, png_of(drawn.chart, drawn.laid)),)
        case ".svg":
            return ((path, svg_of(drawn.chart, drawn.laid).encode()),)
        case ".graphml":
            return ((path, graphml_of(drawn.chart, drawn.laid).encode()),)
        case ".csv":
            return tuple(
                (path.with_name(f"{path.stem}-{name}.csv"), text.encode())
                for name, text in csv_files(drawn.chart, drawn.laid).items()
            )
    raise CaseheadError(
        f"{path.name} names no kind of chart; let it end in .png, .svg, .graphml or .csv."
    )
