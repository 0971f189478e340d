from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidpose.biomech.analysis import AnalysisSettings, analyse
from vidpose.biomech.body_size import pose_height_px
from vidpose.types.motion import AngleSeries, AngleStatus, Facing, MotionAnalysis
from vidpose.types.picture import BT601, YuvColour
from vidpose.types.pose import FilteredTrack, PoseTrack, Status
from vidpose.types.skeleton import BONES, LANDMARK_INDEX, N_LANDMARKS
from vidpose.video.canvas import Canvas
from vidpose.video.overlay import ANGLE_JOINTS, Overlay, OverlaySettings
from vidpose.video.palette import ACCENTS, QUALITY_WORDS, SIDE_COLOURS, Quality
from vidpose.video.view_words import turned_views
from vidpose.video.yuv import yuv_of

SIZE = (640, 480)
PLAIN = OverlaySettings(show_angles=False, show_legend=False)
ONLY_ANGLES = OverlaySettings(show_legend=False)
ONLY_LEGEND = OverlaySettings(show_angles=False)
HEAD = [(LANDMARK_INDEX["nose"], LANDMARK_INDEX[ear], "") for ear in ("left_ear", "right_ear")]  # dots without a line
# Right side of a person who stands with spread limbs, 380 px tall, as offsets from the middle of the body.
HALF = {
    "ear": (-10, -180), "shoulder": (-50, -120), "elbow": (-100, -90), "wrist": (-150, -100), "hip": (-30, 10),
    "knee": (-60, 90), "ankle": (-55, 170), "heel": (-50, 185), "foot_index": (-90, 190), "pinky": (-170, -95),
    "index": (-172, -105), "thumb": (-160, -112), "eye": (-8, -185), "eye_inner": (-4, -185), "eye_outer": (-12, -185),
}  # fmt: skip


def figure() -> np.ndarray:
    points = np.zeros((N_LANDMARKS, 2))
    points[LANDMARK_INDEX["nose"]] = (0, -180)
    for side, sign in (("right", 1), ("left", -1)):
        points[LANDMARK_INDEX[f"mouth_{side}"]] = (-5 * sign, -170)
        for name, (x, y) in HALF.items():
            points[LANDMARK_INDEX[f"{side}_{name}"]] = (x * sign, y)
    return points + np.array([320, 240])


def motion(points=None, status=None, facing=Facing.FRONT, angles_rad=None, angle_status=None) -> MotionAnalysis:
    """One frame; all landmarks measured and all angles a right angle unless told otherwise."""
    points = figure() if points is None else points
    status = np.full(N_LANDMARKS, Status.MEASURED) if status is None else status
    ids = tuple(ANGLE_JOINTS)
    values = np.full(len(ids), np.pi / 2) if angles_rad is None else angles_rad
    kinds = np.full(len(ids), AngleStatus.MEASURED) if angle_status is None else angle_status
    return MotionAnalysis(
        filtered=FilteredTrack([0.0], points[None], np.zeros((1, N_LANDMARKS, 3)), status[None], [0]),
        facing=[facing],
        angles=AngleSeries(ids, values[None], np.zeros((1, len(ids))), kinds[None]),
        speed_bh_s=np.zeros((1, N_LANDMARKS)),
        speed_m_s=None,
        body_height_px=380.0,
        summaries=(),
        side_differences=(),
    )


def canvas_of(size=SIZE, grey=90, colour: YuvColour = BT601) -> Canvas:
    width, height = (length + length % 2 for length in size)
    shapes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
    planes = [np.full(s, value, np.uint8) for s, value in zip(shapes, yuv_of((grey,) * 3, colour), strict=True)]
    return Canvas(tuple(planes), size, colour)


def rgb_of(canvas: Canvas) -> np.ndarray:
    """The picture as a viewer sees it, chroma samples repeated."""
    y, u, v = canvas.planes
    matrix, offset = canvas.colour.to_rgb()
    whole = np.dstack([y, *(plane.repeat(2, axis=0).repeat(2, axis=1) for plane in (u, v))])
    width, height = canvas.size_px
    return np.clip(np.rint(whole[:height, :width] @ matrix.T + offset), 0, 255).astype(np.uint8)


