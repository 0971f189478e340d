"""Texts by API that ended early: told by the exit code, with everything else saved."""

import pytest

pytest.importorskip("anthropic")

from click.testing import CliRunner
from fake_servers import KEY, AnthropicFake, Running
from made_tables import make_folder

from vidpose.cli import main


@pytest.mark.parametrize(
    ("key", "more", "code", "why"),
    [("sk-wrong", (), 6, "wrong_key"), (KEY, ("--max_cost", "0.000001"), 6, "max_cost"), (KEY, (), 0, "accepted")],
)
def test_the_exit_code_says_that_texts_ended_early(tmp_path, monkeypatch, key, more, code, why):
    make_folder(tmp_path / "models", "clip.mp4")
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    with Running(AnthropicFake()) as fake:
        config = tmp_path / "config.yaml"
        config.write_text(f"synthesis: {{base_urls: {{claude: '{fake.url}'}}, n_per_task: 1}}\n")
        words = ["corpus", "build", "--models", tmp_path / "models", "--llm_data", tmp_path / "data", "--use_claude"]
        said = CliRunner().invoke(main, [str(word) for word in (*words, "--config", config, *more)])
    assert said.exit_code == code, said.output
    assert why in said.output
    assert (tmp_path / "data" / "manifest.json").is_file()
    assert KEY not in said.output
