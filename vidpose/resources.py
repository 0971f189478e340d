"""Files that travel with vidpose: the default settings, the sports and the sample clip.

In a checkout they lie in the folders ``configs`` and ``public`` at the top; a wheel carries both inside the package.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_ROOT: Final = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parent

DEFAULT_CONFIG: Final = _ROOT / "configs" / "default.yaml"
"""Every setting with its default value and what it means."""
SPORTS_FOLDER: Final = _ROOT / "configs" / "sports"
"""One file of settings per sport."""
SAMPLE: Final = _ROOT / "public" / "mannequin_squat_raise.mp4"
"""A drawn mannequin whose joint angles are known; they lie beside it, see :func:`vidpose.selftest.truth_of`."""
