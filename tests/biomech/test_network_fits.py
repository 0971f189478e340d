"""Expected errors hold for the network that they were fitted to; for all others they are wider, and that is said."""

import numpy as np
import pytest
from biomech_bodies import squats, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.validity.network_fits import FITTED, WIDEST, describe_fit, error_factor, fitted_to
from vidpose.pose.official_models import PUBLISHED, landmarks_file

FULL, LITE, HEAVY = (
    {landmarks_file(name): PUBLISHED[landmarks_file(name)].sha256[0]} for name in ("full", "lite", "heavy")
)


def test_the_fitted_network_is_the_published_full_one():
    assert set(FITTED) == set(FULL.values())
    assert error_factor({"pose_detection.tflite": "0" * 64, **FULL}) == 1.0
    assert list(describe_fit(FULL)) == []


@pytest.mark.parametrize("networks", [LITE, HEAVY, {}, {"my.task": "f" * 64}])
def test_every_other_network_is_wider_and_told(networks):
    assert error_factor(networks) == WIDEST > 1
    (finding,) = describe_fit(networks)
    assert finding.code == "errors_not_fitted"
    assert all(name in finding.message for name in networks)
    track = track_of(squats(1, yaw=75.0))
    usual = AnalysisSettings()
    wide = AnalysisSettings(support=fitted_to(usual.support, networks))
    one, other = (analyse(track, settings) for settings in (usual, wide))
    np.testing.assert_allclose(other.best.expected_error_rad, WIDEST * one.best.expected_error_rad)
    assert other.angles.valid.sum() < one.angles.valid.sum()
