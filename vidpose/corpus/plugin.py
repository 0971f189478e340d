"""What the corpus adds to the command line; imports nothing, so that ``vidpose --help`` costs nothing."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = {
    "corpus": ("vidpose.corpus.commands.corpus", "Build and verify the coaching corpus."),
    "train": ("vidpose.corpus.commands.train", "Fine-tune a language model on the coaching corpus."),
    "coach": ("vidpose.corpus.commands.coach", "Ask a fine-tuned model about one video."),
}
"""Command -> module that holds it as ``command``, and its line in the list of commands."""
