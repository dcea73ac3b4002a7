"""apsw in the place of the sqlite3 module, as much of it as the app uses.

Only apsw can have a file system written in Python under SQLite. `install` puts it where the app looks, before
the app is imported: then it is the only build of SQLite in the process, as the app wants it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import apsw

REPLACED: dict[str, str] = {}
"""Statements that are run instead of others."""


class Error(Exception): ...


class Warning(Exception): ...  # noqa: A001  (the name that drivers must have)


class InterfaceError(Error): ...


class DatabaseError(Error): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class InternalError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


class DataError(DatabaseError): ...


class NotSupportedError(DatabaseError): ...


_OPERATIONAL = (
    apsw.SQLError,
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.InterruptError,
)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise IntegrityError(str(error)) from error
    except _OPERATIONAL as error:
        raise OperationalError(str(error)) from error
    except apsw.Error as error:
        raise DatabaseError(str(error)) from error


class Cursor:
    """All rows are read when a statement is run: no statement stays open by accident."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: Iterator[Any] = iter(())

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        self._run(statement, parameters, many=False)
        return self

    def executemany(self, statement: str, parameters: Iterable[Any]) -> "Cursor":
        self._run(statement, parameters, many=True)
        return self

    def _run(self, statement: str, parameters: Any, many: bool) -> None:
        base = self.connection.base
        self.description = None
        with _translated():
            cursor = base.cursor()
            cursor.exec_trace = self._begun
            before = base.total_changes()
            run = cursor.executemany if many else cursor.execute
            rows = list(run(REPLACED.get(statement, statement), parameters))
            self.lastrowid = base.last_insert_rowid()
            self.rowcount = base.total_changes() - before if self.description is None else -1
        self._rows = iter(rows)

    def _begun(self, cursor: apsw.Cursor, _statement: str, _parameters: Any) -> bool:
        columns = cursor.get_description()
        self.description = [(name, None, None, None, None, None, None) for name, _ in columns] or None
        return True

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [row for _, row in zip(range(size or self.arraysize), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    """Transactions are begun by statements only, as with the module's `isolation_level` None."""

    isolation_level: str | None = None
    row_factory = None

    def __init__(self, database: str, timeout: float = 5.0, **_: Any) -> None:
        with _translated():
            self.base = apsw.Connection(str(database))
            self.base.set_busy_timeout(int(timeout * 1000))

    def cursor(self, factory: Any = Cursor) -> Any:
        return factory(self)

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        return Cursor(self).execute(statement, parameters)

    def executemany(self, statement: str, parameters: Iterable[Any]) -> Cursor:
        return Cursor(self).executemany(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return self.base.in_transaction

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")

    def create_function(self, name: str, narg: int, func: Any, *, deterministic: bool = False) -> None:
        self.base.create_scalar_function(name, func, narg, deterministic=deterministic)

    def close(self) -> None:
        with _translated():
            self.base.close()


def connect(database: str, timeout: float = 5.0, **options: Any) -> Connection:
    return Connection(database, timeout, **options)


def install() -> None:
    """Whoever asks for the app's SQLite gets apsw from now on."""
    assert not {"app", "sqlite3", "_sqlite3", "pysqlite3"} & sys.modules.keys(), (
        "another build is there already"
    )
    module = ModuleType("pysqlite3")
    public = {name: value for name, value in globals().items() if not name.startswith("_")}
    module.__dict__.update(public)
    module.__dict__.update(
        apilevel="2.0",
        threadsafety=3,
        paramstyle="qmark",
        sqlite_version=apsw.sqlite_lib_version(),
        sqlite_version_info=tuple(map(int, apsw.sqlite_lib_version().split("."))),
        version="2.6.0",
        Binary=memoryview,
        PARSE_DECLTYPES=1,
        PARSE_COLNAMES=2,
        Row=tuple,
        dbapi2=module,
    )
    sys.modules["pysqlite3"] = sys.modules["pysqlite3.dbapi2"] = module
