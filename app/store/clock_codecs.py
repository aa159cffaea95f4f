"""What the laboratory says of its review clock, as it is stored."""

from __future__ import annotations

import json
from typing import Any

from app.casework.clock import policy_data, policy_of
from app.casework.stages import ClockNote, PolicyTold
from app.store.codec import Codec, by, canonical, told, who, who_columns

CLOCK_POLICY: Codec[PolicyTold] = Codec(
    "clock_policy",
    f"id policy reason {who_columns('said')}",
    lambda p: (p.id, canonical(policy_data(p.policy)), p.reason, *who(p.author, p.said_at)),
    lambda r: PolicyTold(policy_of(json.loads(r[1])), r[2], *by(r, 3), r[0]),
)
CLOCK_NOTE: Codec[ClockNote] = Codec(
    "clock_note",
    f"id exhibit_id stage kind reason {who_columns('noted')}",
    lambda n: (n.id, n.exhibit_id, n.stage, n.kind, n.reason, *who(n.author, n.noted_at)),
    lambda r: ClockNote(*told(r, 5)),
)
VOUCHED: tuple[Codec[Any], ...] = (CLOCK_POLICY, CLOCK_NOTE)
