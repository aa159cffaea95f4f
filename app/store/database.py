"""sqlite_utils' name for a database, for the annotations of the migrations.

The library itself is loaded when there is something to migrate: it brings a command line, a
parser of dates and a system of plug-ins, and most starts find a casebook that is up to date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database as Database
else:
    Database = Any
