# make run      set up what is missing, start Endterm on http://127.0.0.1:8000
# make test     format, lint, types, exams and all tests; ARGS goes to pytest
# make bench    the benchmarks; ONLY=name runs one
# make nightly  faults in numbers: 200 kills, 50 power losses, a class of 300; half an hour
# make audit    ask whether a locked package has a known vulnerability
# make fmt      bring the code into shape
# make lock     pin the newest allowed packages
# make clean    delete all that make made; what the app stored stays

PYTHON ?= python3
BIN := .venv/bin
EXAMS := $(filter-out %.samples.yaml,$(wildcard exams/*.yaml))

.PHONY: run test bench nightly audit fmt lock clean

run:
	@$(PYTHON) .ci/prepare.py run
	@$(BIN)/endterm migrate
	@$(BIN)/endterm load $(EXAMS)
	@$(BIN)/endterm demo
	@$(BIN)/endterm serve

test:
	@$(PYTHON) .ci/prepare.py test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/endterm check $(EXAMS)
	$(BIN)/pytest -n 2 $(ARGS)

bench:
	@$(PYTHON) .ci/prepare.py test
	@ONLY="$(ONLY)" $(BIN)/python -m tests.benchmarks

nightly:
	@$(PYTHON) .ci/prepare.py test
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults kill --times 200
	$(BIN)/python -m tests.faults power --times 50
	$(BIN)/python -m tests.faults start
	$(BIN)/python -m tests.faults classroom

audit:
	@$(PYTHON) .ci/audit.py

fmt:
	@$(PYTHON) .ci/prepare.py test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Locks hold hashes and no addresses, so that every index will do.
UV_LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	@$(PYTHON) .ci/prepare.py test
	$(UV_LOCK) --all-extras --group build --group dev pyproject.toml -o requirements-dev.lock
	$(UV_LOCK) --all-extras --group build -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(UV_LOCK) --group node -o requirements-node.lock
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf .venv node_modules static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis
