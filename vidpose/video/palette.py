"""Colours and sizes of everything that is drawn on a video, and the legend that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import cv2
import numpy as np

from vidpose.types.arrays import BoolArray, ByteArray, FloatArray
from vidpose.types.motion import Facing
from vidpose.types.pose import Status
from vidpose.types.skeleton import LANDMARK_NAMES, Side
from vidpose.video.canvas import Canvas
from vidpose.video.labels import Box
from vidpose.video.text import Stamp, Typeface, over, stamp_of
from vidpose.video.view_words import ALL_WORDS, view_words
from vidpose.video.yuv import Rgb

# Orange and blue can be distinguished with every common colour vision deficiency (Okabe and Ito 2008).
SIDE_COLOURS: Final[dict[Side, Rgb]] = {"right": (255, 140, 26), "left": (64, 170, 255), "centre": (236, 240, 243)}
ACCENTS: Final[tuple[Rgb, ...]] = ((70, 220, 150), (250, 228, 70), (240, 130, 200), (190, 160, 255))
"""Colours of several people, in turn; distinct from the colours of the sides and from each other."""
OUTLINE: Final[Rgb] = (16, 20, 26)
WHITE: Final[Rgb] = (255, 255, 255)
QUIET: Final[Rgb] = (190, 198, 206)
_MAIN_JOINTS: Final = [
    i for i, name in enumerate(LANDMARK_NAMES) if name.endswith(("shoulder", "elbow", "wrist", "hip", "knee", "ankle"))
]
_LOW_SHARE = 1 / 3  # of the twelve main joints without a value: "low confidence" (ours)
_PANEL_OPACITY = 0.74
_MAX_PANEL_SHARE = 0.5  # of the frame's width and height


class Quality(IntEnum):
    """Quality of the skeleton in a frame, best first."""

    MEASURED = 0
    IMPUTED = 1
    LOW_CONFIDENCE = 2
    NO_PERSON = 3


QUALITY_WORDS: Final[dict[Quality, tuple[str, Rgb]]] = {
    Quality.MEASURED: ("measured", (72, 214, 160)),
    Quality.IMPUTED: ("partly interpolated", (250, 224, 90)),
    Quality.LOW_CONFIDENCE: ("low confidence", (255, 122, 105)),
    Quality.NO_PERSON: ("no person", (160, 168, 176)),
}


def quality_of(people: Sequence[tuple[BoolArray, ByteArray]]) -> Quality:
    """Return the worst quality of the people in a frame.

    Parameters
    ----------
    people
        Which landmarks of each person may be drawn, and their :class:`~vidpose.types.pose.Status`, shape (33,) each.
    """
    worst = Quality.NO_PERSON
    for valid, status in people:
        main = valid[_MAIN_JOINTS]
        if not valid.any() and not np.isin(status, (Status.REJECTED, Status.OUTSIDE)).any():
            continue
        quality = Quality.MEASURED
        if main.mean() <= 1 - _LOW_SHARE:
            quality = Quality.LOW_CONFIDENCE
        elif (main & (status[_MAIN_JOINTS] == Status.IMPUTED)).any():
            quality = Quality.IMPUTED
        worst = quality if worst == Quality.NO_PERSON else max(worst, quality)
    return worst


def lighter(colour: Rgb, share: float = 0.5) -> Rgb:
    """Return a colour mixed with white."""
    red, green, blue = (round(c + (255 - c) * share) for c in colour)
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes in pixels for one frame size; the factors are ours, chosen by eye from 360 to 2160 lines.

    Attributes
    ----------
    line_px
        Width of a bone of a person who fills the frame.
    label_px, legend_px
        Font sizes of the angle labels and of the legend.
    margin_px
        Distance of the legend from the border.
    """

    line_px: float
    label_px: int
    legend_px: int
    margin_px: int

    @classmethod
    def of(cls, frame_size: tuple[int, int], line_scale: float, text_scale: float) -> Sizes:
        """Return the sizes for a frame of the given width and height; a narrow frame counts as a lower one."""
        width, height = frame_size
        unit = min(height, 1.4 * width)
        return cls(
            line_px=max(1.0, 0.0055 * unit * line_scale),
            label_px=max(11, round(0.024 * unit * text_scale)),
            legend_px=max(10, round(0.020 * unit * text_scale)),
            margin_px=max(2, round(0.018 * unit)),
        )


@dataclass(frozen=True, slots=True)
class LegendState:
    """Contents of the legend for one frame.

    ``frame_number`` is None where the analysis has no such frame, ``facing`` when several people or none are seen;
    ``turned`` is that frame's number of :func:`~vidpose.video.view_words.turned_views`.
    """

    time_s: float
    frame_number: int | None
    n_people: int
    facing: Facing | None
    quality: Quality
    turned: int = 0

    @property
    def time_words(self) -> str:
        """Time and frame number; a dash where the analysis has no such frame."""
        return f"{self.time_s:.3f} s   frame {'–' if self.frame_number is None else self.frame_number}"

    @property
    def view_words(self) -> str:
        """The view, or how many people there are."""
        if self.facing is not None:
            return view_words(self.facing, self.turned)
        return f"{self.n_people} people" if self.n_people > 1 else ""


