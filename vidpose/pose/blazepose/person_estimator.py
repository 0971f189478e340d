"""BlazePose for one person: frame by frame what MediaPipe's graph does, several times as fast.

After skipped frames, which the graph is not made for, the landmarks may be read more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from typing import Final, Self

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose import detector, landmarker
from vidpose.pose.blazepose.detector import BlazePoseDetector
from vidpose.pose.blazepose.follower import Follower, region_around, region_shift
from vidpose.pose.blazepose.graph import outputs_with, parsed
from vidpose.pose.blazepose.hardware import check_precision, resolved_device
from vidpose.pose.blazepose.landmarker import BlazePoseLandmarker
from vidpose.pose.blazepose.one_euro import FRAME_PERIOD_S
from vidpose.pose.estimator import EstimatorInfo, PersonPose, PoseSettings, State
from vidpose.pose.models import PoseModels, pose_models
from vidpose.pose.official_models import known_network
from vidpose.pose.regions import Landmarked, Region
from vidpose.types.picture import Picture

# After a gap the square may fit the body badly: the body moved on, or the detector's first square was rough, which at
# full rate is corrected within some ten frames. So the landmarks are read again in the square that they define when one
# of its corners is farther away than this share of its side. Ours: on a clip whose first squares are twice too large,
# with every 2nd, 3rd, 4th or 6th frame estimated, more than a quarter of 163 poses are wrong without a second reading,
# eight with 0.1, three with 0.07, four with 0.05. A clip of squats takes a quarter more time.
_MAX_SHIFT: Final = 0.07
_MAX_REREADINGS: Final = 3


def describe(settings: PoseSettings) -> EstimatorInfo:
    """Return version and model hashes; the settings name the device that will be used.

    Raises
    ------
    EstimatorError
        When OpenVINO, a model or the device is missing, a model is another one than BlazePose's, or the processor
        cannot run the precision.
    """
    check_precision(settings)
    try:
        version = metadata.version("openvino")
    except metadata.PackageNotFoundError as error:
        raise EstimatorError("openvino is not installed; run: pip install openvino") from error
    models = pose_models(settings)
    _refuse_others(models)
    return EstimatorInfo(
        name="blazepose",
        package="openvino",
        version=version,
        models=models.hashes,
        settings=replace(settings, device=resolved_device(settings)),
        exports_state=True,
    )


def _refuse_others(models: PoseModels) -> None:
    """Open networks of unknown hash, so that a file that is no pose model is refused here, not video by video."""
    for role, content, sha256, outputs in (
        ("detector", models.detector, models.detector_sha256, detector.OUTPUTS),
        ("landmarks", models.landmarks, models.landmarks_sha256, landmarker.OUTPUTS),
    ):
        if role not in (known_network(sha256) or ""):
            import openvino

            try:
                outputs_with(parsed(openvino.Core(), content), outputs)
            except (EstimatorError, RuntimeError) as error:  # RuntimeError: outputs without a fixed shape
                raise EstimatorError(f"{models.source}: {error}") from error


class BlazePoseEstimator:
    """Follows one person: the one detected with most confidence, until they are lost.

    Parameters
    ----------
    settings
        Models, thresholds, precision and device.
    n_threads
        Threads of one inference; results do not depend on it.
    """

    def __init__(self, settings: PoseSettings, n_threads: int = 1) -> None:
        self._min_presence = settings.min_tracking_confidence
        self._detector = BlazePoseDetector(settings, n_threads=n_threads)
        self._landmarker = BlazePoseLandmarker(settings, n_threads)
        self._follower = Follower(settings)

    def __enter__(self) -> Self:
        import cv2

        cv2.setNumThreads(1)  # more threads only wait for each other on squares this small
        return self

    def __exit__(self, *details: object) -> None:
        self._follower.lost()

    def estimate(self, picture: Picture, time_s: float) -> Sequence[PersonPose]:  # noqa: ARG002 - the graph uses a clock of its own
        """See :class:`vidpose.pose.estimator.PoseEstimator`."""
        return self._follow(picture, n_periods=1.0, n_rereadings=0)

    def estimate_after_gap(self, picture: Picture, time_s: float, gap_s: float) -> Sequence[PersonPose]:  # noqa: ARG002
        """See :class:`vidpose.pose.estimator.BridgesGaps`: the graph's procedure is not enough here."""
        return self._follow(picture, max(gap_s / FRAME_PERIOD_S, 1.0), _MAX_REREADINGS)

    def _follow(self, picture: Picture, n_periods: float, n_rereadings: int) -> Sequence[PersonPose]:
        region = self._follower.region
        if region is None:
            found = self._detector.detect(picture)
            if not found:
                return ()
            self._follower.begin(found[0])
            region = found[0].region
        landmarked = self._read(picture, region, n_rereadings)
        if landmarked.presence <= self._min_presence:
            self._follower.lost()
            return ()
        return (PersonPose(0, self._follower.accept(landmarked, picture.size_px, n_periods)),)

    def _read(self, picture: Picture, region: Region, n_rereadings: int) -> Landmarked:
        """Read the landmarks, and again while they place the person elsewhere and further readings are allowed."""
        (landmarked,) = self._landmarker.landmarks(picture, [region])
        for _ in range(n_rereadings):
            seen = region_around(*landmarked.aux_px)
            if landmarked.presence <= self._min_presence or region_shift(region, seen) <= _MAX_SHIFT:
                break
            region = seen
            (landmarked,) = self._landmarker.landmarks(picture, [region])
        return landmarked

    def export_state(self) -> State | None:
        """Return the follower's state."""
        return self._follower.export()

    def restore_state(self, state: State) -> None:
        """Continue from an exported state."""
        self._follower.restore(state)

    def forget(self) -> None:
        """Follow nobody any more."""
        self._follower.lost()

    def appearances(self) -> Mapping[int, Sequence[float]]:
        """Return nothing: there is only one person."""
        return {}

    def n_not_followed(self) -> int:
        """Return 0: nobody else is looked for."""
        return 0
