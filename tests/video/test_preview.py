import numpy as np
import pytest
from made_clips import ClipSpec, write_clip
from PIL import Image
from whole_video import annotate

from vidpose.errors import OutputError
from vidpose.types.motion import AngleSeries, MotionAnalysis
from vidpose.types.pose import FilteredTrack, Status
from vidpose.types.skeleton import N_LANDMARKS
from vidpose.video.preview import best_moment_s, write_gif, write_thumbnail
from vidpose.video.probe import probe


def person(sizes_px, status=Status.MEASURED) -> MotionAnalysis:
    """Somebody whose landmarks fill a square of that side in every frame; NaN: not seen."""
    n_frames = len(sizes_px)
    unit = np.random.default_rng(1).random((N_LANDMARKS, 2))
    sizes = np.asarray(sizes_px, float)[:, None]
    marks = np.where(np.isnan(sizes), Status.MISSING, np.broadcast_to(status, n_frames)[:, None])
    return MotionAnalysis(
        filtered=FilteredTrack(
            np.arange(n_frames) / 10, sizes[:, :, None] * unit, np.zeros((n_frames, N_LANDMARKS, 3)),
            np.repeat(marks, N_LANDMARKS, axis=1), np.zeros(n_frames, int),
        ),
        facing=np.zeros(n_frames), angles=AngleSeries((), *np.zeros((3, n_frames, 0))),
        speed_bh_s=np.zeros((n_frames, N_LANDMARKS)), speed_m_s=None, body_height_px=1.0, summaries=(),
        side_differences=(),
    )  # fmt: skip


NAN = float("nan")
M, P = Status.MEASURED, Status.IMPUTED


@pytest.mark.parametrize(
    ("people", "moment_s"),
    [
        ([[100, 100, 100, 100]], 0.2),  # equal: the middle
        ([[NAN, NAN, NAN, 100]], 0.3),
        ([[NAN, 100, 200, 900]], 0.2),  # the largest may be an outlier
        ([[10, 10, 10, 10, 10, 80, 80, 80, 80, 900]], 0.5),
        ([[300, 100, 100, 90], [NAN, NAN, 50, 90]], 0.3),  # more people beat a larger one
        ([[100, NAN, NAN, NAN], [NAN, 50, 50, 90]], 0.0),  # the main person must be there
        ([[NAN, NAN, NAN, NAN]], 0.2),
        ([], 0.2),
    ],
)
def test_the_best_moment_shows_the_main_person_large_and_most_others(people, moment_s):
    times_s = np.arange(len(people[0]) if people else 4) / 10
    assert best_moment_s([person(sizes) for sizes in people], times_s) == pytest.approx(moment_s)


def test_the_best_moment_is_measured_not_interpolated():
    sizes_px = [50, 50, 50, 100, 100, 100, 100, 50]
    chosen_s = best_moment_s([person(sizes_px, [M, M, M, P, P, P, P, M])], np.arange(8) / 10)
    assert chosen_s == pytest.approx(0.2)


def test_no_frames_have_a_moment_too():
    assert best_moment_s([], np.empty(0)) == 0.0


@pytest.fixture(scope="module")
def annotated(tmp_path_factory):
    """Twelve seconds at 30 frames per second, 640 x 360; a grey bar tells the time."""
    folder = tmp_path_factory.mktemp("annotated")
    source = write_clip(folder / "a.mp4", ClipSpec(n_frames=360, size=(640, 360)))
    annotate(probe(source, "").source, folder / "annotated.mp4", lambda time_s, canvas: None)
    return folder / "annotated.mp4"


def bar_px(rgb) -> float:
    """Where the grey bar of the clip lies."""
    middle = np.asarray(rgb.convert("RGB"), int)[rgb.height // 2 - 1]
    grey = np.abs(middle - 128).max(axis=1) < 40
    return float(np.flatnonzero(grey).mean()) / rgb.width


@pytest.mark.parametrize("at_s", [0.0, 5.01, 11.9, 99.0])
@pytest.mark.thorough
def test_thumbnail_is_the_frame_of_its_time(annotated, tmp_path, at_s):
    write_thumbnail(annotated, at_s, tmp_path / "1.jpg")
    write_thumbnail(annotated, at_s, tmp_path / "2.jpg")
    assert (tmp_path / "1.jpg").read_bytes() == (tmp_path / "2.jpg").read_bytes()
    with Image.open(tmp_path / "1.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (640, 360))
        frame = min(int(at_s * 30 + 1e-6), 359)
        assert bar_px(image) == pytest.approx((frame * 632 // 359 + 4) / 640, abs=0.01)


@pytest.mark.parametrize(("around_s", "start_s"), [(0.0, 0.0), (6.0, 2.0), (12.0, 4.0)])
@pytest.mark.thorough
def test_gif_is_short_small_and_slow(annotated, tmp_path, around_s, start_s):
    write_gif(annotated, around_s, tmp_path / "1.gif")
    write_gif(annotated, around_s, tmp_path / "2.gif")
    assert (tmp_path / "1.gif").read_bytes() == (tmp_path / "2.gif").read_bytes()
    with Image.open(tmp_path / "1.gif") as image:
        assert image.size == (320, 180)
        assert image.info["loop"] == 0
        shown_ms = []
        for number in range(image.n_frames):
            image.seek(number)
            shown_ms.append(image.info["duration"])
        assert sum(shown_ms) == pytest.approx(8000, abs=120)
        assert min(shown_ms) >= 90
        image.seek(0)
        assert bar_px(image) == pytest.approx((start_s * 30 * 632 / 359 + 4) / 640, abs=0.02)


def test_a_short_clip_gives_a_short_gif(clip, tmp_path):
    annotate(probe(clip("a.mp4", n_frames=15), "").source, tmp_path / "out.mp4", lambda time_s, canvas: None)
    write_gif(tmp_path / "out.mp4", 3.0, tmp_path / "out.gif")
    with Image.open(tmp_path / "out.gif") as image:
        assert image.size == (96, 64)
        assert image.n_frames == 5


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "no.mp4").write_bytes(b"nothing")
    for write in (write_thumbnail, write_gif):
        with pytest.raises(OutputError, match="no preview"):
            write(tmp_path / "no.mp4", 0.0, tmp_path / "out")
