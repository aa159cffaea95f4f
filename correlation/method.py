"""The method's name, version and parameters; they go with every result.

Cell rule: congruent matching cells (Song 2013; Tong, Song and Chu 2014) with the consensus of
the cells as reference, in the manner of Chen et al. 2017. Areal correlation over the full
circle: Weller et al. 2012 for scans, Tai and Eddy 2018 for images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from correlation.surface import Kind

METHOD = "casehead areal correlation and congruent matching cells"
VERSION = "1.2"


@dataclass(frozen=True, slots=True)
class Settings:
    """Lengths in micrometres, angles in degrees; cut-offs are 50 % wavelengths (ISO 16610)."""

    pitch_um: float = 12.5
    fine_short_um: float = 16.0
    fine_long_um: float = 250.0
    coarse_long_um: float = 400.0
    rim_um: float = 50.0
    limit: float = 4.0
    contrast_um: float = 0.0
    turn_step_deg: float = 3.0
    peaks: int = 6
    shift_um: float = 600.0
    overlap: float = 0.15
    cell_um: float = 450.0
    cell_occupancy: float = 0.35
    cell_reach_um: float = 300.0
    cell_turns_deg: tuple[float, ...] = (-6.0, -3.0, 0.0, 3.0, 6.0)
    cell_ccf: float = 0.45
    cell_shift_um: float = 75.0
    cell_turn_deg: float = 3.0

    def as_dict(self) -> Mapping[str, Any]:
        """For the record of a result."""
        return asdict(self)


SCAN = Settings()
IMAGE = Settings(
    limit=3.0,
    contrast_um=200.0,
    cell_um=500.0,
    cell_ccf=0.25,
    cell_shift_um=100.0,
)


def settings_for(kind: Kind) -> Settings:
    """The one set of parameters of each modality."""
    return SCAN if kind == "scan" else IMAGE
