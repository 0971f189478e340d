import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from synthetic.__main__ import main
from synthetic.clip import metronome, truth_bytes, truth_path, write_clip
from synthetic.motions import Stand
from synthetic.render import draw_frame, set_up
from synthetic.sample import Variant, build_scene, sample_scene
from synthetic.scene import Actor, Occluder, Scene
from synthetic.truth import truth_of

SHIPPED = Path(__file__).parents[2] / "public" / "mannequin_squat_raise.mp4"
SMALL = Scene((Actor((Stand(1.0),)),), width_px=320, height_px=180, duration_s=0.1)


def test_the_person_is_drawn_where_the_joints_are():
    scene = Scene((Actor((Stand(1.0),)),), duration_s=0.1)
    stage = set_up(scene)
    person = truth_of(scene)["persons"][0]["landmarks_px"]
    changed = np.abs(draw_frame(stage, 0).astype(int) - stage.backdrop).sum(axis=2) > 30
    for name in ("nose", "right_shoulder", "right_elbow", "right_wrist", "right_hip", "right_knee", "right_ankle"):
        x, y = (round(axis[0]) for axis in person[name])
        assert changed[y, x], name
    assert not changed[:100].any()
    assert 0.01 < changed.mean() < 0.15


def test_the_nearer_person_is_drawn_last():
    def colour_at_chest(near_z_m):
        actors = build_scene(Variant(motion="stand", people=2)).actors
        placed = (
            Actor(actors[0].phases, facing_deg=90.0, z_m=0.0, outfit=actors[0].outfit),
            Actor(actors[0].phases, facing_deg=90.0, z_m=near_z_m, outfit=actors[1].outfit),
        )
        frame = draw_frame(set_up(Scene(placed, duration_s=0.1)), 0)
        return frame[300, 640].astype(int)

    red_in_front, green_in_front = colour_at_chest(-0.9), colour_at_chest(0.9)
    assert red_in_front[0] > red_in_front[1]
    assert green_in_front[1] > green_in_front[0]


def test_occluder_covers_the_person():
    scene = Scene((Actor((Stand(1.0),)),), occluders=(Occluder(0.3, 0.7),), duration_s=0.1)
    inside = draw_frame(set_up(scene), 0)[:, 400:880]
    assert (inside == inside[:1]).all()


def test_same_scene_same_bytes(tmp_path):
    paths = [tmp_path / name / "clip.mp4" for name in ("a", "b")]
    truths = [write_clip(SMALL, path) for path in paths]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert truths[0].read_bytes() == truths[1].read_bytes()
    assert sorted(p.name for p in paths[0].parent.iterdir()) == ["clip.mp4", "clip.truth.json"]


def test_clip_is_playable_everywhere(tmp_path):
    path = tmp_path / "clip.mp4"
    scene = Scene((Actor((Stand(1.0),)),), width_px=320, height_px=180, fps=Fraction(30000, 1001), duration_s=0.2)
    write_clip(scene, path)
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.pix_fmt, audio.codec_context.name) == ("h264", "yuv420p", "aac")
        times_s = [frame.time for frame in container.decode(video)]
    assert times_s == pytest.approx((np.arange(scene.n_frames) * 1001 / 30000).tolist(), abs=1e-4)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # starts before it is loaded whole


def test_silent_clip_has_no_sound(tmp_path):
    write_clip(SMALL, tmp_path / "clip.mp4", sound=False)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert not container.streams.audio


def test_metronome_ticks_once_a_second():
    samples = metronome(3.0)
    assert len(samples) == 3 * 44_100
    assert 0.02 < np.abs(samples).max() < 0.1
    loud = np.flatnonzero(np.abs(samples) > 0.02) / 44_100
    assert set(np.floor(loud)) == {0.0, 1.0, 2.0}
    assert (loud % 1.0).max() < 0.1


def test_command_line_writes_a_clip(tmp_path):
    path = tmp_path / "clip.mp4"
    options = "--motion squats --reps 1 --size 160x120 --fps 10 --people 2 --occlude --depth_deg 60 --duration_s 0.3"
    result = CliRunner().invoke(main, ["--output", str(path), *options.split()])
    assert result.exit_code == 0, result.output
    truth = json.loads(truth_path(path).read_text())
    assert truth["clip"]["n_frames"] == 3
    assert truth["parameters"]["actors"][0]["phases"][1]["depth_deg"] == 60.0


@pytest.mark.parametrize(("option", "word"), [("--size=12", "expected width x height"), ("--fps=x", "a fraction")])
def test_command_line_explains_bad_options(tmp_path, option, word):
    result = CliRunner().invoke(main, ["--output", str(tmp_path / "clip.mp4"), option])
    assert result.exit_code == 2
    assert word in result.output


def test_shipped_sample_belongs_to_its_truth():
    assert SHIPPED.stat().st_size < 1_000_000
    assert truth_path(SHIPPED).read_bytes() == truth_bytes(truth_of(sample_scene()))
    truth = json.loads(truth_path(SHIPPED).read_text())
    with av.open(str(SHIPPED)) as container:
        video = container.streams.video[0]
        packets = [packet for packet in container.demux(video) if packet.size]
        assert (video.width, video.height) == (1280, 720)
        assert container.streams.audio[0].codec_context.name == "aac"
    assert len(packets) == truth["clip"]["n_frames"] == len(truth["time_s"])
    assert sorted(float(p.pts * p.time_base) for p in packets) == pytest.approx(truth["time_s"], abs=1e-4)
