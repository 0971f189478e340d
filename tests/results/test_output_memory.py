"""The writers hold a stretch of the video at a time: four times the frames must not need more memory."""

import tracemalloc

import pyarrow as pa
import pytest
from made_results import made_provenance, made_result

from vidpose.results.frame_tables import write_tables
from vidpose.results.pose_model import write_pose_model
from vidpose.results.video_result import CHUNK_FRAMES

WRITERS = {
    "pose_model": lambda folder, result: write_pose_model(folder / "pose_model.json", result, made_provenance()),
    "tables": lambda folder, result: write_tables(folder, result, made_provenance()),
}


def peak_bytes(action):
    """Peak of numpy's, Python's and Arrow's memory while ``action`` runs, beyond what was there before."""
    usual = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(usual)
    pa.set_memory_pool(pool)
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1] + pool.max_memory()
    finally:
        tracemalloc.stop()
        pa.set_memory_pool(usual)


@pytest.mark.parametrize("name", sorted(WRITERS))
@pytest.mark.thorough
def test_memory_does_not_grow_with_the_video(tmp_path, name):
    write = WRITERS[name]
    write(tmp_path, made_result(10))  # imports and caches
    short, long = made_result(2 * CHUNK_FRAMES), made_result(8 * CHUNK_FRAMES)
    peak_short = peak_bytes(lambda: write(tmp_path, short))
    peak_long = peak_bytes(lambda: write(tmp_path, long))
    assert peak_short > 2**17  # the measurement sees the writer
    assert peak_long < 1.5 * peak_short
    assert peak_long < 64 * 2**20
