"""Checks of any dataset, ours or another's: format, repetition, leakage, grounding, personal data, damage.

Nothing is changed. What our own datasets have besides (a manifest, facts, groups) is checked where it is there, and the
report says how many rows could not be checked for lack of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from vidpose.corpus.dataset.data_files import SUFFIXES, Problem, collection_of, data_files, read_rows
from vidpose.corpus.dataset.leakage import CheckedRow, find_repeats, find_shared
from vidpose.corpus.dataset.publish import COMPLETE, MANIFEST
from vidpose.corpus.dataset.row_checks import Failures, check_row, checked_row, failures_of
from vidpose.corpus.settings.dataset import DuplicateSettings
from vidpose.errors import UsageError
from vidpose.hashing import file_sha256

MAX_PROBLEMS_PER_CODE = 20
"""Ours: of each kind so many are listed; the counts go on."""
_MIN_OPENAI, _MIN_BEDROCK = 10, 32
"""Lines below which the two services refuse a training file."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check found.

    Attributes
    ----------
    path
        What was checked.
    files
        Files that were read.
    n_rows
        Rows that were read.
    n_grounded
        Rows whose texts were checked against facts; the others carry none.
    problems
        At most :data:`MAX_PROBLEMS_PER_CODE` of each code, in the order of files.
    counts
        How often each code was found.
    """

    path: str
    files: tuple[str, ...]
    n_rows: int
    n_grounded: int
    problems: tuple[Problem, ...]
    counts: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong but what warnings say."""
        return not any(problem.severity == "error" for problem in self.problems)

    def sentences(self) -> list[str]:
        """Return the report as lines for people: the sum, then every problem with file and line."""
        n_errors = sum(self.counts[code] for code in {one.code for one in self.problems if one.severity == "error"})
        verdict = "no errors" if self.ok else f"{n_errors} errors"
        lines = [
            f"{self.path}: {len(self.files)} files, {self.n_rows} rows, {verdict}; {self.n_grounded} rows were checked "
            f"against facts, {self.n_rows - self.n_grounded} carry none"
        ]
        for problem in self.problems:
            where = f"{problem.file}:{problem.line}" if problem.line else problem.file
            lines.append(f"{problem.severity}: {where}: {problem.code}: {problem.message}")
        for code, count in sorted(self.counts.items()):
            listed = sum(problem.code == code for problem in self.problems)
            if count > listed:
                lines.append(f"{code}: {count - listed} more")
        return lines


@dataclass(slots=True)
class _Findings:
    """Problems as they come in, and what has to be seen as a whole."""

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    n_grounded: int = 0
    seen: dict[str, list[CheckedRow]] = field(default_factory=lambda: defaultdict(list))

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.counts[problem.code] += 1
            if self.counts[problem.code] <= MAX_PROBLEMS_PER_CODE:
                self.problems.append(problem)


def verify_corpus(
    path: Path, failures: Failures = failures_of, duplicates: DuplicateSettings | None = None
) -> VerifyReport:
    """Check a dataset: a folder with Parquet and JSONL files, or one such file.

    Parameters
    ----------
    path
        The folder or file.
    failures
        The grounding check; the project's own by default.
    duplicates
        What a near-duplicate is.

    Raises
    ------
    UsageError
        When there is nothing to check at the path.
    """
    if path.is_file() and path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: expected a folder, a .jsonl or a .parquet file")
    files = data_files(path) if path.exists() else []
    if not files:
        raise UsageError(f"{path}: expected a dataset, found no .parquet and no .jsonl file there")
    findings = _Findings()
    names = [file.relative_to(path).as_posix() if path.is_dir() else file.name for file in files]
    for file, name in zip(files, names, strict=True):
        _check_file(file, name, failures, findings)
    _check_together(findings, duplicates or DuplicateSettings())
    findings.add(_check_manifest(path, set(names)) if path.is_dir() else ())
    return VerifyReport(
        path=str(path),
        files=tuple(names),
        n_rows=sum(findings.rows.values()),
        n_grounded=findings.n_grounded,
        problems=tuple(sorted(findings.problems, key=lambda one: (one.severity, one.file, one.line, one.code))),
        counts=dict(findings.counts),
    )


def _check_file(file: Path, name: str, failures: Failures, findings: _Findings) -> None:
    for row in read_rows(file, name):
        if isinstance(row, Problem):
            findings.add([row])
            continue
        findings.rows[name] += 1
        problems, grounded = check_row(row, failures)
        findings.add(problems)
        findings.n_grounded += grounded
        if not any(problem.severity == "error" for problem in problems):
            findings.seen[collection_of(name)].append(checked_row(row))
    findings.add(_too_few(name, findings.rows[name]))


def _too_few(name: str, n_rows: int) -> Iterator[Problem]:
    for mark, least in ((".openai.train", _MIN_OPENAI), (".anthropic.train", _MIN_BEDROCK)):
        if mark in name and n_rows < least:
            message = f"{n_rows} lines; the service refuses a training file with fewer than {least}"
            yield Problem("too_few_examples", name, 0, message, "warning")


def _check_together(findings: _Findings, duplicates: DuplicateSettings) -> None:
    """Look for repetition in every collection once, also when another format holds the same texts."""
    done: set[frozenset[tuple[str, str]]] = set()
    # tables first: they know groups and parents, and the exports repeat them
    for _, rows in sorted(findings.seen.items(), key=lambda item: (item[0].endswith(".jsonl"), item[0])):
        texts = frozenset((row.split, row.key) for row in rows)
        if texts not in done or len(texts) != len(rows):
            findings.add(find_repeats(rows, duplicates))
        done.add(texts)
    findings.add(find_shared([row for rows in findings.seen.values() for row in rows if row.groups]))


def _check_manifest(folder: Path, names: set[str]) -> Iterator[Problem]:
    """Compare the files with the manifest, where there is one."""
    if (folder / COMPLETE).is_dir():
        yield Problem(
            "unfinished_write", COMPLETE, 0, "a newer dataset is ready there; build again to finish", "warning"
        )
    path = folder / MANIFEST
    if not path.is_file():
        return
    try:
        listed = orjson.loads(path.read_bytes())["files"]
        expected = {str(name): str(entry["sha256"]) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Problem("bad_manifest", MANIFEST, 0, f"cannot be read ({error})")
        return
    for name, sha256 in sorted(expected.items()):
        file = folder / name
        if not file.is_file():
            yield Problem("missing_file", name, 0, "the manifest lists it, but it is missing")
        elif file_sha256(file) != sha256:
            yield Problem("changed_file", name, 0, "its content differs from the manifest")
    for name in sorted(names - set(expected)):
        yield Problem("unlisted_file", name, 0, "is not in the manifest", "warning")
