"""Files beside the code: workflows, issue templates, citation, hooks and links say what is true of the project."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import get_args

import pytest
import yaml
from project_paths import PROJECT

from vidpose.planning.joining import SeamState
from vidpose.pose.estimator import ESTIMATORS
from vidpose.results.exports.export_settings import EXPORTERS
from vidpose.results.run_report import STATES
from vidpose.results.video_result import ANGLE_STATUS_WORDS, BEST_SOURCE_WORDS, FACING_WORDS, STATUS_WORDS
from vidpose.types.findings import Severity

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
TEMPLATES = sorted(path for path in (PROJECT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
PAGES = sorted({*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")})
INVENTED_HOMES = {"anna", "me", "somebody"}
FENCE = re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE)


def text_of(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def yaml_of(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def name_of(path):
    return path.relative_to(PROJECT).as_posix()


def supported_pythons():
    """Minor versions of Python 3 that pyproject.toml allows."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    first, after = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()
    return [f"3.{minor}" for minor in range(int(first), int(after))]


def steps_of(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


# --- workflows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_on_pull_requests_and_may_do_no_more_than_it_needs(path):
    workflow = yaml_of(path)
    assert workflow["name"] == path.stem
    assert "pull_request" in workflow[True]  # YAML 1.1 reads the key "on" as true
    assert set(workflow["permissions"]) == {"contents"}
    for step in steps_of(workflow):
        assert ("run" in step) != ("uses" in step)


def test_workflows_and_documents_call_make_targets_that_exist():
    targets = set(re.findall(r"^([a-z][\w-]*):", text_of("Makefile"), re.MULTILINE))
    called = {}
    for path in (*WORKFLOWS, PROJECT / ".ci" / "run"):
        for words in re.findall(r"(?:^|run: )make (.*?)(?: #.*)?$", path.read_text(encoding="utf-8"), re.MULTILINE):
            called.update((word, path.name) for word in words.split() if re.fullmatch(r"[a-z][\w-]*", word))
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        called.update((word, path.name) for word in re.findall(r"(?:^|`)make ([a-z][\w-]*)", text, re.MULTILINE))
    assert {"check", "test", "docs", "test-oracle"} <= set(called)
    assert {word: where for word, where in called.items() if word not in targets} == {}


def test_workflows_name_the_pythons_that_the_package_supports():
    supported, tested, named = supported_pythons(), set(), set()
    for path in WORKFLOWS:
        workflow = yaml_of(path)
        for job in workflow["jobs"].values():
            tested |= set(job.get("strategy", {}).get("matrix", {}).get("python", []))
        named |= {
            step["with"]["python-version"] for step in steps_of(workflow) if "python-version" in step.get("with", {})
        }
    named.discard("${{ matrix.python }}")
    assert tested | named <= set(supported)
    resolved = {f"3.{minor}" for minor in re.findall(r"check-python3(\d+)", text_of(".ci/run"))}
    assert sorted(tested | resolved) == supported
    assert f"Python {supported[0]} to {supported[-1]}" in text_of("CONTRIBUTING.md")


def test_continuous_integration_runs_a_script_that_exists():
    assert "bash .ci/run" in text_of(".github/workflows/tests.yml")
    assert (PROJECT / ".ci" / "run").is_file()


# --- issue templates, hooks, citation -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_an_issue_template_is_a_form(path):
    form = yaml_of(path)
    assert {"name", "description", "body"} <= set(form)
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"textarea", "input", "dropdown", "checkboxes"}
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_reports_of_errors_ask_for_the_support_bundle():
    for name in ("bug", "wrong_number"):
        assert "vidpose doctor --report" in text_of(f".github/ISSUE_TEMPLATE/{name}.yml")


