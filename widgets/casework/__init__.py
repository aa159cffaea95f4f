"""The screen of leads and hits: board, ledger, verifications, chart, timeline, map, traces."""

from widgets.casework.screen import LeadsScreen

__all__ = ["LeadsScreen"]
