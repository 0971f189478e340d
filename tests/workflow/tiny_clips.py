"""Clips of a few grey frames: enough to be hashed, probed and planned."""

from fractions import Fraction

import av
import numpy as np

from vidpose.config import Settings
from vidpose.pose.estimator import EstimatorInfo
from vidpose.state.layout import Layout
from vidpose.state.ledger import Ledger
from vidpose.state.pose_store import save_segment
from vidpose.types.pose import PoseTrack
from vidpose.types.skeleton import N_LANDMARKS
from vidpose.video.discover import FoundVideo
from vidpose.workflow.video_plan import Planner


def tiny_clip(path, *, n_frames=12, rate=30, shade=100):
    """Write a clip of equal grey frames; another shade makes other bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(f"file:{path}", "w") as output:
        stream = output.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.thread_count = 1
        for number in range(n_frames):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def found(path):
    return FoundVideo(path, path.name, path.name)


class Bench:
    """A planner over folders of its own, and the means to lay results there."""

    def __init__(self, folder):
        self.folder = folder
        self.layout = Layout(folder / "output", folder / "models")

    def planner(self, ledger, *, version="0.10.21", **settings):
        made = Settings(**settings)
        return Planner(made, self.layout, ledger, EstimatorInfo("mediapipe", "mediapipe", version, {}, made.pose))

    def plan(self, path, **changes):
        with Ledger(self.layout.ledger) as ledger:
            return self.planner(ledger, **changes).plan(found(path))

    def lay_poses(self, plan, segments=None):
        """Store poses for all segments of a plan, or for some."""
        for segment in plan.segments if segments is None else segments:
            frames = np.arange(segment.warmup_start, segment.stop)
            nan = np.full((len(frames), N_LANDMARKS), np.nan)
            track = PoseTrack(
                pts=plan.index.pts[frames],
                timestamps_s=plan.index.timestamps_s[frames],
                image_px=np.repeat(nan[:, :, None], 2, axis=2),
                z_rel=nan,
                visibility=nan,
                presence=nan,
                world_m=np.repeat(nan[:, :, None], 3, axis=2),
                corrupt=np.zeros(len(frames), bool),
            )
            path = self.layout.pose_segment(plan.keys.pose, segment.number)
            save_segment(path, [track], frames < segment.start, {"key": plan.keys.pose})
