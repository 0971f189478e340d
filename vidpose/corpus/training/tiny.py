"""A language model made from scratch in a second, to try the complete process offline; useless for coaching."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

TEMPLATE: Final = (
    "{%- for message in messages %}"
    "{%- if message['role'] == 'assistant' %}{{- '<|im_start|>assistant\\n' }}"
    "{% generation %}{{- message['content'] + '<|im_end|>' }}{% endgeneration %}{{- '\\n' }}"
    "{%- else %}{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
"""ChatML with the assistant's words marked; the end token lies within the mark, so that the model learns to stop."""

VOCABULARY: Final = 2048
WIDTH: Final = 64
LAYERS: Final = 2
SPREAD: Final = 0.1
"""Standard deviation of the first weights: the usual 0.02 leaves so narrow a model unable to prefer any word."""


def make_tiny(folder: Path, texts: Iterable[str], max_tokens: int, seed: int) -> None:
    """Write a tokenizer trained on ``texts`` and a model with random weights (0.2 million) into ``folder``.

    Parameters
    ----------
    folder
        Where to write; must exist.
    texts
        What the tokenizer learns its pieces from. Digits stay single, because numbers are what matters here.
    max_tokens
        Longest text that the model takes, tokens.
    seed
        Of the weights.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    pieces.decoder = decoders.ByteLevel()
    pieces.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"],
        model_max_length=max_tokens,
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=3 * WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=2 * max_tokens,
            tie_word_embeddings=True,
            initializer_range=SPREAD,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
