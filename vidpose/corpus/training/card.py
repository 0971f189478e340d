"""The card of a trained model: what it is, what it was made of, how well it does, and what it must not be used for."""

from __future__ import annotations

from typing import Any

import yaml

from vidpose.corpus.settings.training import TINY

_SCORES = {
    "numeric_exact": "answers with exactly the right numbers",
    "grounded_numbers": "numbers supported by a fact",
    "grounded_answers": "answers that state something and nothing unsupported",
    "direction": "comparisons with the right direction",
    "ended": "complete answers (not cut at the length limit)",
}


def card_text(record: dict[str, Any], report: dict[str, Any]) -> str:
    """Return the model card as Markdown with the YAML head of the Hugging Face hub.

    Parameters
    ----------
    record
        The run record, see :func:`vidpose.corpus.training.outputs.run_record`.
    report
        The evaluation, see :func:`vidpose.corpus.training.outputs.evaluation_report`.
    """
    base = record["base"]
    sections = [
        _head(record),
        f"# Sports coaching model, fine-tuned from {base['name']}",
        _warning(base["name"]),
        _made_of(record),
        _how(record),
        _scores(report),
        _limits(record),
        _use(base),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(record: dict[str, Any]) -> str:
    base, languages = record["base"], sorted(record["examples"]["train"]["language"])
    head: dict[str, Any] = {
        "base_model": base["name"],
        "library_name": "peft",
        "license": base["licence"] if base["licence"] != "unknown" else "other",
        "language": languages,
        "pipeline_tag": "text-generation",
        "tags": ["lora", "sft", "sports", "biomechanics", "pose"],
    }
    if base["name"] == TINY:
        del head["base_model"]
    return f"---\n{yaml.safe_dump(head, sort_keys=False)}---"


def _warning(name: str) -> str:
    if name != TINY:
        return ""
    return (
        "**NOT USEFUL FOR COACHING.** The base model was made from scratch with random weights, to try the "
        "complete process from videos to a model offline. Its answers are meaningless."
    )


def _made_of(record: dict[str, Any]) -> str:
    base, train = record["base"], record["examples"]["train"]
    revision = f", revision `{base['revision']}`" if base["revision"] else ""
    lines = [
        "## Training data",
        "",
        f"- Base model: `{base['name']}`{revision}; licence: {base['licence']}.",
        f"- Data set: SHA-256 `{record['dataset_sha256']}`; "
        + ", ".join(f"{split} {counts['n']}" for split, counts in record["examples"].items())
        + " examples.",
        "- Written by: " + ", ".join(f"{name} ({n})" for name, n in train["generator"].items()) + ".",
    ]
    vendors = sorted({name.split(":")[0] for name in train["generator"]} - {"grammar"})
    if vendors:
        lines.append(
            f"- Some texts were written by a service ({', '.join(vendors)}): its terms bind this model too; neither "
            "vendor allows models that compete with its own."
        )
    lines.append("- Tasks: " + ", ".join(f"{name} ({n})" for name, n in train["task"].items()) + ".")
    return "\n".join(lines)


def _how(record: dict[str, Any]) -> str:
    settings, fitted = record["settings"], record["fit"]
    recompute = ", activations recomputed" if fitted["recompute"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return "\n".join(
        [
            "## Training procedure",
            "",
            f"- LoRA on all linear layers, rank {settings['lora_rank']}, alpha {settings['lora_alpha']}, no dropout: "
            f"{fitted['n_trained_weights']} of {fitted['n_weights']} weights; loss on the assistant's turns only.",
            f"- {settings['epochs']} epochs of {fitted['n_train']} examples, {fitted['n_steps']} steps of "
            f"{settings['batch_size']} examples ({fitted['examples_at_once']} at once{recompute}), learning rate "
            f"{settings['learning_rate']:g} (cosine), seed {settings['seed']}, on {fitted['device']}.",
            f"- vidpose {record['vidpose']}, Python {record['python']}, {versions}.",
            "",
            "![Loss](loss.png)",
        ]
    )


def _scores(report: dict[str, Any]) -> str:
    lines = ["## Evaluation", ""]
    if report["split"] is None:
        seen = report.get("training_loss")
        words = f" On the training data, the loss went from {seen[0]:.3f} to {seen[1]:.3f}." if seen else ""
        return "\n".join([*lines, f"Not measured: {report['note']}.{words}"])
    lines.append(
        f"On the {report['split']} split (athletes or videos that training did not see: {report['n_groups']}), greedy "
        "answers, 95 % intervals (Wilson) in brackets. *Reference*: the corpus's own answers. *Constant*: for each "
        "task and language the most frequent answer in the training data."
        + (f" Note: {report['note']}." if report["note"] else "")
    )
    columns = {"before": report["before"], "after": report["after"], **report["baselines"]}
    shown = {name: scores for name, scores in columns.items() if scores}
    lines += ["", f"| | {' | '.join(shown)} |", f"|---|{'---|' * len(shown)}"]
    losses = [f"{scores['loss']:.3f}" if "loss" in scores else "" for scores in shown.values()]
    lines.append(f"| loss per answer token | {' | '.join(losses)} |")
    for key, words in _SCORES.items():
        lines.append(f"| {words} | {' | '.join(_rate(scores['all'][key]) for scores in shown.values())} |")
    if shown.get("after"):
        lines += ["", *_by_kind(shown["after"])]
    return "\n".join(lines)


def _by_kind(after: dict[str, Any]) -> list[str]:
    lines = ["After training, by task and language:", "", f"| | n | {' | '.join(_SCORES.values())} |"]
    lines.append(f"|---|---|{'---|' * len(_SCORES)}")
    for kind in ("by_task", "by_language"):
        for name, scores in after[kind].items():
            lines.append(f"| {name} | {scores['n']} | {' | '.join(_rate(scores[key]) for key in _SCORES)} |")
    return lines


def _rate(scores: dict[str, Any]) -> str:
    if not scores["n"]:
        return "–"
    return f"{100 * scores['rate']:.0f} % of {scores['n']} [{100 * scores['low']:.0f}, {100 * scores['high']:.0f}]"


def _limits(record: dict[str, Any]) -> str:
    written = ", ".join(sorted(record["examples"]["train"]["language"]))
    return "\n".join(
        [
            "## Limits",
            "",
            "- It knows only the facts in its prompt; they come from a single camera, with the errors of monocular "
            "pose estimation.",
            "- It may state numbers that no fact supports: check every answer, as `vidpose coach` does.",
            "- It gives no medical advice: no diagnosis, no prediction of injuries.",
            f"- It was trained in: {written}.",
        ]
    )


def _use(base: dict[str, Any]) -> str:
    if base["name"] == TINY:
        load = "`base/` holds the model made from scratch, `adapter/` the update (`PeftModel.from_pretrained`)."
    else:
        load = '`peft.AutoPeftModelForCausalLM.from_pretrained("adapter")`, with the tokenizer in the same folder.'
    return f"## Use\n\n`vidpose coach` with this folder and a video's results; or {load}"
