import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_metrics import EVENTS, ROWS, VALUES, made_people
from made_results import made_provenance

from vidpose.results.metric_tables import EVENT_COLUMNS, METRIC_COLUMNS, METRIC_TABLE_FILES, write_metric_tables
from vidpose.types.metrics import REASONS, MetricValue


def read(path):
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


@pytest.mark.parametrize("n_people", [0, 1, 2])
def test_every_metric_and_side_has_its_row(tmp_path, n_people):
    paths = write_metric_tables(tmp_path, made_people(n_people), ROWS, made_provenance())
    assert [path.name for path in paths] == list(METRIC_TABLE_FILES)
    for path in paths:
        table = read(path)
        columns, n = (METRIC_COLUMNS, len(VALUES)) if path.name.startswith("metrics") else (EVENT_COLUMNS, len(EVENTS))
        assert list(table.columns) == [column.name for column in columns]
        assert table["person"].tolist() == [person for person in range(n_people) for _ in range(n)]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_values_are_in_the_unit_that_is_shown(tmp_path, suffix):
    write_metric_tables(tmp_path, made_people(), ROWS, made_provenance())
    table = read(tmp_path / f"metrics.{suffix}").set_index(["metric", "side"])
    knee = table.loc["knee_range", "left"]
    assert (knee.value, knee.uncertainty, knee.unit, knee.status) == (65.0, 1.23, "°", "ok")
    assert (knee.start_s, knee.end_s, knee.n) == (0.0, 3.0, 90)
    cadence = table.loc["cadence", "none"]
    assert (cadence.value, cadence.unit) == (150.0, "per minute")
    assert pd.isna(cadence.uncertainty)
    assert cadence.label == "Cadence, made"


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_an_absent_metric_is_null_and_says_why(tmp_path, suffix):
    write_metric_tables(tmp_path, made_people(), ROWS, made_provenance())
    table = read(tmp_path / f"metrics.{suffix}").set_index(["metric", "side"])
    for where, code in ((("knee_range", "right"), "one_side_hidden"), (("jump_height", "none"), "no_height")):
        row = table.loc[where]
        assert pd.isna(row.value)
        assert pd.isna(row.uncertainty)
        assert (row.status, row.reason) == (code, REASONS[code])
    assert pd.isna(table.loc["jump_height", "none"].start_s)


def test_events(tmp_path):
    write_metric_tables(tmp_path, made_people(), ROWS, made_provenance())
    table = read(tmp_path / "events.parquet")
    assert table.event.tolist() == ["foot_strike", "toe_off"]
    assert table.time_s.tolist() == [0.512346, 0.9]
    assert table.frame.tolist() == [15, 27]
    assert table.uncertainty_s.isna().tolist() == [False, True]


def test_types_and_metadata_do_not_depend_on_the_rows(tmp_path):
    schemas = []
    for n in (0, 1):
        write_metric_tables(tmp_path / str(n), made_people(n), ROWS, made_provenance())
        schemas.append([pq.read_schema(tmp_path / str(n) / f"{name}.parquet") for name in ("metrics", "events")])
    assert schemas[0] == schemas[1]
    schema = schemas[0][0]
    assert schema.field("value").type == pa.float64()
    assert schema.field("person").type == pa.int32()
    assert schema.metadata[b"vidpose.config_sha256"].decode() == made_provenance().config_sha256
    assert schema.metadata[b"vidpose.video_sha256"] == b"ab" * 32


def test_names_with_commas_and_quotes_survive_the_csv(tmp_path):
    name = 'a, "b"/é\n.mp4'
    write_metric_tables(tmp_path, made_people(), ROWS, made_provenance(input_name=name))
    for suffix in ("csv", "parquet"):
        assert set(read(tmp_path / f"metrics.{suffix}").video_id) == {name}


def test_the_same_metrics_give_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        write_metric_tables(tmp_path / folder, made_people(2), ROWS, made_provenance())
    for name in METRIC_TABLE_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_metric_without_a_definition_is_refused(tmp_path):
    people = made_people()
    stranger = type(people[0])(0, (MetricValue("stranger", reason="no_data"),))
    with pytest.raises(KeyError, match="stranger"):
        write_metric_tables(tmp_path, [stranger], ROWS, made_provenance())
    assert list(tmp_path.iterdir()) == []
