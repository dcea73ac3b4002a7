"""A load generator: many kept-alive connections driven from one thread, closed or open.

Closed loop: each connection sends its next request as soon as it has its answer, which measures rates.
Open loop: requests go out on a fixed schedule, and each one's time counts from the moment it was due, so
that a server that falls behind is seen to.
"""

import gc
import select
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from time import perf_counter

Request = tuple[int, bytes]
"""A number that names the request, and all of its bytes."""

LONGEST_WAIT = 30.0  # seconds without any answer after which a server counts as dead
FINE = 0.002  # seconds: nearer than this the schedule is watched without sleeping


class Broken(Exception):
    """The server closed a connection, answered nonsense or not at all."""


@dataclass(slots=True)
class Outcome:
    """What came back: `times` in seconds, the requests answered with 2xx or 3xx, and the other statuses."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds

    @property
    def p99(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.99)]

    @property
    def worst(self) -> float:
        return max(self.times)


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    number: int = 0
    since: float = 0.0
    missing: int = 0  # bytes of the answer that are still to come; -1: its head is not complete
    head: bytes | bytearray = b""
    status: int = 0
    waiting: deque[tuple[float, Request]] = field(default_factory=deque)
    busy: bool = False

    def send(self, request: Request, since: float) -> None:
        self.number, body = request
        self.since, self.busy, self.missing = since, True, -1
        sent = self.socket.send(body)
        if sent < len(body):
            self.socket.setblocking(True)
            self.socket.sendall(body[sent:])
            self.socket.setblocking(False)

    def receive(self, buffer: bytearray) -> bool:
        """Whether the answer is complete. `buffer` is for what comes; nothing is kept in it."""
        size = self.socket.recv_into(buffer)
        if not size:
            raise Broken("the server closed a connection")
        if self.missing >= 0:
            self.missing -= size
        elif self.head:
            self._read_head(self.head + buffer[:size])
        else:
            self._read_head(buffer, size)
        self.busy = self.missing != 0
        return not self.busy

    def _read_head(self, received: bytearray, size: int | None = None) -> None:
        """How much is missing after these first bytes of an answer."""
        end = received.find(b"\r\n\r\n", 0, size)
        if end < 0:
            self.head, self.missing = received[:size], -1
            return
        self.head, self.status = b"", int(received[9:12])
        at = received.find(b"content-length: ", 0, end + 2)
        length = int(received[at + 16 : received.index(b"\r\n", at)]) if at > 0 else 0
        self.missing = length - ((size or len(received)) - end - 4)


class Load:
    """Connections to a server on this machine; use it in a `with`."""

    def __init__(self, port: int, connections: int) -> None:
        self._buffer = bytearray(1 << 20)
        self._epoll = select.epoll()
        self._by_file = {}
        for _ in range(connections):
            one = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_WAIT)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setblocking(False)
            self._epoll.register(one.fileno(), select.EPOLLIN)
            self._by_file[one.fileno()] = _Connection(one)

    def __enter__(self) -> "Load":
        gc.collect()
        gc.disable()
        return self

    def __exit__(self, *_: object) -> None:
        gc.enable()
        self._epoll.close()
        for one in self._by_file.values():
            one.socket.close()

    def closed(self, requests: Iterator[Request], seconds: float, warm_up: float = 0.7) -> Outcome:
        """As many requests as the server answers, or as there are.

        Those answered while warming up, or too late, are in `answered` only.
        """
        outcome = Outcome(seconds)
        begin = perf_counter() + warm_up
        end = begin + seconds
        at_work = sum(_send_next(one, requests, perf_counter()) for one in self._by_file.values())
        while at_work:
            for one in self._ready(LONGEST_WAIT):
                if not one.receive(self._buffer):
                    continue
                now = perf_counter()
                _note(outcome, one, now if begin <= now < end else None)
                if now >= end or not _send_next(one, requests, now):
                    at_work -= 1
        return outcome

    def open(self, dues: Sequence[float], requests: Iterator[Request]) -> Outcome:
        """One request at each of these times (seconds from now, in order), each from the next connection."""
        outcome = Outcome()
        connections = list(self._by_file.values())
        requests = chain([next(requests)], requests)  # what prepares them all is not the server's time
        start = perf_counter() + 0.05
        sent = unanswered = 0
        while sent < len(dues) or unanswered:
            wait = start + dues[sent] - perf_counter() if sent < len(dues) else LONGEST_WAIT
            if wait <= 0:
                one = connections[sent % len(connections)]
                _send_or_queue(one, next(requests), start + dues[sent])
                sent, unanswered = sent + 1, unanswered + 1
                continue
            for one in self._ready(wait - FINE if wait > FINE else 0, patient=wait == LONGEST_WAIT):
                if one.receive(self._buffer):
                    unanswered -= 1
                    _note(outcome, one, perf_counter())
                    if one.waiting:
                        due, request = one.waiting.popleft()
                        one.send(request, due)
        outcome.seconds = perf_counter() - start
        return outcome

    def _ready(self, wait: float, patient: bool = True) -> list[_Connection]:
        ready = self._epoll.poll(wait)
        if not ready and patient and wait >= LONGEST_WAIT:
            raise Broken(f"no answer within {LONGEST_WAIT:.0f} s")
        return [self._by_file[file] for file, _ in ready]


def _send_next(one: _Connection, requests: Iterator[Request], now: float) -> bool:
    """Whether there was another one to send."""
    request = next(requests, None)
    if request is not None:
        one.send(request, now)
    return request is not None


def _send_or_queue(one: _Connection, request: Request, due: float) -> None:
    if one.busy:
        one.waiting.append((due, request))
    else:
        one.send(request, due)


def _note(outcome: Outcome, one: _Connection, now: float | None) -> None:
    if one.status >= 400:
        outcome.refused[one.status] = outcome.refused.get(one.status, 0) + 1
        return
    outcome.answered.append(one.number)
    if now is not None:
        outcome.times.append(now - one.since)
