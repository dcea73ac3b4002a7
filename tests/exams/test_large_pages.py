"""Which memory of the process is put on large pages."""

import subprocess
import sys

import pytest

from app.exams.large_pages import own_memory

MAPS = """\
00400000-00600000 r-xp 00000000 08:01 11 /usr/bin/python3
00a00000-00b00000 rw-p 00600000 08:01 11 /usr/bin/python3
01000000-05000000 rw-p 00000000 00:00 0 [heap]
7f0000000000-7f0000400000 rw-p 00000000 00:00 0
7f0000400000-7f0000401000 ---p 00000000 00:00 0
7f0000401000-7f0000c01000 rw-p 00000000 00:00 0
7f0000d00000-7f0000e00000 rw-s 00000000 00:01 5 /dev/shm/shared
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]
"""


def test_the_heap_and_memory_of_no_file_are_its_own_but_no_stack_behind_a_guard() -> None:
    assert list(own_memory(MAPS)) == [(0x01000000, 0x05000000), (0x7F0000000000, 0x7F0000400000)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked for large pages")
def test_a_process_with_large_pages_goes_on_with_what_it_had() -> None:
    script = (
        "from app.exams.garbage import settle_memory\n"
        "kept = [[number] for number in range(300_000)]\n"
        "settle_memory()\n"
        "print(sum(one[0] for one in kept))\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert int(done.stdout) == sum(range(300_000))
