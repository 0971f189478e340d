"""Texts of the grammar pass; the same texts with one thing made wrong do not."""

import random
from collections import Counter

import pytest
from made_tables import make_folder

from benchmarks.corpus_grounding import LEAST_CAUGHT, MOST_REJECTED
from benchmarks.corpus_mutations import KINDS, mutations
from vidpose.corpus.facts.read_facts import read_facts
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.grounding.check import check_text
from vidpose.corpus.settings.dataset import FactSettings, ReferenceRange, TextSettings
from vidpose.corpus.tasks.make_examples import make_examples


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    models = tmp_path_factory.mktemp("models")
    names = [f"video{k}.mp4" for k in range(4)]
    for name in names:
        make_folder(models, name)
    table = read_facts(models, FactSettings(athletes=dict.fromkeys(names[:2], "x")))
    return table.with_facts(reference_facts([ReferenceRange("cadence", 150, 180, "Made 2001")], table.facts)).by_id


@pytest.mark.slow
@pytest.mark.thorough
def test_corruptions_are_caught_and_good_texts_are_not(facts):
    examples = list(make_examples(facts, TextSettings(max_per_subject=50)))
    rejected, made, caught = [], Counter(), Counter()
    for example in examples:
        if not check_text(example, facts).ok:
            rejected.append(example.id)
            continue
        for kind, wrong in mutations(example, random.Random(example.id)):
            made[kind] += 1
            caught[kind] += not check_text(wrong, facts).ok
    assert len(rejected) <= MOST_REJECTED * len(examples)
    assert sum(made.values()) >= 400
    assert all(made[kind] >= 20 for kind in KINDS)
    assert sum(caught.values()) >= LEAST_CAUGHT * sum(made.values()), (made, caught)
