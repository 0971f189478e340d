"""A gait report: steps, contact times and their spread from a walk seen from the side."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import vidpose

HERE = Path(__file__).parent

# %%
# Landmarks
# ---------
# A mannequin walks through the picture. Gait needs heels and toes, so the layouts ``blazepose33``, ``body25``,
# ``halpe26`` and ``coco23`` support it.

saved = np.load(HERE / "data" / "walk.npz")
landmarks, time_s = saved["image_dpx"] / 10, saved["timestamps_s"]
analysis = vidpose.analyse(landmarks, time_s, height_m=1.75)

# %%
# Events
# ------
# Foot strikes and toe-offs lie between frames, and each says how far it may be off.

print(analysis.events.head(6).round(3).to_string())

# %%
# Metrics
# -------

gait = ["cadence", "step_time", "step_time_asymmetry", "stride_time_cv", "step_length_m", "gait_speed_m"]
report = analysis.metrics[analysis.metrics.metric.isin(gait)]
print(report[["label", "side", "value", "uncertainty", "unit", "n", "reason"]].to_string(index=False))

# %%
# Plot
# ----
# The height of the heels with the foot strikes that were found.

figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
strikes = analysis.events[analysis.events.event == "foot_strike"]
for side in ("left", "right"):
    heel = analysis.motion.filtered.image_px[:, vidpose.LANDMARK_NAMES.index(f"{side}_heel"), 1]
    height_m = (np.nanmax(heel) - heel) / analysis.motion.body_height_px * 1.75
    (line,) = axes.plot(time_s, height_m, label=f"{side} heel")
    at_s = strikes.time_s[strikes.side == side]
    axes.plot(at_s, np.interp(at_s, time_s, height_m), "v", color=line.get_color(), label=f"{side} foot strike")
axes.set(xlabel="time (s)", ylabel="height (m)")
axes.legend(ncols=2)
figure.savefig(HERE / "images" / "gait_report.png", dpi=80)
