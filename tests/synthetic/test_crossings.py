from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from synthetic.__main__ import SCENES, main, ready_made
from synthetic.crossings import alone, crossing_scenes
from synthetic.occlusion import occluded_landmarks
from synthetic.render import draw_frame, set_up
from synthetic.scene import act
from synthetic.truth import actor_truth, truth_of
from vidpose.errors import UsageError
from vidpose.types.skeleton import LANDMARK_INDEX, LANDMARK_NAMES

BODY = [k for name, k in LANDMARK_INDEX.items() if name.split("_")[-1] in {"shoulder", "hip", "knee", "ankle", "nose"}]
NAMES = list(crossing_scenes())


def hips_x(scene):
    """Where each person's hips are across the picture, pixels, shape (persons, T)."""
    pixels = [actor_truth(scene, actor).landmarks_px for actor in scene.actors]
    hips = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
    return np.stack([p[:, hips, 0].mean(axis=1) for p in pixels])


def sides(scene):
    """On which side of the second person the first one is, stretch by stretch."""
    first, second = hips_x(scene)[:2]
    side = np.sign(second - first)
    return side[np.flatnonzero(np.diff(side, prepend=0.0))].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_scenes_are_short_and_people_are_tall_in_them(name):
    scene = crossing_scenes()[name]
    assert 4.0 <= scene.n_frames / scene.fps <= 6.0
    assert scene.fps == 30
    for actor in scene.actors:
        pixels = actor_truth(scene, actor).landmarks_px[0]
        eyes_to_soles = np.ptp(pixels[:, 1])
        assert eyes_to_soles / 0.945 > 350  # the eyes are at 0.945 of stature


@pytest.mark.parametrize(
    ("name", "expected"),
    [("cross_once", [1, -1]), ("lookalikes", [1, -1]), ("cross_twice", [1, -1, 1]), ("meet", [1]), ("three", [1, -1])],
)
def test_who_crosses_whom_how_often(name, expected):
    assert sides(crossing_scenes()[name]) == expected


def test_people_who_meet_come_close_and_go_back():
    first, second = hips_x(crossing_scenes()["meet"])
    gap = second - first
    assert gap.min() < 0.4 * gap[0]
    assert gap[-1] == pytest.approx(gap[0], abs=1.0)


def test_the_first_leaves_the_picture_and_comes_back():
    scene = crossing_scenes()["leave"]
    outside = occluded_landmarks(scene)[0].all(axis=1)
    gone = np.flatnonzero(outside)
    assert 20 < len(gone) < 90
    assert (np.diff(gone) == 1).all()
    assert not outside[[0, -1]].any()
    assert not occluded_landmarks(alone(scene, 1))[0].any()


def test_one_of_three_stands_still_between_the_others():
    scene = crossing_scenes()["three"]
    x = hips_x(scene)
    assert np.ptp(x[1]) == pytest.approx(0.0)
    assert x[0, 0] < x[1, 0] < x[0, -1]
    assert x[2, 0] > x[1, 0] > x[2, -1]
    assert scene.actors[0].z_m < scene.actors[1].z_m < scene.actors[2].z_m


@pytest.mark.parametrize("name", ["cross_once", "cross_twice", "lookalikes", "three"])
def test_only_the_farther_person_is_hidden_and_only_for_a_while(name):
    scene = crossing_scenes()[name]
    hidden = occluded_landmarks(scene)
    share = hidden[0][:, BODY].mean(axis=1)
    assert share.max() > 0.5
    assert (share > 0).mean() < 0.5
    nearest = hidden[-1]
    assert not nearest.any()


@pytest.mark.parametrize("name", NAMES)
def test_walkers_look_where_they_go(name):
    scene = crossing_scenes()[name]
    for actor in scene.actors:
        performance, skeleton = act(scene, actor)
        middle = skeleton.landmarks_m[:, [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]].mean(axis=1)
        speed_m_s = np.gradient(middle, 1 / 30, axis=0)
        ahead = skeleton.trunk_axes[:, 0]
        walking = np.isfinite(performance.angles.pelvis) & (np.linalg.norm(speed_m_s, axis=1) > 0.5)
        assert (np.sum(speed_m_s * ahead, axis=1)[walking] > 0.45).all()


def test_alone_is_the_same_clip_with_one_person():
    scene = crossing_scenes()["three"]
    everybody = truth_of(scene)
    for person in range(3):
        single = alone(scene, person)
        assert (single.n_frames, single.fps) == (scene.n_frames, scene.fps)
        for key in ("landmarks_px", "angles_driver_deg", "angles_image_deg"):
            assert truth_of(single)["persons"][0][key] == everybody["persons"][person][key]


def test_alone_keeps_the_length_at_an_odd_frame_rate():
    scene = replace(crossing_scenes()["meet"], fps=Fraction(30000, 1001))
    assert alone(scene, 0).n_frames == scene.n_frames


def test_truth_of_two_lists_who_is_hidden_when():
    truth = truth_of(crossing_scenes()["cross_once"])
    assert [person["number"] for person in truth["persons"]] == [0, 1]
    assert truth["persons"][1]["occluded"] == {}
    spans = truth["persons"][0]["occluded"]["nose"]
    assert spans
    assert set(truth["persons"][0]["occluded"]) <= set(LANDMARK_NAMES)
    assert truth["parameters"]["actors"][0]["phases"][1]["kind"] == "Walk"


def test_the_nearer_person_covers_the_farther_one():
    scene = crossing_scenes()["cross_once"]
    frame = int(np.argmin(np.abs(np.diff(hips_x(scene), axis=0)[0])))
    near = alone(scene, 1)
    hips = actor_truth(near, near.actors[0]).landmarks_px[frame][[LANDMARK_INDEX["right_hip"]]].round().astype(int)
    x, y = hips[0]
    both, single = (draw_frame(set_up(s), frame)[y - 3 : y + 4, x - 3 : x + 4] for s in (scene, near))
    assert np.array_equal(both, single)


def test_lookalikes_differ_little_and_the_others_much():
    def contrast(name):
        one, other = (actor.outfit for actor in crossing_scenes()[name].actors)
        return np.abs(np.subtract(one.shirt, other.shirt)).max()

    assert 0 < contrast("lookalikes") <= 12
    assert contrast("cross_once") > 100


def test_command_line_lists_the_scenes():
    result = CliRunner().invoke(main, ["--list"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == list(SCENES)
    assert "2 person(s), 960x540, 30 fps, 4.0 s" in result.output


def test_ready_made_scene_by_name_and_person():
    assert ready_made("meet", None, {"scene"}) == crossing_scenes()["meet"]
    assert ready_made("meet", 1, {"scene", "alone"}).actors == crossing_scenes()["meet"].actors[1:]


@pytest.mark.parametrize(
    ("name", "person", "given", "words"),
    [
        (None, 0, {"alone"}, "expected a --scene"),
        ("three", 3, {"scene", "alone"}, "expected 0 to 2"),
        ("meet", None, {"scene", "fps", "size"}, "leave out --fps, --size"),
    ],
)
def test_contradictory_options_are_refused(name, person, given, words):
    with pytest.raises(UsageError, match=words):
        ready_made(name, person, given)


def test_command_line_refuses_variants_of_a_ready_made_scene(tmp_path):
    result = CliRunner().invoke(main, ["--output", str(tmp_path / "x.mp4"), "--scene", "meet", "--people", "2"])
    assert result.exit_code == 2
    assert "leave out --people" in result.output
    assert not list(tmp_path.iterdir())
