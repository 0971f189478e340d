"""One grade per question: what a video can answer, and in a few words why not."""

from typing import get_args

import numpy as np
import pytest
from biomech_bodies import absent, make_track, still
from gait_recordings import scene_of, track_of_scene

from synthetic.hopping import Hops
from synthetic.jumping import VerticalJumps
from synthetic.motions import Squats
from synthetic.walking import Walk, WalkBackward
from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.grades import grade_answers
from vidpose.types.footage import CameraPath, Footage
from vidpose.types.grades import Grade, Question, in_one_line


def graded(track, **options):
    """Return the grades by their question."""
    grades = grade_answers(analyse(track, AnalysisSettings(), **options))
    assert [grade.question for grade in grades] == list(get_args(Question))
    return {grade.question: grade for grade in grades}


def test_squats_from_the_side_answer_for_the_knee_and_not_for_gait():
    got = graded(track_of_scene(scene_of(Squats())))
    assert got["knee depth"].answer == "yes"
    assert got["knee depth"].because.startswith("± ")
    assert got["gait"].answer == got["jumps"].answer == "none"
    assert got["distances"] == Grade("distances", "yes", "in body heights")


@pytest.mark.thorough
def test_squats_from_the_front_are_told_as_such():
    got = graded(track_of_scene(scene_of(Squats(), facing_deg=90.0)))
    assert got["gait"].answer == "no"
    assert got["knee depth"].answer != "yes" or got["knee depth"].because


def test_no_distances_are_promised_while_the_camera_moves_unknown():
    track = track_of_scene(scene_of(Squats()))
    still_path = np.tile([1.0, 0.0, 0.0, 0.0], (track.n_frames, 1))
    for unknown, answer in ((False, "yes"), (True, "no")):
        camera = CameraPath(still_path, np.full(track.n_frames, unknown))
        assert graded(track, footage=Footage(camera=camera))["distances"].answer == answer


def test_who_leaves_while_the_knee_is_deepest_is_told():
    squats = Squats()
    track = track_of_scene(scene_of(squats))
    bottoms = [track.timestamps_s - 0.5 - r.extreme_s for r in squats.repetitions()]
    gone = np.min(np.abs(bottoms), axis=0) < 0.45
    got = graded(absent(track, np.flatnonzero(gone)))
    assert got["knee depth"] == Grade("knee depth", "rough", "largest flexion not seen")


@pytest.mark.parametrize(
    ("phase", "answer", "words"),
    [
        (Walk(steps=7), "yes", "120 ± 1 steps/min"),
        pytest.param(WalkBackward(Walk(steps=7)), "yes", "120 ± 1 steps/min, backward", marks=pytest.mark.thorough),
    ],
)
def test_a_walk_answers_for_gait(phase, answer, words):
    scene = scene_of(phase, rate_hz=60, x_m=-phase.travel * 1.75 / 2)
    got = graded(track_of_scene(scene), height_m=1.75)
    assert (got["gait"].answer, got["gait"].because) == (answer, words)
    assert got["distances"] == Grade("distances", "yes", "in metres")
    assert got["jumps"].answer == "none"


@pytest.mark.parametrize(
    ("phase", "rate_hz", "answer", "words"),
    [
        (Hops(reps=5), 30, "rough", "5 hops, no height"),
        pytest.param(VerticalJumps(reps=2, flight_s=0.5), 120, "yes", "2 jumps, ± 1 cm", marks=pytest.mark.thorough),
        pytest.param(Squats(), 12, "no", "too few frames per second", marks=pytest.mark.thorough),
    ],
)
def test_what_leaves_the_floor_is_named(phase, rate_hz, answer, words):
    got = graded(track_of_scene(scene_of(phase, rate_hz=rate_hz)))
    assert got["jumps"] == Grade("jumps", answer, words)


def test_nobody_answers_nothing():
    nobody = make_track(np.full((30, 33, 2), np.nan), np.arange(30) / 30.0)
    assert in_one_line(graded(nobody).values()) == "nothing, no person"
    assert graded(still())["gait"].answer == "none"


def test_a_question_or_answer_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="question"):
        Grade("weather", "yes")
    with pytest.raises(ValueError, match="answer"):
        Grade("gait", "perhaps")
    assert Grade.from_dict(Grade("gait", "no", "front view").as_dict()) == Grade("gait", "no", "front view")
