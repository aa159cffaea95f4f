"""Libraries and re-exports that are loaded when they are first used."""

from __future__ import annotations

import subprocess
import sys
from threading import Barrier, Thread
from types import ModuleType

import numpy as np
import pytest

from correlation import late


def test_a_library_is_loaded_by_its_first_use() -> None:
    code = (
        "import sys; from correlation.late import fft; before = 'scipy' in sys.modules; "
        "length = fft.next_fast_len(7); print(before, 'scipy.fft' in sys.modules, length)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "7"]


def test_it_is_the_library() -> None:
    from scipy import fft, ndimage, sparse, special

    assert late.fft.rfft2 is fft.rfft2
    assert late.ndimage.gaussian_filter1d is ndimage.gaussian_filter1d
    assert late.sparse.csr_array is sparse.csr_array
    assert late.special.erf is special.erf
    assert np.allclose(late.fft.irfft(late.fft.rfft(np.arange(8.0))), np.arange(8.0))


def test_a_name_that_is_not_there_is_told_as_by_the_library() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = late.fft.no_such_thing
    assert not hasattr(late.fft, "__wrapped__")


def test_several_threads_may_use_it_first() -> None:
    stand_in, together = late.Late("wave"), Barrier(8)  # of the standard library, used by nobody
    found: list[object] = []

    def use() -> None:
        together.wait(30)
        found.append(stand_in.open)

    threads = [Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_a_package_gives_out_the_names_of_its_modules() -> None:
    package = ModuleType("json_again")
    sys.modules[package.__name__] = package
    sys.modules["json_again.part"] = part = ModuleType("json_again.part")
    try:
        part.__dict__["value"] = 7
        find = late.later("json_again", {"part": ("value", "gone")})
        assert find("value") == 7 and package.__dict__["value"] == 7
        with pytest.raises(AttributeError, match="other"):
            find("other")
        with pytest.raises(AttributeError):
            find("gone")
    finally:
        del sys.modules["json_again"], sys.modules["json_again.part"]


@pytest.mark.parametrize(
    "name",
    [
        *("app.capture", "app.matching", "app.picture"),
        *("widgets.acquire", "widgets.candidates", "widgets.compare", "widgets.quality"),
    ],
)
def test_every_name_a_package_offers_is_there(name: str) -> None:
    __import__(name)
    package = sys.modules[name]
    for offered in package.__all__:
        assert getattr(package, offered) is not None
