"""Logs of earlier runs, and room for the last words."""

import os

import pytest

from vidpose.errors import OutputError
from vidpose.state.log_files import N_EARLIER_LOGS, RESERVE_NAME, keep_earlier_logs, reserved_space


def test_what_earlier_runs_logged_is_kept_and_the_oldest_is_dropped(tmp_path):
    log = tmp_path / "vidpose.log"
    with log.open("a") as held:  # as by every process of a run
        for number in range(N_EARLIER_LOGS + 2):
            held.write(f"run {number}")
            held.flush()
            keep_earlier_logs(log)
            assert log.read_text() == ""
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {"vidpose.log": "", "vidpose.log.1": "run 4", "vidpose.log.2": "run 3", "vidpose.log.3": "run 2"}


def test_a_run_that_logged_nothing_pushes_nothing_out(tmp_path):
    log = tmp_path / "vidpose.log"
    keep_earlier_logs(log)
    log.touch()
    keep_earlier_logs(log)
    assert list(tmp_path.iterdir()) == [log]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="this system cannot reserve space")
def test_space_is_held_until_it_is_given_back(tmp_path):
    with reserved_space(tmp_path, 100_000) as give_back:
        reserve = tmp_path / RESERVE_NAME
        assert reserve.stat().st_blocks * 512 >= 100_000
        give_back()
        assert not reserve.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_planted_link_is_not_followed(tmp_path):
    (tmp_path / RESERVE_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match=f"{RESERVE_NAME}: is a link"), reserved_space(tmp_path, 1):
        pass
    assert not (tmp_path / "elsewhere").exists()
