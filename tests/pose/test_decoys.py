"""Posters, mirrors and patterns are taken for people at times; the athlete is the one who moves."""

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from synthetic.clip import write_pictures
from synthetic.decoys import between_blurred_bars, with_mirror, with_poster
from synthetic.motions import Squats, Stand, Tempo
from synthetic.render import draw_frame, set_up
from synthetic.scene import Actor, Camera, Outfit, Scene
from vidpose.pose.estimator import FramePose, PoseSettings
from vidpose.pose.identity.main_person import choose_people
from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.pose.opening import open_estimator
from vidpose.types.pose import PoseTrack
from vidpose.video.decode import VideoReader
from vidpose.video.probe import probe

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

FPS, N_FRAMES = Fraction(15), 30
FIELDS = ("image_px", "z_rel", "visibility", "presence", "world_m")


def squatting(width_px, stature_share, facing_deg=30.0):
    """Return the frames of a small person who squats."""
    actor = Actor((Squats(tempo=Tempo(reps=2, period_s=1.4), depth_deg=80.0),), facing_deg=facing_deg)
    camera = Camera(stature_share=stature_share, floor_share=0.92)
    stage = set_up(Scene((actor,), camera, width_px=width_px, height_px=480, fps=FPS))
    return [draw_frame(stage, frame) for frame in range(N_FRAMES)]


def portrait():
    """Return a picture of another person, larger."""
    outfit = Outfit(shirt=(72, 138, 84), hair=(30, 26, 26))
    scene = Scene((Actor((Stand(0.1),), facing_deg=70.0, outfit=outfit),), width_px=300, height_px=440)
    return draw_frame(set_up(scene), 0)


def chosen_in(path, n_frames=N_FRAMES):
    """Return the choice among all people of a video, and their tracks."""
    rows, times = [], []
    with open_estimator(PoseSettings(), path, 1) as estimator, VideoReader(probe(path, "0" * 64).source) as reader:
        for frame in islice((frame for batch in reader.batches(1) for frame in batch), n_frames):
            rows.append({one.person: one.pose for one in estimator.estimate(frame.picture, frame.time_s)})
            times.append(frame.time_s)
    missing = FramePose.missing()
    tracks = {
        person: PoseTrack(
            pts=np.arange(len(rows)),
            timestamps_s=np.array(times),
            corrupt=np.zeros(len(rows), bool),
            **{name: np.stack([getattr(row.get(person, missing), name) for row in rows]) for name in FIELDS},
        )
        for person in sorted(set().union(*rows))
    }
    return choose_people(tracks, PeopleSettings()), tracks


def middle_px(track):
    """Return where a person is across the picture."""
    return float(np.nanmedian(track.image_px[:, :, 0]))


def test_a_larger_poster_that_never_moves_is_not_the_athlete(tmp_path):
    poster = portrait()
    frames = [with_poster(frame, poster, 480, 20) for frame in squatting(800, 0.55)]
    write_pictures(frames, tmp_path / "poster.mp4", FPS)
    chosen, tracks = chosen_in(tmp_path / "poster.mp4")
    heights = {seen.number: seen.height_px for seen in chosen.people}
    assert len(heights) == 2
    assert middle_px(tracks[chosen.order[0]]) < 480 < middle_px(tracks[chosen.order[1]])
    assert heights[chosen.order[1]] > heights[chosen.order[0]]


@pytest.mark.parametrize(("decoy", "left", "right"), [("bars", 310, 650), ("mirror", 0, 340)])
def test_an_image_of_the_athlete_is_not_the_athlete(tmp_path, decoy, left, right):
    show = {"bars": lambda frame: between_blurred_bars(frame, 960), "mirror": with_mirror}[decoy]
    frames = [show(frame) for frame in squatting(340, 0.75)]
    frames = [frame[:, : frame.shape[1] // 2 * 2] for frame in frames]
    write_pictures(frames, tmp_path / "images.mp4", FPS)
    chosen, tracks = chosen_in(tmp_path / "images.mp4")
    assert left < middle_px(tracks[chosen.order[0]]) < right


@pytest.mark.parametrize("case", ["no_person_fractal.mp4"])
def test_nobody_is_in_a_fractal(shared_data, case):
    chosen, _ = chosen_in(shared_data / "cases" / case, 60)
    assert chosen.order == ()
    assert {finding.code for finding in chosen.findings} <= {"people_seen_too_short", "objects_left_out"}
