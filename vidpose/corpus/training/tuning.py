"""Supervised fine-tuning with LoRA: the trainer, its checkpoints, and leaving in good order under memory pressure."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.corpus.training.base_model import BaseModel
from vidpose.corpus.training.examples import Row
from vidpose.corpus.training.failures import TrainingError
from vidpose.corpus.training.training_job import TrainingJob

TOO_LONG_SHARE: Final = 0.01
"""Largest share of examples that may be left out as too long (ours); cutting them would cut their answers."""

LOG_EVERY_STEPS: Final = 5
CHECKPOINTS_KEPT: Final = 2
"""Two, because the newest may be half written when the process is killed."""

_CHECKPOINT_FILES: Final = ("adapter_model.safetensors", "optimizer.pt", "scheduler.pt", "trainer_state.json")


def last_whole_checkpoint(folder: Path) -> Path | None:
    """Return the newest complete checkpoint and remove broken newer ones.

    ``trainer_state.json`` is written last, so a folder in which it can be read is whole.
    """
    found = [path for path in folder.glob("checkpoint-*") if path.name.removeprefix("checkpoint-").isdigit()]
    for path in sorted(found, key=lambda path: int(path.name.removeprefix("checkpoint-")), reverse=True):
        if _is_whole(path):
            return path
        shutil.rmtree(path)
    return None


def _is_whole(checkpoint: Path) -> bool:
    if not all((checkpoint / name).is_file() for name in _CHECKPOINT_FILES) or not any(checkpoint.glob("rng_state*")):
        return False
    try:
        state = orjson.loads((checkpoint / "trainer_state.json").read_bytes())
    except orjson.JSONDecodeError:
        return False
    return f"checkpoint-{state.get('global_step')}" == checkpoint.name


def short_enough(rows: Sequence[Row], tokenizer: Any, max_tokens: int) -> tuple[list[Row], int]:
    """Return the rows that fit into ``max_tokens``, and the length of the longest of them in tokens.

    Raises
    ------
    TrainingError
        When more than 1 % do not fit.
    """
    lengths = [len(tokenizer.apply_chat_template(row.chat, tokenize=True, return_dict=False)) for row in rows]
    kept = [row for row, length in zip(rows, lengths, strict=True) if length <= max_tokens]
    if len(rows) - len(kept) > TOO_LONG_SHARE * len(rows):
        raise TrainingError(
            f"{len(rows) - len(kept)} of {len(rows)} examples are longer than max_tokens {max_tokens} (the longest has "
            f"{max(lengths)}): raise max_tokens, or build the corpus with shorter prompts"
        )
    return kept, max((length for length in lengths if length <= max_tokens), default=0)


def training_table(rows: Sequence[Row], tokenizer: Any) -> tuple[Any, dict[str, bool]]:
    """Return the rows as ``trl`` takes them, and the options by which only answers carry loss.

    Templates that ``trl`` cannot mark get prompt and completion instead: then the last answer alone carries loss.

    Raises
    ------
    TrainingError
        When the tokenizer has no chat template, or one that never teaches the model to stop.
    """
    from datasets import Dataset
    from trl.chat_template_utils import get_training_chat_template, is_chat_template_stop_token_trained

    try:
        template = get_training_chat_template(tokenizer)
    except ValueError:
        pairs = [{"prompt": row.prompt, "completion": row.chat[-1:]} for row in rows]
        return Dataset.from_list(pairs), {"completion_only_loss": True}
    if not is_chat_template_stop_token_trained(tokenizer, template or tokenizer.chat_template):
        raise TrainingError(
            "the base model's chat template leaves the end token out of the answers, so a model trained by it would "
            "never stop: take another base_model"
        )
    return Dataset.from_list([{"messages": row.chat} for row in rows]), {"assistant_only_loss": True}


def load_tokenizer(folder: Path) -> Any:
    """Load the tokenizer in ``folder``.

    Raises
    ------
    TrainingError
        When it has no chat template.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    if tokenizer.chat_template is None:
        raise TrainingError(f"the model {folder.name} has no chat template: take an instruct or chat model")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(folder: Path, adapter: Path | None = None) -> Any:
    """Load the model in ``folder`` with its adapter, if any: 32-bit floats on a CPU, bf16 on a GPU that has it."""
    import torch
    from transformers import AutoModelForCausalLM

    on_gpu = torch.cuda.is_available()
    kind = torch.bfloat16 if on_gpu and torch.cuda.is_bf16_supported() else torch.float32
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=kind, use_safetensors=True, trust_remote_code=False)
    if adapter is not None:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, adapter)
    return model.to("cuda") if on_gpu else model


