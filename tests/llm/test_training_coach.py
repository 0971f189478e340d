"""Answers about one video: the prompt is that of the corpus, the answer is checked, what is unsupported is marked."""

import pytest
from made_training_corpus import made_facts, write_corpus

from vidpose.corpus.example import Message
from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training.coach import answer, chosen_subject, conversation, judged, relevant
from vidpose.corpus.training.failures import BaseModelError
from vidpose.corpus.training.parent import train
from vidpose.errors import InputError, UsageError

for library in ("torch", "transformers", "trl", "peft", "datasets", "accelerate"):
    pytest.importorskip(library)

FACTS = made_facts("athlete", 48.4, 55.9)
QUESTION = "How large is the left peak knee flexion in stance?"
OPENING = (Message("user", QUESTION),)


def test_the_prompt_shows_the_facts_and_the_question():
    view = chosen_subject(FACTS, "en")
    shown = relevant(view, FACTS, QUESTION, "en")
    assert {fact.side for fact in shown} == {"left", "right"}
    turns = conversation(view, shown, QUESTION, "en")
    assert turns == conversation(view, shown, QUESTION, "en")
    assert turns[-1].role == "user"
    assert QUESTION in turns[-1].content
    assert "48.4" in turns[-1].content
    assert "55.9" in turns[-1].content


def test_a_supported_answer_stands_and_an_unsupported_number_is_marked():
    good = judged(OPENING, "It is 48.4°.", True, FACTS, FACTS, "en")
    assert good.ok
    assert good.marked == good.text == "It is 48.4°."
    bad = judged(OPENING, "It is 61°.", True, FACTS, FACTS, "en")
    assert not bad.ok
    assert bad.marked == "It is 61° [unsupported]."
    german = judged((Message("user", "Und links?"),), "Das sind 61 Grad.", True, FACTS, FACTS, "de")
    assert "[nicht belegt]" in german.marked


def test_without_a_value_there_is_nothing_to_say():
    with pytest.raises(InputError, match="no value that may be stated"):
        chosen_subject([], "en")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    corpus = write_corpus(folder / "corpus", n_train=16, splits=("train",))
    settings = TrainingSettings(base_model="tiny", epochs=1, answer_tokens=8, n_threads=1, max_tokens=256)
    return train(corpus, folder / "models", settings, None).folder


@pytest.mark.slow
def test_a_trained_model_answers_and_its_answer_is_judged(model):
    told = answer(model, FACTS, QUESTION)
    assert told.text
    assert told.ok == (told.marked == told.text)
    assert told == answer(model, FACTS, QUESTION)


@pytest.mark.slow
def test_what_is_missing_is_named(model, tmp_path):
    with pytest.raises(UsageError, match="finished training run"):
        answer(tmp_path, FACTS, QUESTION)
    with pytest.raises(UsageError, match="expected a question"):
        answer(model, FACTS, " ")
    (tmp_path / "run.json").write_bytes((model / "run.json").read_bytes())
    with pytest.raises(BaseModelError, match="tiny is no longer where training found it"):
        answer(tmp_path, FACTS, QUESTION)
