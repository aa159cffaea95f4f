"""The Casehead workstation without its looks."""

import os

# Parallelism is across pairs: threads inside a matrix product spin beside a busy core and
# slow every comparison down several times. Must be set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
