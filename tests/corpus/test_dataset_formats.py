"""Rows of each format, and each rule of its checker broken alone."""

import json

import pytest
import yaml
from made_corpus import SYSTEM, made_example, made_fact

from vidpose.corpus.dataset.formats import anthropic, axolotl, llamafactory, openai, trl

EXAMPLE = made_example(made_fact("a"))
ASKED = {"role": "user", "content": "How much?"}
TOLD = {"role": "assistant", "content": "65°"}


def chat(*messages, **more):
    return {"messages": list(messages), **more}


def test_a_row_of_ours_breaks_no_rule():
    row = openai.chat_row(EXAMPLE)
    assert [message["role"] for message in row["messages"]] == ["system", "user", "assistant"]
    assert openai.chat_errors(row) == []
    assert openai.strict_errors(row) == []
    assert json.loads(json.dumps(row)) == row


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ([ASKED, TOLD], ["data_type"]),
        ({}, ["missing_messages_list"]),
        (chat(), ["missing_messages_list"]),
        (chat(ASKED, {"role": "assistant"}), ["message_missing_key", "missing_content"]),
        (chat(ASKED, {**TOLD, "mood": "good"}), ["message_unrecognized_key"]),
        (chat({**ASKED, "role": "human"}, TOLD), ["unrecognized_role"]),
        (chat(ASKED, {**TOLD, "content": ""}), ["missing_content"]),
        (chat(ASKED, {**TOLD, "content": ["65°"]}), ["missing_content"]),
        (chat(ASKED), ["example_missing_assistant_message"]),
        (chat("text"), ["message_missing_key", "example_missing_assistant_message"]),
        (chat(ASKED, TOLD), []),
    ],
)
def test_openais_rules_by_their_names(row, errors):
    assert openai.chat_errors(row) == errors


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (chat(ASKED, TOLD, id="7"), ["unrecognized_top_level_key"]),
        (chat(ASKED, TOLD, ASKED), ["last_message_not_assistant"]),
        (chat(ASKED, {"role": "system", "content": "x"}, TOLD), ["misplaced_system", "roles_not_alternating"]),
        (chat(ASKED, ASKED, TOLD), ["roles_not_alternating"]),
        (chat(TOLD), ["roles_not_alternating"]),
        (chat(ASKED, {**TOLD, "weight": 0.5}), ["bad_weight"]),
        (chat({**ASKED, "weight": 1}, TOLD), ["bad_weight"]),
        (chat({**ASKED, "name": "Anna"}, TOLD), ["name_given"]),
        (chat(ASKED, {**TOLD, "weight": 0}, ASKED, TOLD), []),
    ],
)
def test_our_rules(row, errors):
    assert openai.chat_errors(row) == []
    assert openai.strict_errors(row) == errors


def test_bedrock_has_the_system_text_beside_the_messages():
    row = anthropic.bedrock_row(EXAMPLE)
    assert row["system"] == SYSTEM
    assert [message["role"] for message in row["messages"]] == ["user", "assistant"]
    assert anthropic.bedrock_errors(row) == []


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (chat({"role": "system", "content": "x"}, ASKED, TOLD), ["system_in_messages"]),
        (chat(ASKED, TOLD, system=""), ["bad_system"]),
        (chat(ASKED, TOLD, tools=[]), ["unrecognized_top_level_key"]),
        (chat({**ASKED, "content": "Human: how much?"}, TOLD), ["reserved_prefix"]),
        (chat(ASKED), ["example_missing_assistant_message"]),
        (chat(TOLD, ASKED, TOLD), ["roles_not_alternating"]),
        (chat(ASKED, TOLD), []),
    ],
)
def test_bedrocks_rules(row, errors):
    assert anthropic.bedrock_errors(row) == errors


PROMPT = EXAMPLE.messages[:-1]


def test_pairs_of_all_formats_hold_the_same():
    made = [module.preference_row(PROMPT, "65°", "85°") for module in (openai, trl, llamafactory)]
    assert made[0]["input"]["messages"] == made[1]["prompt"] == made[2]["messages"]
    assert made[0]["preferred_output"] == made[1]["chosen"] == [made[2]["chosen"]]
    assert made[0]["non_preferred_output"] == made[1]["rejected"] == [made[2]["rejected"]]
    assert openai.preference_errors(made[0]) == []
    assert trl.preference_errors(made[1]) == trl.preference_errors(made[2]) == []


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"input": {"messages": [ASKED]}, "preferred_output": [TOLD]}, ["data_type"]),
        ({"input": {}, "preferred_output": [TOLD], "non_preferred_output": [TOLD]}, ["missing_messages_list"]),
        (
            {"input": {"messages": [ASKED]}, "preferred_output": [TOLD, TOLD], "non_preferred_output": [TOLD]},
            ["example_missing_assistant_message"],
        ),
        (
            {
                "input": {"messages": [ASKED]},
                "preferred_output": [TOLD],
                "non_preferred_output": [{**TOLD, "content": ""}],
            },
            ["missing_content"],
        ),
    ],
)
def test_openais_pairs(row, errors):
    assert openai.preference_errors(row) == errors


def test_trl_pairs_that_are_none():
    assert trl.preference_errors({"prompt": []}) == ["missing_messages_list"]
    assert trl.preference_errors({"prompt": [ASKED], "chosen": [TOLD]}) == ["example_missing_assistant_message"]
    both = trl.preference_errors({"prompt": [ASKED], "chosen": [TOLD], "rejected": [ASKED]})
    assert both == ["example_missing_assistant_message"]


def test_a_table_has_one_shape():
    assert trl.shape_error(["id", "messages"], frozenset({"messages"})) == ""
    assert "prompt" in trl.shape_error(["messages", "prompt"], frozenset({"messages"}))
    assert "rejected" in trl.shape_error(["prompt", "chosen"], trl.PREFERENCE_SHAPE)


def test_llamafactory_is_told_of_every_file():
    info = llamafactory.dataset_info(["sft.openai.train.jsonl"], ["dpo.messages.train.jsonl"])
    assert info["vidpose_sft_openai_train"]["file_name"] == "sft.openai.train.jsonl"
    assert "ranking" not in info["vidpose_sft_openai_train"]
    assert info["vidpose_dpo_messages_train"]["ranking"] is True
    assert info["vidpose_dpo_messages_train"]["columns"]["rejected"] == "rejected"


def test_axolotls_yaml_is_one_document():
    config = yaml.safe_load(axolotl.tuning_yaml("train.jsonl", "validation.jsonl"))
    assert config["datasets"][0]["roles_to_train"] == ["assistant"]
    assert config["test_datasets"][0]["path"] == "validation.jsonl"
    assert "test_datasets" not in yaml.safe_load(axolotl.tuning_yaml("train.jsonl"))
    assert yaml.safe_load(axolotl.preference_yaml("pairs.jsonl"))["rl"] == "dpo"
