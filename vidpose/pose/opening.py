"""Estimators by name: whether one is installed, its description, and opening it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from importlib import util
from pathlib import Path
from typing import cast

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import ESTIMATORS, EstimatorInfo, EstimatorModule, PoseEstimator, PoseSettings
from vidpose.types.findings import Finding


def usable(settings: PoseSettings) -> tuple[PoseSettings, tuple[Finding, ...]]:
    """Return settings of an estimator that is installed, and the findings that every video gets because of it.

    MediaPipe's own graph stands in for BlazePose where OpenVINO is missing: it follows one person, and takes longer.
    """
    if settings.estimator == "yolo":
        from vidpose.pose.yolo.keypoints import limits

        return settings, (limits(),)
    if settings.estimator != "blazepose" or util.find_spec("openvino") is not None:
        return settings, ()
    message = "OpenVINO is not installed: MediaPipe's own graph was used, which follows one person and takes longer"
    return replace(settings, estimator="mediapipe", max_people=1), (Finding("estimator_replaced", message),)


def licence_notice(settings: PoseSettings) -> str | None:
    """Return the licence notice to show before an estimator is used for the first time, if there is one."""
    if "yolo" not in settings.estimator:
        return None
    from vidpose.pose.yolo.store import first_use_notice

    return first_use_notice(settings.yolo_model)


def describe_estimator(settings: PoseSettings) -> EstimatorInfo:
    """Return name, version and model hashes of the estimator without loading it, without any paths.

    Raises
    ------
    EstimatorError
        When its package or a model file is missing.
    """
    info = _module(settings).describe(settings)
    named = replace(info.settings, model=None, pose_files=None, yolo_model=Path(settings.yolo_model).name)
    return replace(info, settings=named)


def open_estimator(settings: PoseSettings, video: Path, n_threads: int = 1) -> PoseEstimator:
    """Return an estimator, to be used in a ``with`` block.

    Parameters
    ----------
    settings
        Which one.
    video
        The file whose frames it will be given.
    n_threads
        Number of cores it may use; results do not depend on it.
    """
    return _module(settings).open_estimator(settings, video, n_threads)


def _module(settings: PoseSettings) -> EstimatorModule:
    if settings.estimator not in ESTIMATORS:
        raise EstimatorError(f"estimator: expected one of {', '.join(ESTIMATORS)}, got {settings.estimator!r}")
    return cast(EstimatorModule, importlib.import_module(ESTIMATORS[settings.estimator]))
