"""Slow-motion recordings: the one place where played time becomes real time.

A camera that records 240 frames per second into a file that plays 30 per second stretches time eightfold. Everything
that has seconds in it, cut-offs, velocities, cadences, gates on the frame rate, is meant in real time, so the track's
times are divided before the analysis and nothing after it needs to know.
"""

from __future__ import annotations

import math
from dataclasses import replace

from vidpose.types.pose import PoseTrack


def real_time(track: PoseTrack, factor: float) -> PoseTrack:
    """Return the track with the times of the real movement.

    Parameters
    ----------
    track
        Landmarks with the times at which the file plays them.
    factor
        Recorded frame rate over played frame rate: 8 for 240 frames per second in a file that plays 30, 1 for a usual
        video, below 1 for time lapse.

    Returns
    -------
    PoseTrack
        Times divided by ``factor``; frames and ``pts``, by which pictures are found again, are as they were.

    Raises
    ------
    ValueError
        When the factor is not a finite number above 0.
    """
    if not (math.isfinite(factor) and factor > 0):
        raise ValueError(f"slow_motion_factor: expected a finite number above 0, got {factor}")
    return track if factor == 1 else replace(track, timestamps_s=track.timestamps_s / factor)
