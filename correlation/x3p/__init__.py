"""Reading x3p files (ISO 5436-2, ISO 25178-72), tolerantly, as they occur in the wild."""

from correlation.x3p.model import Unit, UnitFinding, X3p
from correlation.x3p.reader import read_x3p

__all__ = ["Unit", "UnitFinding", "X3p", "read_x3p"]
