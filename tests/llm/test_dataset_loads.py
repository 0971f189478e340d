"""Hugging Face's and TRL's own readers take the files, without a network."""

import pytest

datasets = pytest.importorskip("datasets")

from made_dataset import build_made  # noqa: E402 - the datasets of the neighbouring tests

from vidpose.corpus.dataset.splits import SPLITS  # noqa: E402


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    target = tmp_path_factory.mktemp("loads") / "data"
    return target, build_made(target)


@pytest.fixture
def load(built, tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    return lambda *what, **how: datasets.load_dataset(*what, **how, cache_dir=str(tmp_path / "cache"))


def test_the_folder_loads_with_its_three_splits(built, load):
    target, result = built
    loaded = load(str(target))
    assert {split: len(loaded[split]) for split in loaded} == result.splits
    row = loaded["train"][0]
    assert [turn["role"] for turn in row["messages"]] == ["system", "user", "assistant"]
    assert row["facts"].startswith('[{"id":')


def test_the_pairs_are_a_configuration_of_their_own(built, load):
    target, result = built
    loaded = load(str(target), "preference")
    assert sum(map(len, loaded.values())) == result.counts["pairs"]
    row = loaded["train"][0]
    assert row["chosen"][0]["content"] != row["rejected"][0]["content"]


@pytest.mark.parametrize("name", ["sft.openai", "sft.anthropic", "dpo.openai", "dpo.trl", "dpo.messages"])
def test_every_export_loads_as_json_lines(built, load, name):
    target, _ = built
    files = {split: str(target / "exports" / f"{name}.{split}.jsonl") for split in ("train", "validation")}
    loaded = load("json", data_files=files)
    assert all(len(loaded[split]) for split in files)


def test_trl_reads_both_shapes_as_conversations(built, load):
    data_utils = pytest.importorskip("trl.data_utils")
    target, _ = built
    chat, pairs = load(str(target))["train"], load(str(target), "preference")["train"]
    shape = [{"messages": row["messages"]} for row in chat] + [
        {name: row[name] for name in ("prompt", "chosen", "rejected")} for row in pairs
    ]
    assert all(data_utils.is_conversational(row) for row in (*chat, *pairs, *shape))


def test_trls_trainer_takes_the_rows(built, load, tmp_path):
    """Preparing a data set is what fails on wrong shapes; no step is trained."""
    trl, transformers = pytest.importorskip("trl"), pytest.importorskip("transformers")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    target, _ = built
    rows = load(str(target))["train"]
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    texts = [turn["content"] for row in rows for turn in row["messages"]]
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    words.train_from_iterator(
        texts,
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False),
    )
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, eos_token=special[2], pad_token=special[0])
    tokenizer.chat_template = (
        "{%- for m in messages %}{%- if m['role'] == 'assistant' %}{{- '<|im_start|>assistant\n' }}{% generation %}"
        "{{- m['content'] + '<|im_end|>' }}{% endgeneration %}{%- else %}"
        "{{- '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{%- endif %}{%- endfor %}"
    )
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(vocab_size=len(tokenizer), **size))
    args = trl.SFTConfig(
        output_dir=str(tmp_path / "out"),
        assistant_only_loss=True,
        use_cpu=True,
        bf16=False,
        activation_checkpointing=False,
        report_to="none",
        disable_tqdm=True,
        max_length=1024,
    )
    trainer = trl.SFTTrainer(model=model, args=args, train_dataset=rows, processing_class=tokenizer)
    assert len(trainer.train_dataset) == len(rows)
    assert all(0 < sum(label != -100 for label in row["labels"]) < len(row["labels"]) for row in trainer.train_dataset)


def test_all_splits_are_named_by_the_card(built):
    target, _ = built
    text = (target / "README.md").read_text(encoding="utf-8")
    assert all(f"data/sft/{split}-*.parquet" in text for split in SPLITS)
