"""The screen of the laboratory: people, journal, backups."""

from widgets.lab.screen import LabScreen

__all__ = ["LabScreen"]
