"""Large series in files: the same numbers, in memory only while they are used."""

import gc
import mmap
import resource

import numpy as np
import pytest

from vidpose.types.arrays import frozen
from vidpose.types.mapped_arrays import (
    BLOCK_FRAMES,
    CAN_SPILL,
    SPILL_BYTES,
    allocate,
    copy_to_store,
    frame_blocks,
    release,
    spilling,
    to_readonly,
)

pytestmark = pytest.mark.skipif(not CAN_SPILL, reason="series stay in memory here")

N_LARGE = SPILL_BYTES // 8  # 64-bit numbers


def is_in_file(array):
    base = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, mmap.mmap)


def large():
    return np.arange(3.0 * N_LARGE).reshape(-1, 3)


def test_a_short_series_stays_where_it_is(tmp_path):
    short = np.arange(N_LARGE - 1.0)
    with spilling(tmp_path):
        assert to_readonly(short) is short
        assert not is_in_file(allocate((N_LARGE - 1,)))
    assert not short.flags.writeable


def test_nothing_goes_into_files_where_nobody_asked_for_it():
    series = large()
    assert to_readonly(series) is series
    assert not is_in_file(allocate((N_LARGE,)))


def test_a_large_series_keeps_its_numbers_in_a_file_without_a_name(tmp_path):
    with spilling(tmp_path):
        series = to_readonly(large())
        release()
        assert is_in_file(series)
        assert list(tmp_path.iterdir()) == []
    np.testing.assert_array_equal(series, large())  # also after the block
    assert not series.flags.writeable


def test_what_was_written_stays_when_its_memory_is_given_back(tmp_path):
    with spilling(tmp_path):
        series = allocate((N_LARGE, 3), fill=np.nan)
        assert np.isnan(series).all()
        for rows in frame_blocks(len(series)):
            series[rows] = large()[rows]
        assert is_in_file(series)
        assert to_readonly(series) is series
    np.testing.assert_array_equal(series, large())


def test_memory_is_given_back_and_files_go_with_their_series(tmp_path, resident_bytes):
    with spilling(tmp_path):
        first, second = allocate((N_LARGE, 2), fill=0.0), allocate((N_LARGE, 4), fill=0.0)
        assert max(resident_bytes()) < SPILL_BYTES
        assert first.sum() == second.sum() == 0
        assert resident_bytes() == [first.nbytes, second.nbytes]
        release()
        assert max(resident_bytes()) == 0
        del first, second
        gc.collect()
        assert resident_bytes() == []


def test_values_are_frozen_into_files_and_do_not_change_with_their_source(tmp_path):
    source = large()
    with spilling(tmp_path):
        series = frozen(source, np.float64, (None, 3), "series")
        turned = frozen(source.T, np.float64, (3, None), "turned")
    source[:] = 0
    assert is_in_file(series)
    assert is_in_file(turned)
    assert turned.flags.c_contiguous
    np.testing.assert_array_equal(series, large())
    np.testing.assert_array_equal(turned, large().T)


def test_a_copy_may_have_another_type(tmp_path):
    with spilling(tmp_path):
        copy = copy_to_store(large().astype(np.float32), np.float64)
    assert copy.dtype == np.float64
    assert copy.flags.writeable
    np.testing.assert_array_equal(copy, large().astype(np.float32))


def test_a_disk_without_room_leaves_the_series_in_memory(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SPILL_BYTES, hard))
    try:
        with spilling(tmp_path):
            series = to_readonly(large())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not is_in_file(series)
    np.testing.assert_array_equal(series, large())


def test_files_are_left_for_others_to_open(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        with spilling(tmp_path):
            many = [to_readonly(large()) for _ in range(33)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert 0 < sum(map(is_in_file, many)) <= 32
    assert not is_in_file(many[-1])
    assert not many[-1].flags.writeable


def test_a_folder_that_is_gone_leaves_the_series_in_memory(tmp_path):
    source = large()
    with spilling(tmp_path / "gone"):
        assert to_readonly(source) is source


@pytest.mark.parametrize("n_frames", [0, 1, BLOCK_FRAMES, 2 * BLOCK_FRAMES + 1])
def test_blocks_cover_every_frame_once(n_frames):
    blocks = list(frame_blocks(n_frames))
    assert [frame for rows in blocks for frame in range(rows.start, rows.stop)] == list(range(n_frames))
    assert len(blocks) >= 1
