"""Spectral arc length and dimensionless jerk against the package of the measures' authors."""

import numpy as np
import pytest

from vidpose.biomech.smoothness.jerk import log_dimensionless_jerk
from vidpose.biomech.smoothness.spectral import SpectralSettings, spectral_arc_length

reference = pytest.importorskip("monalysa.quality.smoothness", reason="monalysa lives in the readers' environment")


def profiles():
    """Speeds of one reach, of two pushes, of a tremor and of noise, at several rates and lengths."""
    rng = np.random.default_rng(3)
    for rate_hz in (24.0, 30.0, 59.94, 120.0):
        for duration_s in (0.7, 1.3, 4.2):
            share = np.linspace(0.0, 1.0, round(duration_s * rate_hz))
            reach = 30 * share**2 * (1 - share) ** 2
            two = np.abs(np.sin(2 * np.pi * share))
            tremor = reach + 0.1 * (1 + np.sin(2 * np.pi * 7 * share * duration_s))
            for profile in (reach, two, tremor, rng.uniform(0.0, 1.0, len(share))):
                yield profile, rate_hz


def test_spectral_arc_length_is_that_of_monalysa():
    settings = SpectralSettings()
    for profile, rate_hz in profiles():
        expected = reference.sparc(profile, rate_hz)[0]
        assert spectral_arc_length(profile, rate_hz, settings) == pytest.approx(expected, abs=1e-6)


def test_spectral_arc_length_with_other_constants_is_that_of_monalysa():
    settings = SpectralSettings(highest_hz=6.0, amplitude_share=0.1, padding_levels=3)
    for profile, rate_hz in profiles():
        expected = reference.sparc(profile, rate_hz, padlevel=3, fc=6.0, amp_th=0.1)[0]
        assert spectral_arc_length(profile, rate_hz, settings) == pytest.approx(expected, abs=1e-6)


def test_log_dimensionless_jerk_is_that_of_monalysa():
    rng = np.random.default_rng(5)
    for profile, rate_hz in profiles():
        for velocity in (profile[:, None], np.stack([profile, rng.normal(size=len(profile))], axis=1)):
            expected = reference.log_dimensionless_jerk(velocity, rate_hz)
            assert log_dimensionless_jerk(velocity, rate_hz) == pytest.approx(expected, abs=1e-6)
