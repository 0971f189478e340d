"""vidpose: a folder of sports videos in; numbers, pictures and a coaching corpus out.

The Python interface; see ``docs/python.md``. A name is loaded when it is first used, so importing vidpose is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from vidpose.api.analyse import Analysis, analyse
    from vidpose.api.estimate import FramePoses, Poses, estimate, iter_poses
    from vidpose.api.functions import centre_of_mass, gait_events, joint_angle, jumps
    from vidpose.api.process import Progress, process
    from vidpose.api.read import Results, VideoData, read
    from vidpose.api.time_series import (
        butterworth,
        derivative,
        fill_gaps,
        gcv_spline,
        kalman,
        residual_cutoff_hz,
    )
    from vidpose.biomech.conventions import ANGLE_IDS
    from vidpose.biomech.metrics.metric import Metric, Outcome
    from vidpose.biomech.metrics.movement import Movement
    from vidpose.errors import (
        ConfigError,
        EstimatorError,
        InputError,
        MemoryLimitError,
        OutputError,
        OutputInUseError,
        UsageError,
        VidposeError,
    )
    from vidpose.results.run_report import RunReport
    from vidpose.types.layouts import LAYOUTS
    from vidpose.types.skeleton import LANDMARK_NAMES

__version__ = "0.1.0"
"""The release, as every result records it: the same on every commit between two releases, so that results of one
commit remain valid for the next. ``vidpose --version`` says which commit is installed."""

__all__ = [
    "ANGLE_IDS",
    "LANDMARK_NAMES",
    "LAYOUTS",
    "Analysis",
    "ConfigError",
    "EstimatorError",
    "FramePoses",
    "InputError",
    "MemoryLimitError",
    "Metric",
    "Movement",
    "Outcome",
    "OutputError",
    "OutputInUseError",
    "Poses",
    "Progress",
    "Results",
    "RunReport",
    "UsageError",
    "VideoData",
    "VidposeError",
    "analyse",
    "butterworth",
    "centre_of_mass",
    "derivative",
    "estimate",
    "fill_gaps",
    "gait_events",
    "gcv_spline",
    "iter_poses",
    "joint_angle",
    "jumps",
    "kalman",
    "process",
    "read",
    "residual_cutoff_hz",
]

_HOMES: Final = {
    "vidpose.api.analyse": ("Analysis", "analyse"),
    "vidpose.api.estimate": ("FramePoses", "Poses", "estimate", "iter_poses"),
    "vidpose.api.functions": ("centre_of_mass", "gait_events", "joint_angle", "jumps"),
    "vidpose.api.process": ("Progress", "process"),
    "vidpose.api.read": ("Results", "VideoData", "read"),
    "vidpose.api.time_series": (
        *("butterworth", "derivative", "fill_gaps", "gcv_spline", "kalman", "residual_cutoff_hz"),
    ),
    "vidpose.biomech.conventions": ("ANGLE_IDS",),
    "vidpose.biomech.metrics.metric": ("Metric", "Outcome"),
    "vidpose.biomech.metrics.movement": ("Movement",),
    "vidpose.errors": (
        *("ConfigError", "EstimatorError", "InputError", "MemoryLimitError", "OutputError", "OutputInUseError"),
        *("UsageError", "VidposeError"),
    ),
    "vidpose.results.run_report": ("RunReport",),
    "vidpose.types.layouts": ("LAYOUTS",),
    "vidpose.types.skeleton": ("LANDMARK_NAMES",),
}
_HOME_OF: Final = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'vidpose' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
