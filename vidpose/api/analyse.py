"""``vidpose.analyse``: every number of vidpose for landmarks that you already have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy.typing as npt

from vidpose.api.landmarks import as_track
from vidpose.api.tables import angle_table, best_flexion_table, event_table, metric_table
from vidpose.errors import UsageError, did_you_mean
from vidpose.types.findings import Finding
from vidpose.types.footage import Footage
from vidpose.types.motion import MotionAnalysis

if TYPE_CHECKING:
    import pandas as pd

    from vidpose.api.landmarks import LandmarkSource, LayoutChoice
    from vidpose.biomech.measuring import CustomMetric

_SETTINGS: Final = (
    *("height_m", "sex", "sport_type", "analysis"),
    *("filter", "cutoff_hz", "slow_motion", "repair_swaps"),
)
_EXTRAS: Final = ("confidence", "world_m", "metrics")


@dataclass(frozen=True)
class Analysis:
    """Results for one person's movement.

    Attributes
    ----------
    motion
        Everything as arrays, angles in radians; see :class:`~vidpose.types.motion.MotionAnalysis`.
    findings
        What limits the numbers, each with a code, a sentence and advice.
    custom
        Custom metrics, which follow the others in ``metrics``.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> analysis = vidpose.analyse(np.full((60, 17, 2), np.nan), np.arange(60) / 30, layout="coco17")
    >>> analysis.angles.columns.tolist()[:6]
    ['frame', 'time_s', 'angle', 'value_deg', 'velocity_deg_s', 'acceleration_deg_s2']
    >>> analysis.metrics.status.unique().tolist()
    ['no_data']
    """

    motion: MotionAnalysis
    findings: tuple[Finding, ...]
    custom: tuple[CustomMetric, ...] = ()

    @cached_property
    def angles(self) -> pd.DataFrame:
        """One row per frame and angle, degrees; NaN where ``status`` withholds the value."""
        return angle_table(self.motion)

    @cached_property
    def best_flexion(self) -> pd.DataFrame:
        """One row per frame and joint: the flexion from whichever source supports it best, degrees."""
        return best_flexion_table(self.motion)

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row per metric and side; ``status`` and ``reason`` say why a value is missing."""
        return metric_table(self.motion, self.custom)

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per foot strike, toe-off, take-off and landing, in order of time."""
        return event_table(self.motion)

    def angle(self, name: str) -> pd.DataFrame:
        """Return one angle over time.

        Parameters
        ----------
        name
            An angle of ``docs/angles.md``, such as ``knee_flexion_r``.

        Returns
        -------
        pandas.DataFrame
            One row per frame, indexed by ``time_s``: value, velocity, acceleration, precision and expected error in
            degrees, ``valid``, ``status``, ``facing``.

        Raises
        ------
        UsageError
            When there is no such angle.
        """
        return one_angle(self.angles, name)


def one_angle(angles: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one angle of a table of angles, indexed by time.

    Parameters
    ----------
    angles
        A table with the columns ``angle`` and ``time_s``.
    name
        The angle.

    Raises
    ------
    UsageError
        When it is not in the table.
    """
    rows = angles[angles["angle"] == name]
    if rows.empty and name not in set(angles["angle"].cat.categories):
        known = angles["angle"].cat.categories
        raise UsageError(f"angle: expected one of {', '.join(known)}, got {name!r}{did_you_mean(name, known)}")
    return rows.drop(columns="angle").set_index("time_s")


