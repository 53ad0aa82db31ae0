"""Seeded simulation of the engine: ``python -m tests.simulation --runs 10000 [--seed N]``."""
