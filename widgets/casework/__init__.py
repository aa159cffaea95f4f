"""The screen of leads and hits: board, ledger, verifications, chart, timeline, map, traces."""
