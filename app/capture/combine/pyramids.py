"""Exposure fusion in Laplacian pyramids (Mertens, Kautz, Van Reeth 2007), for looking at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from app.capture.opencv import cv2
from correlation.surface import Floats

_SPREAD = 0.2
"""How fast a pixel counts less away from mid-grey."""
_EDGE = 0.02
_SMALLEST = 8


def fused(frames: Sequence[Floats]) -> Floats:
    """Pictures from 0 to 1 (rows, columns[, 3]) fused to one from 0 to 1."""
    weights = [_weight(frame) for frame in frames]
    total = np.sum(weights, axis=0)
    depth = max(1, int(np.log2(min(frames[0].shape[:2]) / _SMALLEST)))
    out: list[Floats] = []
    for frame, weight in zip(frames, weights, strict=True):
        shares = _gaussian(np.asarray(weight / total, np.float32), depth)
        layers = [
            layer * (share[..., None] if frame.ndim == 3 else share)
            for layer, share in zip(_laplacian(frame, depth), shares, strict=True)
        ]
        out = layers if not out else [a + b for a, b in zip(out, layers, strict=True)]
    return np.asarray(np.clip(_collapsed(out), 0, 1), np.float32)


def _weight(frame: Floats) -> Floats:
    """Contrast x colourfulness x good exposure; saturated and black pixels hardly any."""
    grey = frame.mean(axis=2) if frame.ndim == 3 else frame
    fine = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 0.8), cv2.CV_32F))
    contrast = cv2.GaussianBlur(fine, (0, 0), 2.0) + np.float32(1e-3)
    exposed = np.exp(-np.square(frame - np.float32(0.5)) / np.float32(2 * _SPREAD**2))
    weight = contrast * (exposed.prod(axis=2) if frame.ndim == 3 else exposed)
    if frame.ndim == 3:
        weight = weight * (frame.std(axis=2) + np.float32(0.05))
    highest = frame.max(axis=2) if frame.ndim == 3 else frame
    out = (highest > 1 - _EDGE) | (highest < 1 / 512)
    return np.asarray(np.where(out, 0, weight) + np.float32(1e-7) * _last_resort(grey), np.float32)


def _last_resort(grey: Floats) -> Floats:
    """A last resort where every frame is out of range: the one nearest to mid-grey."""
    return np.asarray(np.exp(-np.abs(grey - np.float32(0.5)) * 20), np.float32)


def _gaussian(image: Floats, depth: int) -> list[Floats]:
    levels = [image]
    for _ in range(depth):
        levels.append(np.asarray(cv2.pyrDown(levels[-1]), np.float32))
    return levels


def _laplacian(image: Floats, depth: int) -> list[Floats]:
    levels = _gaussian(image, depth)
    fine = [
        upper - np.asarray(cv2.pyrUp(lower, dstsize=(upper.shape[1], upper.shape[0])), np.float32)
        for upper, lower in pairwise(levels)
    ]
    return [*fine, levels[-1]]


def _collapsed(levels: Sequence[Floats]) -> Floats:
    image = levels[-1]
    for finer in reversed(levels[:-1]):
        size = (finer.shape[1], finer.shape[0])
        image = finer + np.asarray(cv2.pyrUp(image, dstsize=size), np.float32)
    return image
