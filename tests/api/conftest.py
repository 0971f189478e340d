"""A folder as the examples of the Python interface assume it: ``squat.mp4``, and its results in ``models``."""

import av
import pytest

import vidpose

SQUAT_S = (0.0, 2.5)


def cut(source, target, span_s):
    """Copy the frames of a stretch of time, from the keyframe before it."""
    with av.open(str(source)) as given, av.open(str(target), "w") as kept:
        stream = given.streams.video[0]
        copy = kept.add_stream_from_template(stream)
        given.seek(int(span_s[0] / stream.time_base), stream=stream)
        first = None
        for packet in given.demux(stream):
            if packet.pts is None or packet.pts * stream.time_base >= span_s[1]:
                continue
            first = packet.dts if first is None else first
            packet.pts, packet.dts, packet.stream = packet.pts - first, packet.dts - first, copy
            kept.mux(packet)


@pytest.fixture(scope="session")
def squat_folder(tmp_path_factory, sample_video):
    """Return a folder with a short clip of a squat and its results."""
    folder = tmp_path_factory.mktemp("squat")
    cut(sample_video, folder / "squat.mp4", SQUAT_S)
    where = {"output": folder / "output", "models": folder / "models"}
    vidpose.process(folder / "squat.mp4", **where, no_video=True, engine="inline")
    return folder
