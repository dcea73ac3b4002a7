"""The benchmarks of `make bench`; `__main__` holds the table of them."""

import app  # noqa: F401  (chooses the one SQLite build of the process)
