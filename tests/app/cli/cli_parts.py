"""What the tests of the command line build on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from app.capture import BenchSource, encode_png
from app.cli.root import app

PIXEL = ("--pixel-um", "5.06")
NAMES = ("--agency", "Harbor City", "--station", "Bench 1", "--examiner", "R. Okafor")
SHOTS = {"gun1-a": (1, 1), "gun1-b": (1, 2), "gun2-a": (2, 1)}


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout, which must be exactly one JSON document."""
        return json.loads(self.out)


def casehead(*words: object) -> Said:
    """Run a command in this process; an exception that escapes fails the test."""
    result = CliRunner().invoke(app, [str(word) for word in words], prog_name="casehead")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    said = Said(result.exit_code, result.stdout, result.stderr)
    assert "Traceback" not in said.out + said.err
    return said


def process(words: Sequence[object], environment: Mapping[str, str], timeout: float) -> Said:
    """Run a command as users do, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *(str(word) for word in words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        cwd=Path(__file__).parents[3],
        env=os.environ | dict(environment),
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def write_bench_pictures(folder: Path) -> Path:
    """Three bench pictures of two firearms as PNG files without scale; two are a pair."""
    from app.capture.bench import firearm_number

    folder.mkdir(parents=True)
    for name, (gun, shot) in SHOTS.items():
        source = BenchSource(firearm_number(gun), shot, rate=0)
        source.open()
        (folder / f"{name}.png").write_bytes(encode_png(source.read().pixels))
        source.close()
    return folder
