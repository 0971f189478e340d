# make run    set everything up, process public/
# make test   set everything up, run all tests
# make check  lint, types, layers and the fast tests
# make bench  ratios against the plain alternative
VENV ?= .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.PHONY: run test check bench docs clean

run: $(STAMP)
	$(PYTHON) pipeline.py --input public

test: $(STAMP)
	$(PYTHON) -m pytest

check: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -m "not slow and not shared" -x

bench: $(STAMP)
	$(PYTHON) benchmarks/main_job.py

docs: $(STAMP)
	$(PYTHON) -m vidpose.biomech.conventions_doc
	$(PYTHON) -m vidpose.outputs.docs

$(STAMP): pyproject.toml constraints.txt scripts/find_python.sh
	$$(sh scripts/find_python.sh) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --upgrade "setuptools>=77" -c constraints.txt
	$(VENV)/bin/pip install --quiet -c constraints.txt -e ".[dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
