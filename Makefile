# make run    set everything up, process public/
# make test   set everything up, run the tests that prove the promises (6 CPU minutes)
# make test-all  every test (as CI does)
# make test-yolo  ultralytics' own export, with ultralytics (AGPL-3.0) in an environment of its own
# make check  lint, types, layers and the fast tests
# make bench  every figure about speed, sampling, people and equality; speed into docs/performance.md (40 minutes)
# make bench-accuracy  every figure about accuracy, into docs/accuracy.md (15 minutes)
# make test-readers  the files for other programs, opened by those (OpenSim, ezc3d, pycocotools, movement ...)
# make train  the coaching corpus of public/ and a model of a toy size, to see the whole way
# make test-llm  texts by API against loopback servers, training, datasets' and trl's own loaders
# make test-modern  the same package on Python 3.13 with numpy 2 and today's mediapipe (PYTHON313=... names a Python 3.13)
VENV ?= .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed
YOLO := .venv-yolo
MODERN := .venv-modern
READERS := .venv-readers
LLM := .venv-llm
MODERN_CACHE := $(abspath $(MODERN))/cache
MODERN_TASK := $(MODERN_CACHE)/vidpose/models/pose_landmarker_full.task

.PHONY: run train test test-all test-modern test-yolo test-readers test-llm check bench bench-accuracy docs clean

run: $(STAMP)
	$(PYTHON) pipeline.py --input public

test: $(STAMP)
	$(PYTHON) -m pytest -n 2 --dist loadfile -m "not thorough"

test-all: $(STAMP)
	$(PYTHON) -m pytest -n 2 --dist loadfile

test-modern: $(MODERN)/.installed $(MODERN_TASK)
	XDG_CACHE_HOME=$(MODERN_CACHE) $(MODERN)/bin/python -m pytest -m "not slow and not shared"
	VIDPOSE_TASK=$(MODERN_TASK) $(MODERN)/bin/python -m pytest tests/modern

$(MODERN)/.installed: pyproject.toml constraints-modern.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh modern) -m venv $(MODERN)
	$(MODERN)/bin/pip install --quiet --upgrade "setuptools>=77" -c constraints-modern.txt
	$(MODERN)/bin/pip install --quiet -c constraints-modern.txt -e ".[dev]"
	touch $@

$(MODERN_TASK): tests/modern/made_task.py | $(MODERN)/.installed
	mkdir -p $(@D)
	if [ -n "$$VIDPOSE_TASK" ]; then cp "$$VIDPOSE_TASK" $@; else $(MODERN)/bin/python tests/modern/made_task.py $@; fi

test-yolo: $(YOLO)/.installed
	$(YOLO)/bin/python -m pytest tests/pose/test_yolo_export.py tests/pose/test_yolo_store.py

$(YOLO)/.installed: pyproject.toml constraints.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh) -m venv $(YOLO)
	$(YOLO)/bin/pip install --quiet --upgrade "setuptools>=77" -c constraints.txt
	$(YOLO)/bin/pip install --quiet -c constraints.txt -e ".[dev,yolo]" torch==2.13.0
	touch $@

test-readers: $(STAMP) $(READERS)/.installed
	$(PYTHON) tests/readers/made_files.py $(READERS)/files
	VIDPOSE_READERS_FILES=$(abspath $(READERS))/files $(READERS)/bin/python -m pytest tests/readers

$(READERS)/.installed: constraints-readers.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh) -m venv $(READERS)
	$(READERS)/bin/pip install --quiet -c constraints-readers.txt \
		opensim ezc3d pycocotools pandas pyarrow movement monalysa scipy pytest pytest-timeout
	touch $@

train: $(LLM)/.installed
	$(LLM)/bin/python pipeline.py --input public --train_llm --base_model tiny

test-llm: $(LLM)/.installed
	$(LLM)/bin/python -m pytest tests/llm

$(LLM)/.installed: pyproject.toml constraints.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh) -m venv $(LLM)
	$(LLM)/bin/pip install --quiet --upgrade "setuptools>=77" -c constraints.txt
	$(LLM)/bin/pip install --quiet -c constraints.txt -e ".[dev,llm]"
	touch $@

check: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -m "not slow and not shared and not thorough" -x

bench: $(STAMP)
	$(PYTHON) -m benchmarks.speed
	$(PYTHON) -m benchmarks.report
	$(PYTHON) -m benchmarks.sampling
	$(PYTHON) -m benchmarks.people
	if [ -d ../shared/data/videos ]; then $(PYTHON) -m benchmarks.people_real ../shared/data/videos; fi
	if [ -d ../shared/data/videos ]; then $(PYTHON) -m benchmarks.equality ../shared/data/videos; fi

bench-accuracy: $(STAMP)
	$(PYTHON) -m benchmarks.accuracy

docs: $(STAMP)
	$(PYTHON) -m vidpose.biomech.conventions_doc
	$(PYTHON) -m vidpose.biomech.metrics.dictionary_doc
	$(PYTHON) -m vidpose.results.reference_docs docs

$(STAMP): pyproject.toml constraints.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --upgrade "setuptools>=77" -c constraints.txt
	$(VENV)/bin/pip install --quiet -c constraints.txt -e ".[dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) $(MODERN) $(YOLO) $(READERS) $(LLM) .mypy_cache .pytest_cache .ruff_cache .hypothesis