def drawn(people, options=PLAIN, frame_number=0, size=SIZE, grey=90) -> np.ndarray:
    canvas = canvas_of(size, grey)
    Overlay(people, np.arange(3) / 30, size, options).draw(frame_number / 30, canvas)
    return rgb_of(canvas)


def changed(frame, grey=90) -> np.ndarray:
    return (frame != grey).any(axis=2)


def distance_to_bones_px(points, bones) -> np.ndarray:
    at = np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1).astype(float)
    nearest = np.full(SIZE[::-1], np.inf)
    for a, b, _ in bones:
        along = points[b] - points[a]
        share = np.clip((at - points[a]) @ along / (along @ along), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(at - points[a] - share[..., None] * along, axis=-1))
    return nearest


def without(status, *names):
    changed_status = np.full(N_LANDMARKS, Status.MEASURED)
    changed_status[[LANDMARK_INDEX[name] for name in names]] = status
    return changed_status


@pytest.mark.parametrize(("a", "b", "side"), [bone for bone in BONES if not 17 <= max(bone[:2]) <= 22])
def test_bone_has_the_colour_of_its_side_at_its_middle(a, b, side):
    points = figure()
    x, y = np.rint((points[a] + points[b]) / 2).astype(int)
    np.testing.assert_allclose(drawn([motion()])[y, x], SIDE_COLOURS[side], atol=6)


@pytest.mark.parametrize("status", [Status.MISSING, Status.REJECTED])
@pytest.mark.thorough
def test_only_what_is_valid_is_drawn(status):
    gone = ("right_wrist", "left_knee")
    invalid = {LANDMARK_INDEX[name] for name in gone}
    points = figure()
    bones = [bone for bone in BONES if not invalid & set(bone[:2])]
    near = distance_to_bones_px(points, bones + HEAD) < 10
    with_numbers = changed(drawn([motion(points, without(status, *gone))]))
    assert not with_numbers[~near].any()
    assert with_numbers[near].any()
    points[list(invalid)] = np.nan
    np.testing.assert_array_equal(with_numbers, changed(drawn([motion(points, without(status, *gone))])))


def test_nobody_leaves_the_frame_as_it_was():
    nothing = motion(np.full((N_LANDMARKS, 2), np.nan), np.full(N_LANDMARKS, Status.MISSING))
    for people in ([], [nothing]):
        assert not changed(drawn(people, ONLY_ANGLES)).any()


def test_imputed_looks_different_from_measured():
    knee = LANDMARK_INDEX["right_knee"]
    x, y = figure()[knee].astype(int)
    measured, imputed = drawn([motion()]), drawn([motion(status=without(Status.IMPUTED, "right_knee"))])
    np.testing.assert_allclose(measured[y, x], SIDE_COLOURS["right"], atol=6)
    assert imputed[y, x].max() < 90  # hollow
    hip = figure()[LANDMARK_INDEX["right_hip"]]
    x, y = np.rint((figure()[knee] + hip) / 2).astype(int)
    assert imputed[y, x].sum() > measured[y, x].sum()  # lighter
    assert changed(imputed).sum() < changed(measured).sum()  # thinner


@pytest.mark.parametrize("kind", [k for k in AngleStatus if k not in (AngleStatus.MEASURED, AngleStatus.IMPUTED)])
def test_invalid_angles_are_not_written(kind):
    n = len(ANGLE_JOINTS)
    written = drawn([motion()], ONLY_ANGLES)
    invalid = drawn([motion(angle_status=np.full(n, kind))], ONLY_ANGLES)
    nan = drawn([motion(angles_rad=np.full(n, np.nan))], ONLY_ANGLES)
    np.testing.assert_array_equal(invalid, drawn([motion()]))
    np.testing.assert_array_equal(nan, invalid)
    assert (written != invalid).any()


