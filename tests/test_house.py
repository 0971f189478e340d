"""How the house looks: sizes, docstrings that name what is there, frozen settings, quiet imports, floors."""

import ast
import collections
import functools
import graphlib
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vidpose
from vidpose.config import Settings

PACKAGE = Path(vidpose.__file__).parent
PROJECT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400


def name_of(path):
    return str(path.relative_to(PACKAGE))


def module_of(path):
    parts = ("vidpose", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


MODULES = [module_of(path) for path in FILES if path.name != "__main__.py"]


def is_public(name):
    return not name.startswith("_")


@functools.cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def has_text(node):
    return bool(ast.get_docstring(node))


def definitions(path):
    """Yield ``(qualified name, node)`` of the public classes and functions, methods included."""
    for node in tree_of(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and is_public(node.name):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and is_public(inner.name):
                        yield f"{node.name}.{inner.name}", inner


# --- size ---------------------------------------------------------------------------------------------------------


def test_there_is_something_to_look_at():
    assert len(FILES) > 80


def test_no_file_is_longer_than_a_person_reads_at_once():
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in FILES}
    assert {name: n for name, n in lines.items() if n > MAX_LINES} == {}


def test_no_file_is_a_drawer_for_everything():
    assert {path.stem for path in FILES} & {"utils", "util", "common", "helpers", "misc"} == set()


# --- names --------------------------------------------------------------------------------------------------------


def test_a_public_class_name_means_one_thing():
    places = collections.defaultdict(list)
    for path in FILES:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and is_public(node.name):
                places[node.name].append(name_of(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


# --- docstrings ---------------------------------------------------------------------------------------------------


def test_everything_public_has_a_docstring():
    silent = [f"{name_of(path)}: {name}" for path in FILES for name, node in definitions(path) if not has_text(node)]
    assert silent == []
    assert [name_of(path) for path in FILES if not has_text(tree_of(path))] == []


def section(docstring, title):
    """Names listed in one numpydoc section: lines without indentation, ``a, b`` or ``a : type``."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    for place in range(len(lines) - 1):
        if lines[place] == title and set(lines[place + 1]) == {"-"}:
            break
    else:
        return []
    names = []
    for number, line in enumerate(lines[place + 2 :], start=place + 2):
        if number + 1 < len(lines) and lines[number + 1] and set(lines[number + 1]) == {"-"}:
            break  # the next section's title
        if line and not line.startswith(" "):
            names += [name.strip(" *") for name in line.split(" : ")[0].split(",")]
    return names


def test_that_parser():
    docstring = """Do it.

    Parameters
    ----------
    one, two
        Numbers, see below.
    three : int
        A third
        one.
    *rest
        More.

    Returns
    -------
    float
        The sum.
    """
    assert section(docstring, "Parameters") == ["one", "two", "three", "rest"]
    assert section(docstring, "Returns") == ["float"]
    assert section(docstring, "Attributes") == []
    assert section(None, "Parameters") == []


def arguments(node):
    spec = node.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    return {argument.arg for argument in every} - {"self", "cls"}


def attributes(node):
    """Fields, properties and what ``__init__`` assigns to ``self``."""
    names = {
        item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    names |= {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    for leaf in ast.walk(node):
        if isinstance(leaf, ast.Attribute) and isinstance(leaf.value, ast.Name) and leaf.value.id == "self":
            names.add(leaf.attr)
    return names


def nodes(kind):
    """Yield ``(file: name, node)`` of every function or class of the package."""
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kind):
                yield f"{name_of(path)}: {node.name}", node


def test_parameters_sections_name_every_parameter_once():
    wrong = []
    for name, node in nodes(ast.FunctionDef):
        documented = section(ast.get_docstring(node), "Parameters")
        if documented and sorted(documented) != sorted(arguments(node)):
            wrong.append(name)
    assert wrong == []


def test_documented_parameters_and_attributes_of_classes_exist():
    wrong, kinds = [], {node.name: node for _, node in nodes(ast.ClassDef)}
    for name, node in nodes(ast.ClassDef):
        docstring = ast.get_docstring(node)
        inits = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        own = attributes(node).union(
            *(attributes(kinds[base.id]) for base in node.bases if getattr(base, "id", "") in kinds)
        )
        accepted = arguments(inits[0]) if inits else own
        known = set(section(docstring, "Parameters")) <= accepted
        if not (known and set(section(docstring, "Attributes")) <= own):
            wrong.append(name)
    assert wrong == []


# --- settings -----------------------------------------------------------------------------------------------------


def is_frozen(node):
    """Whether a class is written as a dataclass that is frozen and has slots."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "dataclass":
            chosen = {word.arg for word in decorator.keywords if getattr(word.value, "value", False) is True}
            return {"frozen", "slots"} <= chosen
    return False


def test_settings_are_frozen():
    kinds = {node.name: node for _, node in nodes(ast.ClassDef) if node.name.endswith("Settings")}
    assert {"Settings", "SegmentSettings", "ButterworthSettings", "PoseSettings", "RenderSettings"} <= set(kinds)
    composed = kinds.pop("Settings")
    assert [base.id for base in composed.bases] == ["BaseModel"]
    assert (Settings.model_config["frozen"], Settings.model_config["extra"]) == (True, "forbid")
    assert [name for name, node in kinds.items() if not is_frozen(node)] == []


# --- imports ------------------------------------------------------------------------------------------------------

QUIET = [
    name for name in MODULES if name == "vidpose" or name.split(".")[1] in ("types", "errors", "planning", "biomech")
]
HEAVY = ("av", "cv2", "dask", "distributed", "mediapipe", "pandas", "psutil", "pyarrow", "ray", "torch")
WATCHED_IMPORT = f"""
import importlib, json, os, sys, threading
before = dict(os.environ)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
assert dict(os.environ) == before, "the environment was changed"
assert threading.active_count() == 1, "a thread was started"
assert not set(sys.modules) & set({HEAVY!r}), sorted(set(sys.modules) & set({HEAVY!r}))
"""


def test_importing_the_lower_floors_changes_nothing_and_says_nothing(tmp_path):
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", WATCHED_IMPORT, json.dumps(QUIET)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def top_imports(path):
    """Top-level packages that a file imports as soon as it is imported itself."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_heavy_libraries_are_imported_where_they_are_used():
    """Ray, Dask and MediaPipe start threads and take seconds, so no file imports them at its top."""
    heavy = {"ray", "dask", "distributed", "mediapipe", "torch"}
    assert [name_of(path) for path in FILES if heavy & set(top_imports(path))] == []


def imports_of(path, *, at_once):
    """Modules that a file imports, at once or within its functions, too; a name may be a module or stand in one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", ["vidpose", "benchmarks", "synthetic"])
def test_no_import_leads_back_to_where_it_began(package):
    files = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (PROJECT / package).rglob("*.py")
    }
    late = package == "vidpose"  # where the public interface imports its rooms when it is called
    graph = {name: set(imports_of(path, at_once=late)) & files.keys() - {name} for name, path in files.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(files)  # a circle is an error


def test_no_room_above_its_floor():
    linter = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run([linter], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", said.stdout)
