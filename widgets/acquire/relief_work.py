"""What the relief page does: rigs entered or from a ball, reliefs worked out, kept, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.capture import Frame, Pixels
from app.capture.relief import FORM_UM, RELIEF, MadeRelief
from app.domain import Acquired, CaseheadError
from app.picture import displayable
from app.store.light_rigs import LightRig, ReliefCheck
from app.workbench import Workbench
from app.workbench.relief_words import LightSetOf
from widgets.acquire.station import Station
from widgets.bridge import Work

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What there is for a cartridge case: rigs in force, light sets, and of their marks the
    reliefs with their checks, and measured scans."""

    rigs: tuple[LightRig, ...] = ()
    sets: tuple[LightSetOf, ...] = ()
    reliefs: tuple[Acquired, ...] = ()
    checks: Mapping[str, tuple[ReliefCheck, ...]] | None = None
    scans: tuple[Acquired, ...] = ()
    beside: Mapping[str, tuple[Acquired, ...]] | None = None

    @classmethod
    def of(cls, workbench: Workbench, mark_id: str) -> Known:
        """Read it; not on the GUI thread."""
        rigs = {" ".join(rig.name.split()).casefold(): rig for rig in workbench.light_rigs()}
        if not mark_id:
            return cls(tuple(reversed(rigs.values())))
        sets = workbench.light_sets(mark_id)
        marks = list(dict.fromkeys(one.mark.id for one in sets))
        reliefs = tuple(one for mark in marks for one in workbench.reliefs(mark))
        return cls(
            tuple(reversed(rigs.values())),
            sets,
            reliefs,
            {one.id: workbench.relief_checks(one.id) for one in reliefs},
            tuple(one for mark in marks for one in workbench.measured_scans(mark)),
            {mark: workbench.scans_beside(mark) for mark in marks},
        )


