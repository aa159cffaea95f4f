"""Libraries and re-exports that are loaded when they are first used.

Whoever starts the workstation waits for every module that is imported on the way to its window,
and a second of that wait went to libraries of which nothing is used before a picture is read or
compared. So a library of this kind is imported from here, ``from correlation.late import fft``,
and a package that only gathers names of its modules gives them out by ``later``. Nobody needs to
know: both behave as the import they stand for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any


class Late:
    """Stands for a module and loads it when the first of its names is asked for, on any thread."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by tools that look through everything they find
            raise AttributeError(name)
        found = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found


def later(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` (PEP 562) of a package: the names that each of its modules has."""
    where = {name: module for module, held in names.items() for name in held}

    def find(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{where[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return find


if TYPE_CHECKING:
    from scipy import fft as fft
    from scipy import ndimage as ndimage
    from scipy import sparse as sparse
    from scipy import special as special
else:
    fft = Late("scipy.fft")
    ndimage = Late("scipy.ndimage")
    sparse = Late("scipy.sparse")
    special = Late("scipy.special")
