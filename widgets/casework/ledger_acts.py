"""What can be done with a lead or hit of the ledger: what is asked before, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.casework.reviews import NoticeKind
from app.casework.wording import casework_words
from widgets.casework.ledger_detail import Act
from widgets.casework.ledger_lines import LedgerRow
from widgets.common.asking import AskDrawer, Field, Question, Values
from widgets.common.issue import Issue, IssueDrawer

if TYPE_CHECKING:
    from app.workbench import Workbench
    from app.workbench.issuing import Issued
    from widgets.bridge import Bridge

ACTS = (
    Act("open", "Open the pair", "Enter", "Both marks on the comparison desk"),
    Act("agree", "Agree", "A", "You looked at the pair and agree that it is a lead", primary=True),
    Act("decline", "Decline", "D", "You looked at the pair and do not agree"),
    Act("assign", "Owner", "O", "Who looks after this lead"),
    Act("feedback", "Feedback", "F", "What investigators said", primary=True),
    Act("close", "Close", "C", "Close it with a reason; it stays on the record"),
    Act("reopen", "Open again", "R", "Open it again, with a reason"),
    Act("issue", "Write notice", "P", "Write the notice as PDF, for investigators and agencies"),
    Act("notice", "Notice sent", "N", "Note who was told of it, and how"),
    Act("receipt", "Receipt", "T", "Note who received the last notice"),
)
NO_NOTICE = "No notice waits for its receipt."
NOTHING = "Choose a lead or a hit first."
NOT_NOW = "That cannot be done with it as it stands: {state}."


class LedgerActs:
    """``current`` gives the row in hand and what can be done with it; ``asking`` is opened."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        asking: AskDrawer,
        current: Callable[[], tuple[LedgerRow | None, frozenset[str]]],
        open_pair: Callable[[], None],
        people: Callable[[], tuple[str, ...]],
        issuing: IssueDrawer,
    ) -> None:
        self._workbench, self._bridge, self._asking = workbench, bridge, asking
        self._current, self._people = current, people
        self._issuing = issuing
        self._written: dict[str, str] = {}
        issuing.issued = self._keep_digest
        self.actions: dict[str, Callable[[], None]] = {
            "open": open_pair,
            "agree": lambda: self._lead("agree", self._agree),
            "decline": lambda: self._lead("decline", self._decline),
            "assign": lambda: self._lead("assign", self._assign),
            "feedback": lambda: self._lead("feedback", self._feedback),
            "close": lambda: self._lead("close", self._close),
            "reopen": lambda: self._lead("reopen", self._reopen),
            "issue": lambda: self._lead("issue", self._issue),
            "notice": lambda: self._lead("notice", self._notice),
            "receipt": lambda: self._lead("receipt", self._receipt),
            "warm": self.warm,
        }

    def warm(self) -> None:
        """Note that two cases were known to be linked before."""
        if self._asking.isVisible() or self._refused():
            return
        fields = (
            Field("case_a", "First &case", hint="2026-0412"),
            Field("case_b", "&Other case", hint="2025-1107"),
            Field(
                "basis", "&How the link was known", "text", "For example: both named by a witness"
            ),
        )
        facts = "Cases linked before by other means. A hit between them is not counted as new."
        question = Question("A warm hit", "Note it", fields, facts, "The warm hit is noted.")
        self._asking.ask(
            question,
            lambda v: self._note_warm(v["case_a"], v["case_b"], v["basis"]),
        )

    def _note_warm(self, case_name: str, other_name: str, basis: str) -> Any:
        case_id, other_id = (self._workbench.case_called(one) for one in (case_name, other_name))
        return self._workbench.note_warm_link(case_id, other_id, basis)

    def _lead(self, action: str, ask: Callable[[LedgerRow], None]) -> None:
        row, possible = self._current()
        if self._asking.isVisible() or self._issuing.isVisible() or self._refused():
            return
        if row is None:
            self._bridge.tell(NOTHING)
        elif action not in possible:
            self._bridge.tell(NOT_NOW.format(state=row.state), attention=True)
        else:
            ask(row)

    def _refused(self) -> bool:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        return self._workbench.read_only

    def _ask(
        self,
        row: LedgerRow,
        title: str,
        does: str,
        fields: tuple[Field, ...],
        said: str,
        work: Callable[[Values], Any],
    ) -> None:
        facts = "\n".join(filter(None, (row.cases, row.reason)))
        self._asking.ask(Question(title, does, fields, facts, said), work)

    def _agree(self, row: LedgerRow) -> None:
        reason = Field("reason", "&Reason, if there is more to say", "text")
        self._ask(
            *(row, "Agree to the lead", "Agree", (reason,), "It is a lead now, unconfirmed."),
            lambda v: self._workbench.agree_lead(row.id, v["reason"]),
        )

    def _decline(self, row: LedgerRow) -> None:
        reason = Field("reason", "&Reason", "text", "Why it is not worth following up")
        self._ask(
            *(row, "Decline the lead", "Decline", (reason,), "The lead is declined."),
            lambda v: self._workbench.decline_lead(row.id, v["reason"]),
        )

    def _assign(self, row: LedgerRow) -> None:
        people = tuple((name, name) for name in self._people())
        who = Field("person", "O&wner", "choice", "A name", people, row.owner, open=True)
        self._ask(
            *(row, "Owner of the lead", "Give it", (who,), "The lead has another owner."),
            lambda v: self._workbench.assign_lead(row.id, v["person"]),
        )

    def _feedback(self, row: LedgerRow) -> None:
        kinds = tuple((one.key, one.label) for one in casework_words().feedback)
        fields = (
            Field("outcome", "What &came of it", "choice", choices=kinds),
            Field("text", "What was &said, by whom", "text"),
        )
        self._ask(
            *(row, "Feedback from investigators", "Note it", fields, "The feedback is noted."),
            lambda v: self._workbench.lead_feedback(row.id, v["outcome"], v["text"]),
        )

    def _close(self, row: LedgerRow) -> None:
        reasons = tuple((one.key, one.label) for one in casework_words().closing)
        fields = (
            Field("reason", "&Reason", "choice", choices=reasons),
            Field("text", "&More, where that needs saying", "text"),
        )
        said = "The lead is closed; it stays on the record."
        self._ask(
            *(row, "Close the lead", "Close it", fields, said),
            lambda v: self._workbench.close_lead(row.id, v["reason"], v["text"]),
        )

    def _reopen(self, row: LedgerRow) -> None:
        reason = Field("reason", "&Reason", "text", "What has come up")
        self._ask(
            *(row, "Open the lead again", "Open it again", (reason,), "The lead is open again."),
            lambda v: self._workbench.reopen_lead(row.id, v["reason"]),
        )

    def _issue(self, row: LedgerRow) -> None:
        kind = "hit_notice" if row.kind == "hit" else "lead_notice"
        self._issuing.open_for((Issue(kind, row.subject_id, row.cases),))

    def _keep_digest(self, issued: Issued) -> None:
        """The notice that is sent next is the one that was written last."""
        self._written[issued.subject_id] = issued.digest

    def _notice(self, row: LedgerRow) -> None:
        means = tuple((one, one) for one in casework_words().means)
        agencies = tuple((one, one) for one in row.agencies)
        first = row.agencies[0] if row.agencies else ""
        fields = (
            Field("recipient", "&Who was told", hint="Det. M. Alvarez"),
            Field("agency", "&Agency", "choice", "", agencies, first, open=True),
            Field("means", "&By", "choice", "", means, means[0][0], open=True),
            Field("text", "What was &said", "text"),
        )
        told: NoticeKind = "hit" if row.kind == "hit" else "lead"
        self._ask(
            *(row, f"Notice of a {told}", "Note it", fields, "The notice is on the record."),
            lambda v: self._workbench.send_notice(
                *(told, row.subject_id, v["recipient"], v["agency"], v["means"], v["text"]),
                digest=self._written.get(row.subject_id, ""),
            ),
        )

    def _receipt(self, row: LedgerRow) -> None:
        waiting = row.unreceived
        if not waiting:
            self._bridge.tell(NO_NOTICE)
            return
        fields = (
            Field("notice", "&Notice", "choice", choices=waiting),
            Field("by", "&Received by", value=""),
            Field("at", "&When", hint="now, or a time such as 2026-04-12 21:40"),
        )
        self._ask(
            *(row, "Receipt of a notice", "Note it", fields, "The receipt is noted."),
            lambda v: self._workbench.note_receipt(v["notice"], v["by"], v["at"]),
        )
