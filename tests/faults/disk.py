"""A disk with faults under SQLite, as a file system (VFS) for apsw.

What is written stays in this process's memory until it is synced; only then does it reach the real file. So
when the process is killed, the files are as a power cut would leave them. A real disk may also have written
any of the unsynced sectors already, in any order: `early` is how likely it has.

Files in the folder of `controls` break the disk while they are there: `full` refuses to let files grow,
`broken` fails every sync, `slow` makes each sync take 50 ms.
"""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

NAME = "faulty-disk"
BASE = apsw.vfs_names()[0]
SECTOR = 512
SLOW = 0.05  # seconds per sync


@dataclass
class Content:
    """A file as programs see it, and what of it the disk has not got yet."""

    seen: bytearray
    unsynced: list[tuple[int, bytes]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    cut: bool = False
    """Whether it was made shorter since the last sync."""


class Disk(apsw.VFS):
    """Register one per process; it becomes the file system of every connection."""

    def __init__(self, controls: Path, early: float = 0.0, seed: int = 1) -> None:
        self._controls = controls
        self._early = early
        self._chance = random.Random(seed)
        self._contents: dict[str, Content] = {}
        self._lock = threading.Lock()
        super().__init__(NAME, BASE, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "apsw.VFSFile":  # noqa: N802
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._contents.pop(filename, None)

    def content(self, path: str) -> Content:
        with self._lock:
            if path not in self._contents:
                self._contents[path] = Content(bytearray(Path(path).read_bytes()))
            return self._contents[path]

    def is_now(self, fault: str) -> bool:
        return (self._controls / fault).exists()

    def is_early(self) -> bool:
        return self._early > 0 and self._chance.random() < self._early


class _File(apsw.VFSFile):
    """One open handle. Handles of the same file see each other's writes at once, as with a page cache."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__(BASE, name, flags)
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        # Temporary files have no name; nobody expects them after a power cut.
        self._content = disk.content(path) if path else None

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        if self._content is None:
            return super().xRead(amount, offset)
        with self._content.lock:
            return bytes(self._content.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if self._content is None:
            return super().xWrite(data, offset)
        with self._content.lock:
            seen = self._content.seen
            if offset + len(data) > len(seen) and self._disk.is_now("full"):
                raise apsw.FullError("no space left on the disk")
            seen.extend(bytes(max(0, offset - len(seen))))
            seen[offset : offset + len(data)] = data
            self._content.unsynced.append((offset, bytes(data)))
            self._write_some(data, offset)

    def _write_some(self, data: bytes, offset: int) -> None:
        for start in range(0, len(data), SECTOR):
            if self._disk.is_early():
                super().xWrite(bytes(data[start : start + SECTOR]), offset + start)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        if self._content is None:
            return super().xTruncate(newsize)
        with self._content.lock:
            del self._content.seen[newsize:]
            self._content.cut = True

    def xFileSize(self) -> int:  # noqa: N802
        return super().xFileSize() if self._content is None else len(self._content.seen)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._disk.is_now("slow"):
            time.sleep(SLOW)
        if self._disk.is_now("broken"):
            raise apsw.IOError("the disk does not answer")
        if self._content is not None:
            with self._content.lock:
                for offset, data in self._content.unsynced:
                    super().xWrite(data, offset)
                if self._content.cut:
                    super().xTruncate(len(self._content.seen))
                self._content.unsynced.clear()
                self._content.cut = False
        super().xSync(flags)
