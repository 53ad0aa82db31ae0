"""Alembic's entry point; the connection and its transaction are ours (see ``__init__``)."""

from alembic import context

context.run_migrations()
