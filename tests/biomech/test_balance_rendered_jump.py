"""A drawn jump through the real pose stage: the centre of mass falls with g and rises as high as it should."""

from fractions import Fraction

import pytest

from benchmarks.accuracy_jump import jumps_of, recording_of
from benchmarks.sampling import pose
from synthetic.clip import write_clip
from synthetic.jumping import GRAVITY_M_S2, VerticalJumps
from synthetic.scene import Actor, Camera, Scene
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.sampling import SamplingSettings


@pytest.mark.slow
@pytest.mark.thorough
def test_the_centre_of_mass_of_a_drawn_jump_flies(tmp_path):
    jumps = VerticalJumps(reps=1, flight_s=0.45, period_s=2.7)
    actor = Actor((jumps,), stature_m=jumps.stature_m)
    scene = Scene((actor,), Camera(stature_share=0.55), width_px=400, height_px=300, fps=Fraction(120), duration_s=1.8)
    clip = tmp_path / "jump.mp4"
    write_clip(scene, clip, sound=False)
    recording = recording_of(pose(clip, PoseSettings(), SamplingSettings()).track, actor.stature_m)
    (jump,) = jumps_of(recording, scene)
    assert jump.true_height_m == pytest.approx(jumps.heights_m[0])
    assert jump.height_m == pytest.approx(jump.true_height_m, abs=0.03)
    assert jump.acceleration_m_s2 == pytest.approx(GRAVITY_M_S2, rel=0.20)
    assert jump.substituted < 0.2
