"""The commands and their options; the work is done by modules loaded when a command runs."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.area_root import area, clock, fields
from app.cli.audit_root import audit
from app.cli.backup_root import backup
from app.cli.calibrate_root import ZoomOption, calibrate
from app.cli.candidates_root import candidates
from app.cli.casework_root import hits, leads, verifications
from app.cli.combine_root import combine
from app.cli.exchange_root import exchange
from app.cli.export_root import export
from app.cli.instrument_root import instrument
from app.cli.links_root import links, open_data
from app.cli.options import (
    AgencyOption,
    CasebookOption,
    ExaminerOption,
    FieldOption,
    JsonOption,
    LightName,
    LightOption,
    OriOption,
    PixelOption,
    RoleOption,
    StationOption,
    XyUnitOption,
    ZUnitOption,
    light_of,
    role_of,
)
from app.cli.people_root import people
from app.cli.places import default_casebook, demo_casebook, has_display
from app.cli.population_root import population
from app.cli.relief_root import relief
from app.cli.report_root import report
from app.cli.validate_root import validate
from app.cli.voice import Voice

app = typer.Typer(
    name="casehead",
    help="Acquire, search and compare fired cartridge cases. Scores are aids for the examiner; "
    "the software never concludes.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(audit, name="audit")
app.add_typer(backup, name="backup")
app.add_typer(calibrate, name="calibrate")
app.add_typer(clock, name="clock")
app.add_typer(exchange, name="exchange")
app.add_typer(instrument, name="instrument")
app.add_typer(people, name="people")
app.add_typer(population, name="population")
app.add_typer(relief, name="relief")
app.command()(area)
app.command()(candidates)
app.command()(combine)
app.command()(export)
app.command()(fields)
app.command()(hits)
app.command()(leads)
app.command()(links)
app.command(name="open-data")(open_data)
app.command()(report)
app.command()(validate)
app.command()(verifications)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        typer.echo(f"casehead {metadata.version('casehead')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def casehead(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Without a command, start the workstation as ``run`` does."""
    if context.invoked_subcommand is None:
        context.invoke(run)


@app.command()
def gui(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Open the window."""
    with Voice(as_json) as voice:
        _open_window(voice, casebook or default_casebook())


@app.command("import")
def bring(
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders: PNG, TIFF, BMP, JPEG, x3p.")
    ],
    casebook: CasebookOption = None,
    pixel_um: PixelOption = None,
    xy_unit: XyUnitOption = None,
    z_unit: ZUnitOption = None,
    light: LightOption = "unknown",
    case: Annotated[
        str, typer.Option("--case", help="Case number; default: the name of the file's folder.")
    ] = "",
    role: RoleOption = "evidence",
    calibre: Annotated[str, typer.Option(help="Calibre of all of them, where known.")] = "",
    field: FieldOption = None,
    search: Annotated[bool, typer.Option(help="Search what is new at once.")] = True,
    agency: AgencyOption = "",
    station: StationOption = "",
    examiner: ExaminerOption = "",
    ori: OriOption = "",
    as_json: JsonOption = False,
) -> None:
    """Bring files and folders into the casebook; each file is judged on its own."""
    with Voice(as_json) as voice:
        from app.cli.books import Names
        from app.cli.bring import fields_given, import_command
        from app.workbench import ImportOptions

        options = ImportOptions(
            *(pixel_um, xy_unit, z_unit, light_of(light), case, role_of(role), calibre),
            facts=fields_given(field or ()),
        )
        names = Names(agency, station, examiner, ori)
        import_command(voice, casebook or default_casebook(), names, paths, options, search)


@app.command()
def acquire(
    casebook: CasebookOption = None,
    list_cameras: Annotated[
        bool, typer.Option("--list", help="List the cameras connected now, and nothing else.")
    ] = False,
    source: Annotated[
        str,
        typer.Option(
            help="device:0, http://..., rtsp://..., video:PATH, folder:PATH, or the synthetic "
            "bench as bench:gun=1,shot=2,light=ring."
        ),
    ] = "bench:gun=1,shot=1,light=ring",
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many frames to keep.")] = 1,
    case: Annotated[str, typer.Option("--case", help="Case number.")] = "",
    exhibit: Annotated[str, typer.Option("--exhibit", help="Exhibit number.")] = "",
    label: Annotated[str, typer.Option("--label", help="Label of the cartridge case.")] = "",
    role: RoleOption = "evidence",
    calibre: Annotated[str, typer.Option(help="Calibre, where known.")] = "",
    field: FieldOption = None,
    light: Annotated[
        LightName | None, typer.Option("--light", help="Default: what the camera says.")
    ] = None,
    objective: Annotated[str, typer.Option(help="The objective in use, for the record.")] = "",
    zoom: ZoomOption = "",
    pixel_um: PixelOption = None,
    search: Annotated[bool, typer.Option(help="Search what was acquired.")] = True,
    agency: AgencyOption = "",
    station: StationOption = "",
    examiner: ExaminerOption = "",
    ori: OriOption = "",
    as_json: JsonOption = False,
) -> None:
    """Keep frames of a camera as images of a cartridge case's breech face."""
    _need_numbers(list_cameras, {"--case": case, "--exhibit": exhibit, "--label": label})
    with Voice(as_json) as voice:
        from app.cli.acquire import Setting, acquire_command, list_command
        from app.cli.books import Names
        from app.cli.bring import registration_of
        from app.workbench import Registration

        if list_cameras:
            list_command(voice)
            return
        registration = registration_of(
            Registration(case, exhibit, label, role_of(role), calibre), field or ()
        )
        lit = light_of(light) if light else None
        setting = Setting(source, count, lit, objective, pixel_um, zoom)
        names = Names(agency, station, examiner, ori)
        folder = casebook or default_casebook()
        acquire_command(voice, folder, names, registration, setting, search)


@app.command()
def search(
    queries: Annotated[
        list[str],
        typer.Argument(metavar="QUERY...", help="Files, or marks of the casebook."),
    ],
    against: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Files to search. Default: the casebook."),
    ] = None,
    casebook: CasebookOption = None,
    pixel_um: PixelOption = None,
    xy_unit: XyUnitOption = None,
    z_unit: ZUnitOption = None,
    light: LightOption = "unknown",
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Work on the Dask cluster of this scheduler, such as tcp://host:8786.",
        ),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Rank a folder of files, or the casebook, by likeness to each QUERY; nothing is recorded.

    With --json a flat list, best first; with several QUERYs one after the other, each with its
    own ranks and named in "query". The query itself is left out. Files that cannot be compared
    get a sentence on stderr; the exit code is 0 when something was ranked, else 1.
    """
    with Voice(as_json) as voice:
        from app.cli.pictures import Units
        from app.cli.search import hit_lines, search_command

        units = Units(pixel_um, xy_unit, z_unit)
        folder = casebook or default_casebook()
        hits = search_command(voice, queries, against, folder, units, light, scheduler)
        voice.result([hit.document for hit in hits], lambda: hit_lines(hits))
        voice.refused = not hits


@app.command()
def compare(
    left: Annotated[str, typer.Argument(metavar="A", help="A file, or a mark of the casebook.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another one of the same kind.")],
    casebook: CasebookOption = None,
    pixel_um: PixelOption = None,
    xy_unit: XyUnitOption = None,
    z_unit: ZUnitOption = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PICTURE.png", help="Write the aligned pair in split field."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two files, or two marks named by identifier or as case/exhibit/label."""
    with Voice(as_json) as voice:
        from app.cli.compare import Comparing
        from app.cli.pictures import Units

        with Comparing(casebook, Units(pixel_um, xy_unit, z_unit)) as comparing:
            pair = comparing.pair(left, right)
            if out is not None:
                comparing.write_picture(pair, out)
        document = pair.document | ({} if out is None else {"picture": out})
        for warning in document["warnings"]:
            voice.note(warning)
        written = [] if out is None else [f"Comparison picture: {out}"]
        voice.result(document, lambda: [*pair.lines(), *written])


