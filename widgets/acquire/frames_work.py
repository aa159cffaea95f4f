"""What the page of combined frames does: takes frames, steps lights and exposures, makes, keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.capture import Frame, Pixels
from app.capture.combine import Combined
from app.capture.combine_series import depth_picture, picture_of, preview, result_words
from app.capture.series import Series, SeriesKind
from app.domain import Acquired, CaseheadError
from app.workbench.combining import Circumstances
from widgets.acquire.follow import Follow
from widgets.acquire.station import Station
from widgets.acquire.stepping import Stepping
from widgets.bridge import Work


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A combined picture before it is kept, with what is shown of it (uint8)."""

    combined: Combined
    picture: Pixels
    depth: Pixels | None

    @classmethod
    def of(cls, combined: Combined) -> Result:
        """Not to be called on the GUI thread."""
        return cls(combined, picture_of(combined), depth_picture(combined))


class FramesWork:
    """Everything on the GUI thread; ``changed`` is called whenever something is to be shown anew.

    A series belongs to the mark and the circumstances its first frame was taken under.
    """

    def __init__(self, station: Station, changed: Callable[[], None]) -> None:
        self.station, self._changed = station, changed
        self.series = Series()
        self.result: Result | None = None
        self.preview: Pixels | None = None
        self.sentence = ""
        self.working: Work | None = None
        self.keeping = False
        self._running = False
        self._mark_id = ""
        self._how = Circumstances()
        self.pixel_um: float | None = None
        self._previewed: Series | None = None
        self._previewing = False
        self.follow = Follow(station.bridge, station, self._due, changed)
        self.stepping = Stepping(station)
        station.on_frame(self._came)

    # --- what it tells ---------------------------------------------------------------------
    @property
    def combining(self) -> bool:
        """Whether the capture key takes frames of a series."""
        return self.series.kind != "single"

    @property
    def running(self) -> bool:
        """Whether frames are taken by themselves now."""
        return self._running

    @property
    def busy(self) -> bool:
        """Whether the picture is being made or kept."""
        return self.working is not None or self.keeping

    # --- what the examiner does ------------------------------------------------------------
    def choose(self, series: Series) -> None:
        """Another kind or other steps, begun anew."""
        self.cancel()
        self._running, self.result, self.preview, self.sentence = False, None, None, ""
        self.series = series
        self.follow.begin(series.kind)
        self._lead()
        self._show()

    def choose_kind(self, kind: SeriesKind) -> None:
        """Another kind of picture; frames taken are dropped, and can be brought back."""
        if kind == self.series.kind:
            return
        dropped = self.series.emptied().dropped
        self.choose(replace(self.series.of_kind(kind), dropped=() if kind == "single" else dropped))

    def take(self, frame: Frame) -> None:
        """The capture key: a frame more, or keep what was made."""
        if self.busy:
            self.station.tell("The frames are being put together; a moment.", attention=True)
        elif self.result is not None:
            self.keep()
        elif self._running:
            self._running = False
            self._show()
        elif self.series.kind == "average" or self.stepping.by_itself(self.series):
            self._running = True
            self._add(frame)
        else:
            self._add(frame)

    def finish(self) -> None:
        """Make the picture, or keep it when it is made."""
        if not self.combining or self.busy:
            return
        if self.result is not None:
            self.keep()
        elif self.series.missing:
            self._say(self.series.missing)
        else:
            self._running = False
            self._make()

    def back(self) -> None:
        """From the picture made back to its frames; from the frames to none (kept for undo)."""
        if self.busy:
            self.cancel()
        elif self.result is not None:
            self.result = None
        elif self.series.taken:
            self.series = self.series.emptied()
            self.sentence = "Dropped; Ctrl+Z brings the frames back."
            self._running = False
            self.follow.begin(self.series.kind)
        self._lead()
        self._show()

    def bring_back(self) -> None:
        """Undo the last dropping of frames."""
        if self.result is None and not self.busy and self.series.dropped:
            self.series = self.series.brought_back()
            self.sentence = ""
            self._lead()
            self._show()

    def remove(self, number: int) -> None:
        """Without one of the frames."""
        if self.result is None and not self.busy and 0 <= number < len(self.series.taken):
            self.series = self.series.without(number)
            self.sentence = "Taken out; Ctrl+Z brings it back."
            self._lead()
            self._show()

    def follow_by_itself(self, by_itself: bool) -> None:
        """Whether frames are taken when the picture is sharp and at rest."""
        self.follow.by_itself = by_itself
        self._show()

    def cancel(self) -> None:
        """Stop making the picture."""
        if self.working is not None:
            self.working.job.cancel()

    def keep(self) -> None:
        """Keep what was made, with its frames, for the mark they were taken of."""
        result, series, how = self.result, self.series, self._how
        if result is None or self.busy:
            return
        if self.station.mark_id != self._mark_id:
            self._say("These frames were taken of another mark; choose it again to keep them.")
            return
        self.keeping, mark_id, workbench = True, self._mark_id, self.station.workbench
        self._show()
        self.station.bridge.run(
            lambda: workbench.keep_series(mark_id, series, result.combined, how),
            self._kept,
            self._not_kept,
            owner=self.station,
        )

    # --- frames ----------------------------------------------------------------------------
    def _came(self, frame: Frame | None) -> None:
        if frame is None or not self.combining:
            return
        if self.result is None and not self.busy:
            self.follow.offer(frame)
            if self._running and self.stepping.ready(self.series, frame):
                self._add(frame)
            elif self._running and self.stepping.given_up:
                self._running = False
                self._say("The camera does not follow; set it by hand and press Space.")

    def _due(self, frame: Frame) -> None:
        """What is followed says that this frame is to be taken."""
        if self.combining and self.result is None and not self.busy:
            refusal = self.station.refusal()
            if refusal:
                self._say(refusal)
            else:
                self._add(frame)

    def _add(self, frame: Frame) -> None:
        try:
            if not self.series.taken:
                self._mark_id, self._how = self.station.mark_id, self.station.circumstances()
                self.pixel_um = frame.pixel_um or self.station.pixel_um
            self.stepping.check(self.series, frame)
            self.series = self.series.with_frame(frame)
        except CaseheadError as error:
            if not (self._running and self.series.taken and self.series.taken[-1].frame is frame):
                self._running = False
                self._say(str(error))
            return
        self.sentence = ""
        self.follow.took(frame)
        if self.series.full:
            self._running = False
            self.stepping.rest(self.series)
            self._make()
        else:
            self._lead()
            self._show()

    def _lead(self) -> None:
        """Set light or exposure for the next frame, where the source lets us."""
        self.stepping.lead(self.series, running=self._running)

    # --- making and keeping ----------------------------------------------------------------
    def _make(self) -> None:
        series, how, workbench = self.series, self._how, self.station.workbench
        self.working = self.station.bridge.start(
            f"Making the {series.title}",
            lambda job: Result.of(workbench.combine(series, how, job)),
            self._made,
            self._not_made,
            owner=self.station,
        )
        self._show()

    def _made(self, result: Result) -> None:
        self.working = None
        self.result, self.sentence = result, result_words(result.combined)
        self._show()

    def _not_made(self, error: CaseheadError) -> None:
        self.working = None
        self._say(str(error))

    def _kept(self, acquired: tuple[Acquired, ...]) -> None:
        self.keeping, title = False, self.series.title
        count = len(self.series.taken)
        self.series = replace(self.series, taken=(), dropped=())
        self.result = self.preview = self._previewed = None
        self.follow.begin(self.series.kind)
        later = "" if all(one.searchable for one in acquired) else " It is not searched yet."
        self.sentence = f"Saved: {title}, with its {count} frames.{later}"
        self.station.tell(self.sentence, attention=bool(later))
        self.station.scale.remember()
        self._lead()
        self._show()
        for one in acquired:
            self.station.on_captured.tell(one)

    def _not_kept(self, error: CaseheadError) -> None:
        self.keeping = False
        self._say(f"Nothing was kept: {error}")

    # --- showing ---------------------------------------------------------------------------
    def _say(self, sentence: str) -> None:
        self.sentence = sentence
        self.station.tell(sentence, attention=True)
        self._show()

    def _show(self) -> None:
        self._look_ahead()
        self._changed()

    def _look_ahead(self) -> None:
        """The small picture of what there is so far; the newest wish only."""
        series = self.series
        if self._previewing or series is self._previewed or self.result is not None:
            return
        self._previewed, self._previewing = series, True
        pixel_um = self.station.pixel_um
        self.station.bridge.run(
            lambda: preview(series, pixel_um), self._looked, self._not_looked, self.station, True
        )

    def _looked(self, pixels: Pixels | None) -> None:
        self._previewing, self.preview = False, pixels
        self._show()

    def _not_looked(self, _error: CaseheadError) -> None:
        self._previewing = False
