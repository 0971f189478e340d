"""Your DeepLabCut file: knee angles and metrics.

DeepLabCut (and SLEAP, Lightning Pose and others, which export its CSV) has keypoints with names of your own.
State which landmarks they are, and every angle and metric that they support is computed.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import vidpose

HERE = Path(__file__).parent
FRAME_RATE_HZ = 30

# %%
# A file as DeepLabCut writes it
# ------------------------------
# To have one here, we write it: seven keypoints of the right side of a squatting mannequin, under names of our own.

NAMES = {
    "Nose": "nose",
    "EarR": "right_ear",
    "ShoulderL": "left_shoulder",
    "ShoulderR": "right_shoulder",
    "HipL": "left_hip",
    "HipR": "right_hip",
    "KneeR": "right_knee",
    "AnkleR": "right_ankle",
    "HeelR": "right_heel",
    "ToeR": "right_foot_index",
}
saved = np.load(HERE / "data" / "squats.npz")
written = {}
for own_name, landmark in NAMES.items():
    column = vidpose.LANDMARK_NAMES.index(landmark)
    written["resnet50", own_name, "x"] = saved["image_dpx"][:, column, 0] / 10
    written["resnet50", own_name, "y"] = saved["image_dpx"][:, column, 1] / 10
    written["resnet50", own_name, "likelihood"] = saved["visibility_pct"][:, column] / 100
pd.DataFrame(written).rename_axis(columns=["scorer", "bodyparts", "coords"]).to_csv(HERE / "squats_dlc.csv")

# %%
# Read it
# -------
# With pandas: three header rows, and one column per coordinate.

table = pd.read_csv(HERE / "squats_dlc.csv", header=[0, 1, 2], index_col=0)
table = table.droplevel("scorer", axis="columns")
keypoints = np.stack([table[name][["x", "y", "likelihood"]].to_numpy() for name in NAMES], axis=1)
time_s = np.arange(len(keypoints)) / FRAME_RATE_HZ

# %%
# With ``movement`` it is one line, and its dataset can be given as it is, for files of SLEAP and others too::
#
#     from movement.io import load_poses
#     poses = load_poses.from_dlc_file("squats_dlc.csv", fps=30)
#     analysis = vidpose.analyse(poses, layout=NAMES)
#
# Analyse
# -------
# The layout is the list of landmarks in the order of the keypoints.

analysis = vidpose.analyse(keypoints, time_s, layout=list(NAMES.values()))
for name in ("hip_flexion_r", "knee_flexion_r", "ankle_dorsiflexion_r"):
    angle = analysis.angle(name)
    valid = angle.value_deg[angle.valid]
    print(f"{name}: {valid.min():.0f} to {valid.max():.0f} degrees, valid in {angle.valid.mean():.0%} of the frames")

# %%
# Angles of the left leg are missing, because the file has no left leg; nothing is made up.

print(analysis.angle("knee_flexion_l").status.unique().tolist())

# %%
# Plot
# ----

figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
for name in ("hip_flexion_r", "knee_flexion_r", "ankle_dorsiflexion_r"):
    axes.plot(analysis.angle(name).value_deg, label=name)
axes.set(xlabel="time (s)", ylabel="degrees")
axes.legend(ncols=3, loc="upper center")
axes.set_ylim(-20, 150)
figure.savefig(HERE / "images" / "deeplabcut_file.png", dpi=80)
