from pathlib import Path

import pytest

from vidpose.governor.limits import LimitReader, LimitSettings
from vidpose.governor.sizes import GIB, KIB, MIB

V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
V1_MOUNT = "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"


def write(root: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """8 GiB of RAM, 6 GiB of it available, no control groups."""
    write(tmp_path, {"proc/meminfo": f"MemTotal: {8 * GIB // KIB} kB\nMemAvailable: {6 * GIB // KIB} kB"})
    return tmp_path


def read(root: Path, own_bytes: int = 0, fraction: float = 0.4):
    return LimitReader(LimitSettings(fraction), root).read(own_bytes)


def test_without_groups_the_fraction_of_the_ram_counts(machine):
    limit = read(machine)
    assert limit.limit_bytes == int(0.4 * 8 * GIB)
    assert limit.why == "0.40 of 8.0 GiB RAM"
    assert (limit.bound_by, limit.under_pressure) == ("fraction", False)


def test_v2_limit_on_an_ancestor_is_found(machine):
    write(
        machine,
        {
            "proc/self/mountinfo": V2_MOUNT,
            "proc/self/cgroup": "0::/user.slice/run.scope/inner",
            "sys/fs/cgroup/user.slice/memory.max": "max",
            "sys/fs/cgroup/user.slice/run.scope/memory.max": 2 * GIB,
            "sys/fs/cgroup/user.slice/run.scope/inner/memory.max": "max",
        },
    )
    limit = read(machine)
    assert limit.limit_bytes == int(0.4 * 2 * GIB)
    assert limit.base_bytes == 2 * GIB
    assert limit.why == "0.40 of 2.0 GiB (cgroup /sys/fs/cgroup/user.slice/run.scope memory.max)"


def test_the_tightest_of_nested_groups_wins_and_memory_high_counts(machine):
    write(
        machine,
        {
            "proc/self/mountinfo": V2_MOUNT,
            "proc/self/cgroup": "0::/a/b/c",
            "sys/fs/cgroup/a/memory.max": 4 * GIB,
            "sys/fs/cgroup/a/b/memory.max": 3 * GIB,
            "sys/fs/cgroup/a/b/memory.high": 1 * GIB,
            "sys/fs/cgroup/a/b/c/memory.max": 5 * GIB,
        },
    )
    limit = read(machine)
    assert limit.base_bytes == 1 * GIB
    assert "/a/b memory.high" in limit.why


def test_v1_limit_is_found_and_its_unlimited_value_is_ignored(machine):
    group = "sys/fs/cgroup/memory/docker/abc"
    files = {"proc/self/mountinfo": V1_MOUNT, "proc/self/cgroup": "5:cpu:/x\n4:memory:/docker/abc\n0::/"}
    write(machine, files | {f"{group}/memory.limit_in_bytes": 9223372036854771712})
    assert read(machine).base_bytes == 8 * GIB
    write(machine, {f"{group}/memory.limit_in_bytes": 3 * GIB})
    assert read(machine).base_bytes == 3 * GIB


def test_a_container_sees_its_own_group_at_the_mount_point(machine):
    # without a cgroup namespace: the path names the host's tree, the mount shows only the container's part of it
    write(
        machine,
        {
            "proc/self/mountinfo": "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
            "proc/self/cgroup": "4:memory:/docker/abc/job",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": 2 * GIB,
        },
    )
    assert read(machine).base_bytes == 2 * GIB


def test_a_group_above_the_ram_does_not_matter(machine):
    write(
        machine,
        {
            "proc/self/mountinfo": V2_MOUNT,
            "proc/self/cgroup": "0::/big",
            "sys/fs/cgroup/big/memory.max": 64 * GIB,
        },
    )
    assert read(machine).why.endswith("RAM")


def test_other_programs_shrink_the_limit(machine):
    write(machine, {"proc/meminfo": f"MemTotal: {8 * GIB // KIB} kB\nMemAvailable: {1 * GIB // KIB} kB"})
    limit = read(machine, own_bytes=500 * MIB)
    reserve_bytes = int(0.05 * 8 * GIB)  # 409.6 MiB, more than 400
    assert limit.limit_bytes == 500 * MIB + GIB - reserve_bytes
    assert limit.bound_by == "available"
    assert "own use 500 MiB + 1.0 GiB still available - 410 MiB reserve" in limit.why
    assert not limit.under_pressure


def test_less_than_the_reserve_is_pressure_and_the_limit_is_never_negative(machine):
    write(machine, {"proc/meminfo": f"MemTotal: {8 * GIB // KIB} kB\nMemAvailable: {100 * KIB} kB"})
    limit = read(machine, own_bytes=0)
    assert limit.limit_bytes == 0
    assert limit.under_pressure


def test_stalls_are_pressure(machine):
    line = "some avg10={} avg60=0.00 avg300=0.00 total=0\nfull avg10=90.00 avg60=0.00 avg300=0.00 total=0"
    write(machine, {"proc/pressure/memory": line.format("19.99")})
    assert not read(machine).under_pressure
    write(machine, {"proc/pressure/memory": line.format("20.01")})
    assert read(machine).under_pressure


def test_neighbours_in_the_same_group_count_but_their_file_cache_does_not(machine):
    group = "sys/fs/cgroup/pod"
    write(
        machine,
        {
            "proc/self/mountinfo": V2_MOUNT,
            "proc/self/cgroup": "0::/pod",
            f"{group}/memory.max": 4 * GIB,
            f"{group}/memory.current": 3 * GIB + GIB // 2,
            f"{group}/memory.stat": f"anon 1\ninactive_file {GIB}",
        },
    )
    limit = read(machine, own_bytes=0)
    assert limit.bound_by == "available"
    assert limit.limit_bytes == 1536 * MIB - 400 * MIB


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.01, float("nan")])
def test_fractions_outside_are_refused(fraction):
    with pytest.raises(ValueError, match="fraction"):
        LimitSettings(fraction)


def test_the_real_machine_has_a_limit():
    limit = LimitReader(LimitSettings()).read(0)
    assert 0 < limit.limit_bytes <= 0.4 * limit.base_bytes
