"""The set-up script: what it asks for in words, and that it repairs what was left half-made."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "prepare.py"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="set-up by make is not for Windows")


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, working on an empty folder."""
    spec = importlib.util.spec_from_file_location("prepare", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    for name, value in {
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "UNFINISHED": venv / ".casehead-unfinished",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def as_user(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An ordinary user on Linux without a display, all fonts and libraries there."""
    monkeypatch.setattr(prepare.sys, "platform", "linux")
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(prepare, "has_fonts", lambda: True)
    monkeypatch.setattr(prepare, "has_display", lambda: False)
    monkeypatch.setattr(prepare, "pip_is_at_hand", lambda: True)
    monkeypatch.setattr(prepare, "loads", lambda library: True)
    monkeypatch.setattr(prepare.shutil, "which", lambda name: name)
    return monkeypatch


def lacks(*missing: str) -> object:
    return lambda library: library not in missing


@pytest.mark.usefixtures("as_user")
def test_nothing_missing_says_nothing(
    prepare: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare.prepare_system()
    assert capsys.readouterr().out == ""


def test_a_user_is_told_the_command_and_set_up_stops(
    prepare: ModuleType, as_user: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_user.setattr(prepare, "loads", lacks("libEGL.so.1", "libxcb-cursor.so.0"))
    with pytest.raises(prepare.SetupError, match="cannot start without them"):
        prepare.prepare_system()
    assert "sudo apt-get install libegl1 libxcb-cursor0\n" in capsys.readouterr().out


def test_without_a_display_the_window_may_wait(
    prepare: ModuleType, as_user: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_user.setattr(prepare, "loads", lacks("libxcb-cursor.so.0"))
    assert not prepare.prepare_system()
    assert "Going on without them" in capsys.readouterr().out
    as_user.setattr(prepare, "has_display", lambda: True)
    with pytest.raises(prepare.SetupError, match="window cannot open"):
        prepare.prepare_system()


def test_a_half_made_environment_is_replaced(prepare: ModuleType) -> None:
    prepare.make_venv()
    assert prepare.works()
    leftover = prepare.VENV / "leftover"
    leftover.touch()
    prepare.make_venv()
    assert leftover.exists(), "a sound .venv is kept"
    prepare.UNFINISHED.touch()
    prepare.make_venv()
    assert prepare.works() and not leftover.exists()
    prepare.PYTHON.unlink()
    prepare.make_venv()
    assert prepare.works()


def test_changed_inputs_make_set_up_run_again(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (prepare.VENV / "bin").mkdir(parents=True)
    for name in ("python", "casehead"):
        (prepare.VENV / "bin" / name).touch()
    stamp = prepare.VENV / ".casehead-run"
    stamp.write_text(prepare.digest("run"))
    assert prepare.is_current(stamp, "run")
    assert not prepare.is_current(stamp, "test")
    monkeypatch.setattr(prepare, "digest", lambda what: "something else")
    assert not prepare.is_current(stamp, "run")


def test_pip_settings_reach_uv(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = "\n".join(
        [
            ":env:.index-url='https://env.example/simple'",
            "global.index-url='https://file.example/simple'",
            "global.cert='ca.crt'",
        ]
    )
    monkeypatch.setattr(prepare, "said", lambda command: listing)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "chosen.crt")
    settings = prepare.pip_settings(["pip"])
    assert settings == {"index-url": "https://env.example/simple", "cert": "ca.crt"}
    assert prepare.uv_way(settings) == {"UV_DEFAULT_INDEX": "https://env.example/simple"}


def test_byte_code_is_kept_of_all_but_the_tests_of_libraries(
    prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "tests" / "checkout"  # where it lies does not matter
    monkeypatch.setattr(prepare, "ROOT", root)
    monkeypatch.setattr(prepare, "VENV", root / ".venv")
    monkeypatch.setattr(prepare, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    library = root / ".venv" / "lib" / "python3" / "site-packages" / "library"
    for folder in ("app", "correlation", "resources", "widgets", library, library / "tests"):
        (root / folder).mkdir(parents=True)
        (root / folder / "module.py").write_text("value = 1\n", encoding="utf-8")
    (library / "template.py").write_text("{{ no python }} at all\n", encoding="utf-8")
    prepare.compile_modules()
    compiled = {path.parent.parent.name for path in root.rglob("__pycache__/module.*.pyc")}
    assert compiled == {"app", "correlation", "resources", "widgets", "library"}