def make_trainer(
    job: TrainingJob, model: Any, tokenizer: Any, train: Sequence[Row], held_out: Sequence[Row], *, adapt: bool
) -> Any:
    """Build the trainer.

    Parameters
    ----------
    job
        What to do.
    model, tokenizer
        The loaded base model and its tokenizer.
    train, held_out
        Rows to learn from; rows on which loss is taken, which may be none.
    adapt
        Whether the model gets a fresh low-rank update; not when it is only evaluated.
    """
    import torch
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    settings = job.settings
    on_gpu = torch.cuda.is_available()
    table, loss_on = training_table(train, tokenizer)
    arguments = SFTConfig(
        output_dir=str(job.checkpoints),
        per_device_train_batch_size=job.examples_at_once,
        per_device_eval_batch_size=job.examples_at_once,
        gradient_accumulation_steps=settings.batch_per_gpu // job.examples_at_once,
        num_train_epochs=settings.epochs,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=0.05,  # below 1: a share of all steps
        logging_steps=LOG_EVERY_STEPS,
        eval_strategy="epoch" if held_out and adapt else "no",
        save_strategy="steps",
        save_steps=settings.save_every_steps,
        save_total_limit=CHECKPOINTS_KEPT,
        bf16=on_gpu and torch.cuda.is_bf16_supported(),
        fp16=False,
        use_cpu=not on_gpu,
        activation_checkpointing=job.recompute,
        packing=False,
        max_length=settings.max_tokens,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=on_gpu,
        seed=settings.seed,
        data_seed=settings.seed,
        **loss_on,
    )
    # No dropout: its draws depend on how a batch is divided, and a run under a memory limit shall give the same model.
    lora = LoraConfig(
        r=settings.lora_rank,
        lora_alpha=settings.lora_alpha,
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
        target_modules="all-linear",
    )
    return SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=table,
        eval_dataset=training_table(held_out, tokenizer)[0] if held_out else None,
        processing_class=tokenizer,
        peft_config=lora if adapt else None,
    )


class Leaving:
    """Saves and stops between two steps, on SIGTERM or above the soft limit.

    Its last act is a checkpoint from which the run goes on exactly; the one built into ``transformers`` saves amid a
    step, seconds after the signal, which is too late under a limit.

    Attributes
    ----------
    leaves
        Whether training was left before its end.
    """

    def __init__(self, soft_limit_bytes: int, resident_bytes: Callable[[], int]) -> None:
        self.leaves = False
        self._soft_limit_bytes = soft_limit_bytes
        self._resident_bytes = resident_bytes

    def callback(self) -> Any:
        """Return it as a trainer's callback, and listen to SIGTERM from now on."""
        from transformers import TrainerCallback

        callback = TrainerCallback()
        callback.on_step_end = self.on_step_end
        signal.signal(signal.SIGTERM, self.ask)
        return callback

    def ask(self, *_: Any) -> None:
        """Leave after the running step."""
        self.leaves = True

    def on_step_end(self, _arguments: Any, state: Any, control: Any, **_: Any) -> None:
        """Decide between two steps; a run that is at its end is not left any more."""
        if self._soft_limit_bytes and self._resident_bytes() > self._soft_limit_bytes:
            self.leaves = True
        self.leaves = self.leaves and state.global_step < state.max_steps
        if self.leaves:
            control.should_save = True
            control.should_training_stop = True


def without_traces(adapter: Path, base: BaseModel) -> None:
    """Make an adapter fit to be handed on: it names its base by hub id and commit, or by folder name.

    An absolute path leaks and breaks elsewhere. The pickled arguments hold paths too; the form of a card has blanks.
    """
    path = adapter / "adapter_config.json"
    config = orjson.loads(path.read_bytes())
    config["base_model_name_or_path"] = base.name
    config["revision"] = base.revision or None
    path.write_bytes(orjson.dumps(config, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    for name in ("README.md", "training_args.bin"):
        (adapter / name).unlink(missing_ok=True)
