"""Every type of task by name; a new one is added here and nowhere else."""

from __future__ import annotations

from typing import Final

from vidpose.corpus.tasks.compare_sides import COMPARE_SIDES
from vidpose.corpus.tasks.compare_videos import COMPARE_VIDEOS
from vidpose.corpus.tasks.conversation import TaskType
from vidpose.corpus.tasks.describe_movement import DESCRIBE_MOVEMENT
from vidpose.corpus.tasks.explain_metric import EXPLAIN_METRIC
from vidpose.corpus.tasks.extremes_and_when import EXTREMES_AND_WHEN
from vidpose.corpus.tasks.follow_up import FOLLOW_UP
from vidpose.corpus.tasks.give_cue import GIVE_CUE
from vidpose.corpus.tasks.json_report import JSON_REPORT
from vidpose.corpus.tasks.not_measurable import NOT_MEASURABLE
from vidpose.corpus.tasks.nothing_stands_out import NOTHING_STANDS_OUT
from vidpose.corpus.tasks.read_metric import READ_METRIC

TASKS: Final[dict[str, TaskType]] = {
    task.name: task
    for task in (
        DESCRIBE_MOVEMENT,
        READ_METRIC,
        EXPLAIN_METRIC,
        COMPARE_SIDES,
        COMPARE_VIDEOS,
        EXTREMES_AND_WHEN,
        GIVE_CUE,
        NOT_MEASURABLE,
        NOTHING_STANDS_OUT,
        FOLLOW_UP,
        JSON_REPORT,
    )
}
"""By name, in the order in which they are listed in reports."""