def test_angle_is_written_near_its_joint_and_depends_on_its_value_and_status():
    options = OverlaySettings(angle_ids=("knee_flexion_r",), show_legend=False)
    column = list(ANGLE_JOINTS).index("knee_flexion_r")
    values, kinds = np.full(len(ANGLE_JOINTS), np.pi / 2), np.full(len(ANGLE_JOINTS), AngleStatus.MEASURED)
    right_angle = drawn([motion()], options)
    rows, columns = np.nonzero((right_angle != drawn([motion()])).any(axis=2))
    knee = figure()[LANDMARK_INDEX["right_knee"]]
    assert np.hypot(columns.mean() - knee[0], rows.mean() - knee[1]) < 50
    values[column] = 0.5
    assert (drawn([motion(angles_rad=values)], options) != right_angle).any()
    kinds[column] = AngleStatus.IMPUTED
    assert (drawn([motion(angle_status=kinds)], options) != right_angle).any()


def test_values_that_the_view_does_not_support_look_like_interpolated_ones():
    usual = motion()
    doubtful = replace(usual, angles=replace(usual.angles, valid=np.zeros_like(usual.angles.valid)))
    imputed = motion(angle_status=np.full(len(usual.angles.ids), AngleStatus.IMPUTED))
    assert (drawn([doubtful], ONLY_ANGLES) == drawn([imputed], ONLY_ANGLES)).all()
    assert (drawn([doubtful], ONLY_ANGLES) != drawn([usual], ONLY_ANGLES)).any()


def test_far_side_gives_way_to_the_near_one():
    """In a side view both knees lie on each other: only the nearer one is written."""
    points, options = figure(), OverlaySettings(angle_ids=("knee_flexion_r", "knee_flexion_l"), show_legend=False)
    points[LANDMARK_INDEX["left_knee"]] = points[LANDMARK_INDEX["right_knee"]]
    values = {side: np.full(len(ANGLE_JOINTS), np.pi / 2) for side in "rl"}
    for side, value in values.items():
        value[list(ANGLE_JOINTS).index(f"knee_flexion_{side}")] = 0.2

    def differs(facing, side):
        plain, other = (drawn([motion(points, facing=facing, angles_rad=v)], options) for v in (None, values[side]))
        return bool((plain != other).any())

    assert [differs(Facing.RIGHT, "r"), differs(Facing.RIGHT, "l")] == [True, False]
    assert [differs(Facing.LEFT, "r"), differs(Facing.LEFT, "l")] == [False, True]
    assert [differs(Facing.FRONT, "r"), differs(Facing.FRONT, "l")] == [True, True]


@pytest.mark.thorough
def test_a_tiny_person_has_thin_lines_and_no_numbers():
    points = (figure() - (320, 240)) * 0.1 + (320, 240)
    tiny, large_frame = motion(points), (1920, 1080)
    frame = drawn([tiny], size=large_frame)
    np.testing.assert_array_equal(drawn([tiny], ONLY_ANGLES, size=large_frame), frame)
    far = distance_to_bones_px(points, [*BONES, *HEAD]) > 7
    assert not changed(frame)[: SIZE[1], : SIZE[0]][far].any()
    far = distance_to_bones_px(figure(), [*BONES, *HEAD]) > 7
    assert changed(drawn([motion()], size=large_frame))[: SIZE[1], : SIZE[0]][far].any()


@given(st.integers(1, 900), st.integers(1, 900), st.floats(0.3, 4))
@pytest.mark.thorough
def test_legend_stays_inside_and_small(width, height, text_scale):
    options = OverlaySettings(show_angles=True, text_scale=text_scale)
    rows, columns = np.nonzero(changed(drawn([], options, size=(width, height))))
    if len(rows):
        assert np.ptp(columns) < 0.5 * width + 2  # a chroma sample covers two columns and rows
        assert np.ptp(rows) < 0.5 * height + 2
        assert columns.min() >= 1
        assert rows.min() >= 1
    elif text_scale <= 1:
        assert min(width, height) < 200


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1280, 720), (1080, 1920), (3840, 2160)])
def test_legend_grows_with_the_frame(size):
    rows, _ = np.nonzero(changed(drawn([], OverlaySettings(), size=size)))
    assert 0.08 < np.ptp(rows) / size[1] < 0.3


