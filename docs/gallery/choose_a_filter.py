"""Choose a filter: the effect of each on noisy data.

The filters are plain functions on arrays, so they can be tried on any series. Missing values stay missing.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import vidpose

HERE = Path(__file__).parent

# %%
# A noisy series with a known truth
# ---------------------------------
# The height of a knee that moves up and down, 60 frames per second, with noise of 5 mm and a gap.

time_s = np.arange(240) / 60
truth = 0.5 + 0.1 * np.sin(2 * np.pi * 0.8 * time_s) ** 3
noisy = truth + np.random.default_rng(3).normal(0, 0.005, len(truth))
noisy[100:108] = np.nan

# %%
# Which cut-off?
# --------------
# Residual analysis (Winter 2009) finds the frequency at which the movement that is lost weighs as much as the noise
# that is let through.

filled = vidpose.fill_gaps(noisy, time_s, max_gap_s=0.2)
cutoff_hz = vidpose.residual_cutoff_hz(filled, time_s)
print(f"cut-off {cutoff_hz:.1f} Hz")

# %%
# Compare
# -------
# A gap that is not filled first stays a gap.

smoothed = {
    "none": filled,
    "Butterworth, 6 Hz": vidpose.butterworth(filled, time_s, cutoff_hz=6),
    "Butterworth, residual analysis": vidpose.butterworth(filled, time_s, cutoff_hz=cutoff_hz),
    "Kalman smoother, 6 Hz": vidpose.kalman(filled, time_s, cutoff_hz=6),
    "GCV spline": vidpose.gcv_spline(filled, time_s),
}
for name, series in smoothed.items():
    speed_error = vidpose.derivative(series, time_s) - np.gradient(truth, time_s)
    print(f"{name:32} {1000 * np.std(series - truth):5.1f} mm {np.std(speed_error):6.3f} m/s")

# %%
# Plot
# ----

figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
axes.plot(time_s, noisy, ".", color="0.6", markersize=3, label="measured")
axes.plot(time_s, smoothed["Butterworth, residual analysis"], label="Butterworth, residual analysis")
axes.plot(time_s, truth, "--", color="black", linewidth=1, label="truth")
axes.set(xlabel="time (s)", ylabel="height (m)")
axes.legend()
figure.savefig(HERE / "images" / "choose_a_filter.png", dpi=80)
