"""Reading x3p files (ISO 5436-2, ISO 25178-72), tolerantly, as they occur in the wild; writing
them strictly."""

from correlation.x3p.model import Unit, UnitFinding, X3p
from correlation.x3p.reader import read_metadata, read_x3p
from correlation.x3p.writer import Record2, write_x3p

__all__ = ["Record2", "Unit", "UnitFinding", "X3p", "read_metadata", "read_x3p", "write_x3p"]
