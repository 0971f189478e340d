# make run    set everything up, process public/
# make test   set everything up, run the tests that prove the promises (6 to 7 CPU minutes)
# make test-all  those, then the thorough ones
# make test-chaos  a run that is killed at every write, on a full disk, with every process killed once (an hour or more)
# make fuzz   runs over damaged videos until N=5000 of them were posed, good ones among them (2 hours)
# make check  lint, types, layers, known vulnerabilities and the fast tests
# make docs   the documentation site, in build/site; a broken link or a missing docstring fails
# make train  the coaching corpus of public/ and a model of a toy size, to see the whole way
# make bench  every figure about speed, sampling, people and equality; speed into docs/performance.md (40 minutes)
# make bench-equality   BlazePose against MediaPipe's own graph on the shared clips
# make bench-accuracy   every figure about accuracy, into docs/accuracy.md (15 minutes)
# make test-oracle      BlazePose against MediaPipe's own graph (mediapipe 0.10.21, Python 3.11 or 3.12, numpy 1)
# make test-yolo        ultralytics' own export, with ultralytics (AGPL-3.0) in an environment of its own
# make test-readers     the files for other programs, opened by those (OpenSim, ezc3d, pycocotools, movement ...)
# make test-llm         texts by API against loopback servers, training, datasets' and trl's own loaders
# make check-python314  every pinned package has a wheel for Python 3.14
# Each makes the environment that it needs, from the pinned versions of constraints.txt, with the first Python 3.11 to
# 3.14 that it finds; make PYTHON=/path/to/python names another one.
PYTHON ?=
VENV ?= .venv
EXAMPLES ?= thorough
N ?= 5000
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMP := $(VENV)/.installed
MAKE_ENV := PYTHON_BIN="$${PYTHON_BIN:-$(PYTHON)}" sh scripts/make_env.sh
export PYTHONDONTWRITEBYTECODE :=  # runs start many processes: none of them compiles what is stored
PINNED := pyproject.toml constraints.txt scripts/make_env.sh scripts/find_python.sh

.PHONY: run train networks test test-thorough test-all test-chaos fuzz test-oracle test-yolo test-readers test-llm check check-python314 bench bench-equality bench-accuracy docs clean

run: $(STAMP)
	$(PY) pipeline.py --input public

test: $(STAMP) networks
	$(PY) -m pytest -n 2 --dist loadfile -m "not thorough and not chaos"

test-thorough: $(STAMP) networks
	$(PY) -m pytest -n 2 --dist loadfile -m "thorough and not chaos" --hypothesis-profile $(EXAMPLES)

test-chaos: $(STAMP) networks
	$(PY) -m pytest -m chaos

fuzz: $(STAMP) networks
	$(PY) -m benchmarks.fuzz $(N)

test-all: test test-thorough

networks: $(STAMP)
	$(BIN)/vidpose models fetch full

test-oracle: .venv-oracle/.installed
	.venv-oracle/bin/python -m pytest tests/oracle

test-yolo: .venv-yolo/.installed
	.venv-yolo/bin/python -m pytest tests/pose/test_yolo_export.py tests/pose/test_yolo_store.py

test-readers: .venv-readers/.installed
	.venv-readers/bin/python tests/readers/made_files.py .venv-readers/files
	VIDPOSE_READERS_FILES=$(abspath .venv-readers/files) .venv-readers/bin/python -m pytest tests/readers

train: .venv-llm/.installed
	.venv-llm/bin/python pipeline.py --input public --train_llm --base_model tiny

test-llm: .venv-llm/.installed
	.venv-llm/bin/python -m pytest tests/llm

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	sh scripts/audit.sh $(BIN)/uv
	$(PY) -m pytest -m "not slow and not shared and not thorough and not chaos" -x

check-python314: $(STAMP)
	$(BIN)/uv pip compile --quiet --all-extras --python-version 3.14 --only-binary :all: --constraint constraints.txt \
		--output-file $(VENV)/python314.txt pyproject.toml
	@echo "Python 3.14: every package of every extra has a wheel"

bench: $(STAMP)
	$(PY) -m benchmarks.speed
	$(PY) -m benchmarks.report
	$(PY) -m benchmarks.sampling
	$(PY) -m benchmarks.people
	if [ -d ../shared/data/videos ]; then $(PY) -m benchmarks.people_real ../shared/data/videos; fi

bench-equality: .venv-oracle/.installed
	.venv-oracle/bin/python -m benchmarks.equality ../shared/data/videos

bench-accuracy: $(STAMP)
	$(PY) -m benchmarks.accuracy

docs: $(STAMP)
	$(PY) -m vidpose.biomech.conventions_doc
	$(PY) -m vidpose.biomech.metric_dictionary_doc
	$(PY) -m vidpose.results.reference_docs docs
	$(PY) -m vidpose.cli.settings_page docs
	$(BIN)/mkdocs build --strict

$(STAMP): $(PINNED)
	$(MAKE_ENV) $(VENV) dev,docs
	$(PY) -m compileall -q vidpose synthetic benchmarks  # once, and not in each process of the first run

.venv-yolo/.installed: $(PINNED)
	$(MAKE_ENV) .venv-yolo dev,yolo torch

.venv-readers/.installed: $(PINNED)
	$(MAKE_ENV) .venv-readers dev,readers

.venv-llm/.installed: $(PINNED)
	$(MAKE_ENV) .venv-llm dev,llm torch

.venv-oracle/.installed: $(PINNED) constraints-oracle.txt
	$(MAKE_ENV) .venv-oracle oracle

clean:
	rm -rf $(VENV) .venv-oracle .venv-yolo .venv-readers .venv-llm .mypy_cache .pytest_cache .ruff_cache .hypothesis
