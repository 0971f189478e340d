"""All settings of the corpus, light enough for every run to read: nothing here imports another room of the corpus."""

from vidpose.corpus.settings.dataset import CorpusSettings
from vidpose.corpus.settings.synthesis import SynthesisSettings
from vidpose.corpus.settings.training import TrainingSettings

__all__ = ["CorpusSettings", "SynthesisSettings", "TrainingSettings"]
