"""CSV files that Excel opens as they are."""

import io

import pandas as pd
import pyarrow as pa
import pytest
from made_metrics import ROWS, made_people
from made_results import made_provenance, made_result

from vidpose.results.csv_files import CSV_STYLES, TableSettings, open_csv, without_formulas
from vidpose.results.frame_tables import write_tables
from vidpose.results.metric_tables import write_metric_tables

MARK = b"\xef\xbb\xbf"
NAME = 'スクワット 90°; =x, "y".mp4'
TABLE = pa.table({"video_id": [NAME, "=1+1", None], "value": [-1.5, 2.0, None], "n": [-3, 4, 5]})


def written(tmp_path, style, table=TABLE):
    path = tmp_path / "t.csv"
    with open_csv(path, table.schema, CSV_STYLES[style]) as file:
        file.write(table)
    return path.read_bytes()


@pytest.mark.parametrize("style", sorted(CSV_STYLES))
def test_every_style_keeps_names_and_numbers(style, tmp_path):
    content = written(tmp_path, style)
    chosen = CSV_STYLES[style]
    assert content.startswith(MARK) == chosen.mark
    read = pd.read_csv(io.BytesIO(content), sep=chosen.delimiter, decimal=chosen.decimal)
    assert list(read.columns) == ["video_id", "value", "n"]
    assert read.video_id[0] == NAME
    assert read.video_id[1] == "'=1+1"
    assert read.value[:2].tolist() == [-1.5, 2.0]
    assert read.value.isna().tolist() == [False, False, True]
    assert read.n.tolist() == [-3, 4, 5]


def test_german_excel_gets_semicolons_and_decimal_commas(tmp_path):
    lines = written(tmp_path, "excel-de").decode("utf-8-sig").splitlines()
    assert lines[0] == "video_id;value;n"
    assert lines[2].replace('"', "") == "'=1+1;2,0;4" or lines[2].replace('"', "") == "'=1+1;2;4"


@pytest.mark.parametrize("word", ["=1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\tx", "＝1+1", "-1+2", "-2-x.mp4"])
def test_words_that_a_spreadsheet_computes_are_marked(word):
    assert without_formulas(pa.table({"a": [word]})).to_pydict() == {"a": ["'" + word]}


@pytest.mark.parametrize("word", ["-5", "-0.25", "-0,25", "+3", "-1e-05", "a=b", "− 5", "90°", ""])
def test_negative_numbers_and_plain_words_are_not_harmed(word):
    assert without_formulas(pa.table({"a": [word]})).to_pydict() == {"a": [word]}


def test_all_tables_of_a_video_follow_the_style(tmp_path):
    settings = TableSettings(csv_style="excel-de", parquet_compression="snappy")
    write_tables(tmp_path, made_result(5), made_provenance(), settings)
    write_metric_tables(tmp_path, made_people(), ROWS, made_provenance(), settings)
    usual = tmp_path / "usual"
    usual.mkdir()
    write_tables(usual, made_result(5), made_provenance())
    write_metric_tables(usual, made_people(), ROWS, made_provenance())
    for path in sorted(tmp_path.glob("*.csv")):
        german = pd.read_csv(path, sep=";", decimal=",")
        pd.testing.assert_frame_equal(german, pd.read_csv(usual / path.name))
        assert path.read_bytes().startswith(MARK)
    for path in tmp_path.glob("*.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(path), pd.read_parquet(usual / path.name))


def test_an_unknown_style_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="excel-de"):
        TableSettings(csv_style="excel-xx")
    with pytest.raises(ValueError, match="snappy"):
        TableSettings(parquet_compression="lzma")
