"""Parts of a picture to search for people: a detector finds smaller people when it is shown a smaller part.

BlazePose's detector scales its input to 224 pixels and finds people who fill a good part of that. So the whole picture
is searched, and squares of it, which overlap so that every person is complete in one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vidpose.pose.regions import Detection, Detector, Region
from vidpose.types.arrays import ByteArray
from vidpose.types.picture import Picture
from vidpose.types.rotation import stored_box, upright_box

_MAX_SIDE: Final = 1.25  # of the view's longer side: a larger region was extrapolated from a truncated body (ours)
_MARGIN: Final = 1.5  # side of the view around an expected person, in sides of their region (ours)


@dataclass(frozen=True, slots=True)
class View:
    """Part of the upright picture, pixels: columns ``[left, right)``, rows ``[top, bottom)``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def whole(size_px: tuple[int, int]) -> View:
    """Return the view of the whole picture."""
    return View(0, 0, *size_px)


def squares(size_px: tuple[int, int], side_px: int, overlap: float = 0.5) -> list[View]:
    """Return squares that cover the picture and overlap by at least this share, outer ones first."""
    width, height = size_px
    found = [
        View(left, top, min(left + side_px, width), min(top + side_px, height))
        for top in _starts(height, side_px, overlap)
        for left in _starts(width, side_px, overlap)
    ]
    middle = (width / 2, height / 2)
    return sorted(found, key=lambda view: -max(_off(view, middle)))


def around(region: Region, size_px: tuple[int, int]) -> View:
    """Return a view with a margin around the region where a person is expected, inside the picture."""
    width, height = size_px
    side = max(2, min(round(_MARGIN * region.side_px), max(width, height)))

    def span(centre: float, length: int) -> tuple[int, int]:
        start = round(min(max(centre - side / 2, 0), max(length - side, 0)))
        return start, min(start + side, length)

    (left, right), (top, bottom) = span(region.centre_x_px, width), span(region.centre_y_px, height)
    return View(left, top, right, bottom)


def find_people(detector: Detector, picture: Picture, views: Sequence[View]) -> list[Detection]:
    """Return the detections of each view, in pixels of the whole picture; one person may appear in several views."""
    return [detection for view in views for detection in _find_in(detector, picture, view)]


def _find_in(detector: Detector, picture: Picture, view: View) -> Iterator[Detection]:
    if view == whole(picture.size_px):
        yield from detector.detect(picture)
        return
    part, left, top = cut_out(picture, view)
    width, height = part.size_px
    for found in detector.detect(part):
        region = found.region
        inside = 0 <= region.centre_x_px <= width and 0 <= region.centre_y_px <= height
        if inside and region.side_px <= _MAX_SIDE * max(width, height):
            x0, y0, x1, y1 = found.box_px
            yield replace(
                found,
                box_px=(x0 + left, y0 + top, x1 + left, y1 + top),
                region=replace(region, centre_x_px=region.centre_x_px + left, centre_y_px=region.centre_y_px + top),
            )


def cut_out(picture: Picture, view: View) -> tuple[Picture, int, int]:
    """Return the picture of a view, and the column and row of the whole where it begins.

    The planes are views of the picture's own. The cut is widened to whole chroma samples.
    """
    rotation_deg, (width, height) = picture.rotation_deg, picture.stored_px
    shown = (view.left, view.top, view.right - 1, view.bottom - 1)
    first_column, first_row, last_column, last_row = map(int, stored_box(shown, rotation_deg, (width, height)))
    columns, rows = _even(first_column, last_column + 1, width), _even(first_row, last_row + 1, height)
    half_columns, half_rows = ((start // 2, (stop + 1) // 2) for start, stop in (columns, rows))
    cut = (columns[0], rows[0], columns[1] - 1, rows[1] - 1)
    left, top = map(int, upright_box(cut, rotation_deg, (width, height))[:2])

    def rgb() -> ByteArray:
        shown_width, shown_height = part.size_px
        shown: ByteArray = picture.rgb()[top : top + shown_height, left : left + shown_width].copy()
        return shown

    part = replace(
        picture,
        y=picture.y[slice(*rows), slice(*columns)],
        u=picture.u[slice(*half_rows), slice(*half_columns)],
        v=picture.v[slice(*half_rows), slice(*half_columns)],
        rgb=rgb,
    )
    return part, left, top


def _even(start: int, stop: int, length: int) -> tuple[int, int]:
    return start - start % 2, min(stop + stop % 2, length)


def _starts(length: int, side: int, overlap: float) -> list[int]:
    if side >= length:
        return [0]
    n_steps = math.ceil((length - side) / (side * (1.0 - overlap)))
    return [round(step * (length - side) / n_steps) for step in range(n_steps + 1)]


def _off(view: View, middle: tuple[float, float]) -> tuple[float, float]:
    """Return the distance of a view's centre from the picture's, across and down, pixels."""
    return abs((view.left + view.right) / 2 - middle[0]), abs((view.top + view.bottom) / 2 - middle[1])
