"""Plain functions on arrays against numbers that can be checked by hand; NaN in, NaN out."""

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

import vidpose

TIMES_S = np.arange(200) / 100.0
WAVE = np.sin(2 * np.pi * 1.5 * TIMES_S)


def test_a_right_angle_is_90_in_two_and_three_dimensions_whatever_the_place_and_size():
    hip, knee, ankle = np.array([[3.0, 1.0]]), np.array([[3.0, 4.0]]), np.array([[9.0, 4.0]])
    assert vidpose.joint_angle(hip, knee, ankle).tolist() == [90.0]
    turned = [np.array([x, y, 7.0]) for ((x, y),) in (hip, knee, ankle)]
    assert vidpose.joint_angle(*turned, degrees=False) == pytest.approx(np.pi / 2)
    many = np.random.default_rng(0).normal(size=(3, 5, 4, 2))
    assert vidpose.joint_angle(*many).shape == (5, 4)
    np.testing.assert_allclose(vidpose.joint_angle(*many), vidpose.joint_angle(*(2 * many + 5)))
    with pytest.raises(vidpose.UsageError, match=r"shape \(..., 2\) or \(..., 3\)"):
        vidpose.joint_angle([1.0], [2.0], [3.0])


def test_points_that_are_missing_or_coincide_give_no_angle():
    nan = np.nan
    assert np.isnan(vidpose.joint_angle([(0, 0), (nan, 0)], [(0, 0), (0, 1)], [(1, 1), (1, 1)])).all()


@pytest.mark.parametrize("filter", [vidpose.butterworth, vidpose.kalman, vidpose.gcv_spline, vidpose.derivative])
def test_filters_keep_shape_and_gaps(filter):
    values = np.stack([[WAVE, WAVE + 1], [WAVE, WAVE]]).transpose(2, 0, 1).copy()
    values[50:60, 0, 1] = np.nan
    smooth = filter(values, TIMES_S)
    assert smooth.shape == values.shape
    np.testing.assert_array_equal(np.isnan(smooth), np.isnan(values))
    np.testing.assert_array_equal(smooth[:, 1, 0], filter(WAVE, TIMES_S))
    np.testing.assert_allclose(smooth[60:, 0, 1], filter(values[60:, 0, 1], TIMES_S[60:]))  # nothing crosses a gap


def test_butterworth_leaves_the_stated_share_at_its_cutoff():
    times_s = np.arange(2000) / 200.0
    smooth = vidpose.butterworth(np.sin(2 * np.pi * 6 * times_s), times_s, cutoff_hz=6)
    assert np.abs(smooth[400:-400]).max() == pytest.approx(1 / np.sqrt(2), abs=0.01)
    with pytest.raises(vidpose.UsageError, match="frames per second"):
        vidpose.butterworth(WAVE, TIMES_S * 10, cutoff_hz=6)
    with pytest.raises(vidpose.UsageError, match="order: expected an even number"):
        vidpose.butterworth(WAVE, TIMES_S, order=3)
    usual = filtfilt(*butter(2, 6 / 0.802, fs=100), WAVE)  # Winter's correction for two passes
    np.testing.assert_allclose(vidpose.butterworth(WAVE, TIMES_S)[40:-40], usual[40:-40], atol=2e-3)


def test_slopes_and_gaps():
    np.testing.assert_allclose(vidpose.derivative(TIMES_S**2, TIMES_S)[1:-1], 2 * TIMES_S[1:-1])
    holed = WAVE.copy()
    holed[100:110] = np.nan
    np.testing.assert_allclose(vidpose.fill_gaps(holed, TIMES_S), WAVE, atol=0.02)
    assert np.isnan(vidpose.fill_gaps(holed, TIMES_S, max_gap_s=0.05)[100:110]).all()
    with pytest.raises(vidpose.UsageError, match="one time per sample"):
        vidpose.derivative(WAVE, TIMES_S[1:])


def test_the_centre_of_mass_moves_with_the_body_and_is_missing_with_a_thigh():
    body = np.random.default_rng(1).normal(size=(4, 33, 3))
    place = vidpose.centre_of_mass(body)
    np.testing.assert_allclose(vidpose.centre_of_mass(body + 2.0), place + 2.0)
    body[1, vidpose.LANDMARK_NAMES.index("left_knee")] = np.nan
    assert np.isnan(vidpose.centre_of_mass(body)).all(axis=1).tolist() == [False, True, False, False]
    assert np.isnan(vidpose.centre_of_mass(np.zeros((2, 17, 2)), layout="coco17")).all()  # no hands, no feet


def test_a_noisy_wave_has_a_cutoff_above_it_and_a_short_one_none():
    noisy = WAVE + np.random.default_rng(2).normal(0, 0.05, 200)
    assert 3.0 <= vidpose.residual_cutoff_hz(noisy, TIMES_S) <= 15.0
    assert np.isnan(vidpose.residual_cutoff_hz(noisy[:20], TIMES_S[:20]))
    assert np.isnan(vidpose.residual_cutoff_hz(noisy * np.nan, TIMES_S))
