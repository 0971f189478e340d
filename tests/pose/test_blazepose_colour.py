"""The colours are those of ffmpeg's converter, which is asked here through PyAV."""

import platform

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from vidpose.pose.blazepose.colour import colour_terms, luma_levels
from vidpose.types.picture import BT601, YuvColour

BT709 = (0.2126, 0.0722)
X86 = platform.machine() in {"x86_64", "AMD64"}


def converted(yuv, matrix, value_range):
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(yuv), format="yuv420p")
    frame.colorspace, frame.color_range = int(matrix), value_range
    rgb = VideoReformatter().reformat(
        frame, format="rgb24", src_colorspace=matrix, interpolation=Interpolation.BILINEAR
    )
    return rgb.to_ndarray().astype(int)


@pytest.mark.parametrize(
    ("matrix", "colour", "value_range"),
    [
        (Colorspace.ITU601, BT601, ColorRange.MPEG),
        (Colorspace.ITU709, YuvColour(*BT709, full_range=False), ColorRange.MPEG),
        (Colorspace.ITU601, YuvColour(BT601.kr, BT601.kb, full_range=True), ColorRange.JPEG),
    ],
)
def test_every_colour_is_the_converter_s(matrix, colour, value_range):
    size = 128
    luma = np.random.default_rng(0).integers(16, 236, (size, size), dtype=np.uint8)
    chroma = np.random.default_rng(1).integers(16, 241, (2, size // 2, size // 2), dtype=np.uint8)
    packed = np.concatenate([luma.ravel(), chroma.ravel()]).reshape(size * 3 // 2, size)
    terms = colour_terms(colour)
    levels = np.empty_like(luma)
    luma_levels(luma, terms, levels)
    u, v = (np.repeat(np.repeat(plane, 2, axis=0), 2, axis=1) for plane in chroma)
    products = np.floor(np.stack([levels, u, v], axis=-1) @ terms.products.T + terms.offsets)
    ours = np.clip(products @ terms.sums.T, 0, 255)
    error = np.abs(ours - converted(packed, matrix, value_range))
    # Other processors have other fast paths, which round differently.
    assert error.max() <= (0 if X86 else 4)


def test_black_is_black_and_white_is_white():
    for colour, black, white in ((BT601, 16, 235), (YuvColour(*BT709, full_range=True), 0, 255)):
        levels = np.empty((1, 2), dtype=np.uint8)
        luma_levels(np.array([[black, white]], dtype=np.uint8), colour_terms(colour), levels)
        assert levels[0, 0] == 0
        assert levels[0, 1] >= 254
