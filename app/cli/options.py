"""Options that several commands share, and what they mean together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from app.domain import Light, Role

LengthUnit = Literal["m", "mm", "um"]
LightName = Literal["ring", "side", "unknown"]
RoleName = Literal["evidence", "test-fire", "unknown"]

JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON document on stdout; all else goes to stderr.")
]
CasebookOption = Annotated[
    Path | None,
    typer.Option(
        "--casebook",
        metavar="DIR",
        envvar="CASEHEAD_CASEBOOK",
        resolve_path=True,
        help="The casebook's folder. Default: this user's own.",
    ),
]
PixelOption = Annotated[
    float | None,
    typer.Option(
        "--pixel-um",
        min=0.01,
        max=1000,
        metavar="UM",
        help="Micrometres per pixel, for images whose files do not say.",
    ),
]
XyUnitOption = Annotated[
    LengthUnit | None,
    typer.Option("--xy-unit", help="Unit of x and y in x3p files, where they are wrong about it."),
]
ZUnitOption = Annotated[
    LengthUnit | None,
    typer.Option("--z-unit", help="Unit of the heights in x3p files, where they are wrong."),
]
LightOption = Annotated[LightName, typer.Option("--light", help="How the specimens were lit.")]
RoleOption = Annotated[
    RoleName, typer.Option("--role", help="Where the cartridge cases come from.")
]
AgencyOption = Annotated[
    str, typer.Option(help="This agency's name; once for a new casebook.", show_default=False)
]
StationOption = Annotated[str, typer.Option(help="This station's name.", show_default=False)]
ExaminerOption = Annotated[str, typer.Option(help="The examiner's name.", show_default=False)]
FieldOption = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=VALUE",
        help="A field of the record that holds for all of them, such as calibre='9 mm Luger' or "
        "event.kind='non-fatal shooting'; as often as needed.",
    ),
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")]
OriOption = Annotated[str, typer.Option(help="The agency's ORI code.", show_default=False)]


def light_of(name: LightName) -> Light:
    """The light of that name."""
    from app.domain import Light

    return Light(name)


def role_of(name: RoleName) -> Role:
    """The role of that name."""
    from app.domain import Role

    return Role(name.replace("-", " "))
