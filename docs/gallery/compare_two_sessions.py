"""Compare two sessions: is the difference larger than the measurement uncertainty?

The same athlete squats on two days. A difference between two values is meaningful only when it is larger than the
uncertainty of the measurement. Every metric has one: ``uncertainty`` is half of its 95 % interval.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import vidpose

HERE = Path(__file__).parent

# %%
# Two sessions
# ------------
# Ours are the first and the second half of one recording. With videos it would be
# ``vidpose.read("models")["monday.mp4"].metrics`` and so on.

saved = np.load(HERE / "data" / "squats.npz")
landmarks, confidence = saved["image_dpx"] / 10, saved["visibility_pct"] / 100
half = len(landmarks) // 2


def analysed(frames):
    """Return the analysis of some frames."""
    return vidpose.analyse(landmarks[frames], saved["timestamps_s"][frames], confidence=confidence[frames])


sessions = {"first": analysed(slice(0, half)), "second": analysed(slice(half, None))}

# %%
# Metrics side by side
# --------------------
# Only metrics that both sessions have, with an uncertainty.

first, second = (
    one.metrics[one.metrics.status == "ok"].set_index(["metric", "side"]).dropna(subset="uncertainty")
    for one in sessions.values()
)
both = first.join(second, lsuffix="_first", rsuffix="_second", how="inner")
both["difference"] = both.value_second - both.value_first
both["smallest_real"] = np.hypot(both.uncertainty_first, both.uncertainty_second)
both["is_real"] = both.difference.abs() > both.smallest_real
columns = ["value_first", "value_second", "difference", "smallest_real", "unit_first", "is_real"]
print(both[columns].round(2).to_string())

# %%
# Range of motion
# ---------------
# For an angle the expected error takes the place of the uncertainty.

for name, session in sessions.items():
    knee = session.angle("knee_flexion_r")
    valid = knee[knee.valid]
    deepest = valid.value_deg.idxmax()
    print(
        f"{name}: {valid.value_deg[deepest]:.1f} ± {valid.expected_error_deg[deepest]:.1f} degrees at {deepest:.2f} s"
    )

# %%
# Plot
# ----

figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
for name, session in sessions.items():
    knee = session.angle("knee_flexion_r")
    axes.plot(knee.index - knee.index[0], knee.value_deg, label=f"{name} session")
axes.set(xlabel="time since the beginning of the session (s)", ylabel="right knee flexion (degrees)")
axes.legend()
figure.savefig(HERE / "images" / "compare_two_sessions.png", dpi=80)
