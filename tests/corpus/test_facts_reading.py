"""Facts come from the tables, carry no names, and say why there is none; broken folders are named."""

import math
import os
import shutil

import pytest
from made_tables import made_sha256, make_folder
from pyarrow import parquet as pq

from vidpose.corpus.example import Fact
from vidpose.corpus.facts.derived import side_differences, video_differences
from vidpose.corpus.facts.fact_dictionary import FACT_DICTIONARY
from vidpose.corpus.facts.read_facts import read_assignment, read_facts
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.facts.stateable import gate
from vidpose.corpus.settings.dataset import FactSettings, ReferenceRange
from vidpose.errors import UsageError

SECRET = "Anna_Example_squat.mp4"


@pytest.fixture
def models(tmp_path):
    folder = tmp_path / "models"
    make_folder(folder, SECRET)
    make_folder(folder, "sub/two.mp4", people=2)
    return folder


def test_every_row_of_the_tables_is_one_fact(models):
    table = read_facts(models, FactSettings())
    rows = pq.read_table(models / SECRET / "metrics.parquet").to_pylist()
    subject = made_sha256(SECRET)[:16] + "/0"
    for row in rows:
        fact = table.by_id[f"{subject}:{row['metric']}:{row['side']}:metric"]
        assert fact.unit == row["unit"] and fact.n == row["n"]
        if row["status"] != "ok":
            assert fact.reason == row["status"] and math.isnan(fact.value)
        elif not fact.reason:
            assert fact.value == row["value"] and fact.uncertainty == row["uncertainty"]
    assert table.skipped == ()
    assert table.video_sha256[subject] == made_sha256(SECRET)


def test_several_people_are_several_subjects(models):
    group = made_sha256("sub/two.mp4")[:16]
    assert {f"{group}/0", f"{group}/1"} <= set(read_facts(models, FactSettings()).by_subject)


def test_no_name_or_path_gets_into_a_fact(models):
    table = read_facts(models, FactSettings(athletes={SECRET: "Anna Example"}))
    text = repr(table.facts)
    assert "Anna" not in text and "two.mp4" not in text and "sub" not in {fact.group for fact in table.facts}
    assert any(fact.group.startswith("athlete-") for fact in table.facts)


def test_the_order_of_folders_does_not_matter(models, tmp_path):
    other = tmp_path / "other"
    make_folder(other, "sub/two.mp4", people=2)
    make_folder(other, "b/" + SECRET)
    shutil.rmtree(other / "b")
    make_folder(other, SECRET)
    both = [read_facts(folder, FactSettings()).facts for folder in (other, models)]
    assert repr(both[0]) == repr(both[1])  # NaN is not equal to itself


def test_broken_folders_are_named_and_skipped(models):
    (models / "bad").mkdir()
    (models / "bad" / "metrics.parquet").write_bytes(b"PAR1 no table")
    shutil.copytree(models / SECRET, models / "copy")
    cut = make_folder(models, "cut.mp4") / "metrics.parquet"
    os.truncate(cut, 2000)
    noname = make_folder(models, "noname.mp4") / "metrics.parquet"
    pq.write_table(pq.read_table(noname).replace_schema_metadata({}), noname)
    skipped = {one.name: one.reason for one in read_facts(models, FactSettings()).skipped}
    # the copy comes first or second by name; one of the two is left out
    assert set(skipped) == {"bad", "cut.mp4", "noname.mp4", "copy"}
    assert "same video" in skipped["copy"]
    assert "video_sha256" in skipped["noname.mp4"]


def test_a_table_with_too_many_rows_is_refused(models):
    table = read_facts(models, FactSettings(max_rows=10))
    assert table.facts == () and all("more than 10 rows" in one.reason for one in table.skipped)


def test_a_missing_folder_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="expected a folder"):
        read_facts(tmp_path / "none", FactSettings())


def test_extremes_have_their_moment_and_hidden_joints_have_none(models):
    facts = read_facts(models, FactSettings()).by_id
    subject = made_sha256(SECRET)[:16] + "/0"
    largest = facts[f"{subject}:knee_flexion_max:left:extreme"]
    assert largest.start_s == largest.end_s == 2.0 and 40 <= largest.value <= 120
    assert facts[f"{subject}:hip_flexion_max:left:extreme"].reason == "no_data"


def test_events_are_counted_per_side(models):
    rows = pq.read_table(models / SECRET / "events.parquet").to_pylist()
    fact = read_facts(models, FactSettings()).by_id[f"{made_sha256(SECRET)[:16]}/0:event_toe_off:left:event_count"]
    assert fact.value == sum(row["event"] == "toe_off" and row["side"] == "left" for row in rows)


def made_fact(value, uncertainty, side, subject="v/0", reason=""):
    row = FACT_DICTIONARY["contact_time"]
    return Fact(
        f"{subject}:{side}", "v", subject, row.id, row.label, "metric", side, value, "s", 3, uncertainty, reason, n=4
    )


