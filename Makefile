# Shortcuts; `make` lists them. DATABASE_URL says where the database is: the embedded one of ./scripts/quickstart unless set.

PYTHON ?= .venv/bin/python
export DATABASE_URL ?= embedded://$(CURDIR)/.state/postgres

ALEMBIC_CLI = $(PYTHON) scripts/alembic_cli.py

.DEFAULT_GOAL := help
.PHONY: help quickstart test check db-migrate db-status db-current db-history db-upgrade-to db-downgrade-to db-create-migration

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 22

quickstart: ## set up, build, migrate, show the tables
	./scripts/quickstart

test: ## set up, then every check and every test
	./scripts/test

check: ## every check that runs no test
	./scripts/check.sh

db-migrate: ## upgrade the database to the newest revision
	$(ALEMBIC_CLI) upgrade

db-status: ## show whether the database needs an upgrade
	$(ALEMBIC_CLI) status

db-current: ## show the revision at which the database stands
	$(ALEMBIC_CLI) current

db-history: ## list the revisions
	$(ALEMBIC_CLI) history

db-upgrade-to: ## upgrade to a revision: make db-upgrade-to REV=002
	$(if $(REV),,$(error say which revision: make $@ REV=002))
	$(ALEMBIC_CLI) upgrade "$(REV)"

db-downgrade-to: ## downgrade to a revision: make db-downgrade-to REV=001 (or -1, base)
	$(if $(REV),,$(error say which revision: make $@ REV=001))
	$(ALEMBIC_CLI) downgrade "$(REV)"

db-create-migration: ## write a revision from what the models have and the database lacks: make db-create-migration MSG="add a column"
	$(if $(MSG),,$(error say what it does: make $@ MSG="add a column"))
	$(ALEMBIC_CLI) revision --autogenerate -m "$(MSG)"
