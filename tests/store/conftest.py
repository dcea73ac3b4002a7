from tests.databases import (
    database_url,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
    store,
)

__all__ = ["database_url", "postgres_template", "postgres_url", "sqlite_template", "sqlite_url", "store"]
