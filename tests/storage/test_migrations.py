"""The scripts make exactly the tables the code uses, and a kill in the middle leaves nothing broken."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from headrace.ports.errors import Broken
from headrace.storage import migrations, tables
from tests.storage.conftest import Opener
from tests.storage.processes import KILLED, run


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrations.HEAD]


def test_the_scripts_make_the_tables_of_the_code(opened: Opener) -> None:
    store = opened()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_collations_columns_and_indexes_are_alike(opened: Opener) -> None:
    """What Alembic does not compare: the text of every table and index as the database keeps it."""
    store = opened()
    made = _described(store.engine)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=0" if _is_sqlite(store.engine) else "SELECT 1")
        tables.metadata.drop_all(connection)
        tables.metadata.create_all(connection)
    assert _described(store.engine) == made


def _is_sqlite(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite"


SQLITE = (
    "SELECT m.name, x.name, x.type, x.\"notnull\", x.pk, m.sql LIKE '%WITHOUT ROWID%' "
    "FROM sqlite_master m JOIN pragma_table_info(m.name) x WHERE m.type = 'table' "
    "UNION ALL SELECT name, NULL, NULL, NULL, NULL, replace(sql, '\"', '') FROM sqlite_master "
    "WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1, 2"
)
POSTGRES = (
    "SELECT table_name, column_name, data_type, is_nullable, collation_name, character_maximum_length::text "
    "FROM information_schema.columns WHERE table_schema = 'public' "
    "UNION ALL SELECT tablename, indexname, indexdef, '', '', '' FROM pg_indexes "
    "WHERE schemaname = 'public' ORDER BY 1, 2"
)


def _described(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(SQLITE if _is_sqlite(engine) else POSTGRES)
        return [tuple(row) for row in rows if not str(row[0]).startswith("alembic")]


def test_a_kill_at_any_statement_does_no_harm(address: str, opened: Opener) -> None:
    """Each time it dies one statement later, in the same database, until it comes through."""
    done = run(address, "migrate")
    ends = [int(line) for line in done.stdout.split()]
    assert ends == [KILLED] * (len(ends) - 1) + [0], done.stderr
    assert len(ends) > len(tables.metadata.tables)
    store = opened()
    store.check()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == migrations.HEAD
        assert compare_metadata(context, tables.metadata) == []


def test_a_database_from_the_future_is_left_alone(opened: Opener) -> None:
    store = opened()
    with store.write() as writer:
        writer._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(Broken) as broken:
        opened()
    assert broken.value.code == "database_too_new"
    assert broken.value.values == {"found": "9999", "known": migrations.HEAD}


def test_opening_again_changes_nothing(opened: Opener) -> None:
    for _ in range(3):
        store = opened()
        with store.write() as writer:
            writer.allocate("run", 1)
        store.close()
    with opened().write() as writer:
        assert writer.allocate("run", 1) == range(4, 5)
