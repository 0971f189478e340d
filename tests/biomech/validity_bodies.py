"""Hand-made bodies made ready for judging their angles."""

import numpy as np

from vidpose.biomech.body_size import local_height_px, pose_height_px
from vidpose.biomech.filtering import FilterSettings, filter_movement
from vidpose.biomech.validity.angle_estimates import AngleInputs
from vidpose.biomech.validity.refine import refine_world
from vidpose.biomech.validity.yaw import known_view


def filtered_with_height(track):
    """Return the filtered track and the standing height around every frame."""
    filtered = filter_movement(track, FilterSettings()).track
    return filtered, local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)


def body_of(track):
    """Return the track's body."""
    filtered, height_px = filtered_with_height(track)
    return AngleInputs(filtered, refine_world(filtered), track.visibility, height_px, known_view(filtered, height_px))


def no_world(track):
    """Return image and visibility of a track as arguments of ``make_track``, without world landmarks."""
    return np.asarray(track.image_px), np.asarray(track.timestamps_s), None, np.asarray(track.visibility)
