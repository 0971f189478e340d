"""Answers of a model: greedy, in batches, padded on the left; and the child process that gives them to the coach."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from vidpose.corpus.training.failures import report_failure
from vidpose.state.atomic import write_bytes

Chat = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said.

    Attributes
    ----------
    text
        Without special tokens.
    ended
        Whether it stopped by itself, rather than at the length limit.
    """

    text: str
    ended: bool


def generate_answers(model: Any, tokenizer: Any, chats: Sequence[Chat], most_tokens: int, at_once: int) -> list[Answer]:
    """Answer every chat by greedy decoding.

    Parameters
    ----------
    model, tokenizer
        As loaded.
    chats
        Conversations that end with a user's turn.
    most_tokens
        Longest answer, tokens.
    at_once
        Chats in one batch; similar lengths go together.
    """
    import torch
    from transformers import GenerationConfig

    model.eval()
    ends = _end_tokens(model, tokenizer)
    plan = GenerationConfig(
        do_sample=False,
        max_new_tokens=most_tokens,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=sorted(ends),
    )
    prompts = [tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) for chat in chats]
    order = sorted(range(len(prompts)), key=lambda number: (len(prompts[number]), number))
    tokenizer.padding_side = "left"
    answers: dict[int, Answer] = {}
    for start in range(0, len(order), at_once):
        chosen = order[start : start + at_once]
        batch = tokenizer(
            [prompts[number] for number in chosen], return_tensors="pt", padding=True, add_special_tokens=False
        )
        asked = {name: batch[name].to(model.device) for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            said = model.generate(**asked, generation_config=plan)[:, asked["input_ids"].shape[1] :].tolist()
        for number, tokens in zip(chosen, said, strict=True):
            answers[number] = Answer(
                tokenizer.decode(tokens, skip_special_tokens=True).strip(), bool(ends & set(tokens))
            )
    return [answers[number] for number in range(len(prompts))]


def _end_tokens(model: Any, tokenizer: Any) -> set[int]:
    """Return the tokens that end an answer: the tokenizer's and those of the model's own generation settings."""
    ends = model.generation_config.eos_token_id
    return {tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [] if ends is None else [ends])}


def main(arguments: list[str]) -> int:
    """Answer the chats in a file: ``{"model", "adapter", "chats", "most_tokens"}`` in, a list of answers out.

    Parameters
    ----------
    arguments
        Path of the request; path for the reply.
    """
    from vidpose.corpus.training.base_model import fetch
    from vidpose.corpus.training.tuning import load_model, load_tokenizer

    request_path, reply_path = Path(arguments[0]), Path(arguments[1])
    try:
        asked = orjson.loads(request_path.read_bytes())
        adapter = Path(asked["adapter"]) if asked["adapter"] else None
        base = fetch(asked["model"]).folder
        model, tokenizer = load_model(base, adapter), load_tokenizer(adapter or base)
        answers = generate_answers(model, tokenizer, asked["chats"], asked["most_tokens"], at_once=1)
        write_bytes(reply_path, orjson.dumps(answers))
    except Exception as error:  # noqa: BLE001 - the boundary of the process: reported to the parent in a file
        return report_failure(request_path.parent, error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
