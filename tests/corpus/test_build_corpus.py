"""The story of a build: what is kept, what is refused, what is written, and that it comes out the same twice."""

import itertools
import json
import random
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pyarrow.parquet as pq
import pytest
import yaml
from made_corpus import made_corpus, made_example, made_fact, made_failures, made_video
from made_dataset import build_made, made_parts

from vidpose.corpus.build import assert_leak_free, build_corpus
from vidpose.corpus.dataset.balance import find_surplus, most_per_task
from vidpose.corpus.dataset.content import part_of
from vidpose.corpus.dataset.diversity import compression_ratio, distinct, largest_skeleton_share, self_bleu
from vidpose.corpus.dataset.evidence_json import facts_json, read_facts_json, read_spans_json, spans_json
from vidpose.corpus.dataset.splits import SPLITS
from vidpose.corpus.dataset.tables import SFT_SCHEMA, write_parts
from vidpose.corpus.dataset.tokens import count_conversation, estimate_tokens
from vidpose.corpus.example import Message
from vidpose.corpus.facts.fact_table import SkippedFolder
from vidpose.corpus.settings.dataset import CorpusBalanceSettings, CorpusSettings, FactSettings
from vidpose.errors import InputError, OutputError
from vidpose.hashing import file_sha256


def files_of(target):
    return {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def rows_of(target, part="sft", split="*"):
    return [
        row for path in sorted((target / "data" / part).glob(f"{split}-*")) for row in pq.read_table(path).to_pylist()
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    target = tmp_path_factory.mktemp("build") / "data"
    return target, build_made(target)


def test_everything_good_is_written_once(built):
    target, result = built
    rows = rows_of(target)
    # every question was asked twice, the second time with one more word: a near-duplicate
    assert result.counts["examples"] == len(rows) == 12 * 12
    assert result.rejects == {"deduplicate: near_duplicate": 12 * 12}
    assert len({row["id"] for row in rows}) == len(rows)
    assert result.splits == {split: len(rows_of(target, split=split)) for split in SPLITS}
    assert result.holds_out
    assert set(result.files) == set(files_of(target))


def test_rows_carry_their_facts(built):
    target, _ = built
    row = rows_of(target)[0]
    facts = read_facts_json(row["facts"])
    span = read_spans_json(row["spans"])[0]
    stated = row["messages"][span.message]["content"][span.start : span.end]
    assert stated == f"{facts[span.fact_id].value:.1f}°"
    assert row["n_statements"] == 1
    assert row["n_tokens"] == sum(estimate_tokens(turn["content"]) + 4 for turn in row["messages"])


def test_splits_have_no_group_in_common(built):
    target, _ = built
    groups = [{row["group"] for row in rows_of(target, split=split)} for split in SPLITS]
    assert all(groups)
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_every_rejected_answer_is_refused_by_the_check(built):
    target, result = built
    rows = rows_of(target, "preference")
    assert result.counts["pairs"] == len(rows) > 30
    for row in rows:
        facts = read_facts_json(row["facts"])
        example = made_example(next(iter(facts.values())))
        wrong = replace(example, messages=(Message("assistant", row["rejected"][0]["content"]),))
        right = replace(example, messages=(Message("assistant", row["chosen"][0]["content"]),))
        assert made_failures(wrong, facts)
        assert not made_failures(right, facts)
        assert row["corruption"]


def test_the_manifest_lists_every_file(built):
    target, _ = built
    manifest = orjson.loads((target / "manifest.json").read_bytes())
    assert set(manifest["files"]) == set(files_of(target)) - {"manifest.json"}
    assert all(file_sha256(target / name) == entry["sha256"] for name, entry in manifest["files"].items())


def test_the_card_names_configs_with_files_that_exist(built):
    target, _ = built
    text = (target / "README.md").read_text()
    head = yaml.safe_load(text.split("---")[1])
    for config in head["configs"]:
        for entry in config["data_files"]:
            assert list(target.glob(entry["path"]))
    assert head["language"] == ["en"]
    assert "No video is in two splits" in text
    assert "estimate" in text


def test_exports_hold_the_rows_of_their_split(built):
    target, _ = built
    for split in SPLITS:
        lines = (target / "exports" / f"sft.openai.{split}.jsonl").read_text().splitlines()
        assert [json.loads(one)["messages"] for one in lines] == [
            row["messages"] for row in rows_of(target, split=split)
        ]


def test_the_same_bytes_in_any_order_and_on_rebuild(built, tmp_path):
    target, _ = built
    first = files_of(target)
    _, examples = made_corpus(12, 2)
    random.Random(3).shuffle(examples)
    build_made(tmp_path / "data", examples=examples)
    assert files_of(tmp_path / "data") == first
    build_made(tmp_path / "data")
    assert files_of(tmp_path / "data") == first


def test_old_groups_stay_in_their_split_when_videos_are_added(tmp_path):
    target = tmp_path / "data"
    build_made(target, 6, 1)
    before = orjson.loads((target / "splits.json").read_bytes())["groups"]
    build_made(target, 15, 1)
    after = orjson.loads((target / "splits.json").read_bytes())["groups"]
    assert before == {group: after[group] for group in before}
    assert len(after) == 15


def test_a_video_keeps_its_split_when_its_athlete_is_named(tmp_path):
    target = tmp_path / "data"
    build_made(target, 6, 1)
    before = orjson.loads((target / "splits.json").read_bytes())["groups"]
    held, trained = (next(group for group, split in before.items() if split == name) for name in ("test", "train"))
    for alone in (True, False):
        facts, _ = made_corpus(6)
        names = {held: "athlete-x"} if alone else {held: "athlete-y", trained: "athlete-y"}
        named = {
            fact.id: replace(fact, group=names.get(fact.group, fact.group), subject=f"named.{fact.group}/0")
            for fact in facts.values()
        }
        videos = {fact.subject: fact.subject.split(".")[1].split("/")[0] for fact in named.values()}
        parts = replace(made_parts(named, [made_example(fact) for fact in named.values()]))
        table = replace(parts.read_facts(None, None), video_sha256=videos)
        build_corpus(tmp_path, target, parts=replace(parts, read_facts=lambda *_, table=table: table))
        after = orjson.loads((target / "splits.json").read_bytes())["groups"]
        assert after["athlete-x" if alone else "athlete-y"] == ("test" if alone else "train")
        assert after[trained] == "train"


def test_a_damaged_split_file_is_refused(tmp_path):
    target = tmp_path / "data"
    build_made(target, 4, 1)
    for text in ("{", '{"groups": {"a": "held"}}', "[]"):
        (target / "splits.json").write_text(text)
        with pytest.raises(OutputError, match=r"splits.json: the split of earlier groups cannot be read"):
            build_made(target, 4, 1)


def test_one_video_is_trained_on_and_that_is_said(tmp_path):
    result = build_made(tmp_path / "data", 1, 2)
    assert not result.holds_out
    assert result.splits["train"] == result.counts["examples"] > 0
    assert result.splits["test"] == result.splits["validation"] == 0
    assert "no complete held-out part: 1 group " in result.notices[0]
    assert "no complete held-out part" in (tmp_path / "data" / "README.md").read_text()


def test_no_videos(tmp_path):
    parts = made_parts({}, [], [SkippedFolder("run_1", "nobody was measured in this video")])
    with pytest.raises(InputError, match=r"expected metrics .* found none .*run_1: nobody was measured"):
        build_corpus(tmp_path, tmp_path / "data", parts=parts)
    assert not (tmp_path / "data").exists()


def test_nothing_but_withheld_metrics_leaves_the_old_dataset(tmp_path):
    target = tmp_path / "data"
    build_made(target, 4, 1)
    before = files_of(target)
    gated = [made_fact("a", reason="view"), made_fact("a", side="right", reason="low_confidence")]
    with pytest.raises(InputError, match=r"none of 2 metrics has a value .*the camera does not see the plane"):
        build_corpus(tmp_path, target, parts=made_parts({fact.id: fact for fact in gated}, []))
    assert files_of(target) == before


def test_nothing_that_passes_the_check(tmp_path):
    facts, examples = made_corpus(3)
    wrong = [replace(one, messages=(*one.messages[:-1], Message("assistant", "It is 99°."))) for one in examples]
    with pytest.raises(InputError, match=r"no example could be kept \(unknown_number 36\)"):
        build_corpus(tmp_path, tmp_path / "data", parts=made_parts(facts, wrong))


def test_what_is_left_out_is_counted_and_kept_apart(tmp_path):
    _, examples = made_corpus(6, 2)
    first = examples[0]
    ungrounded = replace(first, id="1" * 32, messages=(*first.messages[:-1], Message("assistant", "About 12°.")))
    leaking = replace(
        first, id="2" * 32, messages=(Message("user", "Is this anna@example.org?"), *first.messages[-1:]), spans=()
    )
    unknown = replace(first, id="3" * 32, facts=("nothing",))
    twice = examples[1]
    groups = sorted({example.group for example in examples})
    answer = examples[2].messages[-1]
    across = [
        replace(
            examples[2],
            id=f"{number:032d}",
            group=f"{one}|{other}",
            messages=(Message("user", f"Compare, as number {number}, {one} and {other} with each other."), answer),
            spans=(),
        )
        for number, (one, other) in enumerate(itertools.pairwise(groups), 40)
    ]
    every = [*examples, ungrounded, leaking, unknown, twice, *across]
    result = build_made(tmp_path / "data", examples=every, n_videos=6, skipped=[SkippedFolder("run_2", "cut off")])
    assert result.rejects["check: unknown_number"] == 1
    assert result.rejects["check: personal_data_e_mail"] == 1
    assert result.rejects["check: unknown_fact"] == 1
    assert result.rejects["check: same_id"] == 1
    assert 1 <= result.rejects["split: across_splits"] <= 4
    assert sum(result.rejects.values()) == pq.read_table(tmp_path / "data" / "rejects.parquet").num_rows
    assert "run_2: skipped, cut off" in result.notices


def test_rows_of_an_api_live_apart_and_follow_their_group(tmp_path):
    facts, examples = made_corpus(6, 1)
    written = [
        made_example(facts[one.facts[0]], generator="openai:m", parent=one.id, more=f"Tell me, would you, number {n}:")
        for n, one in enumerate(examples)
    ]
    result = build_made(tmp_path / "data", 6, 1, extra=written)
    assert result.counts["sft_openai"] == len(written)
    homes = {row["group"]: split for split in SPLITS for row in rows_of(tmp_path / "data", split=split)}
    for split in SPLITS:
        assert all(homes[row["group"]] == split for row in rows_of(tmp_path / "data", "sft_openai", split))
    assert {row["generator"] for row in rows_of(tmp_path / "data")} == {"grammar"}
    names = {path.name for path in (tmp_path / "data" / "exports").iterdir()}
    assert {"sft.openai.train.jsonl", "sft_openai.openai.train.jsonl", "sft_openai.anthropic.train.jsonl"} <= names
    build_made(tmp_path / "data", 6, 1)
    assert not (tmp_path / "data" / "data" / "sft_openai").exists()


def test_names_of_athletes_do_not_reach_the_manifest(tmp_path):
    settings = CorpusSettings(facts=FactSettings(athletes={"anna_run.mp4": "Anna Example"}))
    build_made(tmp_path / "data", 3, 1, settings)
    assert not any(b"anna" in content.lower() for content in files_of(tmp_path / "data").values())


def test_a_leak_is_refused():
    parts = {"sft": {"train": [made_example(made_fact("a"))], "test": [made_example(made_fact("a", "hip_range"))]}}
    with pytest.raises(OutputError, match="splits share a"):
        assert_leak_free(SimpleNamespace(parts=parts, pairs={}))


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(OutputError, match="expected a folder"):
        build_made(tmp_path / "data", 3, 1)


# --- parts of it --------------------------------------------------------------------------------------------------


def test_caps_by_subject_group_and_task():
    facts, examples = made_corpus(3, 2)
    assert find_surplus(examples, facts) == {}
    gone = find_surplus(examples, facts, CorpusBalanceSettings(per_subject=5))
    assert len(examples) - len(gone) == 15
    assert set(gone.values()) == {"subject"}
    gone = find_surplus(examples, facts, CorpusBalanceSettings(per_group=7))
    assert len(examples) - len(gone) == 21
    assert gone == find_surplus(examples[::-1], facts, CorpusBalanceSettings(per_group=7))


@pytest.mark.parametrize(
    ("counts", "share", "most"),
    [
        ({"a": 100, "b": 10, "c": 10}, 0.5, 20),
        ({"a": 9, "b": 9}, 0.35, 9),
        ({"a": 5, "b": 5, "c": 5}, 0.35, 5),
        ({}, 0.3, 1),
    ],
)
def test_no_task_has_more_than_its_share(counts, share, most):
    assert most_per_task(counts, share) == most


def test_facts_and_spans_survive_their_text():
    facts = [*made_video(1), made_fact("a", reason="view")]
    assert facts_json(read_facts_json(facts_json(facts)).values()) == facts_json(facts)
    spans = made_example(made_fact("a")).spans
    assert read_spans_json(spans_json(spans)) == spans
    for text in ("{", "{}", "[1]", '[{"id": "a"}]'):
        with pytest.raises(ValueError, match="facts: "):
            read_facts_json(text)


def test_parts_of_many_rows(tmp_path):
    import pyarrow as pa

    table = pa.Table.from_pylist([{"id": str(number)} for number in range(5)], SFT_SCHEMA)
    paths = write_parts(tmp_path / "sft", "train", table, rows_per_file=2)
    assert [path.name for path in paths] == [f"train-{number:05d}-of-00003.parquet" for number in range(3)]
    assert [row["id"] for path in paths for row in pq.read_table(path).to_pylist()] == list("01234")
    assert write_parts(tmp_path / "sft", "test", table.slice(0, 0)) == []


def test_tokens_are_estimated_or_counted():
    messages = [Message("user", "a" * 7), Message("assistant", "Größe")]
    assert count_conversation(messages) == 2 + 2 + 8
    assert count_conversation(messages, len) == 12 + 8


def test_variety_by_hand():
    assert distinct(["a b c", "a b d"], 2) == 3 / 4
    assert largest_skeleton_share(["It is 5.", "It is 7.", "Here: 9."]) == 2 / 3
    assert self_bleu(["one two three four five", "six seven eight nine ten"]) < 0.2
    same = [f"the left knee bent by {number} degrees in this video" for number in ("ten", "six", "two")]
    assert self_bleu(same) > 0.5
    assert compression_ratio(["abc" * 500]) > compression_ratio(["".join(chr(33 + n % 90) for n in range(90))])


@pytest.mark.parametrize(
    ("generator", "part"), [("grammar", "sft"), ("openai:gpt", "sft_openai"), ("claude:x:y", "sft_claude")]
)
def test_parts_by_generator(generator, part):
    assert part_of(generator) == part


@pytest.mark.thorough
def test_building_needs_no_training_stack(tmp_path):
    heavy = ("datasets", "torch", "transformers", "trl", "openai", "anthropic")
    code = f"import sys, vidpose.corpus.build; print(sorted(set(sys.modules) & set({heavy!r})))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert said.stdout.strip() == "[]"
