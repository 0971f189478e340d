"""Errors survive the way between processes, and every reason code has its advice."""

import ast
import inspect
import pickle
from pathlib import Path

import pytest

import vidpose
from vidpose import errors
from vidpose.engines.control import Cancelled
from vidpose.engines.scheduler import UnitFailed
from vidpose.engines.tasks import UnitFailure
from vidpose.errors import VidposeError
from vidpose.types.findings import CODES, Finding

PACKAGE = Path(vidpose.__file__).parent
IN_TREE = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, VidposeError)]


@pytest.mark.parametrize("kind", [*IN_TREE, Cancelled], ids=lambda kind: kind.__name__)
def test_message_and_context_survive_pickling(kind):
    error = kind("clip.mp4, segment 4: expected a frame, got none", video="clip.mp4", segment=4, code="no_frames")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == again.message == "clip.mp4, segment 4: expected a frame, got none"
    assert again.context == {"video": "clip.mp4", "segment": 4, "code": "no_frames"}


def test_a_failed_unit_survives_with_its_failure():
    failure = UnitFailure("lost", Finding("worker_lost", "died", "fatal"), "traceback")
    again = pickle.loads(pickle.dumps(UnitFailed("died", failure=failure)))
    assert again.failure == failure


def test_every_error_is_documented_in_the_tree_at_the_top():
    for kind in IN_TREE:
        assert kind.__name__ in errors.__doc__
        assert inspect.getdoc(kind)


def test_config_errors_are_usage_errors():
    assert issubclass(errors.ConfigError, errors.UsageError)


# --- reason codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_advice_in_sentences(code):
    assert Finding(code, "seen").advice == CODES[code]
    assert CODES[code].endswith(".")
    assert code == code.lower()
    assert code.isidentifier()


def test_an_unknown_code_is_refused():
    with pytest.raises(ValueError, match="unknown finding code 'lost_shoe'"):
        Finding("lost_shoe", "seen")


def test_a_finding_as_plain_values_carries_its_advice():
    finding = Finding("no_person", "nobody in 12 frames", "warning", {"n_frames": 12})
    assert finding.as_dict() == {
        "code": "no_person",
        "severity": "warning",
        "message": "nobody in 12 frames",
        "advice": CODES["no_person"],
        "details": {"n_frames": 12},
    }


def strings_in(node):
    return {leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)}


def codes_named_in(path):
    """Every string that a file hands over as a code: first of ``Finding(...)``, ``code=`` of an error, ``"code"``."""
    named = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Finding" and node.args:
            first = node.args[0]
            named |= strings_in(first.slice if isinstance(first, ast.Subscript) else first)
        for keyword in node.keywords:
            if keyword.arg == "code":
                named |= strings_in(keyword.value)
    return {name for name in named if name != "code"}


# The corpus has no findings about videos; the codes of its errors are its own.
SOURCES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name != "findings.py" and PACKAGE / "corpus" not in path.parents
)


def test_every_code_in_the_source_is_known():
    unknown = {path.name: codes_named_in(path) - set(CODES) for path in SOURCES}
    assert {name: codes for name, codes in unknown.items() if codes} == {}


def test_that_search_finds_codes():
    assert {"no_frames"} == codes_named_in(PACKAGE / "engines" / "analyse_unit.py")
    assert "changed_during_run" in codes_named_in(PACKAGE / "engines" / "pose_unit.py")


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_used_somewhere(code):
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in SOURCES)
