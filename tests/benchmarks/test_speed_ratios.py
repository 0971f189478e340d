"""Ratios, bars and the page, from measurements written by hand."""

import pytest

from benchmarks.bars import BARS, Bar
from benchmarks.harness.ratios import Spread, geometric_mean, ratio, spread
from benchmarks.harness.rounds import Measured
from benchmarks.report import as_markdown
from benchmarks.results import Results, bar_lines, bars_as_text, read_results, write_results


def measured(contender, ms, turn=0, clip="a.mp4", experiment="models", **facts):
    known = {"n_frames": 100, "wall_s": ms / 10, "whole_s": ms / 10 + 1, "cpu_s": ms / 10, "others": 0.0}
    return Measured(experiment=experiment, clip=clip, contender=contender, turn=turn, **(known | facts))


def steady(one):
    return one.ms_per_frame


def results(*rows, failures=()):
    machine = {"processor": "P", "cores": 2, "memory_gib": 8, "system": "S", "python": "3"}
    return Results(machine, "the command", "0.0", tuple(rows), dict(failures))


def test_time_per_frame_is_in_milliseconds():
    assert measured("naive", 12.5).ms_per_frame == pytest.approx(12.5)


def test_ratios_are_made_within_a_round():
    # The machine is twice as slow in the second round: the ratio does not notice.
    rows = [measured("slow", 10), measured("fast", 5), measured("slow", 22, 1), measured("fast", 10, 1)]
    found = ratio(rows, ["slow"], ["fast"], steady)
    assert found.clips == {"a.mp4": Spread(pytest.approx(2.1), pytest.approx(2.0), pytest.approx(2.2), 2)}


def test_over_clips_the_geometric_mean():
    rows = [measured("slow", 10), measured("fast", 5), measured("slow", 40, clip="b"), measured("fast", 5, clip="b")]
    assert ratio(rows, ["slow"], ["fast"], steady).overall == pytest.approx(4.0)
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)


def test_several_contenders_are_added_up():
    rows = [measured("decode", 2), measured("network", 2), measured("ours", 5)]
    assert ratio(rows, ["decode", "network"], ["ours"], steady).overall == pytest.approx(0.8)


def test_rounds_that_lack_a_contender_are_left_out():
    rows = [measured("slow", 10), measured("fast", 5), measured("slow", 100, 1)]
    assert ratio(rows, ["slow"], ["fast"], steady).overall == pytest.approx(2.0)
    assert ratio(rows, ["slow"], ["other"], steady) is None


def test_disturbed_rounds_count_only_when_there_is_no_quiet_one():
    rows = [measured("slow", 10), measured("fast", 5), measured("slow", 30, 1, others=0.5), measured("fast", 5, 1)]
    found = ratio(rows, ["slow"], ["fast"], steady)
    assert (found.overall, found.clips["a.mp4"].n, found.disturbed) == (pytest.approx(2.0), 1, ())
    found = ratio(rows[2:], ["slow"], ["fast"], steady)
    assert (found.overall, found.disturbed) == (pytest.approx(6.0), ("a.mp4",))


def test_spread():
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0, 3)


@pytest.mark.parametrize(
    ("least", "most", "reached"),
    [
        (2.0, None, True),
        (2.1, None, False),
        (None, 2.0, True),
        (None, 1.9, False),
        (1.9, 2.1, True),
        (None, None, None),
    ],
)
def test_a_bar_is_reached_between_its_bounds(least, most, reached):
    bar = Bar("models", "words", ("slow",), ("fast",), least=least, most=most)
    found = bar.found([measured("slow", 10), measured("fast", 5), measured("slow", 1, experiment="job")])
    assert bar.reached(found) is reached


def test_bars_of_the_whole_process_take_its_time():
    bar = Bar("models", "words", ("slow",), ("fast",), "whole", least=1.0)
    assert bar.found([measured("slow", 10), measured("fast", 30)]).overall == pytest.approx(2 / 4)


def test_a_contender_that_is_missing_is_not_a_bar_that_is_reached():
    rows = [measured("naive", 13), measured("pose_f32", 5)]
    found = results(*rows, failures=[("models, a.mp4, pose_fast", "first line\nno bfloat16 here")])
    verdicts = {line.words: line.verdict for line in bar_lines(found)}
    assert verdicts["plain loop over ours, f32"] == "missed"
    assert verdicts["plain loop over ours, fast"] == "not measured"
    assert "no bfloat16 here" in bars_as_text(found)
    assert set(verdicts) == {bar.words for bar in BARS if bar.experiment == "models"}


def test_results_survive_their_file(tmp_path):
    found = results(measured("naive", 13, extra={"cpu_ms": {"decode": 1.0}}), measured("job", 9, experiment="job"))
    write_results(tmp_path / "new" / "latest.json", found)
    assert read_results(tmp_path / "new" / "latest.json") == found


def test_the_page_says_what_was_measured_and_where():
    rows = [
        measured("naive", 13, others=0.4, attempts=3),
        measured("pose_f32", 4),
        measured("the interpreter", 1, experiment="start"),
        measured("stages_f32", 9, experiment="stages", extra={"cpu_ms": {"decode": 3.21, "draw": 0.5}}),
    ]
    page = as_markdown(results(*rows), ["speed_ratios.svg"])
    for expected in (
        "`the command`",
        "P, 2 cores",
        "0.40 in the worst",
        "1 of 4 runs",
        "**3.25**",
        "| 3.21 | 0.50 |",
        "disturbed",
    ):
        assert expected in page
    assert "images/speed_ratios.svg" in page
