"""Every script of the gallery runs from nothing and makes its picture; snippets of ``docs/python.md`` run, too."""

import re
import runpy
import shutil
from pathlib import Path

import matplotlib as mpl
import pytest

PROJECT = Path(__file__).parents[2]
GALLERY = PROJECT / "docs" / "gallery"
SCRIPTS = sorted(path.name for path in GALLERY.glob("*.py"))
POSING = {"folder_of_squats.py"}
MAX_PICTURE_BYTES = 100_000


def marked(name):
    return pytest.param(name, marks=[pytest.mark.slow] if name in POSING else [])


@pytest.mark.parametrize("name", [marked(name) for name in SCRIPTS])
@pytest.mark.thorough
def test_the_script_runs_and_makes_its_picture(name, tmp_path, monkeypatch, capsys):
    place = tmp_path / "docs" / "gallery"
    shutil.copytree(GALLERY, place, ignore=shutil.ignore_patterns("images", "models", "output", "squats"))
    (place / "images").mkdir()
    (tmp_path / "public").symlink_to(PROJECT / "public")
    mpl.use("Agg")
    with mpl.rc_context():
        runpy.run_path(str(place / name), run_name="__main__")
    mpl.pyplot.close("all")
    picture = place / "images" / name.replace(".py", ".png")
    assert 5_000 < picture.stat().st_size < MAX_PICTURE_BYTES
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", SCRIPTS)
def test_its_picture_is_shown_and_the_table_of_contents_names_it(name):
    picture = GALLERY / "images" / name.replace(".py", ".png")
    assert picture.stat().st_size < MAX_PICTURE_BYTES
    assert f"[{name}]({name})" in (GALLERY / "README.md").read_text(encoding="utf-8")


def snippets():
    text = (PROJECT / "docs" / "python.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.slow
@pytest.mark.thorough
def test_the_snippets_of_the_python_page_run_one_after_the_other(squat_folder, monkeypatch, tmp_path):
    shutil.copytree(squat_folder, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    names = {}
    assert len(snippets()) >= 5
    for snippet in snippets():
        exec(compile(snippet, "docs/python.md", "exec"), names)
