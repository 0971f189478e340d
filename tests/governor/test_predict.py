import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.governor.predict import UnitPredictor, UnitShape, analysis_bytes, first_guess_bytes
from vidpose.governor.sizes import MIB
from vidpose.types.mapped_arrays import CAN_SPILL

FULL_HD = UnitShape("pose", 1920, 1080, "h264", batch=4)


def test_first_guess():
    assert first_guess_bytes(FULL_HD) == 310 * MIB + round(1920 * 1088 * (6 + 1.5 * 5))  # rows in blocks of 64
    assert UnitPredictor().predict_bytes(FULL_HD) == first_guess_bytes(FULL_HD)


def test_a_render_unit_also_pays_for_the_encoder():
    render = UnitShape("render", 1920, 1080, "h264", batch=4)
    assert first_guess_bytes(render) - first_guess_bytes(FULL_HD) == 1920 * 1088 * 40


def test_more_than_guessed_is_believed_at_once():
    predictor = UnitPredictor()
    predictor.learn(FULL_HD, 2 * first_guess_bytes(FULL_HD))
    assert predictor.predict_bytes(FULL_HD) == 2 * first_guess_bytes(FULL_HD)


def test_less_than_guessed_is_believed_gradually():
    predictor, guess = UnitPredictor(), first_guess_bytes(FULL_HD)
    predicted = []
    for _ in range(5):
        predictor.learn(FULL_HD, guess // 2)
        predicted.append(predictor.predict_bytes(FULL_HD) / guess)
    assert predicted == pytest.approx([0.875, 0.75, 0.625, 0.5, 0.5], abs=1e-6)


def test_spread_adds_a_margin():
    predictor, guess = UnitPredictor(weight=0.5), first_guess_bytes(FULL_HD)
    predictor.learn(FULL_HD, guess)
    predictor.learn(FULL_HD, 2 * guess)
    # mean 1.5, variance 0.5 x (0 + 0.5 x 1) = 0.25
    assert predictor.predict_bytes(FULL_HD) == pytest.approx(guess * (1.5 + 1.645 * 0.5), rel=1e-6)


def test_classes_do_not_mix_but_batches_share_one():
    predictor, guess = UnitPredictor(), first_guess_bytes(FULL_HD)
    predictor.learn(FULL_HD, 3 * guess)
    others = [
        UnitShape("render", 1920, 1080, "h264", 4),
        UnitShape("pose", 1920, 1080, "hevc", 4),
        UnitShape("pose", 640, 360, "h264", 4),
    ]
    assert [predictor.predict_bytes(shape) for shape in others] == [first_guess_bytes(shape) for shape in others]
    half_batch = UnitShape("pose", 1920, 1080, "h264", 2)
    assert predictor.predict_bytes(half_batch) == 3 * first_guess_bytes(half_batch)
    assert predictor.as_dict() == {"pose 2^21 px h264": {"n_units": 1, "measured_over_first_guess": 3.0}}


@given(
    peaks=st.lists(st.integers(1, 10**10), min_size=1, max_size=30),
    width_px=st.integers(1, 16384),
    batch=st.integers(1, 64),
)
def test_predictions_stay_between_sense_and_size(peaks, width_px, batch):
    shape = UnitShape("pose", width_px, 1080, "h264", batch)
    predictor = UnitPredictor()
    for peak in peaks:
        predictor.learn(shape, peak)
    lowest = min([*peaks, first_guess_bytes(shape)])
    assert lowest - 1 <= predictor.predict_bytes(shape) <= 3 * max([*peaks, first_guess_bytes(shape)])


def test_short_analyses_are_part_of_the_fixed_cost_and_long_ones_grow_with_frames_and_people():
    assert analysis_bytes(3600, 1) == 0
    hour = analysis_bytes(108_000, 1)
    assert 80e6 < hour < 120e6 if CAN_SPILL else 0.6e9 < hour < 0.9e9
    assert analysis_bytes(108_000, 4) > 3 * hour
    assert analysis_bytes(108_000, 0) == hour


def test_deep_colours_take_their_bytes():
    deep = UnitShape("pose", 1920, 1088, "png", batch=4, bytes_per_px=8.0)
    assert first_guess_bytes(deep) == 310 * MIB + 1920 * 1088 * 8 * (4 + 4 + 1)
