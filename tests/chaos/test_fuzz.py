"""Damaged videos among good ones: each has a verdict, no run ends early, and good ones give the bytes they give alone.

``make fuzz`` does the same with thousands.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.fuzz import Plan, fuzz, make_seeds
from benchmarks.mutations import atoms, mutated

pytestmark = pytest.mark.slow


def test_the_same_seed_damages_in_the_same_way(sample_video: Path) -> None:
    content = sample_video.read_bytes()[:20_000]
    once, again = (
        [mutated([content], 0, chance) for _ in range(20)] for chance in (random.Random(3), random.Random(3))
    )
    assert once == again
    assert sum(made != content for made, _ in once) > 15


def test_boxes_are_found_in_a_real_file(sample_video: Path) -> None:
    names = {name for _, _, name in atoms(sample_video.read_bytes())}
    assert {b"ftyp", b"moov", b"mdat", b"stsd", b"stsz", b"stts"} <= names


@pytest.mark.thorough
def test_seeds_come_in_many_formats(tmp_path: Path) -> None:
    assert len({seed.suffix for seed in make_seeds(tmp_path)}) >= 8


@pytest.mark.chaos
@pytest.mark.timeout(3600)
def test_damaged_videos(tmp_path: Path) -> None:
    figures = fuzz(tmp_path, Plan(n_files=80, seed=1, per_run=60, whole=2))
    assert not figures.faults, str(figures)
    assert figures.n_good_equal == figures.n_good
    assert figures.n_posed >= 80
