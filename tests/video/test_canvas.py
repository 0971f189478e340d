import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.types.picture import BT601, YuvColour
from vidpose.video.canvas import Canvas
from vidpose.video.text import stamp_of
from vidpose.video.yuv import yuv_of

ORANGE = (255, 140, 26)


def blank(size=(80, 60)) -> Canvas:
    width, height = size
    shapes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
    return Canvas(tuple(np.full(shape, 128, np.uint8) for shape in shapes), size, BT601)


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [((255, 255, 255), (235, 128, 128)), ((0, 0, 0), (16, 128, 128)), ((255, 0, 0), (81, 90, 240)),
     ((0, 255, 0), (145, 54, 34)), ((0, 0, 255), (41, 240, 110))],
)  # fmt: skip
def test_known_colours_of_bt601(rgb, yuv):
    """The corners of the colour cube as every table of BT.601 lists them."""
    assert yuv_of(rgb, BT601) == yuv


@given(st.tuples(*[st.integers(0, 255)] * 3), st.sampled_from([(0.299, 0.114), (0.2126, 0.0722)]), st.booleans())
def test_colours_come_back(rgb, shares, full_range):
    colour = YuvColour(*shares, full_range=full_range)
    matrix, offset = colour.to_rgb()
    np.testing.assert_allclose(matrix @ yuv_of(rgb, colour) + offset, rgb, atol=2.5)


def centre(plane, background=128) -> np.ndarray:
    weight = np.abs(plane.astype(float) - background)
    rows, columns = np.mgrid[: plane.shape[0], : plane.shape[1]]
    return np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()


@pytest.mark.parametrize("x", [30.0, 30.25, 31.5, 40.75])
@pytest.mark.parametrize("y", [30.0, 30.5, 25.75])
def test_luma_and_chroma_lie_on_each_other(x, y):
    """A chroma sample lies on the left one of two columns and between two rows."""
    canvas = blank()
    spots = canvas.spots(np.array([[x, y]]), np.array([True]))
    canvas.discs(spots, [0], 6.0, ORANGE)
    np.testing.assert_allclose(centre(canvas.planes[0]), (x, y), atol=0.2)
    for plane in canvas.planes[1:]:
        np.testing.assert_allclose(centre(plane) * 2 + (0, 0.5), (x, y), atol=0.3)


@pytest.mark.parametrize("width_px", range(1, 25))
def test_chroma_is_as_wide_as_luma(width_px):
    canvas = blank()
    spots = canvas.spots(np.array([[10.0, 30.0], [70.0, 30.0]]), np.array([True, True]))
    canvas.lines(spots, np.array([[0, 1]]), width_px, ORANGE)
    widths = []
    for plane, value in zip(canvas.planes, yuv_of(ORANGE, BT601), strict=True):
        share = (plane[:, plane.shape[1] // 2].astype(float) - 128) / (value - 128)
        widths.append(share.sum() * canvas.planes[0].shape[0] / plane.shape[0])
    assert width_px <= widths[0] <= width_px + 2.6  # OpenCV's lines have a soft rim
    assert widths[1:] == pytest.approx([widths[0]] * 2, abs=1.9)


@pytest.mark.parametrize("radius_px", [1.5, 2.4, 3.0, 4.8, 7.4, 12.0])
def test_discs_are_as_large_on_all_planes(radius_px):
    canvas = blank()
    canvas.discs(canvas.spots(np.array([[40.0, 30.0]]), np.array([True])), [0], radius_px, ORANGE)
    radii = []
    for plane, value in zip(canvas.planes, yuv_of(ORANGE, BT601), strict=True):
        area = ((plane.astype(float) - 128) / (value - 128)).sum() * canvas.planes[0].size / plane.size
        radii.append(np.sqrt(area / np.pi))
    assert radii[0] == pytest.approx(radius_px + 0.5, abs=0.3)
    assert radii[1:] == pytest.approx([radii[0]] * 2, abs=0.6)


def test_edges_leave_chroma_alone():
    canvas = blank()
    spots = canvas.spots(np.array([[10.0, 30.0], [70.0, 30.0]]), np.array([True, True]))
    canvas.line_edges(spots, np.array([[0, 1]]), 6, ORANGE)
    canvas.disc_edges(spots, [0, 1], 5.0, ORANGE)
    assert (canvas.planes[0] != 128).any()
    assert all((plane == 128).all() for plane in canvas.planes[1:])


@given(st.integers(-40, 100), st.integers(-40, 80))
def test_stamps_are_cut_off_at_the_border(left_px, top_px):
    canvas = blank()
    canvas.draw_stamp(stamp_of(np.full((12, 9), 255, np.uint8), (255, 255, 0)), left_px, top_px)
    rows, columns = np.mgrid[:60, :80]
    inside = (columns >= left_px) & (columns < left_px + 9) & (rows >= top_px) & (rows < top_px + 12)
    y, u, _ = yuv_of((255, 255, 0), BT601)
    np.testing.assert_array_equal(canvas.planes[0] == y, inside)
    deep = inside[::2, ::2] & inside[1::2, ::2] & inside[::2, 1::2] & inside[1::2, 1::2]
    deep[:, 1:] &= deep[:, :-1]  # a chroma sample also looks at the column before
    np.testing.assert_allclose(canvas.planes[1][:, 1:][deep[:, 1:]], u, atol=1)


def test_an_empty_stamp_is_nothing():
    canvas = blank()
    canvas.draw_stamp(stamp_of(np.zeros((12, 0), np.uint8), (255, 255, 0)), 5, 5)
    assert all((plane == 128).all() for plane in canvas.planes)
