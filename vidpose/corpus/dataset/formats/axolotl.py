"""axolotl: the ``datasets`` part of a configuration that reads our JSONL, one for tuning and one for pairs."""

from __future__ import annotations

from typing import Any

import yaml

HEADER = "# The part of an axolotl configuration that reads this folder; run it here, or write whole paths.\n"


def tuning_yaml(train_file: str, validation_file: str = "") -> str:
    """Return the text of a configuration that tunes on the assistant's turns.

    Parameters
    ----------
    train_file, validation_file
        JSONL with ``messages``; no validation when its name is empty.
    """
    config: dict[str, Any] = {"datasets": [_chat(train_file)], "train_on_inputs": False}
    if validation_file:
        config["test_datasets"] = [{**_chat(validation_file), "split": "train"}]  # a local file has this one split
    return HEADER + yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


def preference_yaml(train_file: str) -> str:
    """Return the text of a configuration for DPO.

    Parameters
    ----------
    train_file
        JSONL with ``messages``, and single messages ``chosen`` and ``rejected``.
    """
    pairs = {
        "path": train_file,
        "ds_type": "json",
        "split": "train",
        "type": "chat_template.default",
        "field_messages": "messages",
        "field_chosen": "chosen",
        "field_rejected": "rejected",
        "message_property_mappings": {"role": "role", "content": "content"},
    }
    return HEADER + yaml.safe_dump({"rl": "dpo", "datasets": [pairs]}, sort_keys=False, allow_unicode=True)


def _chat(path: str) -> dict[str, Any]:
    return {
        "path": path,
        "ds_type": "json",
        "type": "chat_template",
        "field_messages": "messages",
        "message_property_mappings": {"role": "role", "content": "content"},
        "roles_to_train": ["assistant"],
    }