def test_a_difference_is_right_minus_left_with_both_uncertainties():
    (fact,) = side_differences([made_fact(0.25, 0.03, "left"), made_fact(0.20, 0.04, "right")])
    assert fact.reason == "below_noise" and math.isnan(fact.value)
    (fact,) = side_differences([made_fact(0.25, 0.003, "left"), made_fact(0.20, 0.004, "right")])
    assert fact.value == pytest.approx(-0.05) and fact.uncertainty == pytest.approx(0.005)
    assert fact.side == "both" and fact.derived_from == ("v/0:left", "v/0:right")


@pytest.mark.parametrize(
    ("value", "uncertainty", "reason", "expected"),
    [(0.2, math.nan, "", "below_noise"), (math.nan, math.nan, "view", "view")],
)
def test_no_difference_without_two_values_and_their_noise(value, uncertainty, reason, expected):
    right = made_fact(value, uncertainty, "right", reason=reason)
    (fact,) = side_differences([made_fact(0.25, 0.003, "left"), right])
    assert fact.reason == expected


def test_videos_of_one_athlete_are_compared_second_minus_first(tmp_path):
    for name in ("one.mp4", "two.mp4", "three.mp4"):
        make_folder(tmp_path, name, withheld_share=0.0)
    table = read_facts(tmp_path, FactSettings(athletes={"one.mp4": "x", "two.mp4": "x", "three.mp4": "y"}))
    compared = [fact for fact in table.facts if "|" in fact.subject]
    assert len({fact.subject for fact in compared}) == 1
    fact = next(fact for fact in compared if not fact.reason)
    first, second = (table.by_id[one] for one in fact.derived_from)
    assert fact.value == pytest.approx(second.value - first.value)
    assert fact.subject == f"{first.subject}|{second.subject}" and fact.group == first.group


def test_videos_with_several_people_are_not_compared():
    one, other = [made_fact(0.2, 0.001, "left")], [made_fact(0.3, 0.001, "left", "w/0"), made_fact(1, 0, "left", "w/1")]
    assert video_differences(one, other) == []
    assert len(video_differences(one, other[:1])) == 1


def test_percentages_differ_by_percentage_points(models):
    facts = read_facts(models, FactSettings()).facts
    units = {fact.unit for fact in facts if fact.kind == "difference" and fact.metric == "duty_factor"}
    assert units == {"percentage points"}


@pytest.mark.parametrize(
    ("metric", "value", "uncertainty", "n", "reason"),
    [
        ("contact_time", 0.2, 0.01, 5, ""),
        ("contact_time", 0.2, 0.3, 5, "below_noise"),
        ("contact_time", 0.2, math.nan, 5, ""),
        ("contact_time", 0.2, 0.01, 0, "no_data"),
        ("contact_time", math.nan, 0.01, 5, "undefined"),
        ("shoulder_tilt", 0.4, 1.5, 5, ""),
    ],
)
def test_gates(metric, value, uncertainty, n, reason):
    assert gate(FACT_DICTIONARY[metric], value, uncertainty, n, FactSettings()) == reason


def test_references_stand_beside_the_values_that_they_are_for():
    ranges = [
        ReferenceRange("contact_time", 0.2, 0.3, "Example 2001"),
        ReferenceRange("cadence", 160, 180, "Other 2002"),
    ]
    facts = [made_fact(0.25, 0.003, "left"), made_fact(math.nan, math.nan, "right", reason="view")]
    low, high = reference_facts(ranges, facts)[::-1]
    assert (low.value, high.value, low.side, low.source, low.subject) == (0.2, 0.3, "left", "Example 2001", "v/0")


@pytest.mark.parametrize("given", [("nothing", 1, 2, "abc"), ("cadence", 2, 1, "abc"), ("cadence", 1, 2, " ")])
def test_a_reference_needs_metric_order_and_source(given):
    with pytest.raises(ValueError, match="expected"):
        ReferenceRange(*given)


def test_assignment_by_csv(tmp_path):
    path = tmp_path / "athletes.csv"
    path.write_text("video,athlete,exercise\na.mp4,x,squat\nb.mp4,y,\n", encoding="utf-8")
    assert read_assignment(path) == ({"a.mp4": "x", "b.mp4": "y"}, {"a.mp4": "squat"})
    path.write_text("video,athlete\na.mp4,x\na.mp4,y\n", encoding="utf-8")
    with pytest.raises(UsageError, match="its own video"):
        read_assignment(path)


@pytest.mark.parametrize(
    "given", [{"min_n": 0}, {"max_pairs": -1}, {"max_relative_uncertainty": 0.0}, {"min_extreme_share": 2.0}]
)
def test_settings_refuse_impossible_values(given):
    with pytest.raises(ValueError, match="expected"):
        FactSettings(**given)
