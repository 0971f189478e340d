"""A process that is killed while a run starts costs time, never the run."""

from __future__ import annotations

import pytest

from benchmarks.leftovers import Leftovers

from .conftest import BusyWorkspace, wait_for_member

pytestmark = [pytest.mark.slow, pytest.mark.chaos]


@pytest.mark.parametrize("member", ["worker", "raylet", "gcs_server"])
def test_a_member_is_killed_as_soon_as_it_is_there(busy: BusyWorkspace, leftovers: Leftovers, member: str) -> None:
    run = busy.begin()
    wait_for_member(run.pid, member).kill()
    run_id = busy.leftovers().run_id()
    busy.check_complete(run)
    leftovers.check_none(run_id)
