"""The casebook: one folder with a SQLite file and the pixels stored under their digest."""

from app.store.casebook import Casebook
from app.store.outbox import OutboxLine

__all__ = ["Casebook", "OutboxLine"]
