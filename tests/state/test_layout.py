"""Where files stand: apart from each other, below the two result folders, found again by key."""

import itertools
from pathlib import Path

from vidpose.state.layout import Layout

LAYOUT = Layout(Path("/results/output"), Path("/results/models"))
KEYS = ("ab" * 32, "ac" * 32)


def places():
    yield from (LAYOUT.ledger, LAYOUT.log, LAYOUT.run_report)
    for key in KEYS:
        yield LAYOUT.motion(key)
        for number in (0, 1, 12345):
            yield LAYOUT.pose_segment(key, number)
            yield LAYOUT.guided_segment(key, number)
    for name in ("clip.mp4", "squats/clip.mp4"):
        yield LAYOUT.tables_folder(name)
        yield LAYOUT.picture_folder(name)


def test_no_two_things_share_a_place():
    assert all(one != other for one, other in itertools.combinations(places(), 2))


def test_everything_lies_below_the_result_folders():
    assert all(path.is_relative_to(LAYOUT.output) or path.is_relative_to(LAYOUT.models) for path in places())


def test_work_by_key_lies_in_the_state_folder_apart_from_results():
    by_key = [LAYOUT.ledger, LAYOUT.motion(KEYS[0]), LAYOUT.pose_segment(KEYS[0], 0), LAYOUT.guided_segment(KEYS[0], 0)]
    assert all(path.is_relative_to(LAYOUT.models / ".vidpose") for path in by_key)
    assert not LAYOUT.tables_folder("clip.mp4").is_relative_to(LAYOUT.state)


def test_what_the_user_looks_for():
    assert LAYOUT.picture_folder("squats/clip.mp4") == Path("/results/output/squats/clip.mp4")
    assert LAYOUT.tables_folder("squats/clip.mp4") == Path("/results/models/squats/clip.mp4")
    assert LAYOUT.run_report == Path("/results/output/run_report.json")


def test_segments_of_one_key_sort_by_number():
    names = [LAYOUT.pose_segment(KEYS[0], number).name for number in range(0, 3000, 7)]
    assert names == sorted(names)


def test_pictures_and_tables_may_share_a_folder():
    same = Layout(Path("/results"), Path("/results"))
    assert same.tables_folder("a.mp4") == same.picture_folder("a.mp4")
