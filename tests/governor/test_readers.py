import os
import subprocess
import sys
from pathlib import Path

import pytest

from vidpose.governor.meter import TreeMeter
from vidpose.governor.readers import LinuxReader, PortableReader, this_system_reader
from vidpose.governor.sizes import MIB

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
SHM = Path("/dev/shm")
HOLD = """
import mmap, os, sys
fd = os.open(sys.argv[1], os.O_RDWR)
view = mmap.mmap(fd, 0)
touched = sum(view[i] for i in range(0, len(view), 4096))
print("ready", flush=True)
sys.stdin.read()
"""
ALLOCATE = """
import sys
print("ready", flush=True)
sys.stdin.readline()
ballast = bytes([1]) * int(sys.argv[1])
print("allocated", flush=True)
sys.stdin.read()
"""
SHARE = """
import mmap, sys
print("ready", flush=True)
sys.stdin.readline()
view = mmap.mmap(-1, int(sys.argv[1]))  # shared and anonymous: Linux shows no descriptor for it
view.write(bytes([1]) * len(view))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def start():
    """Start Python children that say ``ready`` and live until their stdin closes.

    The runner's own memory changes for many reasons, so what is compared exactly is measured in a child.
    """
    children: list[subprocess.Popen[str]] = []

    def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-S", "-c", code, *arguments]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    yield _start
    for child in children:
        child.kill()
        child.communicate()


def tell(child: subprocess.Popen[str], answer: str) -> None:
    """Let a waiting child go on, and wait until it has."""
    assert child.stdin is not None
    assert child.stdout is not None
    print("go", file=child.stdin, flush=True)
    assert child.stdout.readline() == answer + "\n"


@linux
def test_grandchildren_belong_to_the_tree_even_after_their_parent_died(start):
    parent = start(
        "import subprocess, sys\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('ready', flush=True); print(p.pid, flush=True); sys.stdin.read()"
    )
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    reader = LinuxReader()
    try:
        assert {os.getpid(), parent.pid, orphan} <= reader.tree([os.getpid()])
        parent.kill()
        parent.wait()
        assert orphan in reader.tree([os.getpid()])
        assert orphan not in LinuxReader().tree([os.getpid()])  # nobody who looks only now can know
    finally:
        os.kill(orphan, 9)


@linux
def test_a_process_that_is_gone_reads_as_none():
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    reader = LinuxReader()
    assert reader.quick_bytes(child.pid) is None
    assert reader.exact_bytes(child.pid) is None
    assert reader.shared_files([child.pid]) == {}
    assert PortableReader().exact_bytes(child.pid) is None


@linux
@pytest.mark.skipif(not SHM.is_dir(), reason="needs a file system in memory")
def test_a_shared_memory_file_counts_once_even_when_deleted_and_mapped_by_many(start):
    meter = TreeMeter(LinuxReader(), {os.getpid()})
    before = meter.read(0.0, None)
    path = SHM / f"plasma-test-{os.getpid()}"
    size = 32 * MIB
    path.write_bytes(b"\1" * size)
    try:
        children = [start(HOLD, str(path)), start(HOLD, str(path))]
    finally:
        path.unlink()
    mapped = meter.read(1.0, None)
    assert mapped.shared_bytes - before.shared_bytes == size
    assert sum(mapped.per_process[child.pid] for child in children) < size  # the file is in nobody's own share
    assert mapped.used_bytes == sum(mapped.per_process.values()) + mapped.shared_bytes

    children[0].kill()
    children[0].wait()
    assert meter.read(2.0, None).shared_bytes - before.shared_bytes == size
    children[1].kill()
    children[1].wait()
    assert meter.read(3.0, None).shared_bytes == before.shared_bytes


@linux
@pytest.mark.skipif(not SHM.is_dir(), reason="needs a file system in memory")
def test_memory_held_by_a_descriptor_alone_counts():
    meter = TreeMeter(LinuxReader(), {os.getpid()})
    before = meter.read(0.0, None).shared_bytes
    descriptor = os.memfd_create("held")
    try:
        os.write(descriptor, b"\1" * (8 * MIB))  # written, never mapped: in no process's PSS
        assert meter.read(1.0, None).shared_bytes - before == 8 * MIB
    finally:
        os.close(descriptor)


@linux
def test_shared_memory_without_a_file_counts(start):
    child = start(SHARE, str(16 * MIB))
    meter = TreeMeter(LinuxReader(), {child.pid})
    before = meter.read(0.0, None)
    tell(child, "written")
    after = meter.read(1.0, None)
    assert after.shared_bytes - before.shared_bytes == 16 * MIB
    assert after.used_bytes == after.per_process[child.pid] + after.shared_bytes


def test_files_on_disk_are_no_memory(tmp_path):
    if tmp_path.stat().st_dev == SHM.stat().st_dev:
        pytest.skip("the temporary folder is in memory")
    with (tmp_path / "big").open("w+b") as stream:
        stream.write(b"\1" * MIB)
        stream.flush()
        keys = LinuxReader().shared_files([os.getpid()])
        assert (os.fstat(stream.fileno()).st_dev, os.fstat(stream.fileno()).st_ino) not in keys


def test_an_allocation_is_seen_exactly_and_by_the_estimate(start):
    child = start(ALLOCATE, str(64 * MIB))
    meter = TreeMeter(this_system_reader(), {child.pid})
    before = meter.read(0.0, None)
    assert before.exact
    tell(child, "allocated")
    estimate = meter.read(0.1, 1000 * before.used_bytes)
    exact = meter.read(10.0, 1000 * before.used_bytes)
    assert (estimate.exact, exact.exact) == (False, True)
    assert estimate.used_bytes - before.used_bytes == pytest.approx(64 * MIB, rel=0.1)
    assert exact.used_bytes - before.used_bytes == pytest.approx(64 * MIB, rel=0.1)


def test_the_portable_reader_says_that_it_is_approximate():
    reader = PortableReader(store_bytes=75 * MIB)
    meter = TreeMeter(reader, {os.getpid()})
    reading = meter.read(0.0, None)
    assert reading.approximate
    assert reading.shared_bytes == 75 * MIB  # charged once, whatever the number of processes
    assert reading.per_process[os.getpid()] > 5 * MIB
