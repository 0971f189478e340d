"""Settings of the fine-tuning."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

TINY: Final = "tiny"
"""Name of the base model that is created from scratch, to test all steps and never for coaching."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How to fine-tune.

    The defaults of rank, alpha and learning rate are those of the LoRA recipes of ``trl`` and ``peft``; the others
    are ours, chosen so that a corpus of some thousand short examples trains in one evening on a laptop.

    Attributes
    ----------
    base_model
        Id on the Hugging Face hub with an optional ``@revision``, a local folder, or ``tiny``. The default is the
        smallest instruct model under Apache-2.0 whose chat template ``trl`` can mark for assistant-only loss.
    parts
        Parts of the data set to train on: ``sft``, and those that an API wrote.
    epochs
        Times that every example is seen.
    batch_size
        Examples behind one step.
    examples_at_once
        Examples in memory at once, at most; fewer are taken under a memory limit, with the same result.
    learning_rate
        Highest learning rate; 5 % of the steps lead up to it and a cosine leads down.
    lora_rank, lora_alpha
        Size of the low-rank update, and its scale: ``alpha / rank``.
    max_tokens
        Longest example, tokens; longer ones are left out, and refused when they are more than 1 %.
    save_every_steps
        Steps between checkpoints: what a crash can cost.
    eval_examples
        Examples of the held-out split that the model answers before and after; loss is taken over all of the split.
    answer_tokens
        Longest answer in the evaluation and by the coach, tokens.
    merge
        Whether a model with the update merged into its weights is written besides.
    seed
        Of the first weights and the order of examples.
    n_threads
        CPU threads; 0 leaves the choice to ``torch``.
    n_gpus
        GPUs to use when there are any; more than one starts ``accelerate``.
    """

    base_model: str = "Qwen/Qwen2.5-0.5B-Instruct"
    parts: tuple[str, ...] = ("sft",)
    epochs: int = 3
    batch_size: int = 8
    examples_at_once: int = 8
    learning_rate: float = 2e-4
    lora_rank: int = 16
    lora_alpha: int = 32
    max_tokens: int = 1024
    save_every_steps: int = 50
    eval_examples: int = 200
    answer_tokens: int = 160
    merge: bool = False
    seed: int = 0
    n_threads: int = 0
    n_gpus: int = 1

    def __post_init__(self) -> None:
        if not self.base_model.strip():
            raise ValueError("base_model: expected a hub id, a folder or 'tiny', got an empty text")
        if not self.parts or not all(re.fullmatch(r"[a-z0-9_]+", part) for part in self.parts):
            raise ValueError(f"parts: expected names such as 'sft', got {self.parts}")
        self._refuse_numbers()

    def _refuse_numbers(self) -> None:
        positive = ("epochs", "batch_size", "examples_at_once", "lora_rank", "lora_alpha", "save_every_steps")
        for name in (*positive, "eval_examples", "answer_tokens", "n_gpus"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)}")
        if self.batch_size % self.n_gpus:
            raise ValueError(f"batch_size: expected a multiple of n_gpus {self.n_gpus}, got {self.batch_size}")
        if self.max_tokens < 64:
            raise ValueError(f"max_tokens: expected 64 or more, got {self.max_tokens}")
        if not (math.isfinite(self.learning_rate) and 0 < self.learning_rate < 1):
            raise ValueError(f"learning_rate: expected a number between 0 and 1, got {self.learning_rate}")
        if self.seed < 0 or self.n_threads < 0:
            raise ValueError(f"seed, n_threads: expected 0 or more, got {self.seed}, {self.n_threads}")

    @property
    def batch_per_gpu(self) -> int:
        """Examples of one step that one process sees."""
        return self.batch_size // self.n_gpus
