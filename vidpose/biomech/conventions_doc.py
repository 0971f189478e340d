"""The table of angle conventions as a page: ``python -m vidpose.biomech.conventions_doc [docs/angles.md]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from vidpose.biomech.angles import ForeshorteningSettings
from vidpose.biomech.body_size import STATURE_SHARES
from vidpose.biomech.conventions import ANGLES, ANY_VIEW, IMAGE_VIEWS, SIDE_VIEWS, AngleRow, Kind
from vidpose.biomech.facing import FacingSettings
from vidpose.biomech.points import DERIVED_POINTS

_HEADINGS: Final[dict[Kind, str]] = {
    "joint_2d": "Joint angles in the image",
    "body_segment_2d": "Body-segment angles in the image",
    "included_3d": "Included angles in 3-D",
}
_VIEW_NAMES: Final = {SIDE_VIEWS: "side", IMAGE_VIEWS: "side, front, back", ANY_VIEW: "any"}
_INTRODUCTION: Final = """# Angles

This page is generated from `vidpose/biomech/conventions.py`; change the table there and run
`python -m vidpose.biomech.conventions_doc`.

**How an image angle is computed.** From filtered landmarks in square pixels. Its raw value is
`atan2(first - second) - atan2(third - fourth)` in image axes (y down); of three points, the second is the vertex:
`atan2(first - second) - atan2(third - second)`; of two points it is `atan2(first - second)`.
The value is `wrap((raw + offset) * scale)` and lies in the range given.

**Mirroring.** The image is mirrored when the person faces left, so that squats facing left and right give the same
values. In a front view it is mirrored for angles of the right side, in a back view for those of the
left side, so that an arm raised sideways is positive on both sides. An angle is mirrored as a whole, trunk included.
Angles of the body's axis (pelvis, trunk, shoulders, head) are not mirrored in front and back views.

**The direction that the person faces** is determined over time, with two limits so that it does not change to and fro:
right, left, front, back or unknown. Shoulders, hips, feet and face decide together: exchanged legs do not turn a
person round, and feet that point aside do not turn a trunk that faces the camera or turns its back on it. A
view rotated by about {side_deg:.0f} degrees or more out of the front view is a side view; the change to a side view
requires {into_deg:.0f} degrees, the change back less than {out_deg:.0f}. Image angles are measured in the image plane,
which is the sagittal plane only at 90 degrees: the more oblique the view, the more they differ from joint angles. The
finding `view_oblique` reports this; the status of an angle does not. When the direction is unknown, no image angle is
given. At a discontinuity of the track (another person, a cut) the direction is determined anew, and nothing is filtered
or differentiated across it.

**Withheld.** Outside the views of its row an angle is withheld (`WITHHELD_VIEW`). It is also withheld when one of its
body segments is shorter in the image than {share:.0%} of its usual length (`WITHHELD_SHORT`). Usual lengths as shares
of standing height: {lengths}.
Values outside the column "possible" are withheld, too (the lower limit holds in side views only), as the joint then
moves in another plane, or a landmark is wrong (`WITHHELD_IMPOSSIBLE`). Limits are the usual ranges of motion (American
Academy of Orthopaedic Surgeons) with a margin of 30 to 50 degrees (ours). Finally, an angle is withheld when its
expected error is too large (`WITHHELD_UNCERTAIN`), and when a landmark that it needs lies outside the picture
(`WITHHELD_OUTSIDE`), where the pose model guesses.

**Derived points.** {derived}. A derived point is missing when one of its landmarks is. Sports2D's Head differs from the
mean of the ears, so head angles are not exactly comparable.

"Standing" is the value of a person who stands upright, arms hanging, facing right.
"""


def markdown() -> str:
    """Return the page."""
    facing = FacingSettings()
    shares = (facing.side_share, facing.side_share + facing.margin, facing.side_share - facing.margin)
    side_deg, into_deg, out_deg = np.degrees(np.arcsin(shares))
    introduction = _INTRODUCTION.format(
        side_deg=side_deg,
        into_deg=into_deg,
        out_deg=out_deg,
        share=ForeshorteningSettings().min_length_share,
        lengths=", ".join(f"{name} {share:g}" for name, share in STATURE_SHARES.items()),
        derived="; ".join(f"`{name}` is the mean of {' and '.join(parts)}" for name, parts in DERIVED_POINTS.items()),
    )
    return "\n".join([introduction, *(line for kind, title in _HEADINGS.items() for line in _section(kind, title))])


def _section(kind: Kind, title: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield (
        "| id | label | points | offset, scale | zero | positive | range | possible | standing | plane | views "
        "| source | note |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    yield from (_line(row) for row in ANGLES if row.kind == kind)
    yield ""


def _line(row: AngleRow) -> str:
    upper_deg = row.lower_deg + row.period_deg
    included = row.kind == "included_3d"
    cells = (
        f"`{row.id}`",
        row.label,
        ", ".join(row.points),
        "" if included else f"{row.offset_deg:+g}, ×{row.scale:g}",
        row.zero,
        row.positive,
        f"{'[' if included else '('}{row.lower_deg:g}, {upper_deg:g}]",
        "" if row.possible_deg is None else "{:g} to {:g}".format(*row.possible_deg),
        f"{row.standing_deg:g}",
        row.plane,
        _VIEW_NAMES[row.views],
        row.source,
        row.note,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    Path(*sys.argv[1:] or ["docs/angles.md"]).write_text(markdown(), encoding="utf-8")