def test_legend_avoids_the_corner_where_people_are():
    corner = motion((figure() - (320, 240)) * 0.3 + (70, 80))
    panel = changed(drawn([motion(np.full((N_LANDMARKS, 2), np.nan))], ONLY_LEGEND))
    moved = changed(drawn([corner], ONLY_LEGEND)) & ~changed(drawn([corner]))
    assert np.nonzero(panel)[1].max() < SIZE[0] / 2
    assert np.nonzero(moved)[1].min() > SIZE[0] / 2


@pytest.mark.parametrize(
    ("status", "quality"),
    [
        (without(Status.MEASURED), Quality.MEASURED),
        (without(Status.IMPUTED, "left_wrist"), Quality.IMPUTED),
        (without(Status.REJECTED, "left_wrist"), Quality.MEASURED),
        (
            without(Status.REJECTED, "left_wrist", "left_elbow", "right_knee", "right_ankle"),
            Quality.LOW_CONFIDENCE,
        ),
        (np.full(N_LANDMARKS, Status.REJECTED), Quality.LOW_CONFIDENCE),
        (np.full(N_LANDMARKS, Status.MISSING), Quality.NO_PERSON),
    ],
)
def test_legend_shows_the_quality(status, quality):
    size, away = (1280, 720), figure() + np.array([600, 200])
    one, other = (drawn(people, ONLY_LEGEND, size=size)[:200, :300] for people in ([], [motion(away)]))
    rows, columns = np.nonzero((one != other).any(axis=2))  # the last line with a change begins with a coloured dot
    near = columns < columns.min() + 8
    row, column = round(np.median(rows[near])), columns.min() + 4
    seen = drawn([motion(away, status)], ONLY_LEGEND, size=size)[row, column].astype(int)
    far = {q: np.abs(seen - colour).max() for q, (_, colour) in QUALITY_WORDS.items()}
    assert min(far, key=far.get) == quality
    assert far[quality] < 12


@pytest.mark.parametrize(("width", "facing", "words"), [
    (0.9, Facing.RIGHT, "oblique view, facing right"),
    (-0.9, Facing.LEFT, "from behind, facing left"),
    (0.2, Facing.RIGHT, "side view, facing right"),
    (0.9, Facing.FRONT, "front view"),
])  # fmt: skip
def test_legend_says_from_where_the_person_is_seen(width, facing, words):
    overlay = Overlay([motion(shoulders(width), facing=facing)], np.zeros(1), SIZE, ONLY_LEGEND)
    said: list[str] = []
    overlay._legend.draw = lambda canvas, state: said.append(state.view_words)
    overlay.draw(0.0, canvas_of())
    assert said == [words]


def shoulders(width):
    """Return the figure with shoulders of this share of their full width, negative when seen from behind."""
    points = figure()
    middle = points[11:13].mean(axis=0)
    half_px = width * 0.20 * pose_height_px(points[None])[0] / 2
    half = np.array([half_px, 0.0])
    points[11], points[12] = middle + half, middle - half
    return points


def test_the_view_changes_only_when_it_is_clear():
    widths = [0.2, 0.5, 0.7, 0.5, 0.3, 0.5, -0.5, -0.7, -0.5, np.nan, 0.1]
    points = np.stack([shoulders(width) for width in widths])
    points[9] = np.nan
    assert turned_views(points, pose_height_px(points)).tolist() == [0, 0, 1, 1, 0, 0, 0, -1, -1, -1, 0]


def test_same_frame_same_pixels_whatever_was_drawn_before():
    overlay = Overlay([motion()], np.arange(3) / 30, SIZE, OverlaySettings())
    for frame_number in (2, 0, 1):
        overlay.draw(frame_number / 30, canvas_of(grey=0))
    again = canvas_of()
    overlay.draw(0.0, again)
    np.testing.assert_array_equal(rgb_of(again), drawn([motion()], OverlaySettings()))


