"""The screen of the laboratory: people, journal, backups."""
