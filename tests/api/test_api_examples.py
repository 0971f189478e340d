"""Every public function of the Python interface has an example, and all of them run."""

import doctest
import importlib
import inspect

import numpy as np
import pytest

import vidpose

MODULES = ("analyse", "estimate", "functions", "process", "read", "time_series")
OF_A_VIDEO = ("vidpose.api.estimate", "vidpose.api.process", "vidpose.api.read")


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for name in MODULES:
        module = importlib.import_module(f"vidpose.api.{name}")
        for example in finder.find(module, module.__name__):
            if example.examples:
                slow = example.name.startswith(OF_A_VIDEO) and not example.name.endswith((".Progress", ".FramePoses"))
                yield pytest.param(example, id=example.name, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("example", list(examples()))
def test_the_example_runs(example, request, monkeypatch):
    if any(mark.name == "slow" for mark in request.node.iter_markers()):
        monkeypatch.chdir(request.getfixturevalue("squat_folder"))
    np.set_printoptions(legacy=False)
    failed = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example).failed
    assert failed == 0


@pytest.mark.parametrize("name", vidpose.__all__)
def test_everything_public_is_there_and_documented_with_an_example(name):
    value = getattr(vidpose, name)
    assert name in dir(vidpose)
    if inspect.isfunction(value) or (inspect.isclass(value) and value.__module__.startswith("vidpose.api")):
        assert "Examples\n" in inspect.getdoc(value)
        assert value.__module__.startswith("vidpose.api")


@pytest.mark.parametrize("name", [name for name in vidpose.__all__ if inspect.isfunction(getattr(vidpose, name))])
def test_options_are_given_by_name(name):
    options = [
        one.name
        for one in inspect.signature(getattr(vidpose, name)).parameters.values()
        if one.default is not one.empty and one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    assert options in ([], ["time_s"])  # time_s, which a dataset brings along


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="no attribute 'analyze'"):
        vidpose.analyze  # noqa: B018
