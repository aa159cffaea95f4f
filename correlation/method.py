"""The method's name, version and parameters; they go with every result.

Cell rule: congruent matching cells (Song 2013; Tong, Song and Chu 2014) with the consensus of
the cells as reference, in the manner of Chen et al. 2017. Areal correlation over the full
circle: Weller et al. 2012 for scans, Tai and Eddy 2018 for images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from correlation.surface import Kind, Mark

METHOD = "casehead areal correlation and congruent matching cells"
VERSION = "2.1"


@dataclass(frozen=True, slots=True)
class Settings:
    """Lengths in micrometres, angles in degrees; cut-offs are 50 % wavelengths (ISO 16610).

    Of the preparation: ``form_degree`` of the polynomial that is removed, ``order`` of the
    Gaussian regression, walls steeper than ``steepest`` (rise over run) or darker than
    ``darkest`` times the median taken out (0: none),
    means along circles smoothed over ``circles_um`` taken off (0: not), ``least_mm2`` of a mark
    without which it is refused, ``contrast_um`` of local contrast (0: not).
    """

    pitch_um: float = 12.5
    fine_short_um: float = 16.0
    fine_long_um: float = 250.0
    coarse_long_um: float = 400.0
    rim_um: float = 50.0
    limit: float = 4.0
    contrast_um: float = 0.0
    form_degree: int = 2
    order: int = 0
    steepest: float = 0.0
    darkest: float = 0.0
    circles_um: float = 0.0
    least_mm2: float = 0.4
    turn_step_deg: float = 3.0
    peaks: int = 12
    shift_um: float = 600.0
    overlap: float = 0.15
    cell_um: float = 450.0
    cell_occupancy: float = 0.35
    cell_reach_um: float = 300.0
    cell_turns_deg: tuple[float, ...] = (-6.0, -3.0, 0.0, 3.0, 6.0)
    cell_ccf: float = 0.5
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


PIN_SCAN = replace(
    SCAN,
    pitch_um=6.25,
    fine_short_um=12.5,
    fine_long_um=100.0,
    coarse_long_um=200.0,
    rim_um=25.0,
    form_degree=4,
    order=2,
    steepest=1.0,
    circles_um=30.0,
    least_mm2=0.08,
    shift_um=300.0,
    cell_um=125.0,
    cell_reach_um=100.0,
    cell_shift_um=40.0,
    cell_turn_deg=6.0,
)
PIN_IMAGE = replace(
    PIN_SCAN,
    limit=3.0,
    contrast_um=120.0,
    form_degree=2,
    order=0,
    steepest=0.0,
    darkest=0.4,
    circles_um=30.0,
    cell_um=200.0,
    cell_ccf=0.3,
)
EJECTOR_SCAN = replace(PIN_SCAN, form_degree=2, steepest=0.4, circles_um=0.0)
EJECTOR_IMAGE = replace(PIN_IMAGE, circles_um=0.0)
SHEAR_SCAN = replace(EJECTOR_SCAN, fine_short_um=12.5, fine_long_um=250.0, rim_um=20.0)
SHEAR_IMAGE = replace(EJECTOR_IMAGE, fine_long_um=250.0, contrast_um=60.0, rim_um=20.0)

_SETTINGS: Mapping[tuple[Kind, Mark], Settings] = {
    ("scan", "breech face"): SCAN,
    ("image", "breech face"): IMAGE,
    ("scan", "firing pin"): PIN_SCAN,
    ("image", "firing pin"): PIN_IMAGE,
    ("scan", "ejector"): EJECTOR_SCAN,
    ("image", "ejector"): EJECTOR_IMAGE,
    ("scan", "aperture shear"): SHEAR_SCAN,
    ("image", "aperture shear"): SHEAR_IMAGE,
}


def settings_for(kind: Kind, mark: Mark = "breech face") -> Settings:
    """The one set of parameters of each modality and kind of mark."""
    return _SETTINGS[kind, mark]
