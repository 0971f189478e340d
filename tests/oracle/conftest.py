"""These tests need MediaPipe's own pose graph: mediapipe 0.10.21, in the environment of ``make test-oracle``."""

import pytest

from vidpose.pose.estimator import PoseSettings
from vidpose.pose.mediapipe import graph_serves


def pytest_collection_modifyitems(items):
    """Skip them all where the installed mediapipe has no graph."""
    if graph_serves(PoseSettings("mediapipe")):
        return
    for item in items:
        if "oracle" in item.path.parts:
            item.add_marker(pytest.mark.skip(reason="this mediapipe has no pose graph; run make test-oracle"))
