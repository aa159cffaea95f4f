"""The casebook: one folder with a SQLite file and the pixels stored under their digest."""

from app.store.casebook import Casebook
from app.store.galleries import Named, Reference
from app.store.outbox import OutboxLine
from app.store.packs import Pack

__all__ = ["Casebook", "Named", "OutboxLine", "Pack", "Reference"]
