"""What the pictures show: times at places, pieces of paths, gaps, thinned curves and hatched stretches."""

from dataclasses import replace

import numpy as np
import pytest
from made_results import made_result

from vidpose.results.plots.angle_curves import REASON_WORDS, draw_angles, label_of, thinned_curve, withheld_spans
from vidpose.results.plots.heatmap import draw_heatmap, time_at_places
from vidpose.results.plots.style import PlotSettings, plot_style, shortened
from vidpose.results.plots.trajectories import coloured_pieces, draw_trajectories
from vidpose.types.motion import AngleStatus

SETTINGS = PlotSettings()


def points_at(places_px, times_s, stretch=None):
    """One point's places, shape (T, 1, 2), and a track of the same frames."""
    n = len(times_s)
    track = made_result(n, lost=()).people[0].analysis.filtered
    stretch = np.zeros(n) if stretch is None else stretch
    return np.asarray(places_px, float)[:, None], replace(track, timestamps_s=times_s, stretch=stretch)


def test_time_at_places_is_counted_in_seconds():
    times_s = np.arange(100) / 25.0
    places = [(10.0, 10.0)] * 50 + [(90.0, 40.0)] * 50
    seconds = time_at_places(*points_at(places, times_s), (100, 50), (10, 5))
    assert seconds.shape == (5, 10)
    assert seconds[1, 1] == pytest.approx(2.0, abs=0.03)
    assert seconds[4, 9] == pytest.approx(2.0, abs=0.03)
    assert seconds.sum() == pytest.approx(times_s[-1])


def test_two_points_share_the_time():
    times_s = np.arange(30) / 30.0
    places, track = points_at([(5.0, 5.0)] * 30, times_s)
    one = time_at_places(places, track, (10, 10), (4, 4))
    both = time_at_places(np.repeat(places, 2, axis=1), track, (10, 10), (4, 4))
    assert both == pytest.approx(one)


def test_uneven_frames_and_many_chunks_count_by_their_time():
    rng = np.random.default_rng(0)
    times_s = np.cumsum(rng.uniform(0.01, 0.06, 5000))
    places = rng.uniform(0, 100, (5000, 2))
    seconds = time_at_places(*points_at(places, times_s), (100, 100), (10, 10))
    assert seconds.sum() == pytest.approx(times_s[-1] - times_s[0])


def test_time_between_stretches_outside_and_unseen_is_not_time_at_a_place():
    times_s = np.concatenate([np.arange(10) / 10.0, 100.0 + np.arange(10) / 10.0])
    stretch = np.repeat([0, 1], 10)
    places = np.full((20, 2), 5.0)
    assert time_at_places(*points_at(places, times_s, stretch), (10, 10), (2, 2)).sum() == pytest.approx(1.8)
    places[:5] = -3.0
    places[10:15] = np.nan
    left = time_at_places(*points_at(places, times_s, stretch), (10, 10), (2, 2)).sum()
    assert left == pytest.approx(0.9, abs=0.01)


def test_paths_are_cut_at_gaps_stretches_and_colours():
    times_s = np.arange(10) / 10.0
    places = np.stack([np.arange(10.0), np.zeros(10)], axis=1)
    places[3] = np.nan
    stretch = np.repeat([0, 1], [7, 3])
    pieces = coloured_pieces(places, times_s, stretch, (0.0, 1000.0), 100)
    assert [list(piece[:, 0]) for piece, _ in pieces] == [[0, 1, 2], [4, 5, 6], [7, 8, 9]]
    coloured = coloured_pieces(np.ones((50, 2)), np.arange(50) / 10.0, np.zeros(50), (0.0, 5.0), 100)
    assert len(coloured) > 30
    assert [middle_s for _, middle_s in coloured] == sorted(middle_s for _, middle_s in coloured)


def test_long_paths_are_thinned_and_keep_their_ends():
    n = 100_000
    places = np.stack([np.arange(n) / 1.0, np.zeros(n)], axis=1)
    pieces = coloured_pieces(places, np.arange(n) / 30.0, np.zeros(n), (0.0, n / 30.0), 1000)
    assert sum(len(piece) for piece, _ in pieces) < 1400
    assert pieces[0][0][0, 0] == 0
    assert pieces[-1][0][-1, 0] == n - 1


def test_short_curves_are_shown_as_they_are():
    values = np.array([0.1, np.nan, 0.3, 0.2])
    curve = thinned_curve(np.arange(4.0), values, np.full(4, np.nan), np.zeros(4), 100)
    assert curve.values_deg == pytest.approx(np.rad2deg(values), nan_ok=True)
    assert np.isnan(curve.half_width_deg).all()


def test_thinning_keeps_extremes_and_gaps():
    n = 90_000
    values = 0.1 * np.sin(np.arange(n) / 500.0)
    values[40_000] = 2.0
    values[70_000] = -2.0
    values[20_000:20_003] = np.nan
    curve = thinned_curve(np.arange(n) / 30.0, values, np.full(n, 0.01), np.zeros(n), 3000)
    assert len(curve.times_s) <= 3100
    assert np.nanmax(curve.values_deg) == pytest.approx(np.rad2deg(2.0))
    assert np.nanmin(curve.values_deg) == pytest.approx(np.rad2deg(-2.0))
    assert np.isnan(curve.values_deg).sum() == 1
    assert np.all(np.diff(curve.times_s) >= 0)
    assert curve.half_width_deg[~np.isnan(curve.values_deg)] == pytest.approx(np.rad2deg(0.0196))


