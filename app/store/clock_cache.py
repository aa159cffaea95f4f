"""The cache of the review clock: bringing it up to date, and making it anew for other rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from threading import RLock
from time import sleep

from app.casework.clock import Policy, default_policy
from app.domain import new_id
from app.jobs import Job
from app.store import clock_again, clock_fill
from app.store.clock_checks import differences
from app.store.clock_codecs import CLOCK_POLICY
from app.store.connection import Connection
from app.store.records import Records

_AT_ONCE = 2000
"""A cache of so many exhibits is made anew in a second or two."""
_LOOK_S = 0.02
"""Who waits looks so often whether there is anything to wait for."""
_TURN_S = 0.001
"""Others who wait for the casebook get their turn between two parts."""


class ClockCache(Records):
    """Nothing in it is a fact of its own: all of it is made of other records."""

    _clock_turn: RLock
    clock_made_apart = False
    """Whether somebody makes a large cache anew by ``rebuild_clock`` while others look at it as it
    stood; else whoever looks first makes it and waits."""

    def clock_policy(self) -> Policy:
        """The calendar and targets in force: those said last, else the installed ones."""
        row = self._connection.row("SELECT max(seq) FROM clock_policy")
        seq = row[0] if row else None
        if seq is None:
            return default_policy()
        if seq not in self._clock_policies_read:
            told = self._first(CLOCK_POLICY, "seq = ?", (seq,))
            self._clock_policies_read[seq] = told.policy if told else default_policy()
        return self._clock_policies_read[seq]

    def bring_clock_up_to_date(self) -> bool:
        """Look again at what changed since; whether anything did. A read-only casebook stays.

        One at a time does so, and nobody inside a transaction.
        """
        if self.read_only:
            return False
        while not self._clock_turn.acquire(timeout=_LOOK_S):
            if self._left_to_others:
                return False
        try:
            return not self._left_to_others and self._brought_up_to_date()
        finally:
            self._clock_turn.release()

    @property
    def clock_to_make(self) -> bool:
        """Whether the cache is to be made anew, for other rules, and is large."""
        if self.read_only or not self._clock_outdated:
            return False
        return self._clock_last("exhibit") > _AT_ONCE

    def rebuild_clock(self, job: Job | None = None) -> None:
        """Make the whole cache anew from the record, in parts, so that others get their turn.

        Cut short, it is to be made still. Raises CancelledError.
        """
        job = job or Job()
        with self._clock_turn:
            policy = self.clock_policy()
            with self.transaction():
                self._say_clock_state("filled", "")
                clock_fill.fill(self._connection.run, policy, self._clock_year)
                self._connection.run("DELETE FROM clock_changed")
            parts = tuple(clock_again.everything(self._clock_last))
            for done, statements in enumerate(parts):
                job.report(done, len(parts), "made anew")
                with self.transaction():
                    self._clock_run(statements)
                sleep(_TURN_S)
            with self.transaction():
                self._say_clock_state("filled", self._clock_key(policy))
                self._say_clock_state("version", new_id())

    # --- behind it --------------------------------------------------------------------------
    def _clock_differences_in(self, reader: Connection, job: Job) -> tuple[str, ...] | None:
        """A sentence for everything in which the cache is not what the record says, of the casebook
        of one moment; None where the cache was not up to date then. Raises CancelledError."""
        policy = self.clock_policy()
        row = reader.row("SELECT value FROM clock_state WHERE key = 'filled'")
        if row is None or row[0] != self._clock_key(policy):
            return None
        if reader.row("SELECT 1 FROM clock_changed LIMIT 1") is not None:
            return None
        return differences(reader, policy, self._clock_year, job)

    @property
    def _left_to_others(self) -> bool:
        return self.clock_made_apart and self.clock_to_make

    def _brought_up_to_date(self) -> bool:
        if self._clock_outdated:
            self.rebuild_clock()
            return True
        if self._connection.row("SELECT 1 FROM clock_changed LIMIT 1") is None:
            return False
        with self.transaction():
            self._clock_run(clock_again.again())
            self._say_clock_state("version", new_id())
        return True

    @cached_property
    def _clock_policies_read(self) -> dict[int, Policy]:
        """By their number; none ever changes."""
        return {}

    @cached_property
    def _clock_year(self) -> int:
        """That of the first look: in a program that runs on over New Year nothing is made anew,
        as nobody would begin that there; the days it knows reach on for years."""
        return datetime.now(UTC).year

    def _clock_key(self, policy: Policy) -> str:
        return clock_fill.key_of(policy, self._clock_year)

    @property
    def _clock_outdated(self) -> bool:
        return self._clock_state("filled") != self._clock_key(self.clock_policy())

    def _clock_last(self, table: str) -> int:
        row = self._connection.row(f"SELECT max(seq) FROM {table}")
        return int(row[0] or 0) if row else 0

    def _clock_state(self, key: str) -> str:
        row = self._connection.row("SELECT value FROM clock_state WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def _say_clock_state(self, key: str, value: str) -> None:
        self._connection.run(
            "INSERT INTO clock_state (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def _clock_run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._connection.run(statement)
