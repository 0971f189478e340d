"""Plain functions on landmarks in arrays: joint angles, centre of mass, gait and jump events. NaN in, NaN out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vidpose.api.analyse import analyse
from vidpose.api.landmarks import in_33
from vidpose.biomech.angles import included_angle
from vidpose.biomech.balance.centre_of_mass import weighted_place
from vidpose.biomech.jumping.flight import height_by_flight_m
from vidpose.biomech.metrics.recording import Sex
from vidpose.errors import UsageError
from vidpose.types.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from vidpose.api.landmarks import LandmarkSource, LayoutChoice


def joint_angle(
    proximal: npt.ArrayLike, joint: npt.ArrayLike, distal: npt.ArrayLike, *, degrees: bool = True
) -> FloatArray:
    """Return the angle between two body segments that meet in a joint.

    It is the included angle: 180 degrees where the segments are in line, such as a straight knee. Flexion, as in the
    tables, is 180 degrees minus it.

    Parameters
    ----------
    proximal, joint, distal
        Points in any unit, shape (..., 2) or (..., 3), for example hip, knee and ankle; NaN is missing.
    degrees
        Whether the angle is in degrees; radians otherwise.

    Returns
    -------
    numpy.ndarray
        0 to 180 degrees, shape (...); NaN where a point is missing or two points coincide.

    Raises
    ------
    UsageError
        When the points do not have 2 or 3 coordinates each.

    Examples
    --------
    >>> import vidpose
    >>> float(vidpose.joint_angle(proximal=(0, 0), joint=(0, 1), distal=(1, 1)))
    90.0
    >>> hip, knee, ankle = [[0, 0, 0], [0, 0, 0]], [[0, 1, 0], [0, 1, 0]], [[0, 2, 0], [float("nan"), 2, 0]]
    >>> vidpose.joint_angle(hip, knee, ankle).tolist()
    [180.0, nan]
    """
    points = np.broadcast_arrays(*(np.asarray(point, dtype=np.float64) for point in (proximal, joint, distal)))
    shape = points[0].shape
    if not shape or shape[-1] not in (2, 3):
        raise UsageError(f"joint_angle: expected points of shape (..., 2) or (..., 3), got {shape}")
    flat = [np.zeros((int(np.prod(shape[:-1])), 3)) for _ in points]
    for target, point in zip(flat, points, strict=True):
        target[:, : shape[-1]] = point.reshape(-1, shape[-1])
    angle = included_angle(*flat).reshape(shape[:-1])
    return np.rad2deg(angle) if degrees else angle


def centre_of_mass(
    landmarks: npt.ArrayLike, *, layout: str | Sequence[str | None] = "blazepose33", sex: Sex = "mean"
) -> FloatArray:
    """Return the whole body's centre of mass from the landmarks of its segments.

    Parameters
    ----------
    landmarks
        Pixels or metres, shape (T, K, 2) or (T, K, 3); NaN is missing.
    layout
        The order of the landmarks, see :func:`vidpose.analyse`. It must have heels, toes, index and little fingers,
        which only ``"blazepose33"`` does.
    sex
        Whose masses: ``"female"``, ``"male"`` or ``"mean"``.

    Returns
    -------
    numpy.ndarray
        Same unit, shape (T, 2) or (T, 3); NaN where a landmark that carries mass is missing.

    Notes
    -----
    P. de Leva, J Biomech 29 (1996) 1223. :func:`vidpose.analyse` gives a centre of mass also where hands or the far
    side are hidden, and says how much of it is substituted.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.centre_of_mass(np.full((2, 33, 2), 5.0)).round(6).tolist()
    [[5.0, 5.0], [5.0, 5.0]]
    """
    return weighted_place(in_33(landmarks, layout), sex)


def gait_events(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None = None,
    *,
    layout: LayoutChoice | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Return foot strikes and toe-offs of walking and running seen from the side.

    Parameters
    ----------
    landmarks, time_s, layout
        See :func:`vidpose.analyse`; heels and toes are needed.
    **settings
        See :func:`vidpose.analyse`.

    Returns
    -------
    pandas.DataFrame
        ``event`` (``foot_strike``, ``toe_off``), ``side``, ``time_s`` (between frames), ``frame``, ``uncertainty_s``
        (half of the 95 % interval); no rows where there is no gait.

    Notes
    -----
    Zeni, Richards & Higginson (2008) for walking; the foot's height and speed for running. See ``docs/metrics.md``.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.gait_events(np.full((60, 33, 2), np.nan), np.arange(60) / 30).empty  # nobody walks
    True
    """
    events = analyse(landmarks, time_s, layout=layout, **settings).events
    return events[events["event"].isin(["foot_strike", "toe_off"])].reset_index(drop=True)


def jumps(
    landmarks: LandmarkSource,
    time_s: npt.ArrayLike | None = None,
    *,
    layout: LayoutChoice | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """Return vertical jumps from both legs with their height by flight time.

    Parameters
    ----------
    landmarks, time_s, layout
        See :func:`vidpose.analyse`; heels and toes are needed.
    **settings
        See :func:`vidpose.analyse`.

    Returns
    -------
    pandas.DataFrame
        One row per jump: ``take_off_s``, ``landing_s``, ``flight_s``, ``height_m`` = g * flight_s^2 / 8 (Bosco,
        Luhtanen & Komi 1983); no rows without jumps.

    Examples
    --------
    >>> import numpy as np, vidpose
    >>> vidpose.jumps(np.full((60, 33, 2), np.nan), np.arange(60) / 30).columns.tolist()
    ['take_off_s', 'landing_s', 'flight_s', 'height_m']
    """
    import pandas as pd

    events = analyse(landmarks, time_s, layout=layout, **settings).events
    factor = float(settings.get("slow_motion", 1.0))
    times = {name: events.loc[events["event"] == name, "time_s"].to_numpy() for name in ("take_off", "landing")}
    flight_s = (times["landing"] - times["take_off"]) / factor
    return pd.DataFrame(
        {
            "take_off_s": times["take_off"],
            "landing_s": times["landing"],
            "flight_s": flight_s,
            "height_m": height_by_flight_m(flight_s),
        }
    )
