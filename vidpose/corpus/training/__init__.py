"""Fine-tuning of a small language model on a corpus, its evaluation, and answers about one video."""
