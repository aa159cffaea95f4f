"""Operations on the journal, backups and the integrity check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from app.domain import CaseheadError, Changes, JournalLine, now
from app.jobs import Job
from app.store import Casebook
from app.store.audit import Audit
from app.store.backup import Snapshot, restore, snapshots, thin
from app.store.guard import RESTORED, THINNED, BackupPlan, CheckPlan, CheckRun
from app.store.journal_list import JournalFilter, SignedLine, Subject
from app.store.retention import PastTime
from app.workbench.blinding import HIDDEN, Blinding
from app.workbench.journal_export import write_journal
from app.workbench.retention import RetentionRule, before_of, load_rules

_DAYS = {"never": 0, "day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class StationKey:
    """A key that signs lines of the journal; ``trusted`` says that this computer knows it."""

    id: str
    public: str
    station: str
    since: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """How well the casebook is guarded now: plans, what was done last, what is due.

    ``failed`` are the checks that failed and that nobody has acknowledged.
    """

    backup_plan: BackupPlan
    check_plan: CheckPlan
    last_backup: JournalLine | None
    last_check: CheckRun | None
    failed: tuple[CheckRun, ...]
    backup_due: bool
    check_due: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of retention with what is past its time; ``count`` may be more than ``past``."""

    rule: RetentionRule
    count: int
    past: tuple[PastTime, ...]


