"""The smoothing spline behind the Kalman smoother and the GCV spline, against references made here."""

import numpy as np
import pytest

from vidpose.biomech.filters.kalman import KalmanSettings, kalman_smooth
from vidpose.biomech.filters.quintic import QuinticSystem, smoothness_of, spaced
from vidpose.biomech.filters.run import FILLED_WEIGHT, Run
from vidpose.biomech.filters.spline import GcvSettings, freedom, gcv_spline

RNG = np.random.default_rng(3)
EVEN_S = np.arange(90) / 30
UNEVEN_S = np.cumsum(RNG.choice([1 / 60, 1 / 30, 2 / 30], size=90))


def wave(times_s):
    return 100 * np.sin(2 * np.pi * times_s) + 20 * np.sin(6 * np.pi * times_s + 1)


def noisy(times_s, scale=2.0):
    return (wave(times_s) + np.random.default_rng(1).normal(scale=scale, size=len(times_s)))[:, None]


def run_of(values, times_s, visibility=None, known=None):
    known = np.ones(len(times_s), dtype=bool) if known is None else known
    visibility = np.ones(len(times_s)) if visibility is None else visibility
    return Run(values[known], times_s[known], times_s, visibility[known])


def rauch_tung_striebel(values, times_s, weights, trust):
    """Step a constant-acceleration Kalman filter forward and smooth backward; trust = r / q, s^5; r = 1 / weight."""
    state, spread = np.array([values[0], 0.0, 0.0]), np.diag([1e8, 1e10, 1e12])
    after, before = [], []
    for number, value in enumerate(values):
        step = np.eye(3)
        if number:
            dt = times_s[number] - times_s[number - 1]
            step = np.array([[1, dt, dt**2 / 2], [0, 1, dt], [0, 0, 1]])
            jerk = [[dt**5 / 20, dt**4 / 8, dt**3 / 6], [dt**4 / 8, dt**3 / 3, dt**2 / 2], [dt**3 / 6, dt**2 / 2, dt]]
            state, spread = step @ state, step @ spread @ step.T + np.array(jerk) / trust
        before.append((state, spread, step))
        gain = spread[:, 0] / (spread[0, 0] + 1 / weights[number])
        left = np.eye(3)
        left[:, 0] -= gain
        state = state + gain * (value - state[0])
        spread = left @ spread @ left.T + np.outer(gain, gain) / weights[number]
        after.append((state, spread))
    smooth = [state[0]]
    for number in range(len(values) - 2, -1, -1):
        predicted, predicted_spread, step = before[number + 1]
        back = after[number][1] @ step.T @ np.linalg.inv(predicted_spread)
        state = after[number][0] + back @ (state - predicted)
        smooth.append(state[0])
    return np.array(smooth[::-1])


@pytest.mark.parametrize("times_s", [EVEN_S, UNEVEN_S], ids=["even", "uneven"])
@pytest.mark.parametrize("cutoff_hz", [3.0, 6.0, 12.0])
def test_the_kalman_smoother_is_that_of_rauch_tung_and_striebel(times_s, cutoff_hz):
    values, visibility = noisy(times_s), np.random.default_rng(2).uniform(0.3, 1.0, len(times_s))
    smooth = kalman_smooth(run_of(values, times_s, visibility), cutoff_hz, KalmanSettings())
    period_s = np.median(np.diff(times_s))
    trust = smoothness_of(cutoff_hz, period_s) * period_s**5
    reference = rauch_tung_striebel(values[:, 0], times_s, visibility, trust)
    assert smooth[:, 0] == pytest.approx(reference, abs=1e-3)
    assert np.max(np.abs(smooth - values)) > 1.0


def test_filled_samples_count_little_in_the_kalman_smoother():
    values, known = noisy(EVEN_S), np.ones(90, dtype=bool)
    known[40:45] = False
    run = run_of(values, EVEN_S, known=known)
    smooth = kalman_smooth(run, 6.0, KalmanSettings())
    trust = smoothness_of(6.0, 1 / 30) / 30**5
    reference = rauch_tung_striebel(run.filled()[:, 0], EVEN_S, np.where(known, 1.0, FILLED_WEIGHT), trust)
    assert smooth[:, 0] == pytest.approx(reference, abs=1e-3)


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0, 240.0])
def test_the_kalman_smoother_has_its_cut_off_at_any_rate_and_no_phase(rate_hz):
    times_s = np.arange(round(20 * rate_hz)) / rate_hz
    for cutoff_hz in (4.0, 6.0):
        angle = 2 * np.pi * cutoff_hz * times_s
        smooth = kalman_smooth(run_of(np.sin(angle)[:, None], times_s), cutoff_hz, KalmanSettings())
        middle = slice(len(times_s) // 4, -len(times_s) // 4)
        basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)[middle]
        (along, across), *_ = np.linalg.lstsq(basis, smooth[middle, 0], rcond=None)
        assert along == pytest.approx(np.sqrt(0.5), abs=0.01)
        assert across == pytest.approx(0.0, abs=1e-3)


def test_badly_seen_samples_pull_less():
    values, visibility = np.zeros((90, 1)), np.ones(90)
    values[45], visibility[45] = 10.0, 0.1
    seen_badly = kalman_smooth(run_of(values, EVEN_S, visibility), 6.0, KalmanSettings())
    seen_well = kalman_smooth(run_of(values, EVEN_S), 6.0, KalmanSettings())
    assert seen_badly[45, 0] < 0.3 * seen_well[45, 0]


