"""Leave `.venv/bin/casehead` ready: what `make setup` runs.

Everything Python comes from `uv.lock`, at the locked versions and with the locked hashes. The
lock also holds uv and pip themselves, so the only thing needed beforehand is a bare Python 3.11:
no venv package, no pip, nothing installed outside `.venv`. System libraries for Qt are installed
on Debian when root, and otherwise asked for in words.

Usage: python3 .ci/prepare.py run|test (standard library only; Linux and macOS).
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
UNFINISHED = VENV / ".casehead-unfinished"
UV_INSTALL = [str(UV), "pip", "install", "--quiet", f"--python={PYTHON}", "--no-deps"]
PIP_INSTALL = ["install", "-qq", "--no-input", "--no-deps", "--require-hashes"]
GROUPS = {
    "run": ["--no-default-groups", "--group=setup"],
    "test": ["--no-default-groups", "--group=setup", "--group=dev"],
}

# Shared libraries that PySide6 loads but does not bring, with the Debian package of each.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libzstd.so.1": "libzstd1",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONTS_PACKAGE = "fonts-dejavu-core"
FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts")


class SetupError(Exception):
    """Why set-up cannot go on; its text is what the user reads."""


def main(what: str) -> int:
    """Prepare for `run` or `test`; return the process's exit code."""
    stamp = VENV / f".casehead-{what}"
    with one_at_a_time():
        if is_current(stamp, what):
            return 0
        started = time.monotonic()
        complete = prepare_system()
        prepare_venv(what)
        if complete:
            for prepared in GROUPS if what == "test" else [what]:
                (VENV / f".casehead-{prepared}").write_text(digest(prepared))
        say(f"Set-up done in {time.monotonic() - started:.0f} s.")
    return 0


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the checkout's own lock, so two `make` at once do not share a half-made .venv."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def digest(what: str) -> str:
    """Everything a finished set-up depends on, as one digest; it changes if the checkout moves."""
    total = hashlib.sha256(f"{what}\n{ROOT}\n".encode())
    for name in ("uv.lock", "pyproject.toml", ".ci/prepare.py"):
        total.update((ROOT / name).read_bytes())
    return total.hexdigest()


def is_current(stamp: Path, what: str) -> bool:
    if UNFINISHED.exists() or not stamp.is_file() or not PYTHON.exists():
        return False
    return stamp.read_text() == digest(what) and (VENV / "bin" / "casehead").exists()


# --- system libraries -------------------------------------------------------------------------


def prepare_system() -> bool:
    """Install what is missing if we may, else say what to install; False if something is left.

    Raises SetupError when Casehead could not start without it.
    """
    if sys.platform != "linux":
        return True
    wanted = missing_packages()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(wanted)
        wanted = missing_packages()
    if not wanted:
        return True
    say_what_to_install(wanted)
    if any(not loads(library) for library in LIBRARIES):
        raise SetupError("Casehead cannot start without them; run the same make command after.")
    if has_display() and any(not loads(library) for library in WINDOW_LIBRARIES):
        raise SetupError("The window cannot open without them; run the same make command after.")
    say("Going on without them: only opening a window needs them.")
    return False


def missing_packages() -> list[str]:
    wanted = [
        package
        for library, package in {**LIBRARIES, **WINDOW_LIBRARIES}.items()
        if not loads(library)
    ]
    if not has_fonts():
        wanted.append(FONTS_PACKAGE)
    is_debian = Path("/etc/debian_version").exists()
    if is_debian and not pip_is_at_hand() and (wanted or os.geteuid() == 0):
        wanted.append("python3-venv")
    return sorted(set(wanted))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_fonts() -> bool:
    return any(font for place in FONT_PLACES for font in Path(place).rglob("*.[to]tf"))


