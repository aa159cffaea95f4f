"""The inner loops of comparing and searching, compiled: imported by ``kernels`` when needed.

They hold no lock of the interpreter, so that threads do not wait for each other. Signatures are
given, so that the import compiles everything (or reads it from the cache) and nothing is compiled
afterwards. What one loop calls stands in its own file: the cache looks at no other.
"""

from correlation.loops.shifts import blocks, cell_peaks, multiply, strongest
from correlation.loops.survey import multiply_rings, pool, screen, turned_sums, weigh
from correlation.loops.views import around, climb, halve, sample

__all__ = [
    "around",
    "blocks",
    "cell_peaks",
    "climb",
    "halve",
    "multiply",
    "multiply_rings",
    "pool",
    "sample",
    "screen",
    "strongest",
    "turned_sums",
    "weigh",
]
