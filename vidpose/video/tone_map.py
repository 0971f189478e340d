"""HDR pictures (PQ, HLG, Dolby Vision) as pictures for usual screens: BT.709, 8 bits.

Light is computed as the standards say (Rec. ITU-R BT.2100 for PQ and HLG), bright parts are compressed by the curve of
Report ITU-R BT.2390 (5.4.1) from a peak of 1000 cd/m² to diffuse white, 203 cd/m² (Report ITU-R BT.2408), colours move
from BT.2020 to BT.709 (Rec. ITU-R BT.2087), and the result is encoded for a screen with a gamma of 2.4 (BT.1886). All
of it is one table, so a picture costs two look-ups per chroma sample and one per luma sample.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from vidpose.types.arrays import ByteArray
from vidpose.types.picture import YuvColour

Samples = npt.NDArray[np.floating[Any]]
Deep = npt.NDArray[np.uint16]
HdrKind = Literal["PQ", "HLG", "Dolby Vision"]
BT709: Final = YuvColour(0.2126, 0.0722, full_range=False)
_TRANSFERS: Final[dict[int, HdrKind]] = {16: "PQ", 18: "HLG"}
"""Transfer characteristics of ITU-T H.273."""
_UNSPECIFIED: Final = 2
_PEAK, _WHITE = 1000.0, 203.0
_STEPS: Final = (5, 3, 3)
"""Bits of the 10 that the table leaves out, of luma and chroma; its entries lie at multiples of 32, 8 and 8."""
_SIZES: Final = tuple(1024 >> bits for bits in _STEPS)
_BT2020_LUMA: Final = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
_BT709_OF_BT2020: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
# Dolby Vision without a compatible base (profile 5): I, P and T to L'M'S', then LMS to BT.2020, as its usual metadata
# state them; what they add for single scenes is left out.
_LMS_OF_IPT: Final = np.array([[1.0, 0.0975, 0.2052], [1.0, -0.1139, 0.1332], [1.0, 0.0326, -0.6769]], dtype=np.float32)
_BT2020_OF_LMS: Final = np.array(
    [[3.06442, -2.16598, 0.10156], [-0.65612, 1.78554, -0.12944], [0.01736, -0.04725, 1.03004]]
)


def hdr_kind(frame: VideoFrame) -> HdrKind | None:
    """Return which kind of HDR a frame is; None for usual pictures."""
    known = _TRANSFERS.get(frame.color_trc)
    if known is None and frame.color_trc == _UNSPECIFIED and frame.side_data.get("DOVI_METADATA") is not None:
        return "Dolby Vision"
    return known


def tone_mapped(
    planes: tuple[Deep, Deep, Deep], kind: HdrKind, colour: YuvColour
) -> tuple[ByteArray, ByteArray, ByteArray]:
    """Return the planes of an HDR picture as BT.709, 8 bits.

    Parameters
    ----------
    planes
        Luma, shape (H, W), and both chroma planes, shape (ceil(H / 2), ceil(W / 2)), 10 bits.
    kind
        Of HDR.
    colour
        Meaning of the samples.
    """
    y, u, v = planes
    grey, table = _tables(kind, colour)
    half = cv2.resize(y, (u.shape[1], u.shape[0]), interpolation=cv2.INTER_AREA)
    place = np.zeros(half.shape, np.int32)
    for plane, bits, size in zip((half, u, v), _STEPS, _SIZES, strict=True):
        place *= size
        place += np.minimum((plane + np.uint16(1 << bits >> 1)) >> bits, size - 1)
    more, blue, red = table[0].take(place, mode="clip"), *(chroma.take(place, mode="clip") for chroma in table[1])
    wide = cv2.resize(more, (y.shape[1], y.shape[0]), interpolation=cv2.INTER_NEAREST)
    luma = np.clip(grey.take(y, mode="clip") + wide, 0, 255).astype(np.uint8)
    return luma, blue, red


@lru_cache(maxsize=2)
def _tables(
    kind: HdrKind, colour: YuvColour
) -> tuple[npt.NDArray[np.int16], tuple[npt.NDArray[np.int16], tuple[ByteArray, ByteArray]]]:
    """Return luma by luma for grey, shape (1024,), and tables of luma beyond that of grey, and of both chromas."""
    codes = np.arange(1024, dtype=np.float32)
    neutral = np.stack([codes, np.full_like(codes, 512.0), np.full_like(codes, 512.0)], axis=1)
    grey = np.rint(_to_sdr(neutral, kind, colour)[:, 0]).astype(np.int16)
    u = np.repeat(np.arange(_SIZES[1], dtype=np.float32) * 2 ** _STEPS[1], _SIZES[2])
    v = np.tile(np.arange(_SIZES[2], dtype=np.float32) * 2 ** _STEPS[2], _SIZES[1])
    table = np.empty((3, _SIZES[0], len(u)), np.int16)
    for place in range(_SIZES[0]):
        luma = place << _STEPS[0]
        made = _to_sdr(np.stack([np.full_like(u, luma), u, v], axis=1), kind, colour)
        table[:, place] = np.rint(made.T)
        table[0, place] -= grey[luma]
    more, blue, red = table.reshape(3, -1)
    return grey, (more, (blue.astype(np.uint8), red.astype(np.uint8)))


def _to_sdr(yuv: Samples, kind: HdrKind, colour: YuvColour) -> Samples:
    """Return BT.709 luma and chroma, 0 to 255, of HDR samples of 10 bits; shape (n, 3) both."""
    light = _compressed(_light(yuv, kind, colour)) @ _BT709_OF_BT2020.T
    rgb = np.clip(light / _WHITE, 0.0, 1.0) ** (1 / 2.4)
    luma = rgb @ np.array([BT709.kr, 1 - BT709.kr - BT709.kb, BT709.kb], dtype=np.float32)
    blue, red = (rgb[:, 2] - luma) / (2 - 2 * BT709.kb), (rgb[:, 0] - luma) / (2 - 2 * BT709.kr)
    sdr: Samples = np.stack([16 + 219 * luma, 128 + 224 * blue, 128 + 224 * red], axis=1)
    return sdr


def _light(yuv: Samples, kind: HdrKind, colour: YuvColour) -> Samples:
    """Return the light that a reference screen shows, cd/m², BT.2020."""
    if kind == "Dolby Vision":
        signal = np.clip((yuv / 1023.0 - (0.0, 0.5, 0.5)) @ _LMS_OF_IPT.T, 0.0, 1.0)
        shown: Samples = np.clip(_pq_light(signal) @ _BT2020_OF_LMS.T, 0.0, None)
        return shown
    matrix, offset = colour.to_rgb()
    signal = np.clip((yuv / 4.0 @ matrix.T + offset) / 255.0, 0.0, 1.0)
    if kind == "PQ":
        return _pq_light(signal)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    luminance = np.maximum(scene @ _BT2020_LUMA, 1e-9)
    light: Samples = _PEAK * luminance[:, None] ** 0.2 * scene
    return light


def _compressed(light: Samples) -> Samples:
    """Return light whose brightest primary is at most diffuse white; hues stay."""
    brightest = light.max(axis=1, keepdims=True)
    peak = _pq_signal(np.array(_PEAK))
    white = float(_pq_signal(np.array(_WHITE)) / peak)
    knee = 1.5 * white - 0.5
    given = np.minimum(_pq_signal(brightest) / peak, 1.0)
    t = np.maximum(given - knee, 0.0) / (1 - knee)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * white
    shown = _pq_light(np.where(given > knee, bent, given) * peak)
    compressed: Samples = light * (shown / np.maximum(brightest, 1e-9))
    return compressed


_M1, _M2 = 2610 / 16384, 2523 / 32
_C1, _C2, _C3 = 3424 / 4096, 2413 / 128, 2392 / 128


def _pq_light(signal: Samples) -> Samples:
    root = signal ** (1 / _M2)
    light: Samples = 10_000 * (np.maximum(root - _C1, 0.0) / (_C2 - _C3 * root)) ** (1 / _M1)
    return light


def _pq_signal(light: Samples) -> Samples:
    root = (light / 10_000) ** _M1
    signal: Samples = ((_C1 + _C2 * root) / (1 + _C3 * root)) ** _M2
    return signal