def has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def apt_install(packages: list[str]) -> None:
    """Install Debian packages as root; a failure is shown, and judged by what is then missing."""
    say(f"Installing system packages: {' '.join(packages)}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            apt + command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            say("\n".join(done.stdout.splitlines()[-12:]))


def say_what_to_install(packages: list[str]) -> None:
    names = " ".join(packages)
    say("Casehead needs system packages that are not on this machine. Install them with:")
    if shutil.which("apt-get"):
        say(f"    sudo apt-get update && sudo apt-get install {names}")
    else:
        say(f"    (your system's package manager; Debian calls them) {names}")


# --- .venv ------------------------------------------------------------------------------------


def prepare_venv(what: str) -> None:
    """Install the locked packages and the project itself into .venv, making it if need be."""
    make_venv()
    UNFINISHED.touch()
    pip = pip_command()
    settings = pip_settings(pip)
    bootstrap_uv(pip)
    requirements = export_lock(what)
    say("Installing the locked packages ...")
    install_locked(pip, settings, requirements)
    say("Installing Casehead itself ...")
    run([*UV_INSTALL, "--offline", "--no-build-isolation", f"--editable={ROOT}"])
    say("Compiling what is loaded at every start ...")
    compile_modules()
    say("Compiling the inner loops of comparisons ...")
    run([str(PYTHON), "-c", "from correlation.kernels import warm_up; warm_up()"])
    UNFINISHED.unlink()


def compile_modules() -> None:
    """Keep the byte code of every module, which is half of the time until the window shows.

    Python keeps it by itself only where whoever starts may write it beside the source.
    """
    tests = r"[/\\]tests?[/\\]"  # of the libraries: no start loads them
    places = [str(VENV.relative_to(ROOT) / "lib"), "app", "correlation", "resources", "widgets"]
    command = [str(PYTHON), "-m", "compileall", "-qq", "-j", "0", "-x", tests, *places]
    # a library may bring a template that is no Python; then all else is compiled
    subprocess.run(command, env=environment(), check=False, cwd=ROOT)


def make_venv() -> None:
    """Make .venv unless a sound one is there; one left half-made is replaced."""
    if UNFINISHED.exists() or (VENV.exists() and not works()):
        say("Replacing a .venv that is unfinished or no longer works ...")
        VENV.unlink() if VENV.is_symlink() else shutil.rmtree(VENV)
    if not VENV.exists():
        say(f"Making .venv with Python {platform.python_version()} ({sys.executable}) ...")
        venv.create(VENV, with_pip=False, symlinks=True)


def works() -> bool:
    """Whether .venv has a Python that starts, is new enough and believes it lives there."""
    code = "import sys; print((3, 11) <= sys.version_info < (3, 15), sys.prefix)"
    return said([str(PYTHON), "-c", code]) == f"True {VENV}"


def environment() -> dict[str, str]:
    """The user's environment less what would lead pip or Python out of .venv."""
    leads_out = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
    kept = {name: value for name, value in os.environ.items() if name not in leads_out}
    if not os.access(kept.get("HOME", ""), os.W_OK):
        kept.setdefault("UV_CACHE_DIR", str(VENV / ".cache"))
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PYTHON_DOWNLOADS": "never"}


def run(command: list[str], **extra: str) -> None:
    """Run one step of the set-up; its own words go to the terminal. Raises SetupError."""
    done = subprocess.run(
        command, env={**environment(), **extra}, stdin=subprocess.DEVNULL, cwd=ROOT, check=False
    )
    if done.returncode:
        step = " ".join(Path(part).name for part in command[:3])
        raise SetupError(f"Set-up stopped: '{step}' failed (see above). Run it again to go on.")


def said(command: list[str]) -> str:
    """What a command printed, stripped; nothing if it failed or is not there."""
    try:
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.strip()


def locked(name: str) -> dict[str, Any]:
    """The lock file's entry for a package."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return next(package for package in packages if package["name"] == name)


# --- pip and uv -------------------------------------------------------------------------------


def pip_is_at_hand() -> bool:
    return find_spec("pip") is not None or find_spec("ensurepip") is not None


def pip_command() -> list[str]:
    """A pip that installs into .venv: there already, this Python's own, bundled, or fetched."""
    inside = [str(PYTHON), "-m", "pip"]
    if said([*inside, "--version"]):
        return inside
    outside = [sys.executable, "-m", "pip", f"--python={PYTHON}"]
    if said([*outside, "--version"]):
        return outside
    if said([str(PYTHON), "-m", "ensurepip", "--default-pip"]):
        return inside
    return [str(PYTHON), str(fetch_pip() / "pip")]


def fetch_pip() -> Path:
    """Download the locked pip, which runs from its wheel. Raises SetupError, saying what to do."""
    wheel = locked("pip")["wheels"][0]
    target = VENV / str(wheel["url"]).rsplit("/", 1)[1]
    say("Fetching pip ...")
    try:
        with urllib.request.urlopen(wheel["url"], timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise SetupError(
            f"This Python has no pip, and fetching one failed ({error}). "
            "On Debian: sudo apt-get install python3-venv"
        ) from error
    if hashlib.sha256(content).hexdigest() != wheel["hash"].removeprefix("sha256:"):
        raise SetupError("The pip that was fetched is not the one in uv.lock; run set-up again.")
    target.write_bytes(content)
    return target


def pip_settings(pip: list[str]) -> dict[str, str]:
    """Pip's settings on this machine by name: the environment's over those of its files."""
    lines = said([*pip, "config", "list"]).splitlines()
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in lines:
            name, _, value = line.partition("=")
            if name.startswith(section):
                found[name.removeprefix(section)] = value.strip("'\"")
    return found


def bootstrap_uv(pip: list[str]) -> None:
    """Put the locked uv into .venv."""
    package = locked("uv")
    if UV.exists() and package["version"] in said([str(UV), "--version"]).split():
        return
    hashes = " ".join(f"--hash={wheel['hash']}" for wheel in package["wheels"])
    requirement = VENV / "uv.txt"
    requirement.write_text(f"uv=={package['version']} {hashes}\n")
    say(f"Fetching uv {package['version']} ...")
    run([*pip, *PIP_INSTALL, "--only-binary=:all:", f"--requirement={requirement}"])


def export_lock(what: str) -> Path:
    """The lock's packages for `what` as a requirements file with hashes."""
    target = VENV / f"locked-{what}.txt"
    export = [str(UV), "export", "--quiet", "--frozen", "--no-emit-project", "--no-header"]
    run([*export, f"--python={PYTHON}", *GROUPS[what], f"--output-file={target}"])
    return target


def install_locked(pip: list[str], settings: dict[str, str], requirements: Path) -> None:
    """Install with uv, which is quick; with pip where only pip knows the way to the packages."""
    only_pip_knows = {"no-index", "proxy", "trusted-host", "client-cert"} & settings.keys()
    if not only_pip_knows:
        command = [*UV_INSTALL, "--require-hashes", f"--requirement={requirements}"]
        try:
            run(command, **uv_way(settings))
            return
        except SetupError:
            say("Trying once more with pip, which is slower ...")
    run([*pip, *PIP_INSTALL, f"--requirement={requirements}"])


def uv_way(settings: dict[str, str]) -> dict[str, str]:
    """Pip's index and certificates in uv's words, where uv was not told its own."""
    pairs = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    found = {name: settings[key] for key, name in pairs.items() if key in settings}
    return {name: value for name, value in found.items() if name not in os.environ}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
    except SetupError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted; run it again to go on.")
