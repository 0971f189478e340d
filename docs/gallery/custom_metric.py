"""A metric of your own: the depth of every squat, with its uncertainty.

A metric is a function from an analysis to a number. This one finds the squats of a recording, takes the deepest knee
flexion of each, and says how sure their mean is.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.signal import find_peaks

import vidpose

HERE = Path(__file__).parent

# %%
# The metric
# ----------
# Only valid values count: where the view or a hidden limb makes an error likely, a number would mislead. Each depth has
# the noise of the landmarks (``precision_deg``), which the mean of several squats reduces; the rest of the expected
# error is the same in every squat, and stays.


def squat_depths(analysis, side="r", min_depth_deg=60.0):
    """Return time, depth, precision and expected error of every squat, degrees."""
    knee = analysis.angle(f"knee_flexion_{side}")
    flexion = np.where(knee.valid, knee.value_deg, 0.0)
    bottoms, _ = find_peaks(flexion, height=min_depth_deg, prominence=min_depth_deg / 2)
    return knee.iloc[bottoms][["value_deg", "precision_deg", "expected_error_deg"]]


def mean_depth(depths):
    """Return the mean depth and half of its 95 % interval from noise, degrees; NaN without a squat."""
    if depths.empty:
        return float("nan"), float("nan")
    noise_deg = np.sqrt((depths.precision_deg**2).mean() / len(depths))
    return depths.value_deg.mean(), 1.96 * noise_deg


# %%
# Use it
# ------

saved = np.load(HERE / "data" / "squats.npz")
landmarks, confidence = saved["image_dpx"] / 10, saved["visibility_pct"] / 100
analysis = vidpose.analyse(landmarks, saved["timestamps_s"], confidence=confidence)
depths = squat_depths(analysis)
print(depths.round(1).to_string())
mean_deg, uncertainty_deg = mean_depth(depths)
print(f"{len(depths)} squats, {mean_deg:.1f} ± {uncertainty_deg:.1f} degrees deep")

# %%
# Plot
# ----

knee = analysis.angle("knee_flexion_r")
figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
axes.plot(knee.value_deg, color="0.5")
axes.errorbar(depths.index, depths.value_deg, yerr=depths.expected_error_deg, fmt="o", label="depth, expected error")
axes.set(xlabel="time (s)", ylabel="right knee flexion (degrees)")
axes.legend(loc="lower right")
figure.savefig(HERE / "images" / "custom_metric.png", dpi=80)
