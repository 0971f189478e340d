"""Which engine a run gets."""

import pytest

from vidpose.config import Settings
from vidpose.engines.tasks import Unit
from vidpose.governor.predict import UnitShape
from vidpose.state.ledger import Ledger
from vidpose.workflow.supervision import QUICK_FRAMES, Supervision

SHAPE = UnitShape("pose", 640, 360, "h264", 5)


@pytest.mark.parametrize(
    ("settings", "n_videos", "n_frames", "engine"),
    [
        ({}, 1, [QUICK_FRAMES], "inline"),
        ({}, 1, [QUICK_FRAMES + 1], "distributed"),
        ({}, 1, [QUICK_FRAMES // 2, QUICK_FRAMES // 2], "inline"),
        ({}, 1, [QUICK_FRAMES // 2, QUICK_FRAMES // 2 + 1], "distributed"),
        ({}, 2, [10], "distributed"),
        ({"workers": 1}, 1, [10], "distributed"),
        ({"engine": "distributed"}, 1, [10], "distributed"),
        ({"engine": "inline"}, 9, [10**6], "inline"),
    ],
)
def test_one_short_clip_is_done_inline_unless_processes_are_asked_for(tmp_path, settings, n_videos, n_frames, engine):
    with (
        Ledger(tmp_path / "ledger.sqlite") as ledger,
        Supervision(Settings(**settings), ledger, None, n_videos) as supervision,
    ):
        chains = [Unit(f"{number}", "pose", None, "a.mp4", SHAPE, one) for number, one in enumerate(n_frames)]
        chosen = supervision.choose_engine(chains)
        assert chosen.name == supervision.engine_name == engine