class Guarding(Blinding):
    """Nothing here ever deletes a record, a line or a picture."""

    # --- the journal -----------------------------------------------------------------------
    def journal_last(self) -> int:
        """The number of the last line."""
        return self._casebook.journal_last()

    def journal_seqs(
        self,
        wanted: JournalFilter,
        below: int | None = None,
        limit: int = 200,
        least: int | None = None,
    ) -> tuple[int, ...]:
        """Numbers of the lines that are wanted, the newest first: of those below a number, and
        from ``least`` on, where that is given. What a blind verification hides from who looks
        is found by who and when alone, not by what it says, does or is about."""
        told = wanted.text or wanted.action or wanted.subject
        hidden = self.hidden_subjects() if told else frozenset[str]()
        return self._casebook.journal_seqs(wanted, below, limit, least, hidden)

    def journal_page(self, seqs: tuple[int, ...]) -> tuple[JournalLine, ...]:
        """The lines of these numbers; without what a blind verification hides from who looks."""
        hidden = self.hidden_subjects()
        found = self._casebook.journal_page(seqs)
        return tuple(_veiled(line) if line.subject in hidden else line for line in found)

    def journal_line(self, seq: int) -> SignedLine | None:
        """One line with its signature; None where it is missing."""
        found = self._casebook.signed_lines((seq,))
        if found and found[0].line.subject in self.hidden_subjects():
            return replace(found[0], line=_veiled(found[0].line))
        return found[0] if found else None

    def journal_words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Every action and every person of the journal, to filter by."""
        book = self._casebook
        return book.journal_words("action"), book.journal_words("examiner")

    def journal_subject(self, subject: str) -> Subject:
        """What record an id in a line belongs to."""
        if subject in self.hidden_subjects():
            return Subject("")
        return self._casebook.journal_subject(subject)

    def station_keys(self) -> tuple[StationKey, ...]:
        """The keys that sign the journal, the oldest first."""
        trusted = self._casebook.keys.trusted()
        return tuple(StationKey(*key, key[0] in trusted) for key in self._casebook.station_keys())

    def export_journal(self, wanted: JournalFilter, path: Path, job: Job | None = None) -> int:
        """Write the lines that are wanted as CSV or JSON, by the name's ending; how many.

        The journal tells it with the file's SHA-256. Whole or not at all. Raises CaseheadError
        when the disk refuses or the ending is neither, and while a blind verification waits for
        who writes it; CancelledError.
        """
        self._need_writable()
        if self.hidden_comparisons():
            raise CaseheadError(f"{HIDDEN} The journal can be written then.")
        count, digest = write_journal(self._casebook, wanted, path, job or Job())
        self._casebook.tell_journal_exported(wanted, path.name, count, digest)
        return count

    def verify_journal(self, job: Job | None = None) -> Audit:
        """Whether every line is what its station signed. Raises CancelledError."""
        return self._casebook.audit(job)

    # --- checks ----------------------------------------------------------------------------
    def guarded(self, at: str = "") -> Guarded:
        """How the casebook is guarded at a moment (default now)."""
        book, moment = self._casebook, at or now()
        backup_plan, check_plan = book.backup_plan(), book.check_plan()
        written, runs = book.last_backup(), book.check_runs(20)
        last = runs[0] if runs else None
        return Guarded(
            backup_plan,
            check_plan,
            written,
            last,
            tuple(run for run in runs if run.open),
            bool(backup_plan.folder)
            and _due(written.at if written else "", _DAYS[backup_plan.every], moment),
            _due(last.at if last else self._journal_begun(), check_plan.every_days, moment),
        )

    def check_casebook(self, job: Job | None = None) -> CheckRun:
        """Look at the file, every line, record and picture; what came of it stays on the record.

        Raises CancelledError; then nothing is recorded.
        """
        return self._check_casebook(job)

    def _check_casebook(self, job: Job | None) -> CheckRun:
        started = monotonic()
        audit, sentences = self._casebook.verify(job)
        if self.read_only or self.author is None:
            return CheckRun(0, now(), "", audit.lines, len(sentences), sentences[:20])
        kept = self._casebook.tell_checked(audit.lines, sentences, monotonic() - started)
        self._publish(Changes(settings=True))
        return kept

    def check_runs(self, limit: int = 20) -> tuple[CheckRun, ...]:
        """What came of the last checks, the newest first."""
        return self._casebook.check_runs(limit)

    def acknowledge_check(self, seq: int, reason: str) -> None:
        """Take note of a check that failed: what was found out and done.

        Raises CaseheadError without a reason, and where that check did not fail.
        """
        self._need_writable()
        if not reason.strip():
            raise CaseheadError("Say what was found out and done; it stays with the check.")
        run = next((one for one in self._casebook.check_runs(200) if one.seq == seq), None)
        if run is None or not run.open:
            raise CaseheadError("That check did not fail, or somebody has acknowledged it already.")
        self._casebook.tell_acknowledged(seq, reason.strip())
        self._publish(Changes(settings=True))

    def plan_checks(self, plan: CheckPlan) -> None:
        """Check the casebook by itself every so many days (0: never). Raises CaseheadError."""
        self._need_writable()
        if not 0 <= plan.every_days <= 366:
            raise CaseheadError("Give a number of days from 0 (never) to 366.")
        self._casebook.set_check_plan(plan)
        self._publish(Changes(settings=True))

    # --- backups ---------------------------------------------------------------------------
    def plan_backups(self, plan: BackupPlan) -> None:
        """Where backups go, and when one is made by itself. Raises CaseheadError."""
        self._need_writable()
        if plan.every != "never" and not plan.folder.strip():
            raise CaseheadError("Choose the folder that backups go to first.")
        folder = plan.folder.strip()
        if folder and self._in_own_folder(Path(folder)):
            raise CaseheadError(
                f"{folder} lies in the casebook's own folder; a backup belongs on another disk."
            )
        if min(plan.keep.days, plan.keep.weeks, plan.keep.months) < 0:
            raise CaseheadError("Give how many days, weeks and months stay, 0 or more.")
        self._casebook.set_backup_plan(replace(plan, folder=folder))
        self._publish(Changes(settings=True))

    def backups(self, folder: Path | None = None) -> tuple[Snapshot, ...]:
        """What is whole in a folder of backups (default the plan's), the newest first."""
        told = folder or self._backups_in()
        return snapshots(told)[::-1] if told is not None else ()

    def make_backup(self, job: Job | None = None, folder: Path | None = None) -> Snapshot:
        """A backup now; then old ones go where the plan says so.

        Raises CaseheadError without a folder and when the disk refuses, CancelledError.
        """
        return self._make_backup(job, folder)

    def _make_backup(self, job: Job | None, folder: Path | None) -> Snapshot:
        target = folder or self._backups_in()
        if target is None:
            raise CaseheadError("Choose the folder that backups go to first.")
        made = self._casebook.backup(target, job)
        plan = self._casebook.backup_plan()
        if plan.thin and folder is None and not self.read_only:
            gone = thin(target, plan.keep)
            if gone:
                facts = {"deleted": [one.at for one in gone]}
                self._casebook.tell_guarded(THINNED, str(target), facts)
        self._publish(Changes(settings=True))
        return made

    def restore_backup(
        self, snapshot: Snapshot, folder: Path, job: Job | None = None
    ) -> tuple[str, ...]:
        """A casebook as it was then, in a new folder; sentences where it is not sound.

        The open casebook is never touched. Raises CaseheadError where there is a casebook
        already or a file is damaged, CancelledError.
        """
        if self._in_own_folder(folder):
            raise CaseheadError(
                f"{folder} belongs to the open casebook; restore into a new folder elsewhere."
            )
        job = job or Job()
        restore(snapshot, folder, job)
        with Casebook.open(folder, read_only=True, keys=self._casebook.keys) as restored:
            _, sentences = restored.verify(job)
        if not self.read_only and self.author is not None:
            facts = {"from": snapshot.at, "lines": snapshot.lines, "problems": len(sentences)}
            self._casebook.tell_guarded(RESTORED, str(folder), facts)
        return sentences

    def guard_by_plan(self, job: Job | None = None) -> tuple[str, ...]:
        """Do what the plans say is due: a backup, a check. What was done, a sentence each.

        The station does it by itself, whoever is signed in. Raises CaseheadError, CancelledError.
        """
        if self.read_only or self.author is None:
            return ()
        due, told = self.guarded(), []
        if due.backup_due:
            made = self._make_backup(job, None)
            told.append(f"A backup was made: {made.folder.name}.")
        if due.check_due:
            told.append(_outcome(self._check_casebook(job)))
        return tuple(told)

    # --- retention -------------------------------------------------------------------------
    def retention(self, at: str = "") -> tuple[Kept, ...]:
        """Every rule of ``resources/retention.json`` with what is past its time; told, no more."""
        return tuple(self._retained(rule, at or now()) for rule in load_rules())

    def _retained(self, rule: RetentionRule, at: str) -> Kept:
        if not rule.years or not rule.per:
            return Kept(rule, 0, ())
        before = before_of(rule, at)
        count = self._casebook.past_time_count(rule.per, before)
        return Kept(rule, count, self._casebook.past_time(rule.per, before) if count else ())

    def _in_own_folder(self, folder: Path) -> bool:
        """Whether a folder is the open casebook's or lies in it."""
        return self.folder.resolve() in (folder.resolve(), *folder.resolve().parents)

    def _backups_in(self) -> Path | None:
        folder = self._casebook.backup_plan().folder
        return Path(folder) if folder else None

    def _journal_begun(self) -> str:
        """When the journal begins; a new casebook is not due at once."""
        found = self._casebook.journal_page((1,))
        return found[0].at if found else now()


def _veiled(line: JournalLine) -> JournalLine:
    return replace(line, action="hidden", detail={"hidden": HIDDEN})


def _due(last: str, every_days: int, at: str) -> bool:
    if not every_days:
        return False
    if not last:
        return True
    return datetime.fromisoformat(at) - datetime.fromisoformat(last) >= timedelta(days=every_days)


def _outcome(run: CheckRun) -> str:
    if run.problems:
        return f"The casebook check found {run.problems} problems; see Lab, Backups."
    return f"The casebook was checked: {run.lines} lines and every record and picture hold."
