"""Casework as values and pure derivations: people, the record, the clock, leads, hits, traces."""
