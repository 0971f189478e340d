"""Fixtures that every room's tests share."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from project_paths import SAMPLE, SHARED

with suppress(ImportError):  # the environment of tests/readers has no hypothesis
    from hypothesis import HealthCheck, settings

    for profile, n_examples in (("quick", 10), ("thorough", 100)):
        settings.register_profile(
            profile, max_examples=n_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        )
    settings.load_profile("quick")

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # started in the background; runs that are tested hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


N_QUICK_CASES = 1
"""Cases of a test in the rooms below that ``make test`` tries; ``make test-all`` tries every case."""
ROOMS_WITH_MANY_CASES = {"biomech", "corpus", "pose", "results", "synthetic", "video"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that ask for the real videos as ``shared``, and further cases of a test as ``thorough``."""
    n_cases: Counter[str] = Counter()
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("shared")
        test, _, case = item.nodeid.partition("[")
        n_cases[test] += 1
        if case and n_cases[test] > N_QUICK_CASES and item.path.parent.name in ROOMS_WITH_MANY_CASES:
            item.add_marker("thorough")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real videos and landmark sets; a test that asks for it is skipped where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared real videos are absent")
    return SHARED


@pytest.fixture(scope="session")
def sample_video() -> Path:
    """The mannequin clip that the project ships."""
    return SAMPLE


@pytest.fixture
def resident_bytes(tmp_path):
    """Ask for the memory that maps of files in the test's folder take now, in order of size."""
    smaps = Path("/proc/self/smaps")
    if not smaps.exists():
        pytest.skip("needs Linux")

    def ask() -> list[int]:
        parts = [part for part in smaps.read_text(encoding="utf-8").split("VmFlags:") if str(tmp_path) in part]
        return sorted(int(part.split("Rss:")[1].split()[0]) * 1024 for part in parts)

    return ask
