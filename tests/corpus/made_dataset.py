"""A dataset of made videos, built with simple steps in the place of the real ones."""

from made_corpus import made_corpus, made_failures

from vidpose.corpus.build import CorpusParts, build_corpus
from vidpose.corpus.facts.fact_table import FactTable
from vidpose.corpus.settings.dataset import CorpusSettings


def made_parts(facts, examples, skipped=()):
    hashes = {fact.subject: fact.group for fact in facts.values()}
    table = FactTable(tuple(sorted(facts.values(), key=lambda fact: fact.id)), tuple(skipped), hashes)
    return CorpusParts(lambda *_: table, lambda *_: iter(examples), made_failures)


def build_made(target, n_videos=12, n_words=2, settings=None, **more):
    facts, examples = made_corpus(n_videos, n_words)
    parts = made_parts(facts, more.pop("examples", examples), more.pop("skipped", ()))
    return build_corpus(target.parent / "models", target, settings or CorpusSettings(), parts=parts, **more)
