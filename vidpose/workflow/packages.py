"""Versions of the packages that have a part in the numbers."""

from __future__ import annotations

from functools import cache
from importlib import metadata

NAMES = ("av", "mediapipe", "numpy", "opencv-contrib-python", "scipy")


@cache
def package_versions() -> dict[str, str]:
    """Return the installed version of each, by name."""
    return {name: metadata.version(name) for name in NAMES}
