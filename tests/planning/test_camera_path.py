"""The path of a camera over a shot: still, known, or not known."""

import numpy as np
import pytest

from vidpose.planning.camera_path import camera_findings, camera_path

SIZE = (640, 360)
TIMES = np.arange(60) / 30


def steps_of(px_per_s, lost=()):
    """A pan to the right, measured in every second frame."""
    step = (1.0, 0.0, 2 * px_per_s / 30, 0.0)
    return [None if frame % 2 else () if frame in lost else step for frame in range(60)]


def test_a_pan_is_known_in_every_frame():
    path = camera_path(steps_of(90), TIMES, (), SIZE)
    assert path.to_fixed[:59, 2] == pytest.approx(90 * TIMES[:59])
    assert not path.unknown.any()
    (finding,) = camera_findings(path, SIZE)
    assert (finding.severity, finding.code) == ("info", "camera_moves")
    assert "shifts by 174 pixels across and 0 down" in finding.message


def test_a_still_camera_and_no_measurement_say_nothing():
    assert camera_path(steps_of(0.5), TIMES, (), SIZE) is None
    assert camera_path([None] * 60, TIMES, (), SIZE) is None
    assert camera_path([()] * 60, TIMES, (), SIZE) is None
    assert camera_path([], TIMES[:0], (), SIZE) is None
    assert camera_findings(None, SIZE) == ()


def test_where_a_measurement_failed_the_shot_is_not_known():
    path = camera_path(steps_of(90, lost={40}), TIMES, (30,), SIZE)
    assert path.unknown.tolist() == [False] * 30 + [True] * 30
    assert path.to_fixed[28, 2] == pytest.approx(90 * TIMES[28])
    assert path.to_fixed[30:].tolist() == [[1, 0, 0, 0]] * 30
    (finding,) = camera_findings(path, SIZE)
    assert finding.severity == "warning"
    assert "could not be measured in 50% of the frames" in finding.message