def test_a_new_stretch_another_view_and_a_wrap_interrupt_a_curve():
    values = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5 + 2 * np.pi])
    curve = thinned_curve(np.arange(6.0), values, np.full(6, np.nan), np.array([0, 0, 1, 1, 1, 1]), 100)
    assert list(np.flatnonzero(np.isnan(curve.values_deg))) == [2, 6]


def test_the_label_changes_with_stretch_and_view():
    (person,) = made_result(6, lost=()).people
    facing = np.array([1, 1, 3, 3, 3, 3])
    filtered = replace(person.analysis.filtered, stretch=np.array([0, 0, 0, 0, 1, 1]))
    changed = replace(person, analysis=replace(person.analysis, facing=facing, filtered=filtered))
    assert list(np.flatnonzero(np.diff(label_of(changed))) + 1) == [2, 4]


def test_withheld_stretches_have_their_reason():
    status = np.full(3000, AngleStatus.MEASURED, dtype=np.uint8)
    status[600:1200] = AngleStatus.WITHHELD_VIEW
    status[1800:2400] = AngleStatus.WITHHELD_SHORT
    status[2700:] = AngleStatus.MISSING  # nobody there: a gap, nothing withheld
    times_s = np.arange(3000) / 30.0
    spans = list(withheld_spans(times_s, status))
    assert [reason for *_, reason in spans] == [AngleStatus.WITHHELD_VIEW, AngleStatus.WITHHELD_SHORT]
    assert spans[0][:2] == pytest.approx((20.0, 40.0), abs=0.4)
    assert spans[1][:2] == pytest.approx((60.0, 80.0), abs=0.4)


def test_every_reason_to_withhold_has_words():
    withheld = {status for status in AngleStatus if status.name.startswith("WITHHELD")}
    assert withheld | {AngleStatus.REJECTED} == set(REASON_WORDS)


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_is_hatched_without_time(n):
    assert list(withheld_spans(np.zeros(n), np.full(n, AngleStatus.WITHHELD_VIEW))) == []


def words_of(figure):
    """All words of a figure."""
    import matplotlib.text

    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def withheld_result(n=300):
    result = made_result(n, lost=())
    (person,) = result.people
    angles = person.analysis.angles
    status, values = angles.status.copy(), angles.values_rad.copy()
    status[:150], values[:150] = AngleStatus.WITHHELD_VIEW, np.nan
    analysis = replace(person.analysis, angles=replace(angles, status=status, values_rad=values))
    return replace(result, people=(replace(person, analysis=analysis),))


def test_the_angle_picture_says_why_a_value_is_missing():
    with plot_style():
        words = words_of(draw_angles(withheld_result(), "clip.mp4", SETTINGS))
    assert words.count("needs another view") == 10
    assert "Knee flexion" in words


def test_a_joint_without_image_angles_is_shown_in_3d():
    result = withheld_result()
    (person,) = result.people
    angles = person.analysis.angles
    values = angles.values_rad.copy()
    for side in "rl":
        values[:, angles.ids.index(f"knee_flexion_{side}")] = np.nan
    analysis = replace(person.analysis, angles=replace(angles, values_rad=values))
    changed = replace(result, people=(replace(person, analysis=analysis),))
    with plot_style():
        words = words_of(draw_angles(changed, "clip.mp4", SETTINGS))
    assert any(word.startswith("Knee, included angle in 3-D") for word in words)
    assert "Hip flexion" in words


@pytest.mark.parametrize("draw", [draw_heatmap, draw_trajectories, draw_angles])
@pytest.mark.thorough
def test_several_people_are_named_and_one_is_not(draw):
    with plot_style():
        alone = " ".join(words_of(draw(made_result(20), "clip.mp4", SETTINGS)))
        several = " ".join(words_of(draw(made_result(20, n_people=6), "clip.mp4", SETTINGS)))
    assert "Person" not in alone
    assert all(f"Person {number}" in several for number in range(4))
    assert "2 more people" in several


def test_a_long_title_keeps_its_beginning_and_end():
    title = "Joint angles – " + "x" * 200 + " back view.mp4"
    short = shortened(title, 9.0)
    assert len(short) < 60
    assert short.startswith("Joint angles – ")
    assert short.endswith("back view.mp4")
    assert shortened("Joint angles – clip.mp4", 9.0) == "Joint angles – clip.mp4"


@pytest.mark.parametrize("draw", [draw_heatmap, draw_trajectories, draw_angles])
def test_nobody_is_said(draw):
    with plot_style():
        for empty in (made_result(3, n_people=0), made_result(3, lost=(0, 1, 2))):
            assert "no person found" in words_of(draw(empty, "clip.mp4", SETTINGS))


def test_nobody_has_no_axes_of_angles():
    with plot_style():
        assert draw_angles(made_result(3, n_people=0), "clip.mp4", SETTINGS).axes == []


def test_one_frame_has_its_one_time():
    result = made_result(1, lost=())
    with plot_style():
        axes = draw_angles(result, "clip.mp4", SETTINGS).axes
    assert {tuple(each.get_xticks()) for each in axes} == {tuple(result.timestamps_s)}
    assert {float(np.ptp(each.get_xlim())) for each in axes} == {1.0}


def test_a_right_and_a_left_value_alone_are_both_seen():
    with plot_style():
        lines = draw_angles(made_result(1, lost=()), "clip.mp4", SETTINGS).axes[0].get_lines()
    dot, ring = (line for line in lines if line.get_marker() == "o")
    assert dot.get_fillstyle() == "full"
    assert ring.get_fillstyle() == "none"
    assert ring.get_markersize() > dot.get_markersize() + ring.get_markeredgewidth()
