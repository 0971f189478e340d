"""Versions of the packages that have a part in the numbers."""

from __future__ import annotations

from functools import cache
from importlib import metadata

NAMES = ("av", "mediapipe", "numpy", "opencv-contrib-python", "opencv-python", "openvino", "scipy")
"""mediapipe may be missing: the other estimators do without. OpenCV has several names, one is enough."""


@cache
def package_versions() -> dict[str, str]:
    """Return the installed version of each that is installed, by name."""
    return dict(_installed())


def _installed() -> list[tuple[str, str]]:
    found = []
    for name in NAMES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found
