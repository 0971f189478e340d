import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vidpose.results.json_columns import ColumnWriter


def written(action):
    stream = io.BytesIO()
    writer = ColumnWriter(stream)
    with writer.block(None):
        action(writer)
    return stream.getvalue()


def test_a_column_is_one_line_with_rounded_numbers_and_null():
    values = np.array([[1.006, -0.001], [np.nan, np.inf]], np.float32)
    text = written(lambda writer: writer.column("x_px", values, 2))
    assert text == b'{\n"x_px":[[1.01,0.0],[null,null]]\n}'


def test_numbers_of_4_bytes_print_short():
    values = np.array([1919.987, 0.1, 1079.333], np.float32)
    assert b"[1919.99,0.1,1079.33]" in written(lambda writer: writer.column("x_px", values, 2))


def test_whole_numbers_are_written_as_they_are_and_a_factor_changes_the_unit():
    def action(writer):
        writer.column("status", np.array([[0, 3]], np.uint8))
        writer.column("value_deg", np.array([np.pi / 2]), 2, factor=180 / np.pi)

    assert written(action) == b'{\n"status":[[0,3]],\n"value_deg":[90.0]\n}'


@pytest.mark.parametrize("n_frames", [0, 1, 1799, 1800, 1801, 3601])
def test_chunks_join_to_one_column(n_frames):
    values = np.arange(n_frames)
    text = written(lambda writer: writer.column("pts", values))
    assert json.loads(text)["pts"] == values.tolist()


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=7),
        elements=st.floats(-1e4, 1e4, width=32) | st.just(float("nan")),
    ),
    st.integers(0, 4),
)
def test_what_is_written_is_valid_json_and_close(values, decimals):
    text = written(lambda writer: writer.column("x", values, decimals))
    back = np.array(json.loads(text)["x"], np.float64).reshape(values.shape)
    np.testing.assert_allclose(back, values, atol=0.5 * 10.0**-decimals + 2e-3)


def test_blocks_nest():
    def action(writer):
        with writer.block("people", b"["):
            for number in range(2):
                with writer.block(None):
                    writer.value("id", number)
                    with writer.block("raw"):
                        writer.column("x", np.arange(3))
        with writer.block("nobody", b"["):
            pass

    text = written(action)
    expected = {"people": [{"id": n, "raw": {"x": [0, 1, 2]}} for n in range(2)], "nobody": []}
    assert json.loads(text) == expected


def test_a_name_that_is_not_utf_8_is_written_out():
    text = written(lambda writer: writer.value("name", {"clip\udcff.mp4": ["a\udcfe", 1.5]}))
    assert json.loads(text) == {"name": {"clip\\udcff.mp4": ["a\\udcfe", 1.5]}}
