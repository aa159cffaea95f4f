"""A camera of five megapixels at an address, in a process of its own: python -m tests.bench.stream

Prints its address, then sends colour pictures of the synthetic bench, encoded beforehand, until its
standard input ends.
"""

import app  # isort: skip  first of all: it sets the number of threads before numpy is loaded

import sys

import cv2
import numpy as np
from numpy.typing import NDArray

from app.capture.bench import firearm_number, image_of
from tests.mjpeg import MjpegServer

RATE = 30.0
FRAMES = 36
SIZE = (2592, 1944)
QUALITY = 90


def pictures() -> list[NDArray[np.uint8]]:
    """FRAMES pictures of one case on a stage that moves, uint8 RGB, each with its own noise."""
    assert app.__version__
    rng = np.random.default_rng(5)
    still, _ = image_of(firearm_number(1), 1, pixel_um=2.53)
    warm = cv2.merge((still, cv2.convertScaleAbs(still, alpha=0.95), still // 8 * 7))
    warm = cv2.resize(warm, SIZE)
    noise = rng.integers(0, 5, warm.shape, np.uint8)
    made = []
    for number in range(FRAMES):
        moved = np.roll(warm, 3 * number, axis=1)
        made.append(np.asarray(cv2.add(moved, np.roll(noise, 7 * number, axis=0)), np.uint8))
    return made


if __name__ == "__main__":
    with MjpegServer(pictures(), RATE, QUALITY) as server:
        print(server.address, flush=True)
        sys.stdin.read()
