"""How much memory training takes: an estimate before the model is loaded, so that a hopeless run is refused early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.corpus.training.training_job import smaller_share
from vidpose.errors import MemoryLimitError

LIBRARIES_BYTES: Final = 700_000_000
"""What torch, transformers, peft, trl and datasets take once imported: 0.59 GB measured on Linux, rounded up."""

_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What the estimate needs to know of a model.

    Attributes
    ----------
    n_parameters
        Weights.
    vocabulary, width, layers, heads
        As in its configuration.
    """

    n_parameters: int
    vocabulary: int
    width: int
    layers: int
    heads: int


def read_shape(folder: Path, n_parameters: int) -> ModelShape:
    """Read the shape from ``config.json``; the text part of models that also take pictures."""
    config: Mapping[str, Any] = orjson.loads((folder / "config.json").read_bytes())
    config = config.get("text_config") or config
    width, heads = int(config.get("hidden_size", 0)), int(config.get("num_attention_heads", 0))
    layers = int(config.get("num_hidden_layers", 0))
    return ModelShape(n_parameters, int(config.get("vocab_size", 0)), width, layers, heads)


def estimate_bytes(shape: ModelShape, tokens: int, examples_at_once: int, *, recompute: bool) -> int:
    """Estimate the resident memory of LoRA training in 32-bit floats.

    Weights are counted once: gradients and optimizer state belong to the small update alone. Activations of a layer
    take ``s b h (34 + 5 a s / h)`` bytes at 16 bits (Korthikanti et al. 2022, equation 2), so twice that here; with
    recomputation only each layer's input is kept, and one layer in full. Logits are counted once more as their
    gradient.

    Parameters
    ----------
    shape
        The model.
    tokens
        Longest example, tokens.
    examples_at_once
        Examples in memory at once.
    recompute
        Whether activations are recomputed.
    """
    batch = tokens * examples_at_once
    layer = 2 * batch * (34 * shape.width + 5 * shape.heads * tokens)
    activations = 4 * batch * shape.width * shape.layers + layer if recompute else layer * shape.layers
    logits = 2 * 4 * batch * shape.vocabulary
    return LIBRARIES_BYTES + 4 * shape.n_parameters + activations + logits


def fitting_share(
    shape: ModelShape, tokens: int, batch_size: int, wish: tuple[int, bool], limit_bytes: int
) -> tuple[int, bool]:
    """Return how many examples at once, and whether with recomputation, the limit allows.

    Parameters
    ----------
    shape
        The model.
    tokens
        Longest example, tokens.
    batch_size
        Examples behind one step; shares divide it.
    wish
        Share and recomputation to start from.
    limit_bytes
        Most resident memory; 0 for no limit.

    Raises
    ------
    MemoryLimitError
        When one example at a time with recomputation does not fit.
    """
    share, recompute = wish
    while limit_bytes and estimate_bytes(shape, tokens, share, recompute=recompute) > limit_bytes:
        if share > 1:
            share = smaller_share(batch_size, share)
        elif not recompute:
            recompute = True
        else:
            weights = 4 * shape.n_parameters // _MB
            needed = estimate_bytes(shape, tokens, 1, recompute=True) // _MB
            raise MemoryLimitError(
                f"training needs about {needed} MB with one example at a time ({LIBRARIES_BYTES // _MB} MB libraries, "
                f"{weights} MB weights, the rest for examples of {tokens} tokens), and {limit_bytes // _MB} MB are "
                "left for it: raise memory_limit, take a smaller base_model, or lower max_tokens"
            )
    return share, recompute