def test_hooks_run_the_pinned_ruff_and_commands_of_the_environment():
    pinned = re.search(r"^ruff==(\S+)", text_of("constraints.txt"), re.MULTILINE).group(1)
    repositories = yaml_of(PROJECT / ".pre-commit-config.yaml")["repos"]
    revisions = {repository["repo"].split("/")[-1]: repository.get("rev") for repository in repositories}
    assert revisions["ruff-pre-commit"] == f"v{pinned}"
    for hook in (hook for repository in repositories if repository["repo"] == "local" for hook in repository["hooks"]):
        assert hook["entry"].startswith(".venv/bin/")
        for word in hook["entry"].split():
            assert not word.endswith(".py") or (PROJECT / word).is_file()


def test_the_citation_has_what_its_format_requires():
    citation = yaml_of(PROJECT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in ("software", "dataset")
    assert citation["license"] == tomllib.loads(text_of("pyproject.toml"))["project"]["license"]
    for work in (citation, *citation.get("references", ())):
        assert {"title", "authors", "type"} <= set(work)
        assert work["authors"]
        for author in work["authors"]:
            assert author.get("name") or author.get("family-names")


# --- links and paths ----------------------------------------------------------------------------------------------


def slugs(path):
    """Anchors of a page's headings, as GitHub and the documentation site make them."""
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    words = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in words}


def links(path):
    """Yield the relative targets of a page's links and pictures, outside of code."""
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text(encoding="utf-8")))
    for target in re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", text):
        if not re.match(r"(?:https?|mailto):", target):
            yield target


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_to_files_of_the_project(path):
    broken = []
    for target in links(path):
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        inside = place.is_relative_to(PROJECT)
        known = not anchor or place.suffix != ".md" or (place.is_file() and anchor in slugs(place))
        if not (inside and place.exists() and known):
            broken.append(target)
    assert broken == []


def test_no_file_names_a_place_on_somebodys_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("needs a git checkout")
    here = {f"{place}/" for place in (PROJECT, PROJECT.parent, Path.home()) if len(place.parts) > 1}
    here -= {"/home/", "/opt/", "/tmp/"}
    wrong = []
    for name in filter(None, listed.stdout.split("\0")):
        path = PROJECT / name
        if not path.is_file() or b"\0" in (content := path.read_bytes()):
            continue
        text = content.decode("utf-8")
        homes = set(re.findall(r"/(?:home|Users)/(\w+)", text)) - INVENTED_HOMES
        wrong += [f"{name}: {place}" for place in (*homes, *(place for place in here if place in text))]
        if path.is_symlink() and not path.resolve().is_relative_to(PROJECT):
            wrong.append(f"{name}: {path.resolve()}")
    assert wrong == []


# --- words and rooms ----------------------------------------------------------------------------------------------


def test_the_glossary_knows_the_words_that_stand_in_columns_and_settings():
    words = {
        *(*STATUS_WORDS, *ANGLE_STATUS_WORDS, *FACING_WORDS, *BEST_SOURCE_WORDS),
        *(*STATES, *get_args(SeamState), *get_args(Severity), *ESTIMATORS, *EXPORTERS),
    }
    glossary = text_of("docs/glossary.md").lower()
    assert {word for word in words if not re.search(rf"[`*]{re.escape(word)}[`*]", glossary)} == set()


def test_the_architecture_names_every_room_and_only_files_that_exist():
    page, package = text_of("ARCHITECTURE.md"), PROJECT / "vidpose"
    rooms = {path.parent.name + "/" for path in package.glob("*/__init__.py")}
    modules = {path.name for path in package.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert {name for name in rooms | modules if name not in page} == set()
    named = re.findall(r"`([a-z_]+)\.([a-z_]+)`", page)
    places = [package / room / part for room, part in named if f"{room}/" in rooms]
    for room, parts in re.findall(r"^(?:floor \d)? +([a-z]+)/ +(?:[^:\n]+: )?(.+ · .+)$", page, re.MULTILINE):
        words = re.split(r" · |, |/ ", re.sub(r" *\(.*?\)", "", parts))
        places += [package / room / word.strip("/") for word in words if re.fullmatch(r"[a-z_]+/?", word)]
    assert len(places) > 60
    assert [place for place in places if not (place.is_dir() or place.with_suffix(".py").is_file())] == []
    assert page.count("\n") <= 75
