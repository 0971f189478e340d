"""Each kind of damage alone, found by name, file and line; and nothing found where nothing is wrong."""

import json
import shutil

import orjson
import pyarrow.parquet as pq
import pytest
from made_corpus import made_failures
from made_dataset import build_made

from vidpose.corpus.dataset.data_files import collection_of, split_of
from vidpose.corpus.dataset.verify import MAX_PROBLEMS_PER_CODE, verify_corpus
from vidpose.corpus.privacy import find_personal_data
from vidpose.errors import UsageError


def codes(path):
    return set(verify_corpus(path, made_failures).counts)


def line(question="How far did the left knee bend?", answer="It bent by sixty degrees.", **more):
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns, **more}).encode()


def jsonl(path, *lines):
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    target = tmp_path_factory.mktemp("verify") / "data"
    build_made(target)
    return target


@pytest.fixture
def dataset(built, tmp_path):
    return shutil.copytree(built, tmp_path / "data")


def test_ours_is_free_of_errors(built):
    report = verify_corpus(built, made_failures)
    assert report.ok
    assert not [one for one in report.problems if one.severity == "error"]
    assert report.n_rows > report.n_grounded > 100
    assert "no errors" in report.sentences()[0]


def rewritten(path, change, row=0):
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows[row])
    pq.write_table(type(table).from_pylist(rows, table.schema), path)


def train_file(dataset):
    return next((dataset / "data" / "sft").glob("train-*.parquet"))


def test_a_changed_number_is_ungrounded_and_the_file_is_not_the_listed_one(dataset):
    def change(row):
        row["messages"][-1]["content"] = row["messages"][-1]["content"].replace("is ", "is 9")

    rewritten(train_file(dataset), change, row=4)
    report = verify_corpus(dataset, made_failures)
    found = next(one for one in report.problems if one.code == "ungrounded_unknown_number")
    assert (found.file, found.line) == ("data/sft/train-00000-of-00001.parquet", 5)
    assert "changed_file" in report.counts
    assert not report.ok


def test_a_group_in_two_splits(dataset):
    train, test = (pq.read_table(next((dataset / "data/sft").glob(f"{split}-*"))) for split in ("train", "test"))
    group = test.to_pylist()[0]["group"]
    rewritten(train_file(dataset), lambda row: row.update(group=group))
    assert train.num_rows
    assert {"leak_group", "changed_file"} <= codes(dataset)


def test_a_rephrased_row_in_another_split(dataset):
    test = pq.read_table(next((dataset / "data/sft").glob("test-*"))).to_pylist()
    rewritten(train_file(dataset), lambda row: row.update(parent=test[0]["id"]))
    assert "leak_parent" in codes(dataset)


def test_a_rejected_answer_that_is_right(dataset):
    path = next((dataset / "data" / "preference").glob("train-*"))
    rewritten(path, lambda row: row.update(rejected=row["chosen"]))
    assert "rejected_answer_is_right" in codes(dataset)


def test_damaged_facts_are_named_with_their_row(dataset):
    rewritten(train_file(dataset), lambda row: row.update(facts='[{"id": '), row=2)
    report = verify_corpus(dataset, made_failures)
    found = next(one for one in report.problems if one.code == "bad_evidence")
    assert found.line == 3
    assert "facts: expected JSON" in found.message


def test_a_cut_off_table_is_named(dataset):
    path = train_file(dataset)
    path.write_bytes(path.read_bytes()[:-100])
    assert "unreadable_file" in codes(dataset)


def test_missing_and_strange_files(dataset):
    train_file(dataset).unlink()
    jsonl(dataset / "exports" / "more.jsonl", line())
    report = verify_corpus(dataset, made_failures)
    assert {"missing_file", "unlisted_file"} <= set(report.counts)


def test_an_unreadable_manifest(dataset):
    (dataset / "manifest.json").write_text("{")
    assert "bad_manifest" in codes(dataset)


# --- files of others ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"\xef\xbb\xbf" + line(), "byte_order_mark"),
        (b"", "blank_line"),
        (line()[:-5], "not_json"),
        (line().replace(b"knee", b"\xff"), "not_utf8"),
        (line() + b"\r", "carriage_return"),
        (b"[1, 2]", "data_type"),
        (b'{"text": "x"}', "missing_messages_list"),
        (b'{"messages": []}', "missing_messages_list"),
        (line().replace(b"user", b"human"), "unrecognized_role"),
        (line(answer=""), "missing_content"),
        (line(answer="Write to anna.b@example.org for more."), "personal_data_e_mail"),
        (line(question="What about /home/anna/clips/run_1 here?"), "personal_data_path"),
        (line(answer="Call +49 30 1234567 now."), "personal_data_telephone"),
        (line(id="7"), "unrecognized_top_level_key"),
        (b'{"prompt": [{"role": "user", "content": "?"}], "chosen": []}', "example_missing_assistant_message"),
    ],
)
def test_bad_lines_by_name_and_number(tmp_path, bad, code):
    good = line(question="Which side was larger?", answer="The right one, clearly.")
    path = jsonl(tmp_path / "train.jsonl", bad, good)
    report = verify_corpus(path, made_failures)
    found = [one for one in report.problems if one.code == code]
    assert [(one.file, one.line) for one in found] == [("train.jsonl", 1)]
    assert len(report.counts) == 1