def test_planes_whose_rows_lie_apart_are_drawn_on():
    wide = canvas_of((SIZE[0] + 64, SIZE[1]))
    views = tuple(plane[:, : plane.shape[1] * SIZE[0] // (SIZE[0] + 64)] for plane in wide.planes)
    Overlay([motion()], np.arange(3) / 30, SIZE, OverlaySettings()).draw(0.0, Canvas(views, SIZE, BT601))
    np.testing.assert_array_equal(rgb_of(Canvas(views, SIZE, BT601)), drawn([motion()], OverlaySettings()))


@pytest.mark.parametrize("colour", [YuvColour(0.2126, 0.0722, full_range=False), YuvColour(0.299, 0.114, True)])
def test_colours_do_not_depend_on_what_the_samples_mean(colour):
    canvas = canvas_of(colour=colour)
    Overlay([motion()], np.arange(3) / 30, SIZE, OverlaySettings()).draw(0.0, canvas)
    difference = np.abs(rgb_of(canvas).astype(int) - drawn([motion()], OverlaySettings()))
    assert difference.mean() < 1
    assert np.quantile(difference, 0.999) < 12


def test_a_scaled_picture_shows_the_same_at_half_the_size():
    half = (SIZE[0] // 2, SIZE[1] // 2)
    canvas = canvas_of(half)
    Overlay([motion()], np.arange(3) / 30, SIZE, PLAIN, half).draw(0.0, canvas)
    rows, columns = np.nonzero(changed(rgb_of(canvas)))
    full_rows, full_columns = np.nonzero(changed(drawn([motion()])))
    for small, full in ((rows, full_rows), (columns, full_columns)):
        assert small.min() == pytest.approx(full.min() / 2, abs=3)
        assert small.max() == pytest.approx(full.max() / 2, abs=3)


def test_a_frame_is_found_by_its_time():
    """Frames that did not decode are missing in the analysis: numbers would be off, times are not."""
    empty = np.full((N_LANDMARKS, 2), np.nan)
    track = motion().filtered
    two = FilteredTrack(
        timestamps_s=[0.0, 0.1],
        image_px=np.stack([empty, figure()]),
        world_m=np.zeros((2, N_LANDMARKS, 3)),
        status=np.repeat(track.status, 2, axis=0),
        stretch=[0, 0],
    )
    values = np.zeros((2, len(ANGLE_JOINTS)))
    angles = AngleSeries(tuple(ANGLE_JOINTS), values, values, values)
    person = replace(
        motion(),
        filtered=two,
        facing=np.zeros(2),
        angles=angles,
        speed_bh_s=np.zeros((2, N_LANDMARKS)),
        **dict.fromkeys(("yaw_rad", "com_px", "com_velocity_bh_s"), np.empty(0)),
    )
    overlay = Overlay([person], two.timestamps_s, SIZE, ONLY_ANGLES)
    for time_s, somebody in ((0.0, False), (0.1, True), (0.05, False), (0.1 + 5e-7, True), (-1.0, False), (0.2, False)):
        canvas = canvas_of()
        overlay.draw(time_s, canvas)
        assert changed(rgb_of(canvas)).any() == somebody, time_s


def test_several_people_carry_numbers_and_colours_of_their_own():
    left, right = (motion((figure() - (320, 240)) * 0.6 + (x, 240)) for x in (160, 480))
    both, alone = drawn([left, right]), drawn([left])
    middle = np.rint((figure()[11] + figure()[12]) / 2 - (320, 240)) * 0.6
    for person, x in enumerate((160, 480)):
        column, row = np.add(middle, (x, 240)).astype(int)
        np.testing.assert_allclose(both[row, column], ACCENTS[person], atol=12)
    column, row = np.add(middle, (160, 240)).astype(int)
    np.testing.assert_allclose(alone[row, column], SIDE_COLOURS["centre"], atol=6)
    top = int((figure()[:, 1].min() - 240) * 0.6 + 240)
    above = [changed(both)[:top, :320], changed(both)[:top, 320:]]
    assert all(part.sum() > changed(alone)[:top, :320].sum() + 20 for part in above)
    swapped = drawn([right, left])
    assert (swapped[:, :320] != both[:, :320]).any()


def test_accents_stay_apart_from_each_other_and_from_the_sides():
    colours = [*ACCENTS, SIDE_COLOURS["right"], SIDE_COLOURS["left"]]
    for number, colour in enumerate(colours):
        for other in colours[number + 1 :]:
            assert np.linalg.norm(np.subtract(colour, other)) > 80


COORDINATES = st.one_of(st.floats(-2000, 3000), st.sampled_from([np.nan, 1e12, -1e12]))


@given(
    points=arrays(float, (N_LANDMARKS, 2), elements=COORDINATES),
    status=arrays(np.uint8, N_LANDMARKS, elements=st.integers(0, 3)),
    facing=st.sampled_from(Facing),
    frame_number=st.integers(-3, 6),
)
@pytest.mark.thorough
def test_no_landmark_is_too_strange(points, status, facing, frame_number):
    person = motion(points, status, facing)
    drawn([person], OverlaySettings(), frame_number)
    may_be_drawn = np.isfinite(points).all(axis=1) & np.isin(status, (Status.MEASURED, Status.IMPUTED))
    if frame_number != 0 or not may_be_drawn.any():  # the track has one frame
        assert not changed(drawn([person], ONLY_ANGLES, frame_number)).any()


def test_frames_beyond_the_series_show_no_person():
    for frame_number in (-1, 1, 99):
        assert not changed(drawn([motion()], ONLY_ANGLES, frame_number)).any()


def test_empty_series_and_no_time_stamps():
    canvas = canvas_of()
    Overlay([], np.empty(0), SIZE, OverlaySettings()).draw(0.0, canvas)
    assert changed(rgb_of(canvas)).any()


def test_wrong_pictures_and_settings_are_refused():
    overlay = Overlay([], np.empty(0), SIZE, OverlaySettings())
    with pytest.raises(ValueError, match="canvas: expected"):
        overlay.draw(0.0, canvas_of(SIZE[::-1]))
    with pytest.raises(ValueError, match="angle_ids"):
        OverlaySettings(angle_ids=("knee",))
    with pytest.raises(ValueError, match="line_scale"):
        OverlaySettings(line_scale=0)


# Machado, Oliveira and Fernandes (2009), severity 1: what a red-blind, green-blind and blue-blind person sees.
COLOUR_VISION = {
    "protan": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deutan": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritan": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.mark.parametrize("matrix", COLOUR_VISION.values(), ids=COLOUR_VISION)
def test_sides_stay_apart_for_the_colour_blind(matrix):
    seen = {side: np.clip(np.array(matrix) @ (np.array(c) / 255) ** 2.2, 0, 1) for side, c in SIDE_COLOURS.items()}
    for a, b in (("right", "left"), ("right", "centre"), ("left", "centre")):
        assert np.linalg.norm(seen[a] - seen[b]) > 0.3


def test_recorded_landmarks_are_drawn_where_they_are(shared_data):
    clip = np.load(shared_data / "landmarks" / "clips" / "clip_03.npz")
    times, image = clip["timestamps_s"][:60], clip["image_px"][:60]
    n = len(times)
    track = PoseTrack(
        np.arange(n), times, image[..., :2], image[..., 2], image[..., 3], np.ones((n, 33)), clip["world_m"][:60],
        np.zeros(n, bool),
    )  # fmt: skip
    analysis = analyse(track, AnalysisSettings())
    width, height = (int(length) for length in clip["frame_size"])
    overlay = Overlay([analysis], times, (width, height), PLAIN)
    canvas = canvas_of((width, height))
    overlay.draw(times[30], canvas)
    rows, columns = np.nonzero(changed(rgb_of(canvas)))
    points = analysis.filtered.image_px[30]
    assert columns.min() == pytest.approx(np.nanmin(points[:, 0]), abs=12)
    assert columns.max() == pytest.approx(np.nanmax(points[:, 0]), abs=12)
    assert rows.max() == pytest.approx(np.nanmax(points[:, 1]), abs=12)