class Legend:
    """The panel in a corner: time, view, quality, and the key to colours and numbers.

    Parameters
    ----------
    frame_size
        Width and height of the frame, pixels.
    sizes
        Font size and margin; the font shrinks when the panel would cover more than half of the frame's
        width or height, and there is no panel when it does not fit at all.
    timestamps_s
        Time of every frame, s; the last one and its number determine the width of the panel.
    show_angles
        Whether the key explains the numbers.
    avoid_px
        Every person's landmarks over time, shape (T, 33, 2), NaN where missing; the panel is placed in the
        corner that they visit least.
    """

    def __init__(
        self,
        frame_size: tuple[int, int],
        sizes: Sizes,
        timestamps_s: FloatArray,
        show_angles: bool,
        avoid_px: Sequence[FloatArray],
    ) -> None:
        self._key = "angles: flexion (≈ rough)" if show_angles else ""
        self.boxes: list[Box] = []
        last_s = float(timestamps_s[-1]) if len(timestamps_s) else 0.0
        longest = LegendState(last_s, max(len(timestamps_s), 1000), 0, None, Quality.NO_PERSON)
        for font_px in range(sizes.legend_px, 5, -1):
            self._face = Typeface(font_px)
            width, height = self._panel_size(longest)
            if width <= _MAX_PANEL_SHARE * frame_size[0] and height <= _MAX_PANEL_SHARE * frame_size[1]:
                self.boxes = [_quietest_corner((width, height), frame_size, sizes.margin_px, avoid_px)]
                self._background = self._make_background((width, height))
                return

    def draw(self, canvas: Canvas, state: LegendState) -> None:
        """Draw the panel on a frame."""
        if not self.boxes:
            return
        left, top = (int(edge) for edge in self.boxes[0][:2])
        canvas.draw_stamp(self._background, left, top)
        words, colour = QUALITY_WORDS[state.quality]
        x, y = left + self._pad_px, top + self._pad_px
        canvas.draw_stamp(self._face.stamp(state.time_words, WHITE), x, y)
        canvas.draw_stamp(self._face.stamp(state.view_words, QUIET), x, y + self._line_px)
        canvas.draw_stamp(self._face.stamp("● " + words, colour), x, y + 2 * self._line_px)

    @property
    def _pad_px(self) -> int:
        return max(3, round(0.6 * self._face.size_px))

    @property
    def _line_px(self) -> int:
        return self._face.line_height_px + round(0.15 * self._face.size_px)

    def _panel_size(self, longest: LegendState) -> tuple[int, int]:
        lines = [longest.time_words, *ALL_WORDS, *(f"● {w}" for w, _ in QUALITY_WORDS.values()), self._key]
        widest = max(self._face.width_px(line) for line in [*lines, "■ right   ■ left"])
        return widest + 2 * self._pad_px, (4 + bool(self._key)) * self._line_px + 2 * self._pad_px

    def _make_background(self, size_px: tuple[int, int]) -> Stamp:
        panel = stamp_of(_rounded(size_px, self._pad_px), OUTLINE)
        rows: list[list[tuple[str, Rgb]]] = [
            [("■ ", SIDE_COLOURS["right"]), ("right   ", QUIET), ("■ ", SIDE_COLOURS["left"]), ("left", QUIET)],
            [(self._key, QUIET)],
        ]
        for number, row in enumerate(rows, start=3):
            x, y = self._pad_px, self._pad_px + number * self._line_px
            for words, colour in row:
                mask = self._face.mask(words)
                layer: ByteArray = np.zeros(panel.ink.shape[:2], np.uint8)
                layer[y : y + mask.shape[0], x : x + mask.shape[1]] = mask[: layer.shape[0] - y]
                panel = over(stamp_of(layer, colour), panel)
                x += mask.shape[1]
        return panel


def _rounded(size_px: tuple[int, int], radius_px: int) -> ByteArray:
    """Return the opacity of a rectangle with rounded corners, shape (h, w)."""
    width, height = size_px
    mask = np.zeros((height, width), np.uint8)
    r = min(radius_px, (width - 1) // 2, (height - 1) // 2)
    corners = [(x, y) for x in (r, width - 1 - r) for y in (r, height - 1 - r)]
    cv2.rectangle(mask, (r, 0), (width - 1 - r, height - 1), 255, -1)
    cv2.rectangle(mask, (0, r), (width - 1, height - 1 - r), 255, -1)
    for corner in corners:
        cv2.circle(mask, corner, r, 255, -1, cv2.LINE_AA)
    opacity: ByteArray = np.rint(mask * _PANEL_OPACITY).astype(np.uint8)
    return opacity


def _quietest_corner(
    size_px: tuple[int, int], frame_size: tuple[int, int], margin_px: int, avoid_px: Sequence[FloatArray]
) -> Box:
    """Return the box of the corner that holds a landmark in the fewest frames; earlier corners win ties."""
    right, bottom = frame_size[0] - size_px[0] - margin_px, frame_size[1] - size_px[1] - margin_px
    corners = [(x, y) for y in (margin_px, bottom) for x in (margin_px, right)]
    visits = np.zeros(len(corners), np.int64)
    low = np.asarray(corners, float)[:, None, None]
    for points_px in avoid_px:
        inside = ((points_px > low) & (points_px < low + np.asarray(size_px))).all(axis=-1)
        visits += inside.any(axis=2).sum(axis=1)
    x, y = corners[int(np.argmin(visits))]
    return float(x), float(y), float(x + size_px[0]), float(y + size_px[1])
