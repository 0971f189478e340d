"""A custom metric: the mean depth of squats, with its uncertainty.

A metric is a row of a dictionary that defines it, and a function that computes it from a movement. A custom metric is
treated like all others: it is withheld, with the reason, if the view or the frame rate does not support it, and appears
in the table of metrics with its unit and uncertainty.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.signal import find_peaks

import vidpose

HERE = Path(__file__).parent
MIN_DEPTH_RAD = np.deg2rad(60)

# %%
# The function
# ------------
# It gets the movement and the side of the body, and returns a number with half of its 95 % interval, or the reason why
# there is none. Inside, angles are radians.


def squat_depth(movement, side):
    """Return the mean of the deepest knee flexions."""
    knee = f"knee_flexion_{side[0]}"
    flexion = np.where(movement.angle_valid(knee), movement.angle_rad(knee), 0.0)
    bottoms, _ = find_peaks(flexion, height=MIN_DEPTH_RAD, prominence=MIN_DEPTH_RAD / 2)
    if len(bottoms) == 0:
        return vidpose.Outcome(reason="no squat is deeper than 60 degrees")
    noise_rad = np.sqrt(np.mean(movement.angle_precision_rad(knee)[bottoms] ** 2) / len(bottoms))
    return vidpose.Outcome(float(flexion[bottoms].mean()), 1.96 * float(noise_rad), n=len(bottoms))


# %%
# Its row
# -------

SQUAT_DEPTH = vidpose.Metric(
    id="squat_depth",
    label="Squat depth",
    definition="Mean of the deepest knee flexion of every squat",
    formula="mean of the maxima of knee flexion above 60 degrees",
    unit="rad",
    positive="deeper",
    zero="straight knees",
    landmarks=("hip", "knee", "ankle"),
    source="this example",
    plane="sagittal",
    views=("right", "left"),
    sides=("left", "right"),
    min_rate_hz=20,
    decimals=1,
    compute=squat_depth,
)

# %%
# Use it
# ------

saved = np.load(HERE / "data" / "squats.npz")
landmarks, confidence = saved["image_dpx"] / 10, saved["visibility_pct"] / 100
analysis = vidpose.analyse(landmarks, saved["timestamps_s"], confidence=confidence, metrics=[SQUAT_DEPTH])
own = analysis.metrics[analysis.metrics.metric == "squat_depth"]
print(own[["label", "side", "value", "uncertainty", "unit", "n", "status"]].to_string(index=False))

# %%
# Plot
# ----

right = own[own.side == "right"].iloc[0]
figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
axes.plot(analysis.angle("knee_flexion_r").value_deg, color="0.5", label="right knee flexion")
axes.axhspan(right.value - right.uncertainty, right.value + right.uncertainty, alpha=0.4, label="squat depth")
axes.set(xlabel="time (s)", ylabel="degrees")
axes.legend(loc="lower right")
figure.savefig(HERE / "images" / "custom_metric.png", dpi=80)
