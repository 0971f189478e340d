"""The centre of mass in flight, where physics knows the answer: free fall, from a drawn jump through the pose stage.

``python -m benchmarks.accuracy_jump`` draws the mannequin's three vertical jumps at 120 frames per second, poses them,
filters as every run does, takes the centre of mass in the picture and turns it into metres by the mannequin's height.
A parabola is fitted to each flight: its curvature should be that of gravity, its top as high above the take-off as the
mannequin really rose. The bars: acceleration within 20 % of g, height within 3 cm. It also says how high the centre of
mass of the standing mannequin is found, against the one of its true landmarks.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import numpy as np

from benchmarks.sampling import pose
from synthetic.clip import write_clip
from synthetic.jumping import GRAVITY_M_S2, jumping_scenes
from synthetic.moments import moments_of
from synthetic.scene import Scene, act, project
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.balance.centre_of_mass import centre_of_mass, weighted_place
from vidpose.biomech.body_size import local_height_px, metres_per_pixel, pose_height_px
from vidpose.biomech.facing import smooth_view
from vidpose.biomech.metrics.recording import Recording
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.sampling import SamplingSettings
from vidpose.types.arrays import FloatArray
from vidpose.types.pose import PoseTrack

SCENE: Final = "vertical_jumps"
BAR_ACCELERATION, BAR_HEIGHT_M = 0.20, 0.03
MARGIN_S: Final = 0.05
"""Part of the flight at either end that the filter has mixed with the floor contact."""
STANDING_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Jump:
    """One flight: what is true and what was found, m and m/s²; mean share of the mass that hangs on stand-ins."""

    true_height_m: float
    height_m: float
    acceleration_m_s2: float
    substituted: float

    @property
    def passed(self) -> bool:
        """Whether both bars are kept."""
        off = abs(self.acceleration_m_s2 / GRAVITY_M_S2 - 1.0)
        return off <= BAR_ACCELERATION and abs(self.height_m - self.true_height_m) <= BAR_HEIGHT_M


def recording_of(track: PoseTrack, height_m: float) -> Recording:
    """Return the recording of poses as every run filters them; precision is not needed here."""
    settings = AnalysisSettings()
    result = analyse(track, settings, height_m)
    filtered = result.filtered
    local_px = local_height_px(pose_height_px(filtered.image_px), filtered.timestamps_s, filtered.stretch)
    view = smooth_view(filtered, local_px, settings.facing)
    return Recording(
        filtered=filtered,
        estimated=track.estimated,
        angles=result.angles,
        angle_precision_rad=np.full(result.angles.values_rad.shape, np.nan),
        facing=result.facing,
        yaw_rad=np.arctan2(np.abs(view[:, 1]), np.abs(view[:, 0])),
        local_height_px=local_px,
        body_height_px=result.body_height_px,
        height_m=height_m,
    )


def jumps_of(recording: Recording, scene: Scene) -> list[Jump]:
    """Fit a parabola to the centre of mass in every flight of the scene's first actor."""
    com = centre_of_mass(recording)
    times_s = recording.times_s
    up_m = -com.image_px[:, 1] * metres_per_pixel(recording.body_height_px, recording.height_m)
    moments = moments_of(scene.actors[0].phases, float(times_s[-1]))
    found = []
    for take_off, landing in zip(moments[::2], moments[1::2], strict=True):
        inside = (times_s > take_off.time_s + MARGIN_S) & (times_s < landing.time_s - MARGIN_S) & np.isfinite(up_m)
        since_s = times_s[inside] - take_off.time_s
        curve = np.polynomial.Polynomial.fit(since_s, up_m[inside], 2).convert()
        _, speed, half = curve.coef
        flight_s = landing.time_s - take_off.time_s
        found.append(
            Jump(
                true_height_m=GRAVITY_M_S2 * flight_s**2 / 8.0,
                height_m=float(-(speed**2) / (4.0 * half)),
                acceleration_m_s2=float(-2.0 * half),
                substituted=float(com.substituted[inside].mean()),
            )
        )
    return found


def standing_height_m(image_px: FloatArray, recording: Recording) -> float:
    """Return the median height of a centre of mass over the lowest foot landmark before the first jump, m."""
    early = recording.times_s < STANDING_S
    feet = recording.filtered.image_px[early, 29:33, 1].max(axis=1)
    scale = metres_per_pixel(recording.body_height_px, recording.height_m)
    return float(np.median(feet - image_px[early, 1]) * scale)


def true_standing_height_m(scene: Scene) -> float:
    """Return the same of the true landmarks as the camera sees them, in the mannequin's metres."""
    actor = scene.actors[0]
    landmarks_px = project(scene, act(scene, actor)[1].landmarks_m[:1])[0]
    height_px = scene.camera.stature_share * scene.height_px
    down = landmarks_px[0, 29:33, 1].max() - weighted_place(landmarks_px, "mean")[0, 1]
    return float(down * actor.stature_m / height_px)


@click.command(help=__doc__)
def main() -> None:
    """Draw, pose, measure, print."""
    scene = jumping_scenes()[SCENE]
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / f"{SCENE}.mp4"
        write_clip(scene, clip, sound=False)
        track = pose(clip, PoseSettings(), SamplingSettings()).track
    recording = recording_of(track, scene.actors[0].stature_m)
    jumps = jumps_of(recording, scene)
    click.echo("jump  true height  found  off      acceleration / g  mass with a stand-in")
    for number, jump in enumerate(jumps, 1):
        off_cm = 100.0 * (jump.height_m - jump.true_height_m)
        click.echo(
            f"{number:4}  {jump.true_height_m:9.3f} m  {jump.height_m:5.3f}  {off_cm:+5.1f} cm  "
            f"{jump.acceleration_m_s2 / GRAVITY_M_S2:16.3f}  {jump.substituted:20.1%}"
            f"{'' if jump.passed else '  MISSED'}"
        )
    standing, true = standing_height_m(centre_of_mass(recording).image_px, recording), true_standing_height_m(scene)
    click.echo(f"standing: centre of mass {standing:.3f} m above the lowest foot landmark, true landmarks {true:.3f} m")
    if not all(jump.passed for jump in jumps):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
