import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.errors import MemoryLimitError
from vidpose.governor.limits import MemoryLimit
from vidpose.governor.predict import POSE_WORKER_BYTES
from vidpose.governor.sizes import GIB, MIB
from vidpose.governor.worker_plan import (
    ADMIT_BELOW,
    DRIVER_BYTES,
    INLINE_BYTES,
    RAY_ACTOR_BYTES,
    RAY_BYTES,
    fits,
    fixed_cost_bytes,
    plan_workers,
    why_never,
)

FIXED = DRIVER_BYTES + RAY_BYTES + RAY_ACTOR_BYTES
UNIT = 270 * MIB


def limit_of(base_bytes: int, fraction: float = 0.4, **changes) -> MemoryLimit:
    values = {
        "limit_bytes": int(fraction * base_bytes),
        "why": "made up",
        "base_bytes": base_bytes,
        "fraction": fraction,
    }
    return MemoryLimit(**(values | changes))


def test_fixed_cost():
    assert fixed_cost_bytes("dask") == FIXED
    assert fixed_cost_bytes("dask", n_actors=3) == FIXED + 2 * RAY_ACTOR_BYTES
    assert fixed_cost_bytes("inline") == INLINE_BYTES


def test_admission_at_the_edge():
    # 0.85 x 2000 = 1700
    assert fits(predicted_bytes=300, in_flight_bytes=400, fixed_bytes=1000, limit_bytes=2000)
    assert not fits(predicted_bytes=301, in_flight_bytes=400, fixed_bytes=1000, limit_bytes=2000)


@pytest.mark.parametrize(
    ("base_gib", "requested", "n_cores", "n_workers"),
    [
        (64, None, 8, 8),  # one per core
        (64, 3, 8, 3),  # as asked
        (64, 12, 8, 12),  # also beyond the cores
        (8, None, 16, 7),  # (0.85 x 3276.8 - 725) / 270 = 7.6
        (8, 2, 16, 2),
        (64, 0, 4, 1),  # never below one
    ],
)
def test_number_of_workers(base_gib, requested, n_cores, n_workers):
    plan = plan_workers(limit_of(base_gib * GIB), requested, n_cores, UNIT, "dask")
    assert plan.n_workers == n_workers
    assert plan.fixed_bytes == FIXED


def test_inline_has_threads_instead_of_workers():
    plan = plan_workers(limit_of(64 * GIB), None, 8, UNIT, "inline")
    assert plan.n_workers == 8
    assert "inline" in plan.why


def test_one_unit_may_use_the_whole_limit():
    exact = limit_of(GIB, limit_bytes=FIXED + UNIT)
    assert plan_workers(exact, None, 8, UNIT, "dask").n_workers == 1
    with pytest.raises(MemoryLimitError):
        plan_workers(limit_of(GIB, limit_bytes=FIXED + UNIT - 1), None, 8, UNIT, "dask")


def test_the_refusal_shows_the_arithmetic_and_the_ways_out():
    limit = limit_of(2 * GIB, why="0.40 of 2.0 GiB RAM")
    with pytest.raises(MemoryLimitError) as caught:
        plan_workers(limit, None, 8, UNIT, "dask")
    message = str(caught.value)
    assert "810 MiB fixed (dask engine) + 270 MiB for the largest unit = 1.1 GiB" in message
    assert "the limit is 819 MiB (0.40 of 2.0 GiB RAM)" in message
    assert "Use --memory_limit 0.53 or more." in message
    assert "Use --engine inline, which needs 480 MiB." in message
    assert caught.value.context == {"limit_bytes": limit.limit_bytes, "needed_bytes": FIXED + UNIT}


def test_the_smallest_fraction_of_the_message_works_and_the_next_smaller_does_not():
    with pytest.raises(MemoryLimitError) as caught:
        plan_workers(limit_of(2 * GIB), None, 8, UNIT, "dask")
    found = re.search(r"--memory_limit (\d\.\d\d)", str(caught.value))
    assert found is not None
    fraction = float(found[1])
    assert plan_workers(limit_of(2 * GIB, fraction), None, 8, UNIT, "dask").n_workers == 1
    with pytest.raises(MemoryLimitError):
        plan_workers(limit_of(2 * GIB, fraction - 0.01), None, 8, UNIT, "dask")


def test_other_programs_are_named_when_they_are_the_cause():
    limit = limit_of(8 * GIB, limit_bytes=300 * MIB, bound_by="available")
    with pytest.raises(MemoryLimitError, match="Close other programs") as caught:
        plan_workers(limit, None, 8, UNIT, "dask")
    assert "Use --memory_limit" not in str(caught.value)  # 0.40 would do


def test_inline_with_a_higher_limit_when_that_is_the_only_way():
    with pytest.raises(MemoryLimitError, match=r"Use --engine inline with --memory_limit 0\.80 or more") as caught:
        plan_workers(limit_of(600 * MIB), None, 8, UNIT, "dask")
    assert "Use --memory_limit" not in str(caught.value)


def test_no_way_out_is_said():
    with pytest.raises(MemoryLimitError, match="No setting helps"):
        plan_workers(limit_of(256 * MIB), None, 8, UNIT, "inline")


@given(
    base_bytes=st.integers(GIB, 256 * GIB),
    fraction=st.floats(0.05, 1.0),
    n_cores=st.integers(1, 128),
    unit_bytes=st.integers(100 * MIB, 4 * GIB),
)
def test_a_plan_of_several_workers_fits(base_bytes, fraction, n_cores, unit_bytes):
    limit = limit_of(base_bytes, fraction)
    if FIXED + unit_bytes > limit.limit_bytes:
        with pytest.raises(MemoryLimitError):
            plan_workers(limit, None, n_cores, unit_bytes, "dask")
        return
    plan = plan_workers(limit, None, n_cores, unit_bytes, "dask")
    assert 1 <= plan.n_workers <= n_cores
    if plan.n_workers > 1:
        assert FIXED + plan.n_workers * unit_bytes <= ADMIT_BELOW * limit.limit_bytes


@pytest.mark.parametrize("engine", ["dask", "inline"])
def test_a_unit_above_the_allowed_share_never_runs_and_the_arithmetic_says_so(engine):
    room = 1000 * MIB
    base = round((fixed_cost_bytes(engine) + room) / 0.4) + 1
    assert why_never(limit_of(base), room, engine) is None
    assert why_never(limit_of(base, limit_bytes=1, bound_by="available"), room, engine) is None  # only now
    why = why_never(limit_of(base), room + MIB, engine)
    assert "1001 MiB for the largest unit" in why
    assert "--memory_limit 0.41" in why
    tiny = limit_of(fixed_cost_bytes(engine) + POSE_WORKER_BYTES)
    assert why_never(tiny, room, engine) is None  # not the video's fault: the run is refused
