"""HDR pictures for usual screens, against the values of the standards."""

from __future__ import annotations

import av
import numpy as np
import pytest
from whole_video import annotate

from vidpose.types.picture import YuvColour
from vidpose.video.probe import probe
from vidpose.video.tone_map import tone_mapped

BT2020 = YuvColour(0.2627, 0.0593, full_range=False)


def grey(signal):
    """One grey picture of 10 bits with this signal, 0 to 1."""
    half = np.full((1, 1), 512, np.uint16)
    return np.full((2, 2), round(64 + 876 * signal), np.uint16), half, half


@pytest.mark.parametrize(
    ("kind", "signal", "luma"),
    [
        ("PQ", 0.0, 16),
        ("PQ", 0.5807, 214),  # 203 cd/m2, diffuse white: 0.9 of the screen's
        ("PQ", 0.7518, 235),  # 1000 cd/m2
        ("PQ", 1.0, 235),
        ("PQ", 0.4407, 138),  # 50 cd/m2 stay a quarter of white: 0.25 ** (1 / 2.4) = 0.56
        ("HLG", 0.75, 214),  # diffuse white, Report ITU-R BT.2408
        ("HLG", 1.0, 235),
    ],
)
def test_grey_keeps_its_light_up_to_the_knee(kind, signal, luma):
    y, u, v = tone_mapped(grey(signal), kind, BT2020)
    assert abs(int(y[0, 0]) - luma) <= 1
    assert u[0, 0] == v[0, 0] == 128


def test_red_stays_red():
    chroma = (np.full((1, 1), code, np.uint16) for code in (490, 570))
    _, u, v = tone_mapped((np.full((2, 2), 450, np.uint16), *chroma), "PQ", BT2020)
    assert v[0, 0] > 150 and u[0, 0] < 128


@pytest.mark.parametrize("transfer", [16, 18])
def test_the_annotated_video_is_bt709(tmp_path, transfer):
    options = {
        "x264-params": f"colorprim=bt2020:transfer={['smpte2084', 'arib-std-b67'][transfer == 18]}:colormatrix=bt2020nc"
    }
    with av.open(str(tmp_path / "hdr.mp4"), "w") as output:
        stream = output.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p10le"
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.full((96, 96), 512, np.uint16), format="yuv420p10le")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    index = probe(tmp_path / "hdr.mp4", "")
    assert [finding.code for finding in index.findings] == ["hdr"]
    annotate(index.source, tmp_path / "out.mp4", lambda time_s, canvas: None)
    with av.open(str(tmp_path / "out.mp4")) as container:
        shown = next(container.decode(video=0))
    assert (shown.color_trc, shown.color_primaries, shown.colorspace) == (1, 1, 1)
    assert shown.format.name == "yuv420p"
    assert abs(float(shown.to_ndarray()[:64].mean()) - {16: 180, 18: 142}[transfer]) < 5


def test_the_file_of_a_phone(shared_data):
    index = probe(shared_data / "cases" / "hdr10_pq_10bit.mp4", "")
    assert [finding.details["kind"] for finding in index.findings] == ["PQ"]
