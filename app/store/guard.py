"""What guards the casebook: plans for backups and checks, and what came of the checks.

Plans are settings that the journal tells; what came of a check is a line of the journal alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from app.domain import JournalLine
from app.store.backup import Retention
from app.store.journal_list import JournalFilter, JournalList

CHECKED, ACKNOWLEDGED = "casebook checked", "casebook check acknowledged"
WRITTEN, RESTORED, THINNED = "backup written", "backup restored", "backups thinned"
EXPORTED = "journal exported"
_BACKUP_PLAN, _CHECK_PLAN = "backup_plan", "check_plan"
Every = Literal["never", "day", "week"]


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Where backups go and how often one is made by itself; ``thin`` says that old ones go."""

    folder: str = ""
    every: Every = "never"
    thin: bool = False
    keep: Retention = field(default_factory=Retention)


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """How often the casebook is checked by itself, in days; 0 is never."""

    every_days: int = 7


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What came of a check: ``sentences`` are the first of ``problems``. ``seq`` is its line."""

    seq: int
    at: str
    by: str
    lines: int
    problems: int
    sentences: tuple[str, ...] = ()
    acknowledged_by: str = ""
    acknowledged_at: str = ""
    acknowledged_why: str = ""

    @property
    def open(self) -> bool:
        """Whether it failed, and nobody has taken note yet."""
        return self.problems > 0 and not self.acknowledged_at


class Guard(JournalList):
    """Plans may change; what came of checks is for ever."""

    def backup_plan(self) -> BackupPlan:
        """The plan in force."""
        told = self._guard_plan(_BACKUP_PLAN)
        if not told:
            return BackupPlan()
        keep = Retention(**told["keep"])
        return BackupPlan(told["folder"], told["every"], told["thin"], keep)

    def set_backup_plan(self, plan: BackupPlan) -> None:
        """Have backups made so from now on."""
        self._set_guard_plan(_BACKUP_PLAN, "backup plan set", asdict(plan))

    def check_plan(self) -> CheckPlan:
        """The plan in force."""
        told = self._guard_plan(_CHECK_PLAN)
        return CheckPlan(**told) if told else CheckPlan()

    def set_check_plan(self, plan: CheckPlan) -> None:
        """Have the casebook checked so from now on."""
        self._set_guard_plan(_CHECK_PLAN, "check plan set", asdict(plan))

    def tell_checked(self, lines: int, sentences: tuple[str, ...], seconds: float) -> CheckRun:
        """Keep what came of a check."""
        facts = {
            "lines": lines,
            "problems": len(sentences),
            "sentences": list(sentences[:20]),
            "seconds": round(seconds, 1),
        }
        self._tell(CHECKED, "", facts)
        return self.check_runs(1)[0]

    def tell_acknowledged(self, seq: int, reason: str) -> None:
        """Keep that somebody took note of a check that failed."""
        self._tell(ACKNOWLEDGED, "", {"line": seq, "reason": reason})

    def tell_journal_exported(
        self, wanted: JournalFilter, name: str, count: int, digest: str
    ) -> None:
        """Keep that lines of the journal were written to a file."""
        filtered = {key: value for key, value in asdict(wanted).items() if value}
        facts = {"file": name, "lines": count, "sha256": digest, "filter": filtered}
        self._tell(EXPORTED, "", facts)

    def tell_guarded(self, action: str, subject: str, facts: Mapping[str, Any]) -> None:
        """Keep what was done to guard the casebook."""
        self._tell(action, subject, facts)

    def check_runs(self, limit: int = 20) -> tuple[CheckRun, ...]:
        """What came of the last checks, the newest first."""
        noted = {
            int(one.detail.get("line", 0)): one for one in self._guard_lines(ACKNOWLEDGED, 200)
        }
        return tuple(_run(one, noted.get(one.seq)) for one in self._guard_lines(CHECKED, limit))

    def last_backup(self) -> JournalLine | None:
        """The line that tells the last backup."""
        found = self._guard_lines(WRITTEN, 1)
        return found[0] if found else None

    def _guard_lines(self, action: str, limit: int) -> tuple[JournalLine, ...]:
        return self.journal_page(self.journal_seqs(JournalFilter(action=action), limit=limit))

    def _guard_plan(self, key: str) -> dict[str, Any]:
        told = self._setting(key)
        return told if isinstance(told, dict) else {}

    def _set_guard_plan(self, key: str, action: str, plan: dict[str, Any]) -> None:
        with self._change():
            before = self._guard_plan(key)
            if before != plan:
                self._set_setting(key, plan)
                self._tell(action, key, {**plan, "before": before})


def _run(line: JournalLine, noted: JournalLine | None) -> CheckRun:
    told = line.detail
    run = (line.seq, line.at, line.author.examiner, int(told["lines"]), int(told["problems"]))
    sentences = tuple(map(str, told.get("sentences", ())))
    if noted is None:
        return CheckRun(*run, sentences)
    why = str(noted.detail.get("reason", ""))
    return CheckRun(*run, sentences, noted.author.examiner, noted.at, why)
