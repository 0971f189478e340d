"""Heatmaps draw landmarks to their centres of mass, within reach and when sure."""

import numpy as np
import pytest

from vidpose.pose.blazepose.refinement import refined

NOTHING = -50.0


def heatmap(**spots):
    """One map; spots are named xCOLUMNyROW and hold chances."""
    maps = np.full((64, 64, 1), NOTHING, dtype=np.float32)
    for name, chance in spots.items():
        x, y = (int(part) for part in name[1:].split("y"))
        maps[y, x, 0] = np.log(chance / (1 - chance))
    return maps


def one(point, maps):
    return (refined(np.array([point]) / 64, maps)[0] * 64).tolist()


def test_a_single_spot_is_where_the_landmark_goes():
    assert one((30.2, 20.9), heatmap(x33y18=0.9)) == pytest.approx([33.0, 18.0])


def test_two_spots_share_by_their_chances():
    assert one((30.0, 20.0), heatmap(x28y20=0.6, x32y20=0.3)) == pytest.approx([28 + 4 / 3, 20.0])


@pytest.mark.parametrize(("column", "reached"), [(34, True), (35, False), (26, True), (25, False)])
def test_four_cells_are_within_reach(column, reached):
    x, _ = one((30.9, 20.0), heatmap(**{f"x{column}y20": 0.9}))
    assert x == pytest.approx(column if reached else 30.9)


def test_unsure_maps_change_nothing():
    assert one((30.2, 20.9), heatmap(x30y21=0.49)) == pytest.approx([30.2, 20.9])
    assert one((30.2, 20.9), heatmap(x30y21=0.51)) == pytest.approx([30.0, 21.0])


def test_the_window_ends_at_the_map_s_border():
    assert one((0.5, 63.5), heatmap(x0y63=0.8, x2y63=0.8)) == pytest.approx([1.0, 63.0])


@pytest.mark.parametrize("point", [(-1.5, 20.0), (64.0, 20.0), (20.0, 70.0)])
def test_points_outside_are_left_alone(point):
    assert one(point, np.full((64, 64, 1), 5.0, dtype=np.float32)) == pytest.approx(list(point))


def test_every_landmark_has_its_own_map():
    maps = np.concatenate([heatmap(x10y10=0.9), heatmap(x50y40=0.9), heatmap()], axis=2)
    points = np.array([[11.0, 11.0], [49.0, 41.0], [5.0, 5.0]]) / 64
    np.testing.assert_allclose(refined(points, maps) * 64, [[10, 10], [50, 40], [5, 5]])