@app.command()
def demo(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Make the demo casebook with the synthetic bench; a second time completes what is there."""
    with Voice(as_json) as voice:
        from app.cli.demo import build_demo

        built = build_demo(voice, casebook or demo_casebook())
        voice.result(built.document, built.lines)


@app.command()
def doctor(casebook: CasebookOption = None, as_json: JsonOption = False) -> None:
    """Check the installation, cameras, disk and every digest of the casebook."""
    with Voice(as_json) as voice:
        from app.cli.doctor import doctor_command

        doctor_command(voice, casebook or default_casebook())


@app.command()
def run(
    casebook: CasebookOption = None,
    brought: Annotated[
        Path | None, typer.Option("--import", metavar="DIR", help="Bring this folder in first.")
    ] = None,
    pixel_um: PixelOption = None,
    xy_unit: XyUnitOption = None,
    z_unit: ZUnitOption = None,
    light: LightOption = "unknown",
    field: FieldOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the window; without a display do the main job on the demo casebook."""
    with Voice(as_json) as voice:
        if brought is None and not field and has_display():  # the usual start waits for no more
            _open_window(voice, casebook or default_casebook())
            return
        from app.cli.bring import fields_given
        from app.cli.run import bring_first, run_headless
        from app.workbench import ImportOptions

        facts = fields_given(field or ())
        options = ImportOptions(pixel_um, xy_unit, z_unit, light_of(light), facts=facts)
        if not has_display():
            run_headless(voice, casebook or demo_casebook(), brought, options)
            return
        folder = casebook or default_casebook()
        if brought is not None:
            bring_first(voice, folder, brought, options)
        _open_window(voice, folder)


@app.command()
def screenshots(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the PNG files go.")] = Path(
        "screenshots"
    ),
    look: Annotated[
        Literal["dark", "light"], typer.Option(help="The colours of the window.")
    ] = "dark",
    scale: Annotated[
        int, typer.Option(min=1, max=4, help="Pixels to a point: 2 for a 3840x2160 display.")
    ] = 1,
    casebook: CasebookOption = None,
    as_json: JsonOption = False,
) -> None:
    """Picture every screen on the demo casebook, at two sizes, with content and empty."""
    with Voice(as_json) as voice:
        from app.cli.demo import build_demo
        from app.main import take_screenshots

        folder = casebook or demo_casebook()
        build_demo(voice, folder)
        written = list(take_screenshots(folder, out, look, scale))
        voice.result({"pictures": written}, lambda: [str(path) for path in written])


def _open_window(voice: Voice, folder: Path) -> None:
    gc.disable()  # what is loaded on the way to the window is no garbage; then it is on again
    try:
        from app.main import run_gui

        voice.give_back_interrupt()
        code = run_gui(folder)
    finally:
        gc.enable()
    voice.result({"casebook": folder, "code": code}, list)
    if code:
        raise typer.Exit(code)


def _need_numbers(list_cameras: bool, given: dict[str, str]) -> None:
    missing = [name for name, value in given.items() if not value.strip()]
    if missing and not list_cameras:
        raise typer.BadParameter(f"Say which cartridge case this is: {', '.join(missing)}.")


def main() -> None:
    """The ``casehead`` command."""
    app(prog_name="casehead")
