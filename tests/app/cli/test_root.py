"""The command as a whole: quick, plain about errors, stoppable."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from app.cli import demo as demo_module
from app.cli.voice import Voice, table
from app.domain import CancelledError, CaseheadError
from tests.app.cli.cli_parts import casehead, process

COMMANDS = (
    "gui",
    "import",
    "acquire",
    "search",
    "compare",
    "exchange",
    "demo",
    "doctor",
    "hits",
    "leads",
    "run",
    "screenshots",
    "verifications",
)


def test_help_names_every_command() -> None:
    said = casehead("--help")
    assert said.code == 0
    assert all(re.search(rf"^  {command} ", said.out, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, "exchange send", "exchange pending"])
def test_every_command_has_json_and_casebook(command: str) -> None:
    said = casehead(*command.split(), "--help")
    assert said.code == 0
    if command != "exchange":
        assert "--json" in said.out and "--casebook" in said.out


def test_starting_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'cv2', 'numba', 'scipy', 'PySide6', 'pydantic', 'sqlite_utils'}"
    code = f"import sys, app.cli.root; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version_in_a_process() -> None:
    said = process(["--version"], {}, 30)
    assert (said.code, said.out) == (0, f"casehead {metadata.version('casehead')}\n")


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["compare", "only-one"],
        ["compare", "a", "b", "--pixel-um", "-3"],
        ["compare", "a", "b", "--pixel-um", "many"],
        ["compare", "a", "b", "--xy-unit", "inch"],
        ["acquire", "--case", "1"],
        ["acquire", "--count", "0"],
        ["exchange", "send", "only-one"],
        ["exchange", "send", "--all", "one", "two"],
        ["import"],
        ["search"],
    ],
)
def test_what_is_not_understood_ends_with_2(words: list[str]) -> None:
    said = casehead(*words)
    assert said.code == 2
    assert "Error" in said.err


def test_an_unexpected_error_is_logged_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the gears are stuck")

    monkeypatch.setattr(demo_module, "build_demo", broken)
    said = casehead("demo", "--json")
    assert said.code == 70
    found = re.search(r"details are in (.*casehead\.log)", said.err)
    assert found and "the gears are stuck" in said.document["error"]
    assert "Traceback" in Path(found[1]).read_text("utf-8")


def test_a_log_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch, user: Path) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the gears are stuck")

    user.write_text("a file where the user's folder should be")
    monkeypatch.setattr(demo_module, "build_demo", broken)
    said = casehead("demo", "--casebook", user.parent / "x")
    assert said.code == 70 and "could not be written" in said.err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (CaseheadError("No."), 3, "No."),
        (CancelledError("Stopped as asked."), 130, "Stopped as asked."),
        (KeyboardInterrupt(), 130, "Stopped at once"),
    ],
)
def test_errors_end_with_their_codes(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def ending(*_: object) -> None:
        raise error

    monkeypatch.setattr(demo_module, "build_demo", ending)
    said = casehead("demo", "--json")
    assert said.code == code
    assert words in said.err and words in said.document["error"]


@pytest.mark.skipif(os.name == "nt", reason="signals are not sent so there")
def test_ctrl_c_asks_first_and_stops_then() -> None:
    before = signal.getsignal(signal.SIGINT)
    voice = Voice(False)
    with pytest.raises(BaseException) as ended, voice:
        signal.raise_signal(signal.SIGINT)
        assert voice.job.cancelled
        signal.raise_signal(signal.SIGINT)
    assert getattr(ended.value, "exit_code", None) == 130
    assert signal.getsignal(signal.SIGINT) is before


def test_numbers_stand_to_the_right_in_tables() -> None:
    assert table(("rank", "name"), [(1, "a"), (10, "bcd")]) == [
        "rank  name",
        "----  ----",
        "   1  a",
        "  10  bcd",
    ]
    assert table(("a", "b"), []) == ["a  b", "-  -"]


def test_numbers_that_are_none_are_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    with Voice(True) as voice:
        voice.result({"a": float("nan"), "b": (Path("x"), float("inf"))}, list)
    assert '"a": null' in capsys.readouterr().out
