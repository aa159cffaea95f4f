"""Operations on verifications: a second examiner's own conclusion, and a third's (R21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.casework.people import Skill
from app.casework.reviews import (
    MODES,
    Mode,
    TaskLine,
    Verification,
    VerificationState,
    VerificationTask,
    same_person,
)
from app.casework.verdicts import said, settle
from app.casework.wording import casework_words
from app.domain import CaseheadError, Changes, Comparison, now
from app.workbench.rounds import Rounds, examiner_of
from app.workbench.scale import Draft
from app.workbench.trained import Trained

NOTHING_CONCLUDED = "There is no conclusion to verify yet; record one first."
ANSWERED = "This verification no longer waits: it was entered, or another one was asked for."
_OVER: dict[str, str] = {
    "agreed": "The conclusion in force is verified already.",
    "settled": "It was settled by two of three; record a new conclusion before asking again.",
    "disagreed": "The second examiner disagreed; ask a third one now.",
    "unresolved": "Three examiners concluded three different things, and a fourth does not settle "
    "it; it stays unresolved unless another conclusion is recorded.",
}
CONTESTED = (
    "Another examiner verified this conclusion otherwise, and recording it again does not change "
    "that; only a third one settles it."
)


class Verifying(Rounds, Trained):
    """Every version is kept; what follows from them is derived."""

    def ask_verification(
        self, comparison_id: str, mode: Mode, verifier: str = ""
    ) -> VerificationTask:
        """Ask a second examiner to conclude on a comparison by the own examination.

        ``mode`` "blind" hides from that person what others said of it until the own conclusion is
        entered. Without ``verifier`` any qualified examiner without a part in it may. A request
        that waits is replaced. Raises CaseheadError without a conclusion, for the concluding
        examiner or somebody unqualified, and when it is verified or needs a third person.
        """
        _check_mode(mode)
        with self._casebook.transaction():
            state = self._allowed(comparison_id)
            if state.state in _OVER:
                raise CaseheadError(_OVER[state.state])
            task = self._asked(comparison_id, mode, verifier, third=False)
        return self._told_of(comparison_id, task)

    def ask_third(
        self, comparison_id: str, verifier: str = "", mode: Mode | None = None
    ) -> VerificationTask:
        """Ask a third examiner after a disagreement, in the way the second was where not given.

        Raises CaseheadError without a disagreement, and for either of the two.
        """
        with self._casebook.transaction():
            state = self._allowed(comparison_id)
            if state.state != "disagreed" or state.verification is None:
                raise CaseheadError("A third examiner is asked after a disagreement only.")
            second = state.verification
            if verifier and same_person(verifier, second.examiner):
                raise CaseheadError(
                    f"{second.examiner} verified it as the second; a third person is needed."
                )
            before = self._casebook.verification_task(second.task_id)
            wanted = mode or before.mode
            _check_mode(wanted)
            task = self._asked(comparison_id, wanted, verifier, third=True)
        return self._told_of(comparison_id, task)

    def verify(self, task_id: str, draft: Draft | str, reasons: str = "") -> Verification:
        """Enter one's own conclusion as the verification that was asked for.

        By the rules of the scale, as ``conclude``. Raises CaseheadError for anybody who may not
        (``TaskLine.why_not``), when it no longer waits, and for what the rules lack; then nothing
        is recorded.
        """
        if isinstance(draft, str):
            draft = Draft(draft, reasons)
        with self._casebook.transaction():
            task = self._casebook.verification_task(task_id)
            why_not = self._why_not(task)
            if why_not:
                raise CaseheadError(why_not)
            verification = self._answer(task, draft)
            self._casebook.add_verification(verification)
        self._told_of(task.comparison_id, task)
        return verification

    def verification_tasks(
        self,
        waiting_only: bool = True,
        limit: int | None = None,
        *,
        asked_by: str = "",
        comparison_ids: Collection[str] | None = None,
    ) -> tuple[TaskLine, ...]:
        """What was asked for, oldest first; ``waiting_only``: what nobody entered yet.

        Only what was asked by somebody, or of some comparisons, where these are given. With
        ``limit`` no more than so many, the newest. Of a comparison that is hidden from who looks
        only what waits, and not whether others disagreed before.
        """
        waiting = self._casebook.verification_tasks(waiting=True)
        ids = {task.id for task in waiting}
        hidden = self.hidden_comparisons()
        tasks = tuple(
            one
            for one in (waiting if waiting_only else self._casebook.verification_tasks())
            if one.id in ids or one.comparison_id not in hidden
        )
        if asked_by:
            tasks = tuple(
                one for one in tasks if one.author and same_person(one.author.examiner, asked_by)
            )
        if comparison_ids is not None:
            tasks = tuple(one for one in tasks if one.comparison_id in comparison_ids)
        tasks = tasks if limit is None else tasks[max(len(tasks) - limit, 0) :]
        found = self._casebook.comparisons_of([task.comparison_id for task in tasks])
        pairs = {task.id: found[task.comparison_id] for task in tasks}
        names = self._names(tuple(found.values()))
        return tuple(self._line(task, pairs[task.id], names, task.id in ids) for task in tasks)

    def waiting_task(self, comparison_id: str) -> TaskLine | None:
        """What waits to be entered for a comparison; None when nothing does."""
        task = self._waiting(comparison_id)
        if task is None:
            return None
        pair = self._casebook.comparison(comparison_id)
        return self._line(task, pair, self._names((pair,)), True)

    def verifications(self, comparison_id: str) -> VerificationState:
        """How far the verification of a comparison has come; derived from the record now."""
        hidden = self.hidden(comparison_id)
        task = self._waiting(comparison_id)
        if hidden:
            seen = task and self._as_asked(task)
            return VerificationState("asked", seen, hidden=True, sentences=(hidden,))
        return self._state(comparison_id, task)

    def verification_versions(self, comparison_id: str) -> tuple[Verification, ...]:
        """Every verification of a comparison there ever was, oldest first; only one's own while
        it is hidden."""
        found = self._casebook.verifications(comparison_id)
        if self.hidden(comparison_id):
            return tuple(one for one in found if self._is_mine(one))
        return found

    def disputed(self) -> frozenset[str]:
        """The comparisons on which examiners disagree, unless one concluded anew since.

        Those that are hidden from the person at work are left out.
        """
        found = self._casebook.link_facts(casework_words()).disputed
        return found - self.hidden_comparisons()

    def non_agreement(self) -> tuple[int, int]:
        """How many second examiners verified, and how many of them concluded otherwise."""
        return self._casebook.verification_count()

    def _state(self, comparison_id: str, task: VerificationTask | None) -> VerificationState:
        if task is not None and not task.third and not self._contested(comparison_id):
            asked = f"Asked of {task.verifier or 'any qualified examiner'}, {task.mode}."
            return VerificationState("asked", task, sentences=(asked,))
        second, third = self._round(comparison_id)
        if second is None:
            return VerificationState("none")
        first = self._verified_conclusion(second)
        verdict = settle(said(first), said(second), said(third) if third else None)
        changed = self._casebook.changed_since(third or second, casework_words())
        anew = said(self._casebook.conclusions(comparison_id)[-1]) != said(first)
        words = tuple(self._words(first, second, third, verdict))
        return VerificationState(
            "stale" if changed and (verdict.verified or anew) else verdict.state,
            task,
            second,
            third,
            verdict.value,
            verdict.verified and not changed,
            sentences=(*changed, *words, *self._besides(comparison_id, second, third)),
        )

    def _allowed(self, comparison_id: str) -> VerificationState:
        """The state, when there is something to verify and it may be seen."""
        self._casebook.comparison(comparison_id)
        self._refuse_hidden(comparison_id)
        if not self._casebook.conclusions(comparison_id):
            raise CaseheadError(NOTHING_CONCLUDED)
        return self.verifications(comparison_id)

    def _asked(
        self, comparison_id: str, mode: Mode, verifier: str, *, third: bool
    ) -> VerificationTask:
        conclusion = self._casebook.conclusions(comparison_id)[-1]
        name = self._trained(verifier, (Skill.EXAMINE,), "verification") if verifier else ""
        if name and same_person(name, examiner_of(conclusion)):
            raise CaseheadError(f"{name} concluded on it; another examiner has to verify.")
        if name and third and self._concluded_on(comparison_id, name):
            raise CaseheadError(f"{name} concluded on it before; a third person is needed.")
        if not third:
            self._refuse_other_way_round(comparison_id)
        task = VerificationTask(comparison_id, conclusion.id, mode, name, third, self.author, now())
        knowing = self._part_in(task)
        if name and mode == "blind" and any(same_person(name, one) for one in knowing):
            raise CaseheadError(
                f"{name} has seen what was concluded; ask somebody else for a blind verification, "
                f"or ask {name} openly."
            )
        return self._casebook.add_verification_task(task)

    def _refuse_other_way_round(self, comparison_id: str) -> None:
        """Raises CaseheadError while examiners disagree on the same two marks compared otherwise:
        with the sides changed, or by other pictures of them."""
        if any(map(self._contested, self._casebook.comparisons_of_marks(comparison_id))):
            raise CaseheadError(
                "Examiners disagree on these two marks in another comparison of them; have that "
                "one settled by a third, or conclude there anew, first."
            )

    def _answer(self, task: VerificationTask, draft: Draft) -> Verification:
        scale = self.scale()
        facts = self.noted(task.comparison_id)
        lacking = scale.missing(draft, noted=facts)
        if lacking:
            raise CaseheadError(f"Nothing was recorded. {' '.join(lacking)}")
        draft = self._signed_by_me(scale.tidied(draft, facts))
        if draft.examined_physically and not self._is_me(draft.examined_by):
            raise CaseheadError(
                f"{draft.examined_by} examined the specimens, and a verification rests on the own "
                "examination: examine them, or say that you did not. Nothing was recorded."
            )
        drawn = self._casebook.annotation_set(task.comparison_id)
        return Verification(
            task.id,
            task.comparison_id,
            self._casebook.conclusions(task.comparison_id)[-1].id,
            scale.name,
            draft.value,
            draft.reasons,
            draft.basis,
            draft.basis_reason,
            draft.examined_physically,
            draft.examined_by,
            draft.examined_at,
            draft.subclass_excluded,
            drawn.id if drawn else "",
            self._casebook.corrections_seen(),
            self.author,
            now(),
        )

    def _why_not(self, task: VerificationTask) -> str:
        """Why the person at work may not enter it; "" when they may."""
        waiting = self._waiting(task.comparison_id)
        if waiting is None or waiting.id != task.id:
            return ANSWERED
        me = self.author.examiner if self.author else ""
        if task.verifier and not same_person(task.verifier, me):
            return f"{task.verifier} was asked for this verification."
        conclusion = self._casebook.conclusions(task.comparison_id)[-1]
        if same_person(examiner_of(conclusion), me):
            return f"{me} concluded on it; another examiner has to verify."
        second, _ = self._round(task.comparison_id)
        if task.third and second is not None:
            if same_person(second.examiner, me):
                return f"{me} verified it as the second; a third person is needed."
            if self._concluded_on(task.comparison_id, me):
                return f"{me} concluded on it before; a third person is needed."
            if said(self._verified_conclusion(second)) != said(conclusion):
                return "Another conclusion was recorded since; ask for a verification anew."
        elif not task.third and self._contested(task.comparison_id):
            return CONTESTED
        if task.mode == "blind" and not self._hides(task):
            return f"{me} has seen what was concluded; a blind verification is for somebody else."
        return ""

    def _as_asked(self, task: VerificationTask) -> VerificationTask:
        """A task as who looks may see it: a blind third does not know that two disagreed."""
        return replace(task, third=False) if self.hidden(task.comparison_id) else task

    def _waiting(self, comparison_id: str) -> VerificationTask | None:
        found = self._casebook.verification_tasks(comparison_id, waiting=True)
        return found[-1] if found else None

    def _line(
        self, task: VerificationTask, pair: Comparison, names: dict[str, str], waiting: bool
    ) -> TaskLine:
        why_not = self._why_not(task) if waiting else ANSWERED
        task = self._as_asked(task)
        both = (names[pair.left_id], names[pair.right_id])
        return TaskLine(task, pair.left_id, pair.right_id, both, waiting, not why_not, why_not)

    def _names(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        ids = {one for pair in comparisons for one in (pair.left_id, pair.right_id)}
        return {one: place.name for one, place in self._casebook.provenances_of(ids).items()}

    def _told_of(self, comparison_id: str, task: VerificationTask) -> VerificationTask:
        pair = self._casebook.comparison(comparison_id)
        cases = {self._casebook.linked_case(one) for one in (pair.left_id, pair.right_id)}
        self._publish(
            Changes(comparisons=frozenset({comparison_id}), cases=frozenset(cases), casework=True)
        )
        return task


def _check_mode(mode: str) -> None:
    if mode not in MODES:
        raise CaseheadError(f"A verification is open or blind, not '{mode}'; choose one.")