def test_numbers_stay_exact_for_fast_cameras():
    times_s = np.arange(3000) / 1000
    values = 640 + 200 * np.sin(2 * np.pi * times_s)[:, None]
    smooth = kalman_smooth(run_of(values, times_s), 3.0, KalmanSettings())
    gain = 1 / (1 + (np.sqrt(2) - 1) / 3**6)
    assert smooth[1000:2000] == pytest.approx(640 + gain * (values - 640)[1000:2000], abs=0.01)


@pytest.mark.parametrize("n_frames", [4, 5, 6, 7, 20])
@pytest.mark.parametrize("even", [True, False])
def test_parabolas_pass_unchanged_however_short(n_frames, even):
    times_s = EVEN_S[:n_frames] if even else UNEVEN_S[:n_frames]
    parabola = (3 + 2 * times_s - 40 * times_s**2)[:, None]
    for smooth in (
        kalman_smooth(run_of(parabola, times_s), 3.0, KalmanSettings()),
        gcv_spline(run_of(parabola, times_s), GcvSettings()),
    ):
        assert smooth == pytest.approx(parabola, abs=1e-6)


@pytest.mark.parametrize("n_frames", [1, 2, 3])
def test_up_to_three_frames_stay_as_they_are(n_frames):
    run = run_of(noisy(EVEN_S[:n_frames]), EVEN_S[:n_frames])
    assert np.array_equal(kalman_smooth(run, 6.0, KalmanSettings()), run.values)
    assert np.array_equal(gcv_spline(run, GcvSettings()), run.values)


def test_even_and_uneven_matrices_agree():
    times_s = np.arange(30.0)
    nudged = times_s + 0.0501 * np.where(np.arange(30) == 29, 1.0, 0.0)  # just beyond what counts as even
    even, uneven = QuinticSystem.of(times_s), QuinticSystem.of(nudged)
    assert uneven.difference[:20] == pytest.approx(even.difference[:20])
    assert uneven.gram[:, :20] == pytest.approx(even.gram[:, :20])


def test_times_that_nearly_coincide_do_no_harm():
    times_s = np.sort(np.concatenate([EVEN_S, EVEN_S[10:60:7] + 1e-6, EVEN_S[-1:] + 1e-6]))
    keep = spaced(times_s)
    assert keep.sum() == len(EVEN_S)
    assert keep[0]
    assert keep[-1]
    values = wave(times_s)[:, None]
    for smooth in (
        kalman_smooth(run_of(values, times_s), 12.0, KalmanSettings()),
        gcv_spline(run_of(values, times_s), GcvSettings()),
    ):
        assert np.max(np.abs(smooth - values)) < 2.0


@pytest.mark.parametrize("n_samples", [20, 50, 200])
@pytest.mark.parametrize("smoothness", [1e-3, 0.3, 10.0, 1e3])
def test_degrees_of_freedom_are_the_trace(n_samples, smoothness):
    system = QuinticSystem.of(np.arange(float(n_samples)))
    misfit = system.misfit(np.eye(n_samples), np.ones(n_samples), smoothness)
    assert freedom(smoothness, n_samples) == pytest.approx(n_samples - np.trace(misfit), abs=0.15)


def exact_gcv_cutoff_hz(values, times_s):
    """Return the best cut-off with the trace computed in full."""
    system, n_samples, period_s = QuinticSystem.of(times_s), len(values), np.median(np.diff(times_s))
    trials_hz = np.geomspace(3, 15, 60)
    scores = []
    for cutoff_hz in trials_hz:
        misfit = system.misfit(np.eye(n_samples), np.ones(n_samples), smoothness_of(cutoff_hz, period_s))
        scores.append(np.mean((misfit @ values) ** 2) / (np.trace(misfit) / n_samples) ** 2)
    return trials_hz[np.argmin(scores)]


@pytest.mark.parametrize("times_s", [np.arange(200) / 60, UNEVEN_S], ids=["even", "uneven"])
def test_the_spline_finds_the_smoothness_of_full_cross_validation(times_s):
    values = noisy(times_s, scale=4.0)
    expected_hz = exact_gcv_cutoff_hz(values, times_s)
    assert 3.2 < expected_hz < 14.0
    smooth = gcv_spline(run_of(values, times_s), GcvSettings())
    close = GcvSettings(min_cutoff_hz=expected_hz, max_cutoff_hz=expected_hz)
    other = GcvSettings(min_cutoff_hz=expected_hz * 1.3, max_cutoff_hz=expected_hz * 1.3)
    exact, far = (gcv_spline(run_of(values, times_s), settings) for settings in (close, other))
    assert np.std(smooth - exact) < 0.5 * np.std(far - exact)  # within about 15 % of the cut-off: scores are flat


def test_the_spline_does_not_round_off_corners_below_its_limit():
    times_s = np.arange(300) / 60
    triangle = 50 * np.abs((times_s % 1.0) - 0.5)[:, None]
    values = triangle + np.random.default_rng(5).normal(scale=3.0, size=triangle.shape)
    smooth = gcv_spline(run_of(values, times_s), GcvSettings())
    floor = gcv_spline(run_of(values, times_s), GcvSettings(min_cutoff_hz=3.0, max_cutoff_hz=3.0))
    free = gcv_spline(run_of(values, times_s), GcvSettings(min_cutoff_hz=0.2))
    assert np.std(smooth - triangle) <= np.std(floor - triangle) + 1e-9
    assert np.ptp(smooth) > np.ptp(free) - 1e-9


@pytest.mark.parametrize(
    "make",
    [
        lambda: KalmanSettings(min_visibility=0.0),
        lambda: KalmanSettings(min_visibility=float("nan")),
        lambda: GcvSettings(min_cutoff_hz=0.0),
        lambda: GcvSettings(min_cutoff_hz=9.0, max_cutoff_hz=3.0),
    ],
)
def test_bad_settings_are_refused(make):
    with pytest.raises(ValueError, match="expected"):
        make()