def test_a_good_file_of_others(tmp_path):
    report = verify_corpus(jsonl(tmp_path / "train.jsonl", line()), made_failures)
    assert (report.ok, report.problems, report.n_rows, report.n_grounded) == (True, (), 1, 0)
    assert "1 carry none" in report.sentences()[0]


def test_an_empty_file(tmp_path):
    (tmp_path / "train.jsonl").touch()
    assert codes(tmp_path) == {"empty_file"}


def test_the_same_and_nearly_the_same_within_and_across_splits(tmp_path):
    long = "Here is what was measured in this recording, listed with all values: " + ", ".join(map(str, range(40)))
    answer = "The left knee bent by 62 degrees in the middle of the recording and came back slowly."
    near = line(question=long.replace("listed", "given"), answer=answer)
    jsonl(tmp_path / "chat_train.jsonl", line(question=long, answer=answer), line(question=long, answer=answer))
    jsonl(tmp_path / "chat_validation.jsonl", near, line())
    jsonl(tmp_path / "chat_test.jsonl", line())
    assert codes(tmp_path) == {"duplicate", "leak_text", "leak_near_duplicate", "near_duplicates"}


def test_a_bedrock_file_and_a_file_of_pairs(tmp_path):
    jsonl(tmp_path / "claude.jsonl", line(system="Be brief."), line(system="", answer="No."))
    pair = {"messages": [{"role": "user", "content": "?"}], "chosen": {"role": "assistant", "content": "a"}}
    pair["rejected"] = {"role": "assistant", "content": "b"}
    jsonl(tmp_path / "pairs.jsonl", orjson.dumps(pair))
    report = verify_corpus(tmp_path, made_failures)
    assert [(one.code, one.file, one.line) for one in report.problems] == [("bad_system", "claude.jsonl", 2)]


def test_many_problems_are_counted_and_some_are_listed(tmp_path):
    report = verify_corpus(jsonl(tmp_path / "train.jsonl", *[b"{"] * 50), made_failures)
    assert report.counts == {"not_json": 50}
    assert len(report.problems) == MAX_PROBLEMS_PER_CODE
    assert report.sentences()[0].endswith("carry none")
    assert "50 errors" in report.sentences()[0]
    assert report.sentences()[-1] == "not_json: 30 more"


def test_nothing_to_check(tmp_path):
    for path in (tmp_path, tmp_path / "absent", tmp_path / "card.md"):
        with pytest.raises(UsageError, match=r"expected a dataset|expected a folder"):
            (tmp_path / "card.md").touch()
            verify_corpus(path, made_failures)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("data/sft/train-00000-of-00002.parquet", "train"),
        ("sft.openai.validation.jsonl", "validation"),
        ("my_val.jsonl", "validation"),
        ("eval.jsonl", "test"),
        ("constrained.jsonl", ""),
        ("latest.jsonl", ""),
    ],
)
def test_splits_of_file_names(name, split):
    assert split_of(name) == split


def test_files_of_one_thing_belong_together():
    one, other = "data/sft/train-00000-of-00002.parquet", "data/sft/test-00000-of-00001.parquet"
    assert collection_of(one) == collection_of(other) != collection_of("data/preference/train-00000-of-00001.parquet")


@pytest.mark.parametrize(
    "text",
    [
        "The left knee bent by 65.0° and moved at 110.5°/s, 1.2 m/s or 0.7 body heights/s.",
        "Winter 2009, doi:10.1016/j.jbiomech.2004.05.042; 0.12-0.34 s; 12 / 15; 24/7; and/or.",
        '| knee | 65.0 | 72.1 | 1,234.5 | -12.3 |\n{"value": 65.0, "unit": "°/s"}',
        "From 0.00 to 12.50 s, 1 234 567 samples, 2026-11-21, rows 100-200-300.",
    ],
)
def test_measurements_are_no_personal_data(text):
    assert find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("anna@club.example.org", "e_mail"),
        ("see /data/athletes/anna", "path"),
        ("C:\\Users\\Anna\\clips", "path"),
        ("clip IMG_0042.MOV", "file_name"),
        ("(555) 123-4567", "telephone"),
        ("0049 170 1234567", "telephone"),
        ("sk-abcdefghijklmnop1234", "secret"),
    ],
)
def test_personal_data(text, kind):
    assert kind in {found for found, _ in find_personal_data(text)}
