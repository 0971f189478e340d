"""A ``.task`` file for the tests with today's mediapipe."""

import importlib.util
import os
from pathlib import Path

import pytest

from vidpose.pose.models import installed_models


@pytest.fixture(scope="session")
def task(tmp_path_factory):
    """The file that VIDPOSE_TASK names, or one made of the installed mediapipe's networks."""
    named = os.environ.get("VIDPOSE_TASK")
    if named:
        return Path(named)
    if installed_models(1) is None:
        pytest.skip("set VIDPOSE_TASK to a .task file: the installed mediapipe carries no networks to make one of")
    spec = importlib.util.spec_from_file_location("made_task", Path(__file__).with_name("made_task.py"))
    made_task = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_task)
    file = tmp_path_factory.mktemp("task") / "pose_landmarker_full.task"
    made_task.make(file)
    return file