def analyse(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None = None,
    *,
    layout: LayoutChoice | None = None,
    frame_size: tuple[int, int] | None = None,
    **settings: Any,
) -> Analysis:
    """Compute angles with their uncertainty, metrics and events from one person's landmarks.

    Use it for poses from any other tool: OpenPose, MMPose, AlphaPose, DeepLabCut, SLEAP. Nothing is guessed: what a
    layout lacks, such as heels in COCO's 17 keypoints, leads to angles that are missing and to metrics that are
    withheld, with the reason.

    Parameters
    ----------
    landmarks
        x (right) and y (down) in pixels of the upright picture, shape (T, K, 2); or (T, K, 3) with the confidence, 0
        to 1, behind them. NaN is missing. Or a poses dataset of ``movement`` with one individual.
    time_s
        Time of every frame, s, shape (T,), strictly increasing; a dataset of ``movement`` brings its own when it was
        loaded with a frame rate.
    layout
        The order of the keypoints: ``"blazepose33"`` (the default), ``"coco17"``, ``"openpose18"``, ``"body25"``,
        ``"halpe26"``, ``"coco23"``; or the names of the landmarks in order, None for keypoints to leave out; or, for
        datasets, a mapping from the keypoint's name to the landmark's. Keypoints of a dataset that have usual names
        (``left_knee``, ``LKnee``) are recognised without.
    frame_size
        Width and height of the picture, pixels. With it, nothing is measured from landmarks outside, and a finding says
        in how many frames the body is cut; where more than half of them lie outside, they are refused.
    **settings
        ``confidence``, shape (T, K), 0 to 1, and ``world_m``, metres of an average body, origin mid-hip, shape
        (T, K, 3), where the tool gives them; ``metrics``, a list of your own (:class:`vidpose.Metric`); and settings
        of ``vidpose run``: ``height_m``, ``sex``, ``sport_type``, ``filter``, ``cutoff_hz``, ``slow_motion``,
        ``repair_swaps``, and ``analysis`` as nested dictionaries.

    Returns
    -------
    Analysis
        Tables with the columns of ``docs/tables.md``.

    Notes
    -----
    The expected errors, and with them ``valid``, were fitted to BlazePose's *full* network. For landmarks of another
    tool they state what the view and the noise cost, not what that tool gets wrong. Without ``confidence`` every
    landmark that is given counts as visible, so a guessed joint can come out as valid.

    Raises
    ------
    UsageError
        When shapes, times, names or settings do not fit; the message says what was expected.

    See Also
    --------
    vidpose.estimate : Poses of a video.
    vidpose.process : Everything of a folder of videos.

    Examples
    --------
    A person who stands still, seen from the right, as 17 keypoints of COCO:

    >>> import numpy as np, vidpose
    >>> standing = {"nose": (330, 100), "shoulder": (300, 160), "hip": (300, 300), "knee": (300, 400)}
    >>> standing |= {"eye": (325, 95), "ear": (310, 98), "elbow": (300, 230), "wrist": (300, 290), "ankle": (300, 500)}
    >>> names = vidpose.LAYOUTS["coco17"].keypoints
    >>> frame = [standing[name.split("_")[-1]] for name in names]
    >>> analysis = vidpose.analyse(np.tile(frame, (90, 1, 1)), np.arange(90) / 30, layout="coco17")
    >>> knee = analysis.angle("knee_flexion_r")
    >>> float(knee.value_deg.mean().round(1)), bool(knee.valid.all())
    (0.0, True)
    >>> ankle = analysis.angle("ankle_dorsiflexion_r")  # needs heel and toe, which COCO's 17 keypoints do not have
    >>> ankle.status.unique().tolist()
    ['missing']
    """
    from vidpose.biomech.analysis import analyse as analyse_track
    from vidpose.config import load_settings
    from vidpose.short_names import in_groups

    unknown = [name for name in settings if name not in (*_SETTINGS, *_EXTRAS)]
    if unknown:
        known = (*_EXTRAS, *_SETTINGS)
        closest = "".join(did_you_mean(name, known) for name in unknown)
        raise UsageError(f"unknown argument {', '.join(unknown)}; expected {', '.join(known)}{closest}")
    extras = {name: settings.pop(name, None) for name in _EXTRAS}
    custom = _own_metrics(extras.pop("metrics"))
    chosen = load_settings(None, in_groups(settings), names=None)
    if chosen.analysis.slow_motion_factor == "auto":
        raise UsageError("slow_motion: expected a number, got 'auto': landmarks do not state the rate of the camera")
    track, limits = as_track(landmarks, time_s, layout, frame_size, extras)
    motion = analyse_track(track, chosen.analysis, chosen.height_m, Footage(frame_size), chosen.sex, custom)
    return Analysis(motion, (*limits, *motion.findings), custom)


def _own_metrics(given: Any) -> tuple[CustomMetric, ...]:
    from vidpose.biomech.metrics.metric import Metric

    metrics = () if given is None else tuple(given) if isinstance(given, Iterable) else (given,)
    wrong = [type(one).__name__ for one in metrics if not isinstance(one, Metric)]
    if wrong or isinstance(given, Metric):
        raise UsageError(f"metrics: expected a list of vidpose.Metric, got {', '.join(wrong) or 'a single one'}")
    return metrics
