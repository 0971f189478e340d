"""From 17 COCO keypoints to a knee angle with its uncertainty.

You have keypoints of a person in pixels, from MMPose, YOLO, Detectron2 or a dataset: 17 per frame, in the order of
COCO. This example computes the knee angle from them, gives its expected error, and shows where it is withheld.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import vidpose

HERE = Path(__file__).parent

# %%
# Keypoints
# ---------
# One array of shape (frames, 17, 3): x to the right and y down in pixels, and the confidence, 0 to 1. Ours comes from a
# file with the 33 landmarks of a squatting mannequin, of which COCO has 17. A missing keypoint is NaN, never 0.

saved = np.load(HERE / "data" / "squats.npz")
columns = [vidpose.LANDMARK_NAMES.index(name) for name in vidpose.LAYOUTS["coco17"].keypoints]
pixels = saved["image_dpx"][:, columns] / 10
confidence = saved["visibility_pct"][:, columns] / 100
keypoints = np.dstack([pixels, confidence])
time_s = saved["timestamps_s"]
print(keypoints.shape)

# %%
# Angles
# ------
# Name the layout, and everything else follows: keypoints of low confidence are rejected, short gaps filled, and a
# low-pass filter with a cut-off of 6 Hz is run over each.

analysis = vidpose.analyse(keypoints, time_s, layout="coco17", frame_size=tuple(saved["frame_size"]))
knee = analysis.angle("knee_flexion_r")
print(knee[["value_deg", "precision_deg", "expected_error_deg", "valid", "status"]].iloc[::90])

# %%
# Two numbers tell of the uncertainty. ``precision_deg`` is the standard deviation that the noise of the keypoints
# leaves in the angle. ``expected_error_deg`` adds what the view costs: a knee seen obliquely looks less bent. ``valid``
# is False where the error is likely too large to rely on the value.

valid = knee[knee.valid]
print(
    f"deepest squat {valid.value_deg.max():.0f} degrees, expected error {valid.expected_error_deg.median():.1f} degrees"
)

# %%
# What 17 keypoints cannot tell
# -----------------------------
# COCO has neither heels nor toes. So there is no ankle angle, and metrics that need feet are withheld with the reason.

print(analysis.angle("ankle_dorsiflexion_r").status.unique().tolist())
withheld = analysis.metrics[analysis.metrics.status == "no_feet"]
print(f"{len(withheld)} values are withheld for want of feet, such as the {withheld.label.iloc[0].lower()}")

# %%
# Plot
# ----

figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
low, high = (knee.value_deg + sign * knee.expected_error_deg for sign in (-1, 1))
axes.fill_between(knee.index, low, high, alpha=0.3, label="expected error")
axes.plot(knee.index, knee.value_deg, label="right knee flexion")
axes.set(xlabel="time (s)", ylabel="degrees", ylim=(-20, 120))
axes.legend(loc="upper right")
figure.savefig(HERE / "images" / "coco17_knee_angle.png", dpi=80)