class ReliefWork:
    """Everything on the GUI thread; ``changed`` is called when something is to be shown anew."""

    def __init__(self, station: Station, changed: Callable[[], None]) -> None:
        self.station, self._changed = station, changed
        self.known = Known()
        self.rig_at = self.set_at = 0
        self.made: MadeRelief | None = None
        self.kept: Acquired | None = None
        self.picture: Pixels | None = None
        self.working: Work | None = None
        self.sentence = self.complaint = ""
        self.ball: dict[str, Frame] = {}
        self._asked = 0
        self._mark_id = station.mark_id

    # --- what it tells ---------------------------------------------------------------------
    @property
    def rig(self) -> LightRig | None:
        """The rig chosen."""
        rigs = self.known.rigs
        return rigs[self.rig_at] if 0 <= self.rig_at < len(rigs) else None

    @property
    def light_set(self) -> LightSetOf | None:
        """The light set chosen."""
        sets = self.known.sets
        return sets[self.set_at] if 0 <= self.set_at < len(sets) else None

    @property
    def recipe(self) -> Mapping[str, object] | None:
        """The recipe of the relief in hand, kept or not."""
        if self.made is not None:
            return self.made.recipe
        return None if self.kept is None else self.kept.record.settings[RELIEF]

    @property
    def pixel_um(self) -> float | None:
        """Micrometres per pixel of the relief in hand."""
        if self.made is not None:
            return self.made.surface.pixel_um
        return None if self.kept is None else self.kept.pixel_um

    @property
    def checks(self) -> tuple[ReliefCheck, ...]:
        """The checks of the relief in hand."""
        return () if self.kept is None else (self.known.checks or {}).get(self.kept.id, ())

    @property
    def scans(self) -> tuple[Acquired, ...]:
        """The measured scans of the mark in hand."""
        chosen = self.light_set
        if chosen is None:
            return ()
        return tuple(one for one in self.known.scans if one.mark_id == chosen.mark.id)

    @property
    def beside(self) -> tuple[Acquired, ...]:
        """What the relief kept can be compared with."""
        if self.kept is None:
            return ()
        return (self.known.beside or {}).get(self.kept.mark_id, ())

    @property
    def missing(self) -> str:
        """Why no relief can be worked out, "" when it can."""
        if not self._mark_id:
            return "Choose a mark first."
        if self.light_set is None:
            return "There is no light set yet; take one on the page Frames (F4, Alt+6)."
        if self.rig is None:
            return "Say where the lights of the stand are: enter them, or use a mirror ball."
        count = len(self.light_set.under(self.rig))
        if count < 3:
            return f"The rig knows {count} of the set's lights by name; a relief needs three."
        return ""

    # --- reading ---------------------------------------------------------------------------
    def refresh(self) -> None:
        """Read again what there is; the answer to the newest question counts."""
        self._asked += 1
        asked, workbench, mark_id = self._asked, self.station.workbench, self._mark_id
        self.station.bridge.run(
            lambda: Known.of(workbench, mark_id),
            lambda known: self._read(asked, known),
            owner=self.station,
        )

    def other_mark(self) -> None:
        """Nothing of the mark before is in hand; without one the case before stays."""
        self._mark_id = self.station.mark_id or self._mark_id
        self.set_at = 0
        self._drop()
        self.refresh()

    def choose_rig(self, number: int) -> None:
        """Another rig."""
        self.rig_at = number
        self._drop()
        self._find_kept()
        self._changed()

    def choose_set(self, number: int) -> None:
        """Another light set."""
        self.set_at = number
        self._drop()
        self._find_kept()
        self._changed()

    # --- the rig ---------------------------------------------------------------------------
    def enter_rig(self, name: str, lights: Mapping[str, tuple[float, float]]) -> None:
        """Keep directions set by hand."""
        workbench = self.station.workbench
        self._run(lambda: workbench.enter_light_rig(name, lights), self._rigged)

    def take_ball(self, light: str) -> None:
        """The frame seen shows the mirror ball under that light."""
        frame = self.station.frame
        if frame is None or not self.station.running:
            self._say("There is no picture yet; start the camera first.")
            return
        self.ball = {**self.ball, light: frame}
        self.sentence = f"Taken under {', '.join(self.ball)}."
        self._changed()

    def calibrate(self, name: str) -> None:
        """Find the lights' directions on the ball pictures taken."""
        frames, workbench = dict(self.ball), self.station.workbench
        if len(frames) < 3:
            self._say("Take the ball under at least three lights.")
            return
        self._run(lambda: workbench.calibrate_rig_from_frames(name, frames), self._rigged)

    # --- the relief ------------------------------------------------------------------------
    def work_out(self, form_um: float = FORM_UM) -> None:
        """Work the relief out; it is shown before it is kept."""
        chosen, rig, workbench = self.light_set, self.rig, self.station.workbench
        if self.missing or chosen is None or rig is None or self.working is not None:
            self._say(self.missing)
            return
        lights = chosen.under(rig)
        first = next(iter(lights.values()))
        self._drop()
        self.working = self.station.bridge.start(
            "Working out the relief",
            lambda job: _shown(
                workbench, workbench.work_out_relief(first, rig, lights, form_um, job)
            ),
            self._made,
            self._failed,
            owner=self.station,
        )
        self._changed()

    def stop(self) -> None:
        """Stop working it out."""
        if self.working is not None:
            self.working.job.cancel()

    def keep(self) -> None:
        """Keep the relief as a scan of the mark."""
        made, chosen, workbench = self.made, self.light_set, self.station.workbench
        if made is not None and chosen is not None:
            first = next(iter(chosen.pictures.values()))
            self._run(lambda: workbench.keep_relief(first, made), self._kept)

    def check(self, scan_id: str) -> None:
        """Lay a measured scan on the relief kept."""
        kept, workbench = self.kept, self.station.workbench
        if kept is not None:
            self.complaint = "Comparing with the measured scan ..."
            self._run(lambda: workbench.check_relief(kept.id, scan_id), self._checked)

    def export(self, path: Path) -> None:
        """Write the relief kept as x3p; the file dialog has asked about overwriting."""
        kept, workbench = self.kept, self.station.workbench
        if kept is not None:
            self._run(
                lambda: workbench.export_relief(kept.id, path, overwrite=True),
                lambda written: self._told(f"Written: {written.name}, with what it is not."),
            )

    def compare(self) -> None:
        """The relief on the desk, beside a measured scan of its mark or else another scan."""
        if self.kept is not None and self.beside:
            self.station.navigator.show_compare(self.kept.id, self.beside[0].id)

    # --- answers ---------------------------------------------------------------------------
    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._changed()
        self.station.bridge.run(work, done, self._failed, self.station, True)

    def _read(self, asked: int, known: Known) -> None:
        if asked == self._asked:
            self.known = known
            self.rig_at = min(self.rig_at, max(len(known.rigs) - 1, 0))
            self.set_at = min(self.set_at, max(len(known.sets) - 1, 0))
            self._find_kept()
            self._changed()

    def _find_kept(self) -> None:
        """The newest relief of the set chosen, while none is in hand."""
        if self.made is not None or self.light_set is None or self.working is not None:
            return
        for one in self.known.reliefs:
            recipe = one.record.settings[RELIEF]
            digests = {source["digest"] for source in recipe["sources"]}
            own = one.mark_id == self.light_set.mark.id
            if own and digests <= set(self.light_set.digests) and self.kept is None:
                self.kept = one

    def _rigged(self, rig: LightRig) -> None:
        self.ball, self.rig_at = {}, 0
        self._told(f"The lights of {rig.name} are kept.")
        self.refresh()

    def _made(self, shown: tuple[MadeRelief | Acquired, Pixels]) -> None:
        self.working = None
        found, self.picture = shown
        if isinstance(found, Acquired):
            self.kept = found
            self.sentence = "The same relief was kept before."
        else:
            self.made, self.sentence = found, ""
        self._changed()

    def _kept(self, acquired: Acquired) -> None:
        self.made, self.kept = None, acquired
        self._told("The relief is kept as a scan of the mark.")
        self.refresh()

    def _checked(self, _check: ReliefCheck) -> None:
        self.sentence = self.complaint = ""
        self.refresh()

    def _failed(self, error: CaseheadError) -> None:
        self.working = None
        self._say(str(error))

    def _told(self, sentence: str) -> None:
        self.sentence, self.complaint = sentence, ""
        self.station.tell(sentence)
        self._changed()

    def _say(self, sentence: str) -> None:
        self.sentence = self.complaint = sentence
        if sentence:
            self.station.tell(sentence, attention=True)
        self._changed()

    def _drop(self) -> None:
        self.made = self.kept = self.picture = None
        self.sentence = self.complaint = ""


def _shown(
    workbench: Workbench, found: MadeRelief | Acquired
) -> tuple[MadeRelief | Acquired, Pixels]:
    """The relief and how it looks under a virtual light."""
    surface = workbench.surface(found.id) if isinstance(found, Acquired) else found.surface
    return found, displayable(surface)
