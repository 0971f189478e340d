"""Athletes that the edge of the picture cuts: posed, analysed, and compared with where their joints truly are."""

from fractions import Fraction

import av
import numpy as np
import pytest

import vidpose
from synthetic.motions import Squats, Stand, Tempo
from synthetic.render import draw_frame, set_up
from synthetic.scene import Actor, Camera, Scene, act, project
from vidpose.types.skeleton import LANDMARK_INDEX

pytestmark = pytest.mark.thorough
LEGS = ("hip_flexion_r", "knee_flexion_r", "thigh_r", "shank_r", "foot_r")


def analysed(video):
    poses = vidpose.estimate(video, max_people=1)
    return vidpose.analyse(
        poses.image_px[:, 0], poses.timestamps_s, confidence=poses.visibility[:, 0], world_m=poses.world_m[:, 0],
        frame_size=poses.frame_size,
    )  # fmt: skip


def test_who_is_cut_at_the_waist_has_no_legs(shared_data):
    analysis = analysed(shared_data / "cases" / "cut_at_waist.mp4")
    found = [one for one in analysis.findings if one.code == "cut_by_edge"]
    assert found
    assert found[0].details["share"] > 0.95
    for angle in LEGS:
        rows = analysis.angle(angle)
        assert not rows.valid.any(), angle
        assert (rows.status == "withheld_outside").mean() > 0.9, angle
    assert analysis.angle("elbow_flexion_r").value_deg.notna().any()


def test_nothing_beyond_another_edge_is_valid_either(tmp_path):
    """Another size and codec: the picture ends above the knees of somebody who squats into it and out of it."""
    camera = Camera(yaw_deg=10.0, stature_share=0.75)
    scene = Scene((Actor((Stand(0.3), Squats(Tempo(1, 2.4)), Stand(0.3))),), camera=camera, width_px=360, height_px=480)
    keep = 330
    with av.open(str(tmp_path / "cut.mkv"), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 360, keep, "yuv420p", 2_000_000
        stage = set_up(scene)
        for frame in range(scene.n_frames):
            picture = np.ascontiguousarray(draw_frame(stage, frame)[:keep])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    analysis = analysed(tmp_path / "cut.mkv")
    true_px = project(scene, act(scene, scene.actors[0])[1].landmarks_m)[0]
    beyond = true_px[:, LANDMARK_INDEX["right_knee"], 1] > keep + 8
    assert beyond.mean() > 0.5
    for angle in ("knee_flexion_r", "hip_flexion_r", "thigh_r"):
        assert not analysis.angle(angle).valid.to_numpy()[beyond].any(), angle
    assert "cut_by_edge" in {one.code for one in analysis.findings}
