"""Bringing a database up to date, in one transaction: a kill at any statement leaves it as it was."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from headrace.config import failpoint
from headrace.ports.errors import Broken

HEAD = "0011"
"""The newest revision; a test compares it with the scripts."""


def upgrade(connection: sa.Connection, begin: str) -> None:
    """Run what is missing. ``connection`` is in autocommit mode; ``begin`` opens the transaction."""
    if _current(connection) == HEAD:
        return
    connection.exec_driver_sql(begin)
    sa.event.listen(connection, "before_cursor_execute", _on_statement)
    try:
        _run(connection)
    except BaseException:
        with suppress(sa.exc.SQLAlchemyError):  # it may have ended by itself, the cause is what counts
            connection.exec_driver_sql("ROLLBACK")
        raise
    finally:
        sa.event.remove(connection, "before_cursor_execute", _on_statement)
    connection.exec_driver_sql("COMMIT")


def _current(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _on_statement(*_: object) -> None:
    failpoint("migration_statement")


def _run(connection: sa.Connection) -> None:
    # Imported here: a database that is up to date, the usual case, does without Alembic's memory. And without
    # what Alembic's templates would load to colour their faults: every lexer of Pygments, 8 MB.
    sys.modules.setdefault("mako.ext.pygmentplugin", None)  # type: ignore[arg-type]
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        try:
            script.run_env()
        except CommandError:
            raise Broken("database_too_new", {"found": _current(connection), "known": HEAD}) from None
