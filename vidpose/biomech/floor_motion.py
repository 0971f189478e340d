"""Whether the floor moves in the image: a camera that follows, or a treadmill.

Where the background shows how a camera moves, positions are relative to it already
(:mod:`vidpose.biomech.fixed_frame`), and where it shows that the camera moves but not how, what needs a still one is
withheld (``still_camera`` in the metric dictionary). This is for the rest: landmarks without pictures, a background
without detail, a treadmill. There, feet that rest on the floor are the only evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from vidpose.biomech.gait.contacts import Contacts
from vidpose.biomech.gait.samples import stays_in_place
from vidpose.biomech.gaps import contiguous_runs
from vidpose.biomech.metrics.recording import Recording
from vidpose.biomech.points import named_points
from vidpose.biomech.scale.feet import FOOT_POINTS
from vidpose.types.arrays import BoolArray
from vidpose.types.findings import Finding

_MIN_REST_S: Final = 1.0
"""Shortest rest that is examined, s. Ours: longer than a walker's contact."""
_MAX_SHIFT_BH: Final = 0.1
"""Ours: before a camera on a tripod, points that rest for so long shift by up to 0.045 body heights in real clips."""
_END_SHARE: Final = 0.2  # of a rest, at either end, over which its place is a median (ours)


def find_floor_motion(recording: Recording, contacts: BoolArray, gait: Sequence[Contacts]) -> Iterator[Finding]:
    """Yield that the floor moves in the picture, where the feet show it.

    Parameters
    ----------
    recording
        The movement.
    contacts
        Result of :func:`~vidpose.biomech.scale.feet.foot_contacts`.
    gait
        Contacts of every bout of gait.
    """
    shift_bh = resting_shift_bh(recording, contacts)
    if shift_bh > _MAX_SHIFT_BH:
        yield Finding(
            "floor_moves",
            f"feet in contact with the floor shift by {shift_bh:.2f} body heights in the image; the camera moves",
            details={"shift_bh": shift_bh, "limit_bh": _MAX_SHIFT_BH},
        )
    elif any(stays_in_place(each) for each in gait):
        yield Finding(
            "floor_moves",
            "a person walks or runs in place in the image: treadmill, or a camera that follows",
            severity="info",
        )


def resting_shift_bh(recording: Recording, contacts: BoolArray) -> float:
    """Return how far the places of both feet shift while they rest, body heights; NaN without a long rest of both.

    Of every foot the largest shift from the beginning to the end of one rest, and of the two feet the smaller: one foot
    alone may be turned, or be seen wrongly.

    Parameters
    ----------
    recording, contacts
        As for :func:`find_floor_motion`.
    """
    feet = named_points(recording.filtered.image_px, FOOT_POINTS)
    largest = {"left": np.nan, "right": np.nan}
    for column, name in enumerate(FOOT_POINTS):
        foot = name.partition("_")[0]
        for run in contiguous_runs(contacts[:, column], recording.filtered.stretch):
            if recording.times_s[run.stop - 1] - recording.times_s[run.start] >= _MIN_REST_S:
                places = feet[run, column]
                n_end = max(1, int(_END_SHARE * len(places)))
                way_px = np.median(places[-n_end:], axis=0) - np.median(places[:n_end], axis=0)
                largest[foot] = np.fmax(largest[foot], np.hypot(*way_px) / recording.body_height_px)
    return float(np.minimum(largest["left"], largest["right"]))
