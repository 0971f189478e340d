"""A unit of work that kills its process, hangs or takes memory costs its video only, and only when it always does."""

from __future__ import annotations

import os

import pytest

from benchmarks.leftovers import Leftovers

from .conftest import BusyWorkspace

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
GOOD, BAD = "clip0.mp4", "clip1.mp4"
N_CHAINS = 2
"""Units of a clip that are posed side by side."""


def results_of_good(results: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in results.items() if f"/{GOOD}/" in name}


@pytest.mark.parametrize(
    ("what", "kind", "code", "n_tries"),
    [
        ("die", "pose", "worker_lost", 3),
        ("segfault", "pose", "worker_lost", 3),
        ("raise", "pose", "failed", 1),
        ("hang", "pose", "stalled", 2),
        ("hang with the GIL", "pose", "stalled", 2),
        ("die", "analyse", "worker_lost", 3),
        ("raise", "analyse", "failed", 1),
    ],
)
def test_it_always_goes_wrong(
    busy: BusyWorkspace, leftovers: Leftovers, what: str, kind: str, code: str, n_tries: int
) -> None:
    busy.misbehave(what, kind, BAD)
    run = busy.begin()
    said, _ = run.communicate()
    assert run.returncode == 3, said
    entries = {entry["name"]: entry for entry in busy.report()["videos"]}
    assert entries[BAD]["state"] == "quarantined"
    assert {finding["code"] for finding in entries[BAD]["findings"]} == {code}
    n_counted = len(list((busy.folder / "counted").iterdir()))
    assert n_tries <= n_counted <= N_CHAINS * n_tries  # what is left of the video is not tried any more
    assert results_of_good(busy.bytes_of_results()) == results_of_good(busy.expected)
    busy.environment.clear()
    busy.check_complete(busy.begin("--redo_failures"))


@pytest.mark.parametrize(("what", "kind"), [("die", "pose"), ("die", "analyse"), ("segfault", "analyse")])
def test_it_goes_wrong_once(busy: BusyWorkspace, what: str, kind: str) -> None:
    busy.misbehave(what, kind, BAD, times=1)
    busy.check_complete(busy.begin())


def test_every_unit_leaks(busy: BusyWorkspace) -> None:
    busy.misbehave("leak", video="*")
    busy.check_complete(busy.begin())
    assert busy.report()["memory"]["n_samples_over"] == 0


def test_a_unit_takes_more_than_there_is(busy: BusyWorkspace) -> None:
    total_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    busy.misbehave("hog", video=BAD)
    run = busy.begin("--memory_limit", f"{2000 * 2**20 / total_bytes:.4f}")
    said, _ = run.communicate()
    assert run.returncode == 3, said
    entries = {entry["name"]: entry for entry in busy.report()["videos"]}
    assert {finding["code"] for finding in entries[BAD]["findings"]} == {"too_large"}
    assert entries[GOOD]["state"] in ("done", "done_with_warnings")
    assert results_of_good(busy.bytes_of_results()) == results_of_good(busy.expected)
