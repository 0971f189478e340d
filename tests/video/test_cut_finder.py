"""Cuts and fades between shots are found in the pictures; motion, lamps and flashes are none."""

import numpy as np
import pytest

from vidpose.types.picture import BT601, Picture
from vidpose.video.cut_finder import CutFinder
from vidpose.video.small_picture import SmallPicture

RATE_HZ = 30
SIZE = (320, 180)


def scene(seed, size=SIZE, margin=200):
    """Smooth random patches around a picture, so that it can be panned; values 30 to 220, float."""
    width, height = size[0] + 2 * margin, size[1] + 2 * margin
    coarse = np.random.default_rng(seed).uniform(30, 220, (height // 16 + 1, width // 16 + 1))
    return np.kron(coarse, np.ones((16, 16)))[:height, :width]


def shown(wide, x=0.0, y=0.0, size=SIZE, margin=200):
    left, top = round(margin + x), round(margin + y)
    return wide[top : top + size[1], left : left + size[0]]


def picture(luma, chroma=128):
    y = np.clip(np.round(luma), 0, 255).astype(np.uint8)
    u = np.full((y.shape[0] // 2, y.shape[1] // 2), chroma, np.uint8)
    return Picture(y, u, u, 0, BT601, rgb=lambda: np.zeros((*y.shape, 3), np.uint8))


def cuts_in(lumas, rate_hz=RATE_HZ, finder=None, start=0):
    finder = CutFinder() if finder is None else finder
    found = [
        finder.look(SmallPicture.of(picture(luma)), number, number / rate_hz)
        for number, luma in enumerate(lumas, start)
    ]
    return [(cut.start_pts, cut.stop_pts, cut.kind) for cut in found if cut is not None]


def swaying(seed, n, step=2.0):
    wide = scene(seed)
    return [shown(wide, 20 * np.sin(step * number / 20)) for number in range(n)]


ROOM, OTHER = swaying(1, 40), swaying(2, 40)


@pytest.mark.parametrize("rate_hz", [5, 30, 240])
def test_a_cut_is_found_in_its_frame(rate_hz):
    assert cuts_in([*ROOM, *OTHER], rate_hz) == [(40, 40, "cut")]


def test_every_cut_of_many_is_found():
    shots = [swaying(seed, 12) for seed in range(6)]
    assert cuts_in([luma for shot in shots for luma in shot]) == [(12 * k, 12 * k, "cut") for k in range(1, 6)]


@pytest.mark.parametrize("px_per_frame", [2, 8, 20])
def test_a_pan_is_no_cut_even_when_it_starts_at_once(px_per_frame):
    wide = scene(1, margin=200)
    way = np.append(np.zeros(10), np.cumsum(np.full(380 // px_per_frame, px_per_frame)))
    assert cuts_in([shown(wide, x - 190) for x in way]) == []


def test_a_lamp_and_a_flash_are_no_cuts():
    dark = [0.6 * luma for luma in OTHER[:20]]
    flash = [np.full_like(ROOM[0], 250.0)]
    assert cuts_in([*OTHER[20:], *dark]) == []
    assert cuts_in([*ROOM[:20], *flash, *ROOM[20:]]) == []


def test_a_fade_through_black_is_one_change_of_shots():
    out = [luma * share for luma, share in zip(ROOM[20:], np.linspace(1, 0, 20), strict=True)]
    into = [luma * share for luma, share in zip(OTHER[:20], np.linspace(0, 1, 20), strict=True)]
    ((start, stop, kind),) = cuts_in([*ROOM[:20], *out, *[0 * luma for luma in out[:5]], *into, *OTHER[20:]])
    assert kind == "fade"
    assert 30 < start < 42
    assert 44 <= stop <= 50


def test_a_video_that_fades_in_and_out_has_one_shot():
    black = [0.0 * ROOM[0]] * 10
    assert cuts_in([*black, *ROOM, *black]) == []


@pytest.mark.parametrize("n_mixed", [10, 15, 30])
def test_a_dissolve_is_one_change_of_shots(n_mixed):
    a, b = swaying(1, 30 + n_mixed, step=0.2), swaying(2, 50 + n_mixed, step=0.2)
    shares = np.linspace(0, 1, n_mixed + 2)[1:-1]
    mixed = [(1 - share) * p + share * q for share, p, q in zip(shares, a[30:], b, strict=False)]
    ((start, stop, kind),) = cuts_in([*a[:30], *mixed, *b[n_mixed:]])
    assert kind == "fade"
    assert start == pytest.approx(31, abs=5)
    assert stop == pytest.approx(30 + n_mixed, abs=8)


def test_a_finder_continues_where_its_state_was_exported():
    lumas = [*ROOM, *OTHER, *[0 * luma for luma in ROOM[:4]], *ROOM]
    whole = cuts_in(lumas)
    for border in (39, 40, 41, 82):
        first = CutFinder()
        found = cuts_in(lumas[:border], finder=first)
        found += cuts_in(lumas[border:], finder=CutFinder.restored(first.export_state()), start=border)
        assert found == whole
