"""Exchange of entries with other agencies through a folder."""

from app.exchange.exchange import (
    EntryOutcome,
    EntryState,
    Exchange,
    ReceiveReport,
    SendOutcome,
)
from app.exchange.schema import Entry

__all__ = ["Entry", "EntryOutcome", "EntryState", "Exchange", "ReceiveReport", "SendOutcome"]
