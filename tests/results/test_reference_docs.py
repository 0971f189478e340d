from pathlib import Path

import pytest

from vidpose.results.reference_docs import main, reference_pages
from vidpose.results.table_columns import LANDMARK_CSV_COLUMNS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(reference_pages()))
def test_the_page_is_what_schema_and_columns_say(name):
    made = reference_pages()[name]
    assert (DOCS / name).read_text() == made, "run: python -m vidpose.results.reference_docs docs"


def test_main_writes_the_pages(tmp_path):
    main([str(tmp_path)])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == reference_pages()


@pytest.mark.parametrize("words", [["--help"], ["a", "b"]])
def test_main_explains_itself_instead_of_making_folders(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"usage: .*\[FOLDER\]"):
        main(words)
    assert list(tmp_path.iterdir()) == []


def test_the_pages_name_what_is_deep_inside():
    pages = reference_pages()
    assert "| `people[].raw.x_px` | array of array of number or null | To the right" in pages["pose-model.md"]
    assert "| `people[].findings[].advice` | string |" in pages["pose-model.md"]
    assert (
        "| `knee_flexion_r_deg` | number, 32 bits | 0.01 | Right knee flexion. 0: straight. Positive: flexion. |"
        in (pages["tables.md"])
    )
    for column in LANDMARK_CSV_COLUMNS:
        assert f"| `{column.name}` |" in pages["tables.md"]
