"""The contact sheet: many candidates beside each other, all aligned to the query, drawn alike."""

from widgets.contact.sheet import ContactSheet
from widgets.contact.tiles import Entry

__all__ = ["ContactSheet", "Entry"]
