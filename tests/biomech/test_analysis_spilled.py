"""An analysis whose series live in files has the numbers of one in memory."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from biomech_bodies import absent, squats, track_of

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.types.mapped_arrays import BLOCK_FRAMES, spilling


def assert_same(one, other, where):
    if is_dataclass(one):
        for item in fields(one):
            assert_same(getattr(one, item.name), getattr(other, item.name), f"{where}.{item.name}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, where, strict=True)
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}[{number}]")
    else:
        assert repr(one) == repr(other), where  # NaN is no equal of NaN


@pytest.mark.thorough
def test_series_in_files_change_no_number(tmp_path):
    poses = squats(n_reps=5)
    times_s = np.arange(-(-(BLOCK_FRAMES + 300) // len(poses)) * len(poses)) / 30.0
    track = track_of(poses * (len(times_s) // len(poses)), times_s=times_s)
    track = absent(track, slice(200, 260))
    settings = AnalysisSettings()
    in_memory = analyse(track, settings, 1.8)
    with spilling(tmp_path):
        in_files = analyse(track, settings, 1.8)
    assert in_files.filtered.world_m.base is not None
    assert_same(in_memory, in_files, "analysis")
