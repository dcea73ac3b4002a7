"""Endterm: a self-grading exam practice web app."""

import sys

try:
    import pysqlite3
except ImportError:  # no build for this machine; app.store.sqlite says whether Python's own will do
    pass
else:
    # Two SQLite libraries that open one file lose committed rows. Whoever asks for sqlite3 gets this one.
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
