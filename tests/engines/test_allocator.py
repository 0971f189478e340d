"""Memory that was given back leaves the process; each case in a process of its own, whose C library is as new."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left alone")

SCRIPT = """
import sys
from pathlib import Path
import numpy as np
from vidpose.engines.allocator import return_large_blocks, return_unused

def held_mib():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024

def fill_and_free(n_blocks, block_bytes):
    blocks = [np.ones(block_bytes, np.uint8) for _ in range(n_blocks)]
    return blocks[1::20]  # what stays keeps the C library from giving back the rest unasked

if "large" in sys.argv:
    return_large_blocks()
np.ones(30 << 20, np.uint8)  # from now on nothing below 30 MiB counts as large, unless that was said
before = held_mib()
kept = fill_and_free(100, 2 << 20) if "blocks" in sys.argv else fill_and_free(4000, 50_000)
if "unused" in sys.argv:
    return_unused()
print(held_mib() - before)
"""


def held_mib(*words):
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True)
    return float(done.stdout)


def needs_memory_that_stays(word):
    """Skip where the C library keeps nothing that was freed: there both functions have nothing to do."""
    if held_mib(word) < 100:
        pytest.skip("here freed memory leaves the process without being asked")


def test_freed_large_blocks_are_returned_at_once():
    needs_memory_that_stays("blocks")
    assert held_mib("blocks", "large") < 30


def test_what_is_free_is_returned_when_asked_for():
    needs_memory_that_stays("small")
    assert held_mib("small", "unused") < 30
