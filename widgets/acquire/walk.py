"""Where the examiner is in the protocol of a cartridge case; the page and the pictures follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.capture import BenchSource, Frame
from app.domain import CaseheadError, Changes, Light, MarkKind
from app.workbench.protocols import Needs, StepLine, StepState
from widgets.acquire.station import Station

NOTHING_CHOSEN = "Choose a cartridge case, or register a new one (Ctrl+N)."


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read: ``kind`` is the mark to go to, None to stay at the step."""

    needs: Needs
    kind: MarkKind | None


class Walk(QObject):
    """Follows the mark of ``station`` and leads it; ``changed`` hear of every other step or state.

    A step ticked while it is in hand gives way to the next open one.
    """

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self.changed: list[Callable[[], None]] = []
        self.needs: Needs | None = None
        self._key = ""
        self._case_id = ""
        self._asked = self._pending = 0
        self._again = self._leading = False
        self._complaints: tuple[str, ...] = ()
        self._followed: tuple[BenchSource, MarkKind] | None = None
        station.on_mark(self._mark_chosen)
        station.on_state(self._follow)
        station.bridge.changed.connect(self._hear)
        station.before_keeping.append(self._refusal)
        station.actions |= {"next step": self.next, "previous step": self.previous}

    # --- what it tells ---------------------------------------------------------------------
    @property
    def line(self) -> StepLine | None:
        """The step in hand."""
        return None if self.needs is None else self.needs.line(self._key)

    @property
    def kind(self) -> MarkKind | None:
        """The kind of mark in hand."""
        line = self.line
        return self._station.target.kind if line is None else line.step.mark

    @property
    def case_id(self) -> str:
        """The cartridge case in hand, "" without one."""
        return self._case_id

    @property
    def light_words(self) -> str:
        """What is to be said where another light is on than the step asks for."""
        line, light = self.line, self._station.light
        if line is None or line.step.light in (Light.UNKNOWN, light):
            return ""
        return f"This step is for {line.step.light} light; the light set is {_light(light)}."

    # --- what the examiner does ------------------------------------------------------------
    def next(self) -> None:
        """The step after this."""
        self._by(1)

    def previous(self) -> None:
        """The step before this."""
        self._by(-1)

    def go(self, key: str) -> None:
        """That step: its mark and light are chosen, and a bench shows it."""
        if self.needs is None or self.needs.line(key) is None:
            return
        self._key = key
        self._lead()

    def settle(self, reason: str) -> None:
        """No picture is needed for the step in hand, and why."""
        line, case_id = self.line, self._case_id
        if line is not None:
            self._do(lambda: self._station.workbench.settle_step(case_id, line.step.key, reason))

    def reopen(self) -> None:
        """Take that back."""
        line, case_id = self.line, self._case_id
        if line is not None and line.note is not None:
            self._do(lambda: self._station.workbench.reopen_step(case_id, line.step.key))

    def choose_protocol(self, key: str) -> None:
        """Another protocol for this cartridge case."""
        case_id = self._case_id
        if case_id and (self.needs is None or key != self.needs.protocol.key):
            self._do(lambda: self._station.workbench.choose_protocol(case_id, key))

    # --- reading ---------------------------------------------------------------------------
    def _mark_chosen(self, mark_id: str) -> None:
        target = self._station.target.target
        if self._leading:
            return
        if mark_id:
            line = self.line
            if line is not None and line.mark_id == mark_id:
                return
            self._read(lambda: self._of_mark(mark_id))
        elif target is None:
            self._leave()
        elif target.cartridge_case_id != self._case_id:
            case_id = target.cartridge_case_id
            self._read(lambda: _Read(self._station.workbench.needs_of(case_id), None))

    def _of_mark(self, mark_id: str) -> _Read:
        workbench = self._station.workbench
        mark = workbench.mark(mark_id)
        return _Read(workbench.needs_of(mark.cartridge_case_id), mark.kind)

    def _hear(self, changes: Changes) -> None:
        case_id = self._case_id
        if not case_id or not (changes.cases or changes.acquired):
            return
        if self._pending:
            self._again = True  # what is asked for already must not be lost
        else:
            self._read(lambda: _Read(self._station.workbench.needs_of(case_id), None))

    def _do(self, decide: Callable[[], Needs]) -> None:
        self._read(lambda: _Read(decide(), None))

    def _read(self, read: Callable[[], _Read]) -> None:
        self._asked += 1
        self._pending += 1
        asked = self._asked

        def done(found: _Read) -> None:
            self._pending -= 1
            if asked == self._asked:
                self._take(found)
            self._once_more()

        self._station.bridge.run(read, done, self._failed, self)

    def _failed(self, error: CaseheadError) -> None:
        self._pending -= 1
        self._station.tell(str(error), attention=True)
        self._once_more()

    def _once_more(self) -> None:
        case_id = self._case_id
        if self._again and not self._pending and case_id:
            self._again = False
            self._read(lambda: _Read(self._station.workbench.needs_of(case_id), None))

    def _take(self, found: _Read) -> None:
        before, same = self.line, found.needs.cartridge_case.id == self._case_id
        self.needs, self._case_id = found.needs, found.needs.cartridge_case.id
        self._complain(found.needs.complaints)
        aside = same and before is None and found.kind is None  # at a mark the protocol lacks
        key = "" if aside else _step_of(found, before if same else None)
        moved = not same or key != self._key
        self._key = key
        if not key:
            self._station.target.kind = found.kind or self._station.target.kind
        if moved:
            self._lead()
        else:
            self._name_mark()
            self._tell()

    def _leave(self) -> None:
        self._asked += 1
        self.needs, self._key, self._case_id = None, "", ""
        self._station.mark_maker = None
        self._station.target.kind = None
        self._tell()

    def _complain(self, complaints: tuple[str, ...]) -> None:
        if complaints and complaints != self._complaints:
            self._station.tell(" ".join(complaints), attention=True)
        self._complaints = complaints

    # --- leading ---------------------------------------------------------------------------
    def _by(self, step: int) -> None:
        if self.needs is None:
            self._station.tell(NOTHING_CHOSEN)
            return
        keys = [line.step.key for line in self.needs.lines]
        at = keys.index(self._key) if self._key in keys else -step
        self.go(keys[(at + step) % len(keys)])

    def _lead(self) -> None:
        line = self.line
        self._name_mark()
        if line is not None:
            if line.step.light is not Light.UNKNOWN:
                self._station.choose_light(line.step.light)
            self._follow()
        self._tell()

    def _name_mark(self) -> None:
        """Tell the station which mark captures go to, or how it is made at the first."""
        line, station, case_id = self.line, self._station, self._case_id
        station.target.show_case(case_id)
        station.mark_maker = None
        if line is None:
            return
        kind = line.step.mark
        station.target.kind = kind
        station.mark_maker = lambda: station.workbench.mark_of(case_id, kind).id
        if station.mark_id != line.mark_id:
            self._leading = True
            station.choose_mark(line.mark_id)
            self._leading = False

    def _follow(self) -> None:
        """A bench shows what the step is about."""
        bench, line = self._station.camera.bench, self.line
        if bench is None or line is None:
            self._followed = None
        elif self._followed != (bench, line.step.mark):
            self._followed = bench, line.step.mark
            bench.look_at(line.step.mark)

    def _refusal(self, frame: Frame) -> str:
        """A bench takes a moment to turn to what it was told: that is not what is seen yet."""
        bench = self._station.camera.bench
        if bench is None or self._station.frozen:
            return ""
        wanted = "" if bench.mark is None else str(bench.mark)
        if (frame.settings.get("seen", ""), frame.light) == (wanted, bench.light):
            return ""
        return "The bench is still turning to this step; capture again in a moment."

    def _tell(self) -> None:
        for hear in self.changed:
            hear()


def _step_of(found: _Read, before: StepLine | None) -> str:
    """The step to be in hand after something was read."""
    needs = found.needs
    untouched = not any(line.pictures or line.redo for line in needs.lines)
    if before is None and found.kind is MarkKind.BREECH_FACE and untouched:
        return needs.lines[0].step.key  # registered just now: that mark is made with every case
    if found.kind is not None:
        of_kind = [line for line in needs.lines if line.step.mark is found.kind]
        if before is not None and before.step.mark is found.kind:
            of_kind = [line for line in of_kind if line.step.key == before.step.key]
        wanted = [line for line in of_kind if line.state is StepState.OPEN] or of_kind
        return wanted[0].step.key if wanted else ""
    now = None if before is None else needs.line(before.step.key)
    if now is not None and before is not None:
        ticked = before.state is StepState.OPEN and now.state is not StepState.OPEN
        following = needs.next_open(now.step.key) if ticked else None
        return (following or now).step.key
    first = needs.next_open()
    return (first or needs.lines[0]).step.key


def _light(light: Light) -> str:
    return "not said" if light is Light.UNKNOWN else str(light)
