# Each target sets up what it needs by itself: .venv with the core for `ask` and `serve`, every extra for the rest.
VENV ?= .venv
PYTHON ?= python3
PIP := $(VENV)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt
HUWEN := $(VENV)/bin/huwen
CORPUS ?= samples/articles
# One index for each corpus, so that changing CORPUS never mixes two.
INDEX ?= .huwen-$(shell printf '%s' '$(abspath $(CORPUS))' | cksum | cut -d' ' -f1)
# `make eval` measures on the real documents where HUWEN_CORPUS names them, on the samples elsewhere.
ifdef HUWEN_CORPUS
eval: CORPUS = $(HUWEN_CORPUS)
EVAL_SET ?= eval/qa/corpus.jsonl
endif
EVAL_SET ?= samples/questions.jsonl
Q ?= 2023年上海战略性新兴产业产值占比是多少？

.PHONY: ask serve eval test lint check audit lock bench setup docs clean
.DEFAULT_GOAL := help
.PHONY: help
help:
	@echo 'make ask Q="…" [CORPUS=path]   answer a question, from the bundled samples or your own files'
	@echo 'make serve [CORPUS=path]       the chat endpoint and web page on http://127.0.0.1:8000'
	@echo 'make eval                      score the answers to a question set'
	@echo 'make test | check | bench      tests | format, lint, types, docs, tests | measurements'

$(VENV)/core: pyproject.toml constraints.txt
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@# Where bytecode is never written on import, each command would compile all of it.
	$(VENV)/bin/python -m compileall -q rag embeddings prompts api eval
	touch $@

$(VENV)/all: $(VENV)/core
	$(PIP) --editable '.[transformers,dev]'
	touch $@

setup: $(VENV)/all

ask: $(VENV)/core
	@$(HUWEN) index sync $(CORPUS) --index $(INDEX) --quiet
	@$(HUWEN) ask '$(subst ','\'',$(Q))' --index $(INDEX)

serve: $(VENV)/core
	@$(HUWEN) index sync $(CORPUS) --index $(INDEX) --quiet
	@$(HUWEN) serve --index $(INDEX)

eval: $(VENV)/core
	@$(HUWEN) index sync $(CORPUS) --index $(INDEX) --quiet
	@$(HUWEN) eval run $(EVAL_SET) --index $(INDEX)

test: $(VENV)/all
	@# Two at a time; what a file sets up once, one process uses.
	$(VENV)/bin/python -m pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/all
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

check: lint test audit

# Are packages of the image known to be vulnerable? Says so where nobody can tell.
audit:
	$(PYTHON) .ci/audit.py

# Hashes of what the image installs, its bill of materials, its licences.
lock: $(VENV)/all
	.ci/lock.sh $(VENV)/bin/python

# The pages that are written by the program: the command reference and the READMEs' transcripts.
docs: $(VENV)/all
	$(VENV)/bin/python -m api.cli.reference > docs/cli.md
	$(VENV)/bin/python .ci/transcripts.py

bench: $(VENV)/all
	$(VENV)/bin/python bench/suite.py

clean:
	rm -rf $(VENV) .huwen-*
