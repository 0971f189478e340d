"""After the numbers: the coaching corpus, texts by API when asked for, and the model."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from vidpose.config import Settings
from vidpose.corpus.build import BuildResult, build_corpus
from vidpose.corpus.dataset.publish import finish_publication, publication_waits
from vidpose.corpus.example import Example
from vidpose.corpus.facts.read_facts import read_assignment, read_facts
from vidpose.corpus.facts.references import reference_facts
from vidpose.corpus.settings.dataset import CorpusSettings, FactSettings, Language
from vidpose.corpus.settings.synthesis import SynthesisSettings, Vendor
from vidpose.corpus.synthesis.access import preflight
from vidpose.corpus.synthesis.session import SynthesisResult, synthesise
from vidpose.corpus.tasks.make_examples import make_examples
from vidpose.corpus.training.coach import CoachAnswer, answer
from vidpose.corpus.training.failures import MissingExtraError
from vidpose.corpus.training.parent import TrainingResult, require_libraries, train
from vidpose.errors import UsageError, VidposeError
from vidpose.exit_codes import ExitCode
from vidpose.governor.limits import LimitReader, LimitSettings
from vidpose.state.lock import LOCK_NAME, lock_folders

Say = Callable[[str], None]
_LOCK_HOLDER: Final = "corpus"


class TextsStoppedError(VidposeError):
    """Texts by API ended early: money used up, key refused, a batch that is not ready. All else is done and saved."""

    exit_code = ExitCode.TEXTS_ENDED_EARLY


def check_coaching(settings: Settings, say: Say) -> None:
    """Refuse early what would fail after hours of work: a missing key, an unknown model, an unusable address or list.

    Missing libraries for training are reported and not refused, because the corpus is worth having without them.

    Raises
    ------
    UsageError
        Before any work.
    """
    corpus_settings(settings)  # reads the list of athletes
    if vendors_of(settings):
        for warning in preflight(replace(settings.synthesis, vendors=vendors_of(settings)), os.environ):
            say(f"synthetic data: {warning}")
    if settings.train_llm:
        try:
            require_libraries()
        except MissingExtraError as error:  # the corpus needs none of them: the person chooses whether to go on
            say(f"training: {error}; without them, videos and corpus are completed, but no model is trained")


def coach(settings: Settings, say: Say) -> None:
    """Build the corpus; with ``use_openai`` or ``use_claude`` have texts written, with ``train_llm`` train.

    The corpus is saved before any API is asked and before training begins, so that neither can cost it.

    Raises
    ------
    OutputInUseError
        When another process builds a corpus in the same folder.
    TextsStoppedError
        At the very end, when the texts by API ended early.
    VidposeError
        When nothing can be built, asked or trained; what was saved before stays.
    """
    stopped: tuple[str, ...] = ()
    with _alone(settings.llm_data.resolve()):
        build(settings, say)
        if vendors_of(settings):
            asked = ask(settings, say)
            stopped = asked.stopped
            if asked.examples:
                build(settings, say, asked.examples)
    if settings.train_llm:
        train_model(settings, say)
    if stopped:
        raise TextsStoppedError(
            f"writing texts through an API ended early ({'; '.join(stopped)}); everything else is done and saved, run "
            "the same command again to continue; nothing is paid twice"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder of the corpus; a refused build leaves no folder behind that was not there before."""
    existed = folder.exists()
    with lock_folders([folder], _LOCK_HOLDER):
        try:
            yield
        finally:
            if not existed and [one.name for one in folder.iterdir()] == [LOCK_NAME]:
                (folder / LOCK_NAME).unlink()
                folder.rmdir()


def build(settings: Settings, say: Say, extra: Iterable[Example] = ()) -> BuildResult:
    """Build the corpus from the results in the models folder; report the result."""
    result = build_corpus(
        settings.models.resolve(), settings.llm_data.resolve(), corpus_settings(settings), extra=extra
    )
    rejected = sum(result.rejects.values())
    split = ", ".join(f"{count} {name}" for name, count in result.splits.items())
    say(f"corpus: {result.counts['examples']} examples ({split}), {rejected} left out; {settings.llm_data}")
    for notice in result.notices:
        say(f"corpus: {notice}")
    return result


def ask(settings: Settings, say: Say) -> SynthesisResult:
    """Have texts written by API; report what was accepted and spent."""
    corpus = corpus_settings(settings)
    table = read_facts(settings.models.resolve(), corpus.facts)
    table = table.with_facts(reference_facts(corpus.references, table.facts))
    names = {*corpus.facts.athletes.values(), *corpus.facts.athletes}  # of people and files
    forbidden = tuple(sorted({*settings.synthesis.forbidden, *names}))
    asking = replace(settings.synthesis, vendors=vendors_of(settings), forbidden=forbidden)
    folder = settings.llm_data.resolve()
    result = synthesise(make_examples(table.by_id, corpus.text), table.by_id, asking, folder)
    say(_spoken(result, asking))
    return result


def train_model(settings: Settings, say: Say) -> TrainingResult:
    """Train on the corpus that is there, an interrupted move of it completed first; report the result."""
    if publication_waits(settings.llm_data.resolve()):  # no lock without need: a corpus to train on may be read-only
        with lock_folders([settings.llm_data.resolve()], _LOCK_HOLDER):
            finish_publication(settings.llm_data.resolve())
    limit = LimitReader(LimitSettings(settings.memory_limit)).read(0).limit_bytes
    say(f"training: {settings.training.base_model} on {settings.llm_data}")
    result = train(settings.llm_data.resolve(), settings.llm_models.resolve(), settings.training, limit)
    if math.isnan(result.loss_after):
        seen = orjson.loads(result.report.read_bytes()).get("training_loss") or (math.nan, math.nan)
        say(
            f"training: no examples are held out for evaluation; training loss {seen[0]:.3f} at first, "
            f"{seen[1]:.3f} at last; {result.folder}"
        )
    else:
        say(f"training: held-out loss {result.loss_before:.3f} before, {result.loss_after:.3f} after; {result.folder}")
    return result


def corpus_settings(settings: Settings) -> CorpusSettings:
    """Return the corpus settings with the athletes and exercises of ``athletes_file``."""
    if settings.athletes_file is None:
        return settings.corpus
    athletes, exercises = read_assignment(settings.athletes_file)
    facts = settings.corpus.facts
    both = replace(facts, athletes={**facts.athletes, **athletes}, exercises={**facts.exercises, **exercises})
    return replace(settings.corpus, facts=both)


def vendors_of(settings: Settings) -> tuple[Vendor, ...]:
    """Return the vendors to ask: of two, the first writes and the second judges."""
    chosen: list[Vendor] = []
    if settings.use_openai:
        chosen.append("openai")
    if settings.use_claude:
        chosen.append("claude")
    return tuple(chosen)


def _spoken(result: SynthesisResult, settings: SynthesisSettings) -> str:
    if settings.dry_run:
        planned = result.planned
        return (
            f"synthetic data: nothing was sent; {planned.n_requests} requests would cost about "
            f"{planned.expected_usd:.2f} US dollars, {planned.worst_usd:.2f} at most"
        )
    spend = result.spend
    return (
        f"synthetic data: {result.counts.get('accepted', 0)} texts accepted; spent {spend.spent_usd:.2f} US dollars in "
        f"{spend.n_calls} calls of this folder's runs (limit {settings.max_cost_usd:.2f})"
    )


def ask_model(model: Path, results: Path, question: str, language: Language, base_model: str) -> CoachAnswer:
    """Ask a trained model about one video.

    Raises
    ------
    UsageError
        When the video has no results or the model is none.
    """
    if not (results / "metrics.parquet").is_file():
        raise UsageError(f"{results}: expected the results of a video, found no metrics.parquet there")
    facts = read_facts(results, FactSettings()).facts
    return answer(model, tuple(facts), question, language, base_model)
